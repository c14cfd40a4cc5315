using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers;

/// <summary>A <see cref="TypeTable{TRow}"/> of names alone: is this one of them?</summary>
internal sealed class TypeNames
{
    private readonly TypeTable<string> _table;

    public TypeNames(params string[] metadataNames) => _table = new(metadataNames, static name => new[] { name });

    public bool Contains(ITypeSymbol? type) => _table.Of(type) is not null;

    /// <summary>Whether <paramref name="type"/> is, derives from or implements one of them.</summary>
    public bool ContainsBaseOf(ITypeSymbol? type) => _table.OfAny(type) is not null;

    /// <summary>Whether one of them stands on <paramref name="symbol"/> as an attribute.</summary>
    public bool IsOn(ISymbol symbol) => _table.OfAttributes(symbol) is not null;

    /// <summary>Whether one of them stands on <paramref name="type"/> or on a class that it derives from.</summary>
    public bool IsOnTypeOrBase(INamedTypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (IsOn(current))
            {
                return true;
            }
        }

        return false;
    }
}
