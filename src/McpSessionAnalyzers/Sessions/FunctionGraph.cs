using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The control-flow graph of one function, and what every walk over one needs. Made once per function, however many openings it has and rules
/// that ask: a graph is the dearest thing that a rule can want.
/// </summary>
internal sealed class FunctionGraph
{
    private readonly ControlFlowGraph _graph;
    private readonly Lazy<Dictionary<SyntaxNode, IFlowAnonymousFunctionOperation>> _lambdas;

    private FunctionGraph(ControlFlowGraph graph)
    {
        _graph = graph;
        _lambdas = new(LambdasBySyntax);
    }

    /// <summary>The graph of the innermost lambda, local function or member around <paramref name="inside"/>; null where there is none.</summary>
    public static ControlFlowGraph? Around(IOperation inside, MemberBody body, CancellationToken cancellationToken)
    {
        var functions = new Stack<IOperation>();
        for (var current = inside.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                functions.Push(current);
            }
        }

        var graph = Of(body.Root, body.Graphs, () => OfMember(body.Root, cancellationToken));
        while (graph is not null && functions.Count > 0)
        {
            var outer = graph;
            var function = functions.Pop();
            graph = Of(function, body.Graphs, () => outer.Nested(function, cancellationToken));
        }

        return graph?._graph;
    }

    /// <summary>A block's operations with the value that its branch tests, returns or throws.</summary>
    public static IEnumerable<IOperation> OperationsOf(BasicBlock block) =>
        block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations;

    // A graph whose making is cancelled leaves nothing behind.
    private static FunctionGraph? Of(IOperation function, ConcurrentDictionary<IOperation, FunctionGraph?> graphs, Func<ControlFlowGraph?> make) =>
        graphs.TryGetValue(function, out var known) ? known : graphs.GetOrAdd(function, make() is { } made ? new FunctionGraph(made) : null);

    private static ControlFlowGraph? OfMember(IOperation root, CancellationToken cancellationToken) => root switch
    {
        IMethodBodyOperation method => ControlFlowGraph.Create(method, cancellationToken),
        IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, cancellationToken),
        IBlockOperation block => ControlFlowGraph.Create(block, cancellationToken),
        IFieldInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancellationToken),
        IPropertyInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancellationToken),
        _ => null,
    };

    private ControlFlowGraph? Nested(IOperation function, CancellationToken cancellationToken)
    {
        if (function is ILocalFunctionOperation local)
        {
            var symbol = _graph.LocalFunctions.FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate, local.Symbol));
            return symbol is null ? null : _graph.GetLocalFunctionControlFlowGraph(symbol, cancellationToken);
        }

        return _lambdas.Value.TryGetValue(function.Syntax, out var lambda) ? _graph.GetAnonymousFunctionControlFlowGraph(lambda, cancellationToken) : null;
    }

    private Dictionary<SyntaxNode, IFlowAnonymousFunctionOperation> LambdasBySyntax()
    {
        var lambdas = new Dictionary<SyntaxNode, IFlowAnonymousFunctionOperation>();
        foreach (var lambda in _graph.Blocks.SelectMany(OperationsOf).SelectMany(operation => operation.DescendantsAndSelf()).OfType<IFlowAnonymousFunctionOperation>())
        {
            // What a finally repeats is the same code.
            if (!lambdas.ContainsKey(lambda.Syntax))
            {
                lambdas.Add(lambda.Syntax, lambda);
            }
        }

        return lambdas;
    }
}
