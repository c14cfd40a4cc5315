using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Which files of a compilation may use a name. Made of the files' own indexes, so that a question costs no look at every file: the cost of all questions stays linear.</summary>
internal sealed class NameFiles
{
    private static readonly ConditionalWeakTable<Compilation, NameFiles> Cache = new();

    private readonly Dictionary<int, List<SyntaxTree>> _files = new();

    private NameFiles(Compilation compilation, CancellationToken cancellationToken)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var hash in NameIndex.Of(tree, cancellationToken).DistinctHashes())
            {
                if (!_files.TryGetValue(hash, out var files))
                {
                    _files.Add(hash, files = new List<SyntaxTree>(1));
                }

                files.Add(tree);
            }
        }
    }

    /// <summary>In the order of the compilation.</summary>
    public static IReadOnlyList<SyntaxTree> ThatUse(string name, Compilation compilation, CancellationToken cancellationToken)
    {
        if (!Cache.TryGetValue(compilation, out var known))
        {
            // A cancelled one leaves nothing behind.
            var built = new NameFiles(compilation, cancellationToken);
            known = Cache.GetValue(compilation, _ => built);
        }

        return known._files.TryGetValue(NameIndex.HashOf(name), out var files) ? files : Array.Empty<SyntaxTree>();
    }
}
