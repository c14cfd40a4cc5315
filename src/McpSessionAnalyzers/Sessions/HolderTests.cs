using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>What the branches of a graph say of the locals that hold a live session: after <c>if (client == null)</c> only one side has it.</summary>
internal sealed class HolderTests
{
    private readonly HashSet<ISymbol> _holders;
    private readonly SyntaxNode _opening;
    private readonly SessionTypes _types;
    private readonly Dictionary<CaptureId, IOperation> _captures = new();

    public HolderTests(IOperation opening, IEnumerable<ISymbol> holders, ControlFlowGraph graph, SessionTypes types)
    {
        _holders = new(holders, SymbolEqualityComparer.Default);
        _opening = opening.Syntax;
        _types = types;
        foreach (var operation in graph.Blocks.SelectMany(FunctionGraph.OperationsOf))
        {
            if (operation is IFlowCaptureOperation capture)
            {
                _captures[capture.Id] = capture.Value;
            }
        }
    }

    /// <summary>Whether <paramref name="condition"/> can be true, or false, while its session is live; both where it says nothing of it.</summary>
    public (bool True, bool False) PossibleOutcomes(IOperation condition)
    {
        switch (LocalValues.Unwrap(condition))
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } negation:
                var (whenTrue, whenFalse) = PossibleOutcomes(negation.Operand);
                return (whenFalse, whenTrue);
            case IIsNullOperation test when IsHolder(test.Operand):
                return (false, true);
            case IIsTypeOperation test when IsHolder(test.ValueOperand):
                return test.IsNegated ? (false, true) : (true, false);
            case IIsPatternOperation test when IsHolder(test.Value):
                return OutcomesOf(test.Pattern);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison
                when (IsHolder(comparison.LeftOperand) && IsNull(comparison.RightOperand))
                    || (IsNull(comparison.LeftOperand) && IsHolder(comparison.RightOperand)):
                return comparison.OperatorKind == BinaryOperatorKind.Equals ? (false, true) : (true, false);
            default:
                return (true, true);
        }
    }

    /// <summary>
    /// The condition asks an object that holds the session about itself: a count, a success flag, the next element. What it answers is not known here.
    /// </summary>
    public bool AsksContainer(IOperation condition) =>
        condition.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation or IParameterReferenceOperation or IFlowCaptureReferenceOperation
            && (IsHolder(part) || IsMadeOfOpening(part))
            && !_types.IsSession(LocalValues.Unwrap(Value(part)).Type));

    /// <summary>The compiler's own name for what is opened, or for its enumerator: <c>foreach (var mcp in await OpenAllAsync())</c>.</summary>
    private bool IsMadeOfOpening(IOperation operation)
    {
        var pending = new Stack<IOperation>();
        var seen = new HashSet<IOperation>();
        pending.Push(operation);
        while (pending.Count > 0)
        {
            if (pending.Pop() is IFlowCaptureReferenceOperation reference && _captures.TryGetValue(reference.Id, out var value) && seen.Add(value))
            {
                if (value.DescendantsAndSelf().Any(part => part.Syntax == _opening))
                {
                    return true;
                }

                value.DescendantsAndSelf().OfType<IFlowCaptureReferenceOperation>().ToList().ForEach(pending.Push);
            }
        }

        return false;
    }

    private static (bool True, bool False) OutcomesOf(IPatternOperation pattern) => pattern switch
    {
        INegatedPatternOperation negated => OutcomesOf(negated.Pattern) is var (whenTrue, whenFalse) ? (whenFalse, whenTrue) : (true, true),
        IConstantPatternOperation constant when IsNull(constant.Value) => (false, true),
        // A test for a type is a test for null of what it disposes as; the session is disposable.
        IDeclarationPatternOperation or ITypePatternOperation or IRecursivePatternOperation { PropertySubpatterns.IsEmpty: true } => (true, false),
        _ => (true, true),
    };

    private static bool IsNull(IOperation operation) => LocalValues.Unwrap(operation).ConstantValue is { HasValue: true, Value: null };

    private bool IsHolder(IOperation operation) => LocalValues.Unwrap(Value(LocalValues.Unwrap(operation))) switch
    {
        ILocalReferenceOperation local => _holders.Contains(local.Local),
        IParameterReferenceOperation parameter => _holders.Contains(parameter.Parameter),
        _ => false,
    };

    private IOperation Value(IOperation operation)
    {
        // Captures refer to earlier ones only, but a loop may write one twice; the bound keeps a cycle out.
        for (var hops = 0; hops < 8 && operation is IFlowCaptureReferenceOperation reference && _captures.TryGetValue(reference.Id, out var value); hops++)
        {
            operation = LocalValues.Unwrap(value);
        }

        return operation;
    }
}
