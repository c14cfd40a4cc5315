using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Follows the few boolean locals that a path sets to constants (<c>connected = true</c>), so that a later <c>if (!connected)</c> doesn't send it
/// where it never goes. Two bits per local.
/// </summary>
internal sealed class FlagValues
{
    private const int MaxFlags = 4;

    private readonly List<ISymbol> _flags = new();

    public FlagValues(MemberBody body, ControlFlowGraph graph)
    {
        foreach (var operation in graph.Blocks.SelectMany(FunctionGraph.OperationsOf))
        {
            if (Assignment(operation) is { Local: var local, Value: not null }
                && _flags.Count < MaxFlags
                && !_flags.Contains(local, SymbolEqualityComparer.Default)
                && LocalValues.Of(local, body).All(value => value.ConstantValue is { HasValue: true, Value: bool }))
            {
                _flags.Add(local);
            }
        }
    }

    public int After(IOperation operation, int flags)
    {
        if (Assignment(operation) is not { Value: { } value } assignment || IndexOf(assignment.Local) is not (>= 0 and var index))
        {
            return flags;
        }

        return (flags & ~(3 << (2 * index))) | ((value ? 2 : 1) << (2 * index));
    }

    /// <summary>What <paramref name="condition"/> is on this path; null where that is not known.</summary>
    public bool? ValueOf(IOperation condition, int flags)
    {
        switch (LocalValues.Unwrap(condition))
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } negation:
                return !ValueOf(negation.Operand, flags);
            case ILocalReferenceOperation local when IndexOf(local.Local) is >= 0 and var index:
                return ((flags >> (2 * index)) & 3) switch
                {
                    1 => false,
                    2 => true,
                    _ => null,
                };
            default:
                return null;
        }
    }

    private int IndexOf(ISymbol local) => _flags.FindIndex(flag => SymbolEqualityComparer.Default.Equals(flag, local));

    private static (ISymbol Local, bool? Value)? Assignment(IOperation operation)
    {
        var assignment = operation as ISimpleAssignmentOperation ?? (operation as IExpressionStatementOperation)?.Operation as ISimpleAssignmentOperation;
        return assignment is { Target: ILocalReferenceOperation { Local: { Type.SpecialType: SpecialType.System_Boolean } local } }
            ? (local, assignment.Value.ConstantValue is { HasValue: true, Value: bool value } ? value : null)
            : null;
    }
}
