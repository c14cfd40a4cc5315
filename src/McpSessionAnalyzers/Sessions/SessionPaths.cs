using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Path questions about one session over the control-flow graph of the function that opens it: the trace says by which operations the session
/// is settled (disposed or handed on), the graph says whether a path from the opening reaches one of them before the local that holds it is given
/// another value. Built only where a trace alone can't tell.
/// </summary>
internal sealed class SessionPaths
{
    private readonly TracedOpening _traced;
    private readonly HashSet<SyntaxNode> _settling;
    private readonly HashSet<SyntaxNode> _overwriting;

    private SessionPaths(TracedOpening traced)
    {
        _traced = traced;
        _settling = new(traced.Trace.Events
            .Where(e => e.Kind is TraceEventKind.Dispose or TraceEventKind.Return or TraceEventKind.Store or TraceEventKind.Escape)
            .Select(e => InFunction(traced, e.Operation))
            .Where(operation => operation is not null)
            .Select(operation => operation!.Syntax));
        _overwriting = new(OverwritesOf(traced).Select(operation => operation.Syntax));
    }

    /// <summary>Whether some path disposes the session or hands it on.</summary>
    public static bool CanSettle(TracedOpening traced, CancellationToken cancellationToken)
    {
        if (traced.Trace.IsDropped)
        {
            return false;
        }

        var paths = new SessionPaths(traced);

        // Without another value for the local, every settling operation of the trace is about this session.
        return paths._overwriting.Count == 0
            || FunctionGraph.Around(traced.Opening.Operation, traced.Body, cancellationToken) is not { } graph
            || paths.ReachesSettling(graph, cancellationToken);
    }

    /// <summary>Assignments that give the only local which holds the session another value.</summary>
    public static IEnumerable<IOperation> OverwritesOf(TracedOpening traced)
    {
        if (traced.Trace.Holders is not { Length: 1 } holders || holders[0] is not ILocalSymbol holder)
        {
            yield break;
        }

        foreach (var reference in traced.Body.ReferencesTo(holder))
        {
            if (reference.Parent is ISimpleAssignmentOperation assignment
                && assignment.Target == reference
                && !assignment.Syntax.Span.Contains(traced.Opening.Operation.Syntax.Span)
                && SymbolEqualityComparer.Default.Equals(traced.Body.FunctionOf(reference), traced.Function))
            {
                yield return assignment;
            }
        }
    }

    /// <summary>
    /// The operation of the opening's own function in which <paramref name="operation"/> happens: itself, or the lambda or local function
    /// that contains it. Null where it happens outside, which says nothing about paths.
    /// </summary>
    public static IOperation? InFunction(TracedOpening traced, IOperation operation)
    {
        var current = operation;
        while (!SymbolEqualityComparer.Default.Equals(traced.Body.FunctionOf(current), traced.Function))
        {
            for (current = current.Parent; current is not null and not IAnonymousFunctionOperation and not ILocalFunctionOperation; current = current.Parent)
            {
            }

            if (current is null)
            {
                return null;
            }
        }

        return current;
    }

    private bool ReachesSettling(ControlFlowGraph graph, CancellationToken cancellationToken)
    {
        var start = graph.Blocks.FirstOrDefault(block => FunctionGraph.OperationsOf(block).Any(ContainsOpening));
        if (start is null)
        {
            return true;
        }

        var seen = new HashSet<int>();
        var pending = new Queue<(BasicBlock Block, bool AfterOpening)>();
        pending.Enqueue((start, true));
        while (pending.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (block, afterOpening) = pending.Dequeue();
            switch (Walk(block, afterOpening))
            {
                case true:
                    return true;
                case false:
                    continue;
            }

            foreach (var next in Successors(block, graph))
            {
                if (seen.Add(next.Ordinal))
                {
                    pending.Enqueue((next, false));
                }
            }
        }

        return false;
    }

    /// <summary>True: the session is settled here. False: its local is overwritten first. Null: neither.</summary>
    private bool? Walk(BasicBlock block, bool afterOpening)
    {
        var active = !afterOpening;
        foreach (var operation in FunctionGraph.OperationsOf(block))
        {
            var opens = !active && ContainsOpening(operation);
            if (active || opens)
            {
                if (IsSettling(operation, block))
                {
                    return true;
                }

                if (active && operation.DescendantsAndSelf().Any(part => _overwriting.Contains(part.Syntax)))
                {
                    return false;
                }
            }

            active |= opens;
        }

        return null;
    }

    private bool IsSettling(IOperation operation, BasicBlock block) =>
        operation.DescendantsAndSelf().Any(part => _settling.Contains(part.Syntax))
        || (operation == block.BranchValue && _settling.Any(syntax => syntax.Span.Contains(operation.Syntax.Span)));

    private bool ContainsOpening(IOperation operation) =>
        operation.Syntax.Span.Contains(_traced.Opening.Operation.Syntax.Span)
        && operation.DescendantsAndSelf().Any(part => part.Syntax == _traced.Opening.Operation.Syntax);

    /// <summary>Where control can go: branches, the finally blocks that they run, and the handlers around, since anything may throw.</summary>
    private static IEnumerable<BasicBlock> Successors(BasicBlock block, ControlFlowGraph graph)
    {
        foreach (var branch in new[] { block.FallThroughSuccessor, block.ConditionalSuccessor })
        {
            if (branch is null)
            {
                continue;
            }

            if (branch.Destination is { } destination)
            {
                yield return destination;
            }

            foreach (var region in branch.FinallyRegions)
            {
                yield return graph.Blocks[region.FirstBlockOrdinal];
            }
        }

        for (var region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } attempt })
            {
                foreach (var handler in attempt.NestedRegions.Where(nested => nested.Kind is not ControlFlowRegionKind.Try))
                {
                    yield return graph.Blocks[handler.FirstBlockOrdinal];
                }
            }
        }
    }
}
