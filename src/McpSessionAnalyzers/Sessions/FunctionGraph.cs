using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The control-flow graph of one function, and what every walk over one needs.</summary>
internal static class FunctionGraph
{
    /// <summary>The graph of the innermost lambda, local function or member around <paramref name="inside"/>; null where there is none (field initializers).</summary>
    public static ControlFlowGraph? Around(IOperation inside, MemberBody body, CancellationToken cancellationToken)
    {
        var graph = body.Root switch
        {
            IMethodBodyOperation method => ControlFlowGraph.Create(method, cancellationToken),
            IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, cancellationToken),
            IBlockOperation block => ControlFlowGraph.Create(block, cancellationToken),
            _ => null,
        };
        if (graph is null)
        {
            return null;
        }

        var functions = new Stack<IOperation>();
        for (var current = inside.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                functions.Push(current);
            }
        }

        foreach (var function in functions)
        {
            if (Nested(graph, function, cancellationToken) is not { } nested)
            {
                return null;
            }

            graph = nested;
        }

        return graph;
    }

    /// <summary>A block's operations with the value that its branch tests, returns or throws.</summary>
    public static IEnumerable<IOperation> OperationsOf(BasicBlock block) =>
        block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations;

    private static ControlFlowGraph? Nested(ControlFlowGraph graph, IOperation function, CancellationToken cancellationToken)
    {
        if (function is ILocalFunctionOperation local)
        {
            var symbol = graph.LocalFunctions.FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate, local.Symbol));
            return symbol is null ? null : graph.GetLocalFunctionControlFlowGraph(symbol, cancellationToken);
        }

        var lambda = graph.Blocks
            .SelectMany(OperationsOf)
            .SelectMany(operation => operation.DescendantsAndSelf())
            .OfType<IFlowAnonymousFunctionOperation>()
            .FirstOrDefault(candidate => candidate.Syntax == function.Syntax);
        return lambda is null ? null : graph.GetAnonymousFunctionControlFlowGraph(lambda, cancellationToken);
    }
}
