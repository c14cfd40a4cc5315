using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Calls;

/// <summary>What stands at a place in the source, from the semantic models that all facts of the compilation share.</summary>
internal sealed class SemanticModels
{
    private readonly Func<SyntaxTree, SemanticModel> _modelOf;

    public SemanticModels(Compilation compilation, Func<SyntaxTree, SemanticModel> modelOf)
    {
        Compilation = compilation;
        _modelOf = modelOf;
    }

    public Compilation Compilation { get; }

    /// <summary>Null for a tree of another compilation.</summary>
    public SemanticModel? Of(SyntaxTree tree) => Compilation.ContainsSyntaxTree(tree) ? _modelOf(tree) : null;

    /// <summary>The operation of <paramref name="node"/> or of the nearest expression or statement around it.</summary>
    public IOperation? OperationAt(SyntaxNode node, CancellationToken cancellationToken)
    {
        var model = Of(node.SyntaxTree);
        for (var current = model is null ? null : node; current is not null and not MemberDeclarationSyntax; current = current.Parent)
        {
            if (model!.GetOperation(current, cancellationToken) is { } operation)
            {
                return operation;
            }
        }

        return null;
    }

    /// <summary>The method, constructor, accessor, field or property whose code stands at <paramref name="node"/>.</summary>
    public ISymbol? MemberAt(SyntaxNode node, CancellationToken cancellationToken)
    {
        var model = Of(node.SyntaxTree);
        var enclosing = node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax
            ? model?.GetDeclaredSymbol(node, cancellationToken)
            : model?.GetEnclosingSymbol(node.SpanStart, cancellationToken);
        var symbol = Members.OutsideOfFunctions(enclosing);
        return symbol switch
        {
            IMethodSymbol method => Members.Normalize(method),
            IFieldSymbol { AssociatedSymbol: { } property } => property,
            IFieldSymbol or IPropertySymbol or IEventSymbol => symbol,
            _ => null,
        };
    }
}
