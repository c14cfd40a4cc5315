using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Calls;

/// <summary>
/// Where names stand in a file. Made once per syntax tree, so that a keystroke costs one file; nothing is bound, and no node is kept
/// alive: a use is eight bytes.
/// </summary>
internal sealed class NameIndex
{
    private static readonly ConditionalWeakTable<SyntaxTree, NameIndex> Cache = new();

    /// <summary>Stands for the call that <c>await using</c> makes; no identifier, so nothing else is called that.</summary>
    public const string AwaitUsing = "await using";

    private readonly SyntaxTree _tree;
    private readonly int[] _hashes;
    private readonly int[] _positions;
    private readonly int[] _creations;

    private NameIndex(SyntaxTree tree, CancellationToken cancellationToken)
    {
        _tree = tree;
        // About one name in so many letters: to grow step by step costs as much as the names.
        var hashes = new List<int>(tree.Length / 12);
        var positions = new List<int>(tree.Length / 12);
        var creations = new List<int>();
        foreach (var node in tree.GetRoot(cancellationToken).DescendantNodes())
        {
            if (node is SimpleNameSyntax name)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hashes.Add(HashOf(name.Identifier.ValueText));
                positions.Add(name.Identifier.SpanStart);
            }
            else if (node is BaseObjectCreationExpressionSyntax creation)
            {
                creations.Add(creation.NewKeyword.SpanStart);
            }
            else if (AwaitOf(node) is { RawKind: not 0 } keyword)
            {
                hashes.Add(HashOf(AwaitUsing));
                positions.Add(keyword.SpanStart);
            }
        }

        _hashes = hashes.ToArray();
        _positions = positions.ToArray();
        _creations = creations.ToArray();
        Array.Sort(_hashes, _positions);
    }

    public static NameIndex Of(SyntaxTree tree, CancellationToken cancellationToken)
    {
        if (!Cache.TryGetValue(tree, out var index))
        {
            var built = new NameIndex(tree, cancellationToken);
            index = Cache.GetValue(tree, _ => built);
        }

        return index;
    }

    /// <summary>Every place in the file where <paramref name="name"/> is used, in the order of the text.</summary>
    public IEnumerable<SimpleNameSyntax> UsesOf(string name, CancellationToken cancellationToken)
    {
        var positions = PositionsOf(name).ToList();
        if (positions.Count == 0)
        {
            return Enumerable.Empty<SimpleNameSyntax>();
        }

        positions.Sort();
        var root = _tree.GetRoot(cancellationToken);
        return positions
            .Select(position => root.FindToken(position).Parent)
            .OfType<SimpleNameSyntax>()
            .Where(use => use.Identifier.ValueText == name);
    }

    /// <summary>Whether the name may be used in the file.</summary>
    public bool MayUse(string name) => Array.BinarySearch(_hashes, HashOf(name)) >= 0;

    /// <summary>Every name in the file, once.</summary>
    public IEnumerable<int> DistinctHashes()
    {
        for (var i = 0; i < _hashes.Length; i++)
        {
            if (i == 0 || _hashes[i] != _hashes[i - 1])
            {
                yield return _hashes[i];
            }
        }
    }

    /// <summary>Whether the name may be used in a part of the file.</summary>
    public bool MayUse(string name, TextSpan part) => PositionsOf(name).Any(position => part.Contains(position));

    /// <summary>Every place where a name with one of these hashes is used, in the order of the text.</summary>
    public int[] PositionsOf(HashSet<int> hashes)
    {
        var found = _positions.Where((_, i) => hashes.Contains(_hashes[i])).ToArray();
        Array.Sort(found);
        return found;
    }

    /// <summary>Every <c>new T(…)</c> and <c>new(…)</c> in the file, in the order of the text.</summary>
    public IEnumerable<BaseObjectCreationExpressionSyntax> Creations(CancellationToken cancellationToken)
    {
        var root = _tree.GetRoot(cancellationToken);
        return _creations.Select(position => root.FindToken(position).Parent).OfType<BaseObjectCreationExpressionSyntax>();
    }

    /// <summary><c>a.b.Name</c> for <c>Name</c>.</summary>
    public static ExpressionSyntax WholeExpression(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => access,
        MemberBindingExpressionSyntax binding => binding,
        _ => name,
    };

    /// <summary>Whether the name is called on the spot: <c>Name(…)</c>, <c>x.Name(…)</c>, <c>x?.Name(…)</c>.</summary>
    public static bool IsInvoked(SimpleNameSyntax name)
    {
        var whole = WholeExpression(name);
        return whole.Parent is InvocationExpressionSyntax call && call.Expression == whole;
    }

    private static SyntaxToken AwaitOf(SyntaxNode node) => node switch
    {
        UsingStatementSyntax statement => statement.AwaitKeyword,
        LocalDeclarationStatementSyntax declaration => declaration.AwaitKeyword,
        _ => default,
    };

    private IEnumerable<int> PositionsOf(string name)
    {
        var hash = HashOf(name);
        var first = Array.BinarySearch(_hashes, hash);
        while (first > 0 && _hashes[first - 1] == hash)
        {
            first--;
        }

        for (var i = first; i >= 0 && i < _hashes.Length && _hashes[i] == hash; i++)
        {
            yield return _positions[i];
        }
    }

    // string.GetHashCode differs from process to process, which is fine here, but a plain loop needs no allocation for verbatim names either.
    public static int HashOf(string name)
    {
        unchecked
        {
            var hash = 5381;
            foreach (var letter in name)
            {
                hash = (hash * 33) ^ letter;
            }

            return hash;
        }
    }
}
