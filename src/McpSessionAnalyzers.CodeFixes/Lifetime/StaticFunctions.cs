using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A static lambda or local function captures nothing: one that is lent a session may not be static any more.</summary>
internal static class StaticFunctions
{
    public static void Release(SyntaxNode function, DocumentEdits edits)
    {
        var modifiers = function switch
        {
            AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers,
            LocalFunctionStatementSyntax local => local.Modifiers,
            _ => default,
        };
        foreach (var modifier in modifiers.Where(modifier => modifier.IsKind(SyntaxKind.StaticKeyword)))
        {
            edits.Text.Delete(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart));
        }
    }
}
