using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does the loop open again after an opening that worked?". A retry loop leaves: by a return, a break, a flag, a session that is no longer
/// null. Only exceptions lead back to the opening.
/// </summary>
internal static class LoopExit
{
    private static readonly HashSet<string> AttemptWords = new() { "attempt", "attempts", "retry", "retries", "try", "tries", "tried", "backoff" };

    /// <param name="loop">The loop statement.</param>
    /// <param name="opening">The opening, or the call that opens, within it.</param>
    /// <param name="body">The member that contains both.</param>
    /// <param name="holders">Locals that hold the session afterwards.</param>
    /// <param name="types">Which types are sessions.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static bool LeavesOnceOpen(ILoopOperation loop, IOperation opening, MemberBody body, IEnumerable<ISymbol> holders, SessionTypes types, CancellationToken cancellationToken)
    {
        var place = InFunctionOf(loop, opening, body);
        if ((CountsAttempts(loop) && HasExitAfter(loop, place, body)) || EndsWithResult(loop, place, body))
        {
            return true;
        }

        if (FunctionGraph.Around(place, body, cancellationToken) is not { } graph)
        {
            return false;
        }

        var flags = new FlagValues(body, graph);
        var tests = new HolderTests(opening, holders, graph, types);
        var pending = new Queue<(BasicBlock Block, int Flags)>();
        var seen = new HashSet<(int, int)>();
        foreach (var block in graph.Blocks)
        {
            if (FunctionGraph.OperationsOf(block).Any(Opens))
            {
                Follow(block, FlagsAfter(block.Operations.SkipWhile(operation => !Opens(operation)), 0));
            }
        }

        while (pending.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (block, known) = pending.Dequeue();
            if (FunctionGraph.OperationsOf(block).Any(Opens))
            {
                return false;
            }

            if (FunctionGraph.OperationsOf(block).Any(IsOutside))
            {
                continue;
            }

            Follow(block, FlagsAfter(block.Operations, known));
        }

        return true;

        bool Opens(IOperation operation) =>
            operation.Syntax.Span.OverlapsWith(place.Syntax.Span) && operation.DescendantsAndSelf().Any(part => part.Syntax == place.Syntax);

        bool IsOutside(IOperation operation) =>
            !loop.Syntax.Span.Contains(operation.Syntax.Span)
            || (loop is IForLoopOperation counting && counting.Before.Any(start => start.Syntax.Span.Contains(operation.Syntax.Span)))
            || (loop is IForEachLoopOperation each && operation.DescendantsAndSelf().Any(part => part is IInvocationOperation { IsImplicit: true, TargetMethod.Name: "GetEnumerator" or "GetAsyncEnumerator" }
                && each.Collection.Syntax.Span.Contains(part.Syntax.Span)));

        int FlagsAfter(IEnumerable<IOperation> operations, int known) => operations.Aggregate(known, (value, operation) => flags.After(operation, value));

        void Follow(BasicBlock block, int known)
        {
            var (whenTrue, whenFalse) = (true, true);
            if (block.ConditionKind != ControlFlowConditionKind.None && block.BranchValue is { } condition)
            {
                (whenTrue, whenFalse) = tests.PossibleOutcomes(condition);
                if (flags.ValueOf(condition, known) is { } value)
                {
                    (whenTrue, whenFalse) = (whenTrue && value, whenFalse && !value);
                }
            }

            var conditional = block.ConditionKind == ControlFlowConditionKind.WhenTrue ? whenTrue : whenFalse;
            var otherwise = block.ConditionKind switch
            {
                ControlFlowConditionKind.WhenTrue => whenFalse,
                ControlFlowConditionKind.WhenFalse => whenTrue,
                _ => true,
            };
            if (conditional)
            {
                Enqueue(block.ConditionalSuccessor, known);
            }

            if (otherwise)
            {
                Enqueue(block.FallThroughSuccessor, known);
            }
        }

        void Enqueue(ControlFlowBranch? branch, int known)
        {
            if (branch is null)
            {
                return;
            }

            var after = known;
            foreach (var region in branch.FinallyRegions)
            {
                for (var index = region.FirstBlockOrdinal; index <= region.LastBlockOrdinal; index++)
                {
                    after = FlagsAfter(graph.Blocks[index].Operations, after);
                }
            }

            if (branch.Destination is { } destination && seen.Add((destination.Ordinal, after)))
            {
                pending.Enqueue((destination, after));
            }
        }
    }

    /// <summary>The opening, or the lambda (of a retry pipeline, a task) that contains it, as code of the loop's own function.</summary>
    private static IOperation InFunctionOf(IOperation loop, IOperation opening, MemberBody body)
    {
        var function = body.FunctionOf(loop);
        var place = opening;
        for (IOperation? current = opening; current is not null && current != loop; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation && SymbolEqualityComparer.Default.Equals(body.FunctionOf(current), function))
            {
                place = current;
            }
        }

        return place;
    }

    private static bool CountsAttempts(ILoopOperation loop)
    {
        var condition = loop switch
        {
            IForLoopOperation counting => counting.Condition,
            IWhileLoopOperation repeating => repeating.Condition,
            IForEachLoopOperation each => each.Collection,
            _ => null,
        };
        var names = loop.Locals.Select(static local => local.Name)
            .Concat(condition?.DescendantsAndSelf().Select(static part => part switch
            {
                ILocalReferenceOperation local => local.Local.Name,
                IParameterReferenceOperation parameter => parameter.Parameter.Name,
                IMemberReferenceOperation member => member.Member.Name,
                _ => "",
            }) ?? Enumerable.Empty<string>());
        return names.Any(static name => Words.Of(name).Any(AttemptWords.Contains));
    }

    private static bool HasExitAfter(ILoopOperation loop, IOperation place, MemberBody body) => loop.Body.Descendants().Any(part =>
        part is IReturnOperation { Kind: OperationKind.Return } or IBranchOperation { BranchKind: BranchKind.Break or BranchKind.GoTo }
        && part.Syntax.SpanStart > place.Syntax.SpanStart
        && SymbolEqualityComparer.Default.Equals(body.FunctionOf(part), body.FunctionOf(place))
        && !IsInCatch(part, loop));

    /// <summary><c>while (result is null) { try { … result = …; } catch { … } }</c>, <c>while (!_connected) { …; _connected = true; }</c></summary>
    private static bool EndsWithResult(ILoopOperation loop, IOperation place, MemberBody body)
    {
        if (loop is not IWhileLoopOperation { Condition: { } condition })
        {
            return false;
        }

        var catches = loop.Body.Descendants().Any(static part => part is ICatchClauseOperation);
        return condition.DescendantsAndSelf().Any(part => part switch
        {
            ILocalReferenceOperation { Local: { Type.IsReferenceType: true } local } => catches && IsSetAfter(local, mustBeConstant: false),
            IMemberReferenceOperation { Type.SpecialType: SpecialType.System_Boolean } member => IsSetAfter(member.Member, mustBeConstant: true),
            _ => false,
        });

        bool IsSetAfter(ISymbol symbol, bool mustBeConstant) => body.ReferencesTo(symbol).Any(reference =>
            reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference
            && (!mustBeConstant || assignment.Value.ConstantValue.HasValue)
            && loop.Syntax.Span.Contains(assignment.Syntax.Span)
            && assignment.Syntax.Span.End > place.Syntax.SpanStart
            && !IsInCatch(assignment, loop));
    }

    private static bool IsInCatch(IOperation part, IOperation loop)
    {
        for (var current = part; current is not null && current != loop; current = current.Parent)
        {
            if (current is ICatchClauseOperation)
            {
                return true;
            }
        }

        return false;
    }
}
