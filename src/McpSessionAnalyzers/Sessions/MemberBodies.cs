using System.Collections.Concurrent;
using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Bodies of members, made on demand and kept for the compilation. Only members that hold a candidate for an opening are ever asked for.
/// Thread-safe; two threads may build the same body, and one of them wins.
/// </summary>
internal sealed class MemberBodies
{
    private readonly Compilation _compilation;
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly ConcurrentDictionary<SyntaxNode, MemberBody?> _bodies = new();

    public MemberBodies(Compilation compilation) => _compilation = compilation;

    public SemanticModel ModelOf(SyntaxTree tree) => _models.GetOrAdd(tree, t => _compilation.GetSemanticModel(t));

    /// <summary>The names in every file that may use <paramref name="name"/>, files by path. Only where it does is anything bound.</summary>
    public IEnumerable<NameIndex> FilesThatUse(string name, CancellationToken cancellationToken)
    {
        foreach (var tree in NameFiles.ThatUse(name, _compilation, cancellationToken).OrderBy(static tree => tree.FilePath, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return NameIndex.Of(tree, cancellationToken);
        }
    }

    /// <summary>The body that contains <paramref name="node"/>.</summary>
    public MemberBody? Containing(SyntaxNode node, CancellationToken cancellationToken) =>
        MemberDeclarations.Enclosing(node) is { } declaration ? OfDeclaration(declaration, cancellationToken) : null;

    /// <summary>The body of <paramref name="method"/>; for a lambda or local function, of the member around it. Null where there is no source.</summary>
    public MemberBody? Of(IMethodSymbol method, CancellationToken cancellationToken) =>
        MemberDeclarations.OfMethod(method, cancellationToken) is { } declaration ? OfDeclaration(declaration, cancellationToken) : null;

    private MemberBody? OfDeclaration(SyntaxNode declaration, CancellationToken cancellationToken)
    {
        if (_bodies.TryGetValue(declaration, out var known))
        {
            return known;
        }

        // A reference to another project's source has a tree of another compilation.
        if (!_compilation.ContainsSyntaxTree(declaration.SyntaxTree))
        {
            return null;
        }

        var body = MemberBody.Create(declaration, ModelOf(declaration.SyntaxTree), cancellationToken);
        return _bodies.GetOrAdd(declaration, body);
    }
}
