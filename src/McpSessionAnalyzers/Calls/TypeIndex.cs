using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>A data table keyed by types: metadata names in, symbols looked up. Rows whose types the compilation does not have cost nothing.</summary>
internal sealed class TypeIndex<TRow>
    where TRow : class
{
    private readonly Dictionary<ISymbol, TRow> _rows = new(SymbolEqualityComparer.Default);

    public TypeIndex(Compilation compilation, IEnumerable<TRow> rows, Func<TRow, string[]> metadataNames)
    {
        foreach (var row in rows)
        {
            foreach (var type in TypeSet.Resolve(compilation, metadataNames(row)).Types)
            {
                _rows[type] = row;
            }
        }
    }

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>The row of this very type, whatever its type arguments.</summary>
    public TRow? Of(ITypeSymbol? type) =>
        type is not null && _rows.Count > 0 && _rows.TryGetValue(type.OriginalDefinition, out var row) ? row : null;

    /// <summary>The row of this type or of the nearest class that it derives from.</summary>
    public TRow? OfSelfOrBase(ITypeSymbol? type)
    {
        for (var current = _rows.Count > 0 ? type : null; current is not null; current = current.BaseType)
        {
            if (Of(current) is { } row)
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>The row of an attribute on <paramref name="symbol"/>, or of one that the attribute derives from.</summary>
    public TRow? OfAttributes(ISymbol symbol, out AttributeData? attribute)
    {
        if (_rows.Count > 0)
        {
            foreach (var candidate in symbol.GetAttributes())
            {
                if (OfSelfOrBase(candidate.AttributeClass) is { } row)
                {
                    attribute = candidate;
                    return row;
                }
            }
        }

        attribute = null;
        return null;
    }
}
