using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Between a piece of syntax, the declaration whose operations contain it, and that declaration's symbol.</summary>
internal static class MemberDeclarations
{
    /// <summary>The outermost executable declaration around <paramref name="node"/>; null in attributes and other code that never runs.</summary>
    public static SyntaxNode? Enclosing(SyntaxNode node)
    {
        for (var current = node; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case AttributeSyntax:
                    return null;
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax:
                    return current;
                case ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax }:
                    return current;
                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax }:
                    return current;
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } }:
                    return current;
                case GlobalStatementSyntax { Parent: CompilationUnitSyntax unit }:
                    return unit;
                case BaseTypeDeclarationSyntax:
                    return null;
            }
        }

        return null;
    }

    public static ISymbol? SymbolOf(SyntaxNode declaration, SemanticModel model, CancellationToken cancellationToken) => declaration switch
    {
        ArrowExpressionClauseSyntax { Parent: { } property } =>
            (model.GetDeclaredSymbol(property, cancellationToken) as IPropertySymbol)?.GetMethod,
        EqualsValueClauseSyntax { Parent: { } declared } => model.GetDeclaredSymbol(declared, cancellationToken),
        CompilationUnitSyntax unit => model.GetDeclaredSymbol(unit, cancellationToken),
        _ => model.GetDeclaredSymbol(declaration, cancellationToken),
    };

    /// <summary>The syntax whose operation is the body of <paramref name="method"/>; null where it has none (abstract, extern, metadata).</summary>
    public static SyntaxNode? OfMethod(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var implementation = method.PartialImplementationPart ?? method;
        foreach (var reference in implementation.DeclaringSyntaxReferences)
        {
            switch (reference.GetSyntax(cancellationToken))
            {
                case BaseMethodDeclarationSyntax declaration when declaration.Body is not null || declaration.ExpressionBody is not null:
                    return declaration;
                case AccessorDeclarationSyntax accessor when accessor.Body is not null || accessor.ExpressionBody is not null:
                    return accessor;
                case ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax } arrow:
                    return arrow;
                case CompilationUnitSyntax unit:
                    return unit;
                case CSharpSyntaxNode nested when nested is LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax:
                    return Enclosing(nested);
            }
        }

        return null;
    }
}
