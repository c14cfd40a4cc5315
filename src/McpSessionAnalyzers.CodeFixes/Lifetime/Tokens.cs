using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Compares code by its tokens alone: two openings are of the same server if only their layout differs.</summary>
internal static class Tokens
{
    public static string Of(SyntaxNode node) => string.Join(" ", node.DescendantTokens().Where(token => !IsTrailingComma(token)).Select(token => token.Text));

    public static string OfExpression(string code) => Of(SyntaxFactory.ParseExpression(code));

    public static string OfMember(string code) => SyntaxFactory.ParseMemberDeclaration(code) is { } member ? Of(member) : code;

    private static bool IsTrailingComma(SyntaxToken token) =>
        token.IsKind(SyntaxKind.CommaToken) && token.GetNextToken().Kind() is SyntaxKind.CloseBraceToken or SyntaxKind.CloseBracketToken;
}
