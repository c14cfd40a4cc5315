using System.Collections.Concurrent;
using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The names without which code opens no session: those of the SDK's factories, and of every method, property and type of this compilation whose
/// value may hold one. Code that has none of them need not be bound; code that has one may still open nothing.
/// </summary>
internal sealed class OpeningNames
{
    private readonly SessionFacts _facts;
    private readonly Compilation _compilation;
    private readonly Lazy<HashSet<int>?> _hashes;
    private readonly ConcurrentDictionary<SyntaxTree, int[]> _positions = new();

    public OpeningNames(SessionFacts facts, Compilation compilation)
    {
        _facts = facts;
        _compilation = compilation;
        _hashes = new(Collect);
    }

    public bool MayBeIn(SyntaxNode body, CancellationToken cancellationToken)
    {
        if (_hashes.Value is not { } hashes)
        {
            return true;
        }

        if (!_positions.TryGetValue(body.SyntaxTree, out var positions))
        {
            var known = new HashSet<int>(hashes.Concat(AliasesIn(body.SyntaxTree.GetRoot(cancellationToken)).Select(NameIndex.HashOf)));
            positions = _positions.GetOrAdd(body.SyntaxTree, NameIndex.Of(body.SyntaxTree, cancellationToken).PositionsOf(known));
        }

        var next = Array.BinarySearch(positions, body.SpanStart);
        return next >= 0 || (~next < positions.Length && positions[~next] < body.Span.End);
    }

    // Null where the name says nothing: an indexer that gives out sessions.
    private HashSet<int>? Collect()
    {
        var names = new HashSet<string> { "CreateAsync", "ResumeSessionAsync", "ConnectAsync", "SharedMcpSession", "KeyedMcpSessions", NameIndex.ImplicitCreation };
        foreach (var type in _facts.Implementations.SourceTypes)
        {
            if (type.IsGenericType || _facts.Types.IsSharedSession(type) || (_facts.Types.IsDisposable(type) && _facts.Types.MayCarry(type)))
            {
                names.Add(type.Name);
            }

            foreach (var member in type.GetMembers())
            {
                switch (member)
                {
                    case IPropertySymbol { IsIndexer: true } indexer when Carries(indexer.Type):
                        return null;
                    case IPropertySymbol property when Carries(property.Type):
                    case IMethodSymbol { MethodKind: MethodKind.Ordinary } method
                        when Carries(method.ReturnType) || method.Parameters.Any(parameter => parameter.RefKind == RefKind.Out && Carries(parameter.Type)):
                        names.Add(member.Name);
                        break;
                }
            }
        }

        names.UnionWith(_compilation.SyntaxTrees.SelectMany(static tree => AliasesIn(tree.GetRoot(), static directive => directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))));
        return new(names.Select(NameIndex.HashOf));
    }

    // What a type parameter stands for is known only where it is used.
    private bool Carries(ITypeSymbol type) => _facts.Types.MayCarry(type) || MentionsTypeParameter(type);

    private static bool MentionsTypeParameter(ITypeSymbol type)
    {
        var pending = new Stack<ITypeSymbol>();
        pending.Push(type);
        while (pending.Count > 0)
        {
            switch (pending.Pop())
            {
                case ITypeParameterSymbol:
                    return true;
                case IArrayTypeSymbol array:
                    pending.Push(array.ElementType);
                    break;
                case INamedTypeSymbol { IsGenericType: true } generic:
                    foreach (var argument in generic.TypeArguments)
                    {
                        pending.Push(argument);
                    }

                    if (generic.ContainingType is { } containing)
                    {
                        pending.Push(containing);
                    }

                    break;
            }
        }

        return false;
    }

    // using Session = McpSessions.SharedMcpSession;
    private static IEnumerable<string> AliasesIn(SyntaxNode root, Func<UsingDirectiveSyntax, bool>? isWanted = null) => root
        .DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<UsingDirectiveSyntax>()
        .Where(directive => directive.Alias is not null && (isWanted is null || isWanted(directive)))
        .Select(static directive => directive.Alias!.Name.Identifier.ValueText);
}
