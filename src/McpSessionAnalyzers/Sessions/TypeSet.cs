using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The types behind one or more metadata names, whichever of them the compilation has: all copies of them, because it may see two versions
/// of the SDK, and under each name, because a type moves between namespaces from one generation to the next. Types are matched as
/// <see cref="TypeTable{TRow}"/> does, without asking the compilation for them.
/// </summary>
internal sealed class TypeSet
{
    private readonly TypeNames _names;
    private readonly Lazy<ImmutableArray<INamedTypeSymbol>> _types;

    private TypeSet(Compilation compilation, string[] metadataNames)
    {
        _names = new(metadataNames);
        _types = new(() => metadataNames.SelectMany(name => compilation.GetTypesByMetadataName(name)).ToImmutableArray());
    }

    /// <summary>The types themselves. Looking them up asks every reference, so matching does without.</summary>
    public ImmutableArray<INamedTypeSymbol> Types => _types.Value;

    public bool IsEmpty => Types.IsEmpty;

    public static TypeSet Resolve(Compilation compilation, params string[] metadataNames) => new(compilation, metadataNames);

    /// <summary>Whether <paramref name="type"/> is one of these types, whatever its type arguments.</summary>
    public bool Contains(ITypeSymbol? type) => _names.Contains(type);

    /// <summary>Whether <paramref name="type"/> is, derives from or implements one of these types.</summary>
    public bool ContainsBaseOf(ITypeSymbol? type) => _names.ContainsBaseOf(type);
}
