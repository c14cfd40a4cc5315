using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Conditions that only ask whether there is a session at all: what they guard runs whenever there is one.</summary>
internal static class NullChecks
{
    public static bool Is(IOperation condition) => condition switch
    {
        IIsPatternOperation => true,
        IBinaryOperation { RightOperand: var right } => LocalValues.Unwrap(right).ConstantValue is { HasValue: true, Value: null },
        _ => false,
    };
}
