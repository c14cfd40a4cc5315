using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The symbols behind one or more metadata names: all of them, because a compilation may see two copies of the SDK
/// (two versions, or a vendored one), and because a type moves between namespaces from one generation to the next.
/// </summary>
internal sealed class TypeSet
{
    private readonly ImmutableHashSet<ISymbol> _types;

    private TypeSet(ImmutableHashSet<ISymbol> types) => _types = types;

    public bool IsEmpty => _types.IsEmpty;

    public IEnumerable<INamedTypeSymbol> Types => _types.Cast<INamedTypeSymbol>();

    public static TypeSet Resolve(Compilation compilation, params string[] metadataNames) =>
        new(metadataNames
            .SelectMany(name => compilation.GetTypesByMetadataName(name))
            .Cast<ISymbol>()
            .ToImmutableHashSet(SymbolEqualityComparer.Default));

    /// <summary>Whether <paramref name="type"/> is one of these types, whatever its type arguments.</summary>
    public bool Contains(ITypeSymbol? type) => type is not null && _types.Contains(type.OriginalDefinition);

    /// <summary>Whether <paramref name="type"/> is, derives from or implements one of these types.</summary>
    public bool ContainsBaseOf(ITypeSymbol? type)
    {
        if (type is null || IsEmpty)
        {
            return false;
        }

        // The compiler itself breaks inheritance cycles, so this walk ends on half-typed code too.
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Contains(current))
            {
                return true;
            }
        }

        foreach (var implemented in type.AllInterfaces)
        {
            if (Contains(implemented))
            {
                return true;
            }
        }

        return type is ITypeParameterSymbol parameter && parameter.ConstraintTypes.Any(ContainsBaseOf);
    }
}
