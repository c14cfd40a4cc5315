using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>Conditions that only ask whether a variable holds something, and so are worth nothing once what they guard is gone.</summary>
internal static class NullTests
{
    public static bool IsPure(ExpressionSyntax condition) => condition switch
    {
        ParenthesizedExpressionSyntax inner => IsPure(inner.Expression),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression } test =>
            (IsVariable(test.Left) && IsNull(test.Right)) || (IsNull(test.Left) && IsVariable(test.Right)),
        IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax constant } } test =>
            IsVariable(test.Expression) && IsNull(constant.Expression),
        IsPatternExpressionSyntax { Pattern: DeclarationPatternSyntax or RecursivePatternSyntax { PositionalPatternClause: null, PropertyPatternClause.Subpatterns.Count: 0 } } test =>
            IsVariable(test.Expression),
        _ => false,
    };

    private static bool IsVariable(ExpressionSyntax expression) => expression is IdentifierNameSyntax;

    private static bool IsNull(ExpressionSyntax expression) => expression.IsKind(SyntaxKind.NullLiteralExpression);
}
