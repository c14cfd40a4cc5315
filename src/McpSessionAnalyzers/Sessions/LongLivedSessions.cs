using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does the session that this value is outlive the call?", from the value back to where it came from: a field, what was injected, a shared
/// session, a local of the code around the handler, or a part of one of these.
/// </summary>
internal sealed class LongLivedSessions
{
    private readonly CompilationFacts _facts;
    private readonly MemberBody _body;
    private readonly CallContext _context;
    private readonly CancellationToken _cancellationToken;
    private readonly Queue<IOperation> _pending = new();

    private LongLivedSessions(CompilationFacts facts, MemberBody body, CallContext context, CancellationToken cancellationToken)
    {
        _facts = facts;
        _body = body;
        _context = context;
        _cancellationToken = cancellationToken;
    }

    private SessionFacts Sessions => _facts.Sessions;

    /// <param name="session">The value.</param>
    /// <param name="body">The member that contains it.</param>
    /// <param name="context">The per-call code that it stands in.</param>
    /// <param name="facts">The facts.</param>
    /// <param name="cancellationToken">The token.</param>
    public static bool Contain(IOperation session, MemberBody body, CallContext context, CompilationFacts facts, CancellationToken cancellationToken) =>
        new LongLivedSessions(facts, body, context, cancellationToken).AllFrom(session);

    // Whichever way the value may have come, it must have come from something that lives on.
    private bool AllFrom(IOperation session)
    {
        var seen = new HashSet<IOperation>();
        _pending.Enqueue(session);
        while (_pending.Count > 0)
        {
            var value = Bare(_pending.Dequeue());
            if (seen.Add(value) && !IsLongLived(value))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsLongLived(IOperation value)
    {
        switch (value)
        {
            case ILiteralOperation or IThrowOperation or IDefaultValueOperation:
                return true;

            case ILocalReferenceOperation local:
                return IsOfCodeAround(local.Local, local.Local.ContainingSymbol) || Follow(local.Local);

            case ICoalesceOperation coalesce:
                _pending.Enqueue(coalesce.Value);
                _pending.Enqueue(coalesce.WhenNull);
                return true;

            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                _pending.Enqueue(choice.WhenTrue);
                _pending.Enqueue(otherwise);
                return true;

            case ISwitchExpressionOperation choice:
                foreach (var arm in choice.Arms)
                {
                    _pending.Enqueue(arm.Value);
                }

                return true;

            case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field:
                return IsLongLived(field.Field);

            case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation, Property.IsIndexer: false } property:
                return IsLongLived(property.Property) && IsNoOpening(property);

            // _clients[server], _clients.Values, _lazy.Value, entry.Client: a part lives as long as the whole.
            case IPropertyReferenceOperation { Instance: { } whole } part when MayKeep(whole.Type):
                _pending.Enqueue(whole);
                return IsNoOpening(part);

            case IFieldReferenceOperation { Instance: { } whole } when MayKeep(whole.Type):
                _pending.Enqueue(whole);
                return true;

            case IArrayElementReferenceOperation element:
                _pending.Enqueue(element.ArrayReference);
                return true;

            case IParameterReferenceOperation { Parameter: var parameter }:
                return FollowElement(parameter, value) ?? (IsGiven(parameter) || IsOfCodeAround(parameter, parameter.ContainingSymbol));

            case IInvocationOperation invocation:
                return IsGetter(invocation) || FollowCollection(invocation);

            default:
                return false;
        }
    }

    /// <summary>The items of a request, or an object that is made for each scope, have what was put there for this call.</summary>
    private bool MayKeep(ITypeSymbol? whole) =>
        Sessions.Types.MayCarry(whole) && !(whole is INamedTypeSymbol type && _facts.Calls.LifetimeOf(type, _cancellationToken).IsPerCall);

    private IOperation Bare(IOperation value)
    {
        while (true)
        {
            value = LocalValues.Unwrap(value);
            if (value is IInvocationOperation { Instance: { } instance, TargetMethod: var method } && Sessions.Calls.PassesThrough(method))
            {
                value = instance;
            }
            else if (value is IConditionalAccessInstanceOperation && LocalValues.ReceiverOf(value) is { } receiver)
            {
                value = receiver;
            }
            else
            {
                return value;
            }
        }
    }

    private bool IsNoOpening(IOperation property) => Sessions.Openings.Find(property.Syntax, _body, _cancellationToken) is null;

    /// <summary>A variable that a handler captures was there before the call and is there after it, unless the handler fills it itself.</summary>
    private bool IsOfCodeAround(ISymbol variable, ISymbol function) =>
        _context.Member is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction } handler
        && !IsWithin(function, handler)
        && _body.ReferencesTo(variable).Where(static reference => IsWritten(reference)).All(write => !IsWithin(_body.FunctionOf(write), handler));

    private static bool IsWritten(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IArgumentOperation argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out,
        ITupleOperation => true,
        _ => false,
    };

    private static bool IsWithin(ISymbol? function, IMethodSymbol handler)
    {
        for (var current = function; current is IMethodSymbol; current = current.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(current, handler))
            {
                return true;
            }
        }

        return false;
    }

    private bool Follow(ILocalSymbol local)
    {
        var sources = LocalValues.Of(local, _body).Select(LocalValues.DecidedBy).ToList();
        if (LocalValues.PatternValue(local, _body) is { } matched)
        {
            sources.Add(matched);
        }

        sources.AddRange(_body.Loops.Where(loop => loop.Locals.Contains(local, SymbolEqualityComparer.Default)).Select(loop => loop.Collection));
        sources.ForEach(_pending.Enqueue);
        return sources.Count > 0;
    }

    /// <summary>What a lambda per element is given (<c>_clients.Select(c => …)</c>) is part of the sequence; null for any other parameter.</summary>
    private bool? FollowElement(IParameterSymbol parameter, IOperation reference)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } function)
        {
            return null;
        }

        IOperation? lambda = reference;
        while (lambda is not null && !(lambda is IAnonymousFunctionOperation candidate && SymbolEqualityComparer.Default.Equals(candidate.Symbol, function)))
        {
            lambda = lambda.Parent;
        }

        if (lambda is null || DelegateSinks.Of(lambda) is not { Fate: DelegateFate.PerElement, Receiver: IInvocationOperation call })
        {
            return null;
        }

        return FollowSequence(call);
    }

    private bool FollowCollection(IInvocationOperation invocation) =>
        // What a delegate gives is nobody's part.
        invocation.TargetMethod.MethodKind != MethodKind.DelegateInvoke
        && (Sessions.Calls.IsLinq(invocation.TargetMethod) || KnownCalls.IsInNamespace(invocation.TargetMethod.ContainingType, "System"))
        && FollowSequence(invocation);

    private bool FollowSequence(IInvocationOperation call)
    {
        if ((call.Instance ?? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value) is not { } sequence)
        {
            return false;
        }

        _pending.Enqueue(sequence);
        return true;
    }

    /// <summary>A field that this call fills and empties keeps nothing, nor does one of an object that is made for the call and opens the session itself.</summary>
    private bool IsLongLived(ISymbol member)
    {
        if (member.ContainingType is not { } type)
        {
            return false;
        }

        if (!member.IsStatic
            && _facts.Calls.LifetimeOf(type, _cancellationToken).IsPerCall
            && Sessions.Members.OwnedBy(type, _cancellationToken).Any(owned => SymbolEqualityComparer.Default.Equals(owned.Member, member.OriginalDefinition)))
        {
            return false;
        }

        return !Sessions.Disposal.Ends(member, _body, null, _cancellationToken) || _body.Member is not IMethodSymbol;
    }

    /// <summary>A parameter of the per-call member itself, or of its type's constructor. A private helper's may be a session that its caller has just opened.</summary>
    private bool IsGiven(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
        || (_context.Path.Count == 0
            && (SymbolEqualityComparer.Default.Equals(_context.Member, parameter.ContainingSymbol)
                || (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } && _context.Strength <= EvidenceStrength.ToolFunction)));

    /// <summary>A shared session, the container, or a method in source that hands out what it keeps.</summary>
    private bool IsGetter(IInvocationOperation invocation) =>
        Sessions.Types.IsSharedSession(invocation.TargetMethod.ContainingType)
        || (invocation.TargetMethod.Name is "GetRequiredService" or "GetService" or "GetRequiredKeyedService" or "GetKeyedService"
            && invocation.TargetMethod.ContainingNamespace?.ToDisplayString() == "Microsoft.Extensions.DependencyInjection")
        || (Sessions.Openings.Find(invocation.Syntax, _body, _cancellationToken) is null
            && Sessions.Implementations.Resolve(invocation.TargetMethod) is { } implementation
            && Sessions.Bodies.Of(implementation, _cancellationToken) is { } callee
            && callee.Root.Descendants().OfType<IReturnOperation>().Any(returned => returned.ReturnedValue is { } value
                && value.DescendantsAndSelf().Any(part => part is IFieldReferenceOperation { Field: var field } && Sessions.Types.MayCarry(field.Type))));
}
