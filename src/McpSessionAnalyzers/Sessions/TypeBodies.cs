using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The bodies of a type's members: methods, accessors, constructors and initializers, in all its parts. Binding them is the dearest thing that
/// rules ask for, so the text says first which ones can matter.
/// </summary>
internal static class TypeBodies
{
    /// <summary>Those that name <paramref name="symbol"/> or initialize it, in source order, files by path; nested types included, which see the private members of the type.</summary>
    public static IEnumerable<MemberBody> ThatName(ISymbol symbol, INamedTypeSymbol type, MemberBodies bodies, CancellationToken cancellationToken)
    {
        // An indexer, or the explicit implementation of an interface's member, is used without its name.
        if (symbol is IPropertySymbol { IsIndexer: true } || symbol.Name.Contains('.'))
        {
            return Of(type, bodies, static _ => true, cancellationToken);
        }

        return Of(
            type,
            bodies,
            node => NameIndex.Of(node.SyntaxTree, cancellationToken).MayUse(symbol.Name, node.Span) || (node is EqualsValueClauseSyntax && Declares(node.Parent, symbol)),
            cancellationToken);
    }

    /// <summary>Those that may open a session, in the same order.</summary>
    public static IEnumerable<MemberBody> ThatMayOpen(INamedTypeSymbol type, SessionFacts facts, CancellationToken cancellationToken) =>
        Of(
            type,
            facts.Bodies,

            // With the declaration: new(…) may have its type from there.
            node => node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && facts.Names.MayBeIn(node.SyntaxTree, member.Span, cancellationToken),
            cancellationToken);

    /// <summary>The syntax of the bodies of one member.</summary>
    public static IEnumerable<SyntaxNode> Of(MemberDeclarationSyntax member) => IsBody(member) ? new[] { member } : member.DescendantNodes(static node => !IsBody(node)).Where(IsBody);

    private static IEnumerable<MemberBody> Of(INamedTypeSymbol type, MemberBodies bodies, Func<SyntaxNode, bool> matters, CancellationToken cancellationToken)
    {
        foreach (var reference in type.DeclaringSyntaxReferences.OrderBy(r => r.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(r => r.Span.Start))
        {
            if (reference.GetSyntax(cancellationToken) is not TypeDeclarationSyntax declaration)
            {
                continue;
            }

            foreach (var node in declaration.DescendantNodes(node => !IsBody(node)))
            {
                if (IsBody(node) && matters(node) && bodies.Containing(node, cancellationToken) is { } body)
                {
                    yield return body;
                }
            }
        }
    }

    private static bool Declares(SyntaxNode? declaration, ISymbol symbol) => symbol.Name == declaration switch
    {
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        _ => null,
    };

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
