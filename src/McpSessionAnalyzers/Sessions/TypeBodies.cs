using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The bodies of a type's members: methods, accessors, constructors and initializers, in all its parts.</summary>
internal static class TypeBodies
{
    /// <summary>In source order, files by path; nested types included, which see the private members of the type.</summary>
    public static IEnumerable<MemberBody> Of(INamedTypeSymbol type, MemberBodies bodies, CancellationToken cancellationToken)
    {
        foreach (var reference in type.DeclaringSyntaxReferences.OrderBy(r => r.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(r => r.Span.Start))
        {
            if (reference.GetSyntax(cancellationToken) is not TypeDeclarationSyntax declaration)
            {
                continue;
            }

            foreach (var node in declaration.DescendantNodes(node => !IsBody(node)))
            {
                if (IsBody(node) && bodies.Containing(node, cancellationToken) is { } body)
                {
                    yield return body;
                }
            }
        }
    }

    private static bool IsBody(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => method.Body is not null || method.ExpressionBody is not null,
        AccessorDeclarationSyntax accessor => accessor.Body is not null || accessor.ExpressionBody is not null,
        ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax } => true,
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax } => true,
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } } => true,
        _ => false,
    };
}
