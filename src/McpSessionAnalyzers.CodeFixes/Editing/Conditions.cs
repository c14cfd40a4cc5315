using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>Conditions, turned round as one would write them.</summary>
internal static class Conditions
{
    public static string Negated(ExpressionSyntax condition) => Bare(condition) switch
    {
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not => Bare(not.Operand).ToString(),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } same => $"{same.Left} != {same.Right}",
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression } other => $"{other.Left} == {other.Right}",
        IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { RawKind: (int)SyntaxKind.NotPattern, Pattern: var inner } } test => $"{test.Expression} is {inner}",
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax inner } test => $"{test.Expression} is not {inner}",
        var bare when bare is BinaryExpressionSyntax or IsPatternExpressionSyntax or ConditionalExpressionSyntax or AssignmentExpressionSyntax or SwitchExpressionSyntax or AwaitExpressionSyntax { Expression: BinaryExpressionSyntax } => $"!({bare})",
        var bare => "!" + bare,
    };

    public static ExpressionSyntax Bare(ExpressionSyntax condition)
    {
        while (condition is ParenthesizedExpressionSyntax inner)
        {
            condition = inner.Expression;
        }

        return condition;
    }
}
