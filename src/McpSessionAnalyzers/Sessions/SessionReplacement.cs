using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>A member that may hold a session is overwritten, and the old one is lost.</summary>
/// <param name="IsEmptied">By null.</param>
/// <param name="IsFirstConnection">In a method that is named for opening and has no check: it is a leak only if somebody calls it twice.</param>
internal sealed record SessionReplacement(bool IsEmptied, bool IsFirstConnection)
{
    private static readonly HashSet<string> Openers = new(StringComparer.OrdinalIgnoreCase) { "Connect", "Initialize", "Initialise", "Init", "Open", "Start" };

    public static SessionReplacement? Find(IMemberReferenceOperation target, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var sessions = facts.Sessions;
        if (sessions.Bodies.Containing(target.Syntax, cancellationToken) is not { Member.ContainingType: { } type } body
            || body.ReferencesTo(target.Member).FirstOrDefault(reference => reference.Syntax == target.Syntax) is not IMemberReferenceOperation own
            || body.FunctionOf(own) is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor or MethodKind.PropertySet } or not IMethodSymbol

            // What an unknown base or interface calls once is unknown.
            || type.BaseType is { TypeKind: TypeKind.Error } || type.Interfaces.Any(one => one.TypeKind == TypeKind.Error)
            || (body.FunctionOf(own) is IMethodSymbol function && OncePerObject.Is(function))
            || SessionPlace.Of(own) is not { } place
            || !ReplacementOwner.Is(place, own, body, facts, cancellationToken)
            || facts.Calls.Of(own, cancellationToken).IsRunOnce)
        {
            return null;
        }

        var value = own.Parent switch
        {
            ISimpleAssignmentOperation assignment => assignment.Value,
            ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } => deconstruction.Value,
            IArgumentOperation { Parent: IInvocationOperation call } => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 1)?.Value,
            _ => null,
        };
        var isNamedForOpening = Words.Of(body.Member.Name) is { Length: > 0 } words && Openers.Contains(words[0]);
        if (value is null or IInvalidOperation
            || (ReplacementTargets.HoldsMany(own.Type, sessions) ? isNamedForOpening || IsMentionedBefore(place, own, body) || value.DescendantsAndSelf().Any(place.Is) : KeepsOld(value, place))
            || (place.IsElsewhere && IsNamedOtherwise(place, own, body))
            || Returns(value, place, sessions, cancellationToken)

            // What is lent is closed by its lender, as was what the member held before.
            || new BorrowedSessions(facts, cancellationToken).Find(value, body) is { Lender: SessionLender.SharedSession or SessionLender.Container }
            || !new FieldReplacement(place, sessions, cancellationToken).MayHoldAt(own.Parent!, body))
        {
            return null;
        }

        var isEmptied = LocalValues.Unwrap(value).ConstantValue is { HasValue: true, Value: null };
        return new SessionReplacement(isEmptied, isNamedForOpening && !IsLookedAt(place, own, body));
    }

    /// <summary>What is done with a collection before it is replaced may be closing what is in it, or taking it over into the next one.</summary>
    private static bool IsMentionedBefore(SessionPlace place, IOperation target, MemberBody body) =>
        body.ReferencesTo(place.Member).Any(reference => reference.Syntax.SpanStart < target.Syntax.SpanStart);

    /// <summary>The member of the other object is asked for by another name of that object, or in a pattern: a check may be a check of this one.</summary>
    private static bool IsNamedOtherwise(SessionPlace place, IOperation target, MemberBody body) =>
        body.ReferencesTo(place.Member).Any(reference => reference.Syntax.SpanStart < target.Syntax.SpanStart && !place.Is(reference));

    /// <summary><c>_mcp = _mcp ?? …</c>, <c>_mcp = _mcp is null ? … : _mcp</c></summary>
    private static bool KeepsOld(IOperation value, SessionPlace place)
    {
        return value.DescendantsAndSelf().Any(part => part switch
        {
            ICoalesceOperation coalesce => IsField(coalesce.Value),
            IConditionalOperation conditional => IsField(conditional.WhenTrue) || IsField(conditional.WhenFalse),
            _ => false,
        });

        bool IsField(IOperation? operand) => operand is not null && place.Is(operand);
    }

    /// <summary><c>_mcp = await GetClientAsync()</c>, and that gives out what is in the field already.</summary>
    private static bool Returns(IOperation value, SessionPlace place, SessionFacts sessions, CancellationToken cancellationToken) =>
        OwnWaits.Bare(value, sessions.Calls) is IInvocationOperation { Instance: null or IInstanceReferenceOperation } call
        && sessions.Bodies.Of(call.TargetMethod.OriginalDefinition, cancellationToken) is { } body
        && body.ReferencesTo(place.Member).Any(reference => sessions.Openings.TraceOf(reference, body, cancellationToken).Has(TraceEventKind.Return));

    /// <summary>A condition before the assignment asks for the field: whoever wrote it knew that it may be set.</summary>
    private static bool IsLookedAt(SessionPlace place, IOperation target, MemberBody body) =>
        place.In(body).Any(reference => reference.Syntax.SpanStart < target.Syntax.SpanStart && IsCondition(reference));

    private static bool IsCondition(IOperation reference)
    {
        for (var current = reference; current.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case IConditionalOperation conditional:
                    return conditional.Condition == current;
                case IBlockOperation or IExpressionStatementOperation:
                    return false;
            }
        }

        return false;
    }
}
