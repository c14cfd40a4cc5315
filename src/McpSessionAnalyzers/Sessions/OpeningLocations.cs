using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The name by which an operation calls what it calls.</summary>
internal static class OpeningLocations
{
    public static Location NameOf(IOperation operation) => NameSyntaxOf(operation.Syntax).GetLocation();

    public static SyntaxNode NameSyntaxOf(SyntaxNode syntax) => syntax switch
    {
        InvocationExpressionSyntax invocation => NameSyntaxOf(invocation.Expression),
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        ObjectCreationExpressionSyntax creation => creation.Type,
        _ => syntax,
    };
}
