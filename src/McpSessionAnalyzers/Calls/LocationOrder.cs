using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>By path, then by position: the same order on every run and every machine.</summary>
internal sealed class LocationOrder : IComparer<Location>
{
    public static readonly LocationOrder Instance = new();

    public int Compare(Location? x, Location? y)
    {
        var byPath = string.CompareOrdinal(x?.SourceTree?.FilePath, y?.SourceTree?.FilePath);
        return byPath != 0 ? byPath : (x?.SourceSpan.Start ?? -1).CompareTo(y?.SourceSpan.Start ?? -1);
    }
}
