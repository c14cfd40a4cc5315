using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Finds a path on which a session that other paths settle (dispose or hand on) is lost. The walk goes from the opening along the branches of the
/// function's control-flow graph and, at whatever is taken to throw, along the handlers around it. A handler that settles the session anywhere
/// counts as settling: what guards it there (a flag, a second look) is usually about this very session.
/// </summary>
internal sealed class SessionLeaks
{
    private readonly TracedOpening _traced;
    private readonly SettlingOperations _settling;
    private readonly ThrowingOperations _throwing;
    private readonly ControlFlowGraph _graph;
    private readonly HolderTests _tests;
    private readonly FlagValues _flags;
    private readonly Queue<State> _pending = new();
    private readonly HashSet<State> _seen = new();
    private readonly Dictionary<State, SyntaxNode?> _causes = new();
    private readonly HashSet<SyntaxNode> _sources = new();
    private SessionLeak? _leak;

    private SessionLeaks(TracedOpening traced, SettlingOperations settling, ControlFlowGraph graph, SessionFacts facts)
    {
        _traced = traced;
        _settling = settling;
        _graph = graph;
        _throwing = new ThrowingOperations(traced, facts);
        _tests = new HolderTests(traced.Opening.Operation, traced.Trace.Holders, graph, facts.Types);
        _flags = new FlagValues(traced.Body, graph);
    }

    /// <summary>The first place, in source order, where the session is lost though some path settles it; null where there is none or no telling.</summary>
    public static SessionLeak? Find(TracedOpening traced, SessionFacts facts, CancellationToken cancellationToken)
    {
        // What an out parameter brings depends on what the call returns.
        if (traced.Trace.IsDropped || traced.Opening.OutArgument is not null || IsAskedForNull(traced.Opening.Operation)
            || IsOnlyTested(traced.Trace) || !SessionPaths.CanSettle(traced, cancellationToken))
        {
            return null;
        }

        if (OpenedTogether.Find(traced) is { } together)
        {
            return together;
        }

        var settling = new SettlingOperations(traced, facts);
        if (settling.FollowsAtOnce()
            || FunctionGraph.Around(traced.Opening.Operation, traced.Body, cancellationToken) is not { } graph
            || !settling.Locate(graph))
        {
            return null;
        }

        var leak = new SessionLeaks(traced, settling, graph, facts).Search(cancellationToken);
        return leak is { Kind: SessionLeakKind.Exception } && EndsWithProcess(traced) ? null : leak;
    }

    /// <summary>
    /// <c>await OpenAsync() ?? throw …</c>, <c>await OpenAsync() is { } mcp</c>, <c>switch (await OpenAsync())</c>: one of the two ways on is the
    /// one without a session, and which one the graph does not say.
    /// </summary>
    private static bool IsAskedForNull(IOperation opening)
    {
        var current = opening;
        while (current.Parent is IAwaitOperation or IConversionOperation or IParenthesizedOperation
            || (current.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } configured && configured.Instance == current)
            || current.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "ConfigureAwait" or "WithCancellation", IsExtensionMethod: true } } }
            || (current is IArgumentOperation && current.Parent is IInvocationOperation)
            || (current.Parent is ISimpleAssignmentOperation assignment && assignment.Value == current))
        {
            current = current.Parent;
        }

        return current.Parent switch
        {
            ICoalesceOperation => true,
            IIsPatternOperation pattern => pattern.Value == current,
            ISwitchExpressionOperation choice => choice.Value == current,
            ISwitchOperation choice => choice.Value == current,
            IBinaryOperation => true,

            // Each round gets a session of its own, from a sequence that opens them one by one.
            IForEachLoopOperation { IsAsynchronous: true } => true,
            _ => false,
        };
    }

    /// <summary>
    /// An exception that leaves the program's entry point ends the process. Where the session was to live as long as it, given to a container or a
    /// shutdown callback, nothing is lost that the end of the process would have kept.
    /// </summary>
    private static bool EndsWithProcess(TracedOpening traced) =>
        traced.Function is IMethodSymbol { IsStatic: true, Name: "Main" or "<Main>$" }
        && !traced.Trace.Of(TraceEventKind.Dispose).Any(e => SymbolEqualityComparer.Default.Equals(traced.Body.FunctionOf(e.Operation), traced.Function));

    private SessionLeak? Search(CancellationToken cancellationToken)
    {
        foreach (var block in _graph.Blocks)
        {
            if (FunctionGraph.OperationsOf(block).Any(operation => operation.DescendantsAndSelf().Any(_settling.Opens)))
            {
                Walk(new State(block.Ordinal, 0), isLive: false, cause: null);
            }
        }

        while (_pending.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var state = _pending.Dequeue();
            Walk(state, isLive: true, _causes[state]);
        }

        return _leak is null ? null : _leak with { Throwing = _sources.ToImmutableArray() };
    }

    /// <param name="state">Where to go on.</param>
    /// <param name="isLive">The session is open already.</param>
    /// <param name="cause">What threw on the way here.</param>
    private void Walk(State state, bool isLive, SyntaxNode? cause)
    {
        var block = _graph.Blocks[state.Block];
        var flags = state.Flags;
        var last = default(IOperation);
        var isSecond = false;
        foreach (var operation in FunctionGraph.OperationsOf(block))
        {
            foreach (var part in EvaluationOrder.Of(operation))
            {
                if (_settling.Opens(part))
                {
                    if (isLive && !_traced.Trace.Has(TraceEventKind.Collect))
                    {
                        Lost(SessionLeakKind.Exit, part.Syntax, "the next one is opened", cause);
                        return;
                    }

                    isSecond |= isLive;
                    isLive = true;
                }
                else if (isLive && (_settling.Settles(part) || EndsProcess(part)))
                {
                    return;
                }
                else if (isLive && _settling.Overwrites(part))
                {
                    Lost(SessionLeakKind.Exit, part.Syntax, "its variable is given another value", cause);
                    return;
                }
                else if (isLive && _throwing.Contains(part, isSecond))
                {
                    Throw(block.EnclosingRegion, flags, ThrowingOperations.NameOf(part));
                }
                else if (isLive)
                {
                    flags = _flags.After(part, flags);
                }
            }

            last = operation;
        }

        if (isLive)
        {
            Leave(block, flags, last, cause);
        }
    }

    private void Leave(BasicBlock block, int flags, IOperation? last, SyntaxNode? cause)
    {
        var (whenTrue, whenFalse) = (true, true);
        if (block.ConditionKind != ControlFlowConditionKind.None && block.BranchValue is { } condition)
        {
            if (_tests.AsksContainer(condition) && _tests.PossibleOutcomes(condition) is (true, true))
            {
                return;
            }

            (whenTrue, whenFalse) = _tests.PossibleOutcomes(condition);
            if (_flags.ValueOf(condition, flags) is { } known)
            {
                (whenTrue, whenFalse) = (whenTrue && known, whenFalse && !known);
            }
        }

        var conditional = block.ConditionKind == ControlFlowConditionKind.WhenTrue ? whenTrue : whenFalse;
        var otherwise = block.ConditionKind switch
        {
            ControlFlowConditionKind.WhenTrue => whenFalse,
            ControlFlowConditionKind.WhenFalse => whenTrue,
            _ => true,
        };
        if (block.ConditionalSuccessor is { } branch && conditional)
        {
            Follow(branch, block, flags, last, cause);
        }

        if (block.FallThroughSuccessor is { } next && otherwise)
        {
            Follow(next, block, flags, last, cause);
        }
    }

    private void Follow(ControlFlowBranch branch, BasicBlock block, int flags, IOperation? last, SyntaxNode? cause)
    {
        switch (branch.Semantics)
        {
            // The compiler's own, where no arm of a switch expression fits: nobody writes a switch for that.
            case ControlFlowBranchSemantics.Throw when block.BranchValue is IObjectCreationOperation { IsImplicit: true }:
                return;
            case ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow:
                Throw(block.EnclosingRegion, flags, cause ?? last?.Syntax ?? _traced.Opening.Operation.Syntax);
                return;
            case ControlFlowBranchSemantics.Return when _settling.IsReturned(block.BranchValue):
                return;
        }

        if (branch.FinallyRegions.Any(_settling.IsIn) || branch.Destination is not { } destination)
        {
            return;
        }

        if (destination.Kind == BasicBlockKind.Exit)
        {
            Lost(SessionLeakKind.Exit, ExitAfter(last?.Syntax ?? _traced.Opening.Operation.Syntax), "this path leaves without it", cause);
            return;
        }

        Enqueue(destination.Ordinal, flags, cause);
    }

    /// <summary>A bare <c>return;</c> leaves no trace in the graph, only the test that leads to it.</summary>
    private static SyntaxNode ExitAfter(SyntaxNode last)
    {
        var statement = last.FirstAncestorOrSelf<StatementSyntax>();
        return statement?.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ReturnStatementSyntax>().FirstOrDefault() ?? last;
    }

    /// <summary>Goes to the handlers around <paramref name="region"/>; an exception that none of them certainly catches loses the session.</summary>
    private void Throw(ControlFlowRegion region, int flags, SyntaxNode source)
    {
        for (var current = region; current.EnclosingRegion is { } parent; current = parent)
        {
            if (current.Kind != ControlFlowRegionKind.Try)
            {
                continue;
            }

            var handlers = parent.NestedRegions.Where(nested => nested != current).ToList();
            if (handlers.Any(handler => handler.Kind == ControlFlowRegionKind.Finally && _settling.IsIn(handler)))
            {
                return;
            }

            foreach (var handler in handlers.Where(handler => handler.Kind != ControlFlowRegionKind.Finally))
            {
                if (!_settling.IsIn(handler))
                {
                    _sources.Add(source);
                    Enqueue(BodyOf(handler).FirstBlockOrdinal, flags, source);
                }
            }

            if (handlers.Any(handler => CatchesAll(handler, handlers)))
            {
                return;
            }
        }

        _sources.Add(source);
        Lost(SessionLeakKind.Exception, source, "", source);
    }

    private static ControlFlowRegion BodyOf(ControlFlowRegion handler) =>
        handler.Kind == ControlFlowRegionKind.FilterAndHandler
            ? handler.NestedRegions.FirstOrDefault(nested => nested.Kind == ControlFlowRegionKind.Catch) ?? handler
            : handler;

    /// <summary>
    /// A filter usually asks for a flag or sorts out what is logged elsewhere; it is taken to let everything in. One that only asks for the type of
    /// the exception does what a typed catch does.
    /// </summary>
    private bool CatchesAll(ControlFlowRegion handler, IReadOnlyList<ControlFlowRegion> handlers) => handler.Kind switch
    {
        ControlFlowRegionKind.Catch => IsOfAnything(handler.ExceptionType),
        ControlFlowRegionKind.FilterAndHandler => IsOfAnything(handler.ExceptionType) && ExceptionFilters.LetsIn(_traced.Body, _graph, handler, handlers),
        _ => false,
    };

    private static bool IsOfAnything(ITypeSymbol? type) =>
        type is null or { SpecialType: SpecialType.System_Object } or { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool EndsProcess(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { Name: "Exit" or "FailFast", ContainingType: { Name: "Environment", ContainingNamespace.Name: "System" } } };

    private void Enqueue(int block, int flags, SyntaxNode? cause)
    {
        var state = new State(block, flags);
        if (_seen.Add(state))
        {
            _causes.Add(state, cause);
            _pending.Enqueue(state);
        }
    }

    /// <summary>A leak after an exception is told by what threw, which is where the reader must look.</summary>
    private void Lost(SessionLeakKind kind, SyntaxNode place, string what, SyntaxNode? cause)
    {
        if (cause is not null)
        {
            (kind, place, what) = (SessionLeakKind.Exception, cause, ThrowingOperations.FailureOf(cause));
        }

        if (_leak is null || place.SpanStart < _leak.Location.SourceSpan.Start)
        {
            _leak = new SessionLeak(kind, place.GetLocation(), what, ImmutableArray<SyntaxNode>.Empty);
        }
    }

    /// <summary><c>if (mcp is IDisposable d)</c> never disposes anything, on any path; a rule of its own says so.</summary>
    private static bool IsOnlyTested(ValueTrace trace) =>
        !trace.IsHandedOn
        && trace.Of(TraceEventKind.Dispose).All(e => e.Operation is IInvocationOperation { TargetMethod: { Name: "Dispose", ContainingType.SpecialType: SpecialType.System_IDisposable } });

    private readonly record struct State(int Block, int Flags);
}
