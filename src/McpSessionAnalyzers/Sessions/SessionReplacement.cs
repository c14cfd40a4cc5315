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

    /// <summary>The member that <paramref name="operation"/> overwrites, by assignment, <c>Volatile.Write</c> or an <c>Interlocked.Exchange</c> whose result is dropped.</summary>
    public static IMemberReferenceOperation? TargetOf(IOperation operation, SessionFacts facts)
    {
        var place = operation switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target,
            IInvocationOperation { TargetMethod.Name: "Exchange" or "Write" } call when facts.Calls.IsInterlocked(call.TargetMethod)
                && call.Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } =>
                call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value,
            // (_mcp, _tools) = await OpenAsync(); what stands on both sides is a swap.
            IDeconstructionAssignmentOperation { Target: ITupleOperation targets } deconstruction => targets.Elements.FirstOrDefault(element =>
                element is IMemberReferenceOperation { Member: var member } && HoldsOne(element.Type, facts)
                && !deconstruction.Value.DescendantsAndSelf().Any(part => part is IMemberReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Member, member))),
            _ => null,
        };

        // Only members of the object itself or of its type: another object may be new, or its owner may have seen to it.
        return place is IFieldReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: false }
            && (IMemberReferenceOperation)place is { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } member
            && HoldsOne(member.Type, facts)
                ? member
                : null;
    }

    public static SessionReplacement? Find(IMemberReferenceOperation target, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var sessions = facts.Sessions;
        var field = target.Member.OriginalDefinition;
        if (sessions.Bodies.Containing(target.Syntax, cancellationToken) is not { } body
            || body.ReferencesTo(field).FirstOrDefault(reference => reference.Syntax == target.Syntax) is not { } own
            || body.Member is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor or MethodKind.PropertySet } or not IMethodSymbol
            // What an unknown base or interface calls once is unknown.
            || field.ContainingType.BaseType is { TypeKind: TypeKind.Error } || field.ContainingType.Interfaces.Any(one => one.TypeKind == TypeKind.Error)
            || !IsOwned(field, facts, cancellationToken)
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
        if (value is null or IInvalidOperation || KeepsOld(value, field) || Returns(value, field, sessions, cancellationToken) || !new FieldReplacement(field, sessions, cancellationToken).MayHoldAt(own.Parent!, body))
        {
            return null;
        }

        var isEmptied = LocalValues.Unwrap(value).ConstantValue is { HasValue: true, Value: null };
        return new SessionReplacement(isEmptied, Words.Of(body.Member.Name) is { Length: > 0 } words && Openers.Contains(words[0]) && !IsLookedAt(field, own, body));
    }

    /// <summary>A session, or a task or lazy of one. Collections are filled and emptied by rules of their own.</summary>
    private static bool HoldsOne(ITypeSymbol? type, SessionFacts facts)
    {
        var bare = type;
        while (bare is INamedTypeSymbol { TypeArguments.Length: 1, Name: "Task" or "ValueTask" or "Lazy" } wrapper)
        {
            bare = wrapper.TypeArguments[0];
        }

        return facts.Types.IsSession(bare) || facts.Types.IsSharedSession(bare)
            || (bare is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false, TypeKind: TypeKind.Class } && facts.Types.IsDisposable(bare) && facts.Types.MayCarry(bare));
    }

    /// <summary>
    /// The type opens into the member, or disposes it; else it is an alias of what somebody else owns. Where MSA1001 speaks of the member's session
    /// (one invocation both opens and ends it, or the instance lives for one call), this says nothing.
    /// </summary>
    private static bool IsOwned(ISymbol field, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var sessions = facts.Sessions;
        if (sessions.Members.OwnedBy(field.ContainingType, cancellationToken).FirstOrDefault(owned => SymbolEqualityComparer.Default.Equals(owned.Member, field)) is not { } member)
        {
            return IsDisposed();
        }

        if (!field.IsStatic && facts.Calls.LifetimeOf(field.ContainingType, cancellationToken).Kind == InstanceLifetimeKind.FrameworkCreatedPerCall)
        {
            return false;
        }

        if (member.Stores.Any(store => facts.Calls.Of(store.Opening.Operation, cancellationToken).IsPerCall
            && FieldClosing.IsClosedInSameInvocation(field, store, facts, cancellationToken)))
        {
            return false;
        }

        // The same session is in a collection too: the field is a second name for it, unless it is the one that gets disposed.
        return member.Companions.IsEmpty || IsDisposed();

        bool IsDisposed() => TypeBodies.ThatName(field, field.ContainingType, sessions.Bodies, cancellationToken)
            .Any(body => body.ReferencesTo(field).Any(reference => sessions.Openings.TraceOf(reference, body, cancellationToken).IsDisposed));
    }

    /// <summary><c>_mcp = _mcp ?? …</c>, <c>_mcp = _mcp is null ? … : _mcp</c></summary>
    private static bool KeepsOld(IOperation value, ISymbol field)
    {
        return value.DescendantsAndSelf().Any(part => part switch
        {
            ICoalesceOperation coalesce => IsField(coalesce.Value),
            IConditionalOperation conditional => IsField(conditional.WhenTrue) || IsField(conditional.WhenFalse),
            _ => false,
        });

        bool IsField(IOperation? operand) =>
            operand is not null && LocalValues.Unwrap(operand) is IMemberReferenceOperation member && SymbolEqualityComparer.Default.Equals(member.Member.OriginalDefinition, field);
    }

    /// <summary><c>_mcp = await GetClientAsync()</c>, and that gives out what is in the field already.</summary>
    private static bool Returns(IOperation value, ISymbol field, SessionFacts sessions, CancellationToken cancellationToken) =>
        OwnWaits.Bare(value, sessions.Calls) is IInvocationOperation { Instance: null or IInstanceReferenceOperation } call
        && sessions.Bodies.Of(call.TargetMethod.OriginalDefinition, cancellationToken) is { } body
        && body.ReferencesTo(field).Any(reference => sessions.Openings.TraceOf(reference, body, cancellationToken).Has(TraceEventKind.Return));

    /// <summary>A condition before the assignment asks for the field: whoever wrote it knew that it may be set.</summary>
    private static bool IsLookedAt(ISymbol field, IOperation target, MemberBody body) =>
        body.ReferencesTo(field).Any(reference => reference.Syntax.SpanStart < target.Syntax.SpanStart && IsCondition(reference));

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
