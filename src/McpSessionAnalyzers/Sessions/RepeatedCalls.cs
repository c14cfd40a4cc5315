using System.Collections.Concurrent;
using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does this call, in this loop, open and close the same session in each round?". The session is opened and ended inside the method that is
/// called; one that is per-call code of its own answers for itself, and one that is told the server by its arguments opens another one each time.
/// </summary>
internal sealed class RepeatedCalls
{
    internal const int MaxHops = 3;

    private readonly CompilationFacts _facts;
    private readonly ConcurrentDictionary<IMethodSymbol, TracedOpening?> _known = new(SymbolEqualityComparer.Default);

    public RepeatedCalls(CompilationFacts facts) => _facts = facts;

    /// <summary>The loop and the opening inside; null where the call opens nothing, not in a loop, or another session in each round.</summary>
    public (IOperation Loop, TracedOpening Inside)? Find(IOperation call, CancellationToken cancellationToken)
    {
        if (!(call is IMethodReferenceOperation || LoopedOpening.MayRepeat(call.Syntax)) || Callee(call) is not { } named || !MayOpen(named))
        {
            return null;
        }

        if (_facts.Sessions.Bodies.Containing(call.Syntax, cancellationToken) is not { } body
            || (body.Member is IMethodSymbol member && TestCode.ReasonOf(member) is not null)
            || LoopsOf(call, cancellationToken) is not { Count: > 0 } loops)
        {
            return null;
        }

        var callee = named.MethodKind == MethodKind.DelegateInvoke ? LambdaBehind(call, body) : named;
        if (callee is null || OpenedInside(callee, cancellationToken) is not { } inside)
        {
            return null;
        }

        var place = body.Find(call.Syntax) ?? call;
        foreach (var loop in loops)
        {
            switch (LoopedOpening.Repeats(loop, place, LoopedOpening.ReceiverOf(place).ToList(), body, Array.Empty<ISymbol>(), _facts, cancellationToken))
            {
                case true:
                    return (loop, inside);
                case false:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Whether every call of a private method or local function is reported by itself.</summary>
    public bool CoversAllCallsOf(ISymbol function, MemberBody body, CancellationToken cancellationToken)
    {
        if (function is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method || !PrivateHelpers.Is(method))
        {
            return false;
        }

        var bodies = method.MethodKind == MethodKind.LocalFunction ? new[] { body } : TypeBodies.ThatName(method, method.ContainingType, _facts.Sessions.Bodies, cancellationToken);
        var calls = bodies.SelectMany(other => other.Calls).OfType<IInvocationOperation>()
            .Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method.OriginalDefinition))
            .ToList();
        return calls.Count > 0 && calls.TrueForAll(call => Find(call, cancellationToken) is not null);
    }

    /// <summary>Whether some call of <paramref name="function"/>, anywhere in the compilation, is reported for the loop around it.</summary>
    public bool IsReportedAtCallOf(ISymbol function, CancellationToken cancellationToken)
    {
        if (function is not IMethodSymbol { Name.Length: > 0 } method || !MayOpen(method))
        {
            return false;
        }

        var models = new SemanticModels(_facts.Compilation, _facts.Sessions.Bodies.ModelOf);
        return NameFiles.ThatUse(method.Name, _facts.Compilation, cancellationToken)
            .SelectMany(tree => NameIndex.Of(tree, cancellationToken).UsesOf(method.Name, cancellationToken))
            .Any(name => models.OperationAt(NameIndex.WholeExpression(name), cancellationToken) is { } call
                && ((call as IInvocationOperation)?.TargetMethod ?? (call as IMethodReferenceOperation)?.Method) is { } target
                && SymbolEqualityComparer.Default.Equals(Members.Normalize(target), Members.Normalize(method))
                && Find(call, cancellationToken) is not null);
    }

    private static IMethodSymbol? Callee(IOperation call) => call switch
    {
        IInvocationOperation invocation => invocation.TargetMethod,
        IMethodReferenceOperation group when DelegateSinks.Of(group).Fate == DelegateFate.PerElement => group.Method,
        _ => null,
    };

    /// <summary>Cheap, by the symbol: source of this compilation that can wait for a session.</summary>
    private static bool MayOpen(IMethodSymbol method) =>
        method.MethodKind == MethodKind.DelegateInvoke
            ? method.ReturnType.Name is "Task" or "ValueTask"
            : !method.DeclaringSyntaxReferences.IsEmpty && !method.IsAbstract
                && (method.IsAsync || method.ReturnType.Name is "Task" or "ValueTask" or "IAsyncEnumerable"
                    || method.DeclaringSyntaxReferences[0].GetSyntax().DescendantTokens().Any(token => token.ValueText is "GetResult" or "Result" or "Wait"));

    private static IMethodSymbol? LambdaBehind(IOperation call, MemberBody body) =>
        call is IInvocationOperation { Instance: ILocalReferenceOperation { Local: var local } }
        && LocalValues.Of(local, body) is { Count: 1 } values && values[0] is IAnonymousFunctionOperation lambda ? lambda.Symbol : null;

    private IReadOnlyList<IOperation> LoopsOf(IOperation call, CancellationToken cancellationToken)
    {
        var around = _facts.Calls.LoopsOf(call, cancellationToken);
        return call is IMethodReferenceOperation && DelegateSinks.Of(call).Receiver is { } receiver ? around.Insert(0, receiver) : around;
    }

    private TracedOpening? OpenedInside(IMethodSymbol method, CancellationToken cancellationToken)
    {
        method = Members.Normalize(method);
        if (!_known.TryGetValue(method, out var known))
        {
            known = Search(method, cancellationToken);
            _known.TryAdd(method, known);
        }

        return known;
    }

    private TracedOpening? Search(IMethodSymbol start, CancellationToken cancellationToken)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { start };
        var pending = new Queue<(IMethodSymbol Method, int Hops)>();
        pending.Enqueue((start, 0));
        while (pending.Count > 0)
        {
            var (method, hops) = pending.Dequeue();
            if (_facts.Sessions.Bodies.Of(method, cancellationToken) is not { } body || AnswersForItself(method, cancellationToken))
            {
                continue;
            }

            foreach (var call in body.Calls.Where(call => IsCodeOf(call, method, body)))
            {
                if (_facts.Sessions.Openings.IsCandidate(call) && _facts.Sessions.Openings.Find(call.Syntax, body, cancellationToken) is { } traced)
                {
                    if (IsClosedInside(traced, cancellationToken))
                    {
                        return traced;
                    }
                }
                else if (hops < MaxHops && call is IInvocationOperation { TargetMethod: var next }
                    && SymbolEqualityComparer.Default.Equals(next.ContainingType?.OriginalDefinition, method.ContainingType)
                    && next.MethodKind is MethodKind.Ordinary && MayOpen(next) && seen.Add(Members.Normalize(next)))
                {
                    pending.Enqueue((Members.Normalize(next), hops + 1));
                }
            }
        }

        return null;
    }

    private bool AnswersForItself(IMethodSymbol method, CancellationToken cancellationToken) =>
        ConnectionTests.Contains(method)
        || (_facts.Calls.OfMember(method, cancellationToken) is { IsPerCallByEvidence: true } context
            && (context.Path.Count == 0 || SymbolEqualityComparer.Default.Equals(context.Member, method)));

    private static bool IsCodeOf(IOperation call, IMethodSymbol method, MemberBody body)
    {
        if (method.MethodKind is not (MethodKind.LocalFunction or MethodKind.AnonymousFunction))
        {
            return true;
        }

        for (var current = call.Parent; current is not null; current = current.Parent)
        {
            if (current is ILocalFunctionOperation local && SymbolEqualityComparer.Default.Equals(local.Symbol, method)
                || current is IAnonymousFunctionOperation lambda && SymbolEqualityComparer.Default.Equals(lambda.Symbol, method))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsClosedInside(TracedOpening traced, CancellationToken cancellationToken) =>
        traced.Opening.Kind != OpeningKind.Resume
        && traced.Opening.Innermost.Kind != OpeningKind.Resume
        && SessionReach.Of(traced, _facts, cancellationToken).Kind is SessionReachKind.EndsWithCall or SessionReachKind.ClosedAgain

        // Told the server by its arguments.
        && CallDependence.Of(traced.Opening, traced.Body).Parameters.Count == 0

        // Reported in there, or a server's whole life.
        && LoopedOpening.Find(traced, _facts, cancellationToken) is null
        && SessionAtHand.Find(traced, _facts, cancellationToken) is null
        && !SessionWaits.UntilEnd(traced.Opening.Operation, traced.Body.Root, traced.Trace.Holders, _facts.Sessions, cancellationToken)

        // One of several that the method itself loops over.
        && _facts.Calls.LoopsOf(traced.Opening.Operation, cancellationToken).IsEmpty;
}
