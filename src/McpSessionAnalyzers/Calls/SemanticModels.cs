using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Calls;

/// <summary>One semantic model per tree: each binds what it is asked for once, and remembers.</summary>
internal sealed class SemanticModels
{
    private readonly Compilation _compilation;
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();

    public SemanticModels(Compilation compilation) => _compilation = compilation;

    public SemanticModel? Of(SyntaxTree tree) =>
        _models.TryGetValue(tree, out var model) ? model
        : _compilation.ContainsSyntaxTree(tree) ? _models.GetOrAdd(tree, t => _compilation.GetSemanticModel(t))
        : null;

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
        var symbol = Members.OutsideOfFunctions(Of(node.SyntaxTree)?.GetEnclosingSymbol(node.SpanStart, cancellationToken));
        return symbol switch
        {
            IMethodSymbol method => Members.Normalize(method),
            IFieldSymbol { AssociatedSymbol: { } property } => property,
            IFieldSymbol or IPropertySymbol or IEventSymbol => symbol,
            _ => null,
        };
    }
}
