using System.Text;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers;

/// <summary>
/// A data table keyed by the metadata names of types ("MassTransit.IConsumer`1", nested ones with a plus sign). A type is looked up by its
/// full name, as the compiler itself would bind it: hundreds of rows cost a compilation nothing, where resolving them all would take it
/// longer than the rules do, and every copy of a library counts.
/// </summary>
internal sealed class TypeTable<TRow>
    where TRow : class
{
    private readonly Dictionary<string, TRow> _rows = new(StringComparer.Ordinal);

    // Most types are told apart by their own name, without putting the full one together.
    private readonly HashSet<string> _ownNames = new(StringComparer.Ordinal);

    public TypeTable(IEnumerable<TRow> rows, Func<TRow, IEnumerable<string>> metadataNames)
    {
        foreach (var row in rows)
        {
            foreach (var name in metadataNames(row))
            {
                _rows.Add(name, row);
                _ownNames.Add(name.Substring(name.LastIndexOfAny(new[] { '.', '+' }) + 1));
            }
        }
    }

    /// <summary>The row of this very type, whatever its type arguments.</summary>
    public TRow? Of(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: not TypeKind.Error } named &&
        _ownNames.Contains(named.MetadataName) &&
        _rows.TryGetValue(FullName(named.OriginalDefinition), out var row)
            ? row
            : null;

    /// <summary>The row of this type or of the nearest class that it derives from.</summary>
    public TRow? OfSelfOrBase(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (Of(current) is { } row)
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>The row of this type, of a class that it derives from, of an interface that it implements, or of a type parameter's constraint.</summary>
    public TRow? OfAny(ITypeSymbol? type)
    {
        if (type is null)
        {
            return null;
        }

        if (OfSelfOrBase(type) is { } own)
        {
            return own;
        }

        foreach (var implemented in type.AllInterfaces)
        {
            if (Of(implemented) is { } row)
            {
                return row;
            }
        }

        return type is ITypeParameterSymbol parameter ? OfConstraints(parameter) : null;
    }

    // Half-typed constraints may run in a circle (where T : U where U : T): each parameter is looked at once.
    private TRow? OfConstraints(ITypeParameterSymbol first)
    {
        var seen = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default) { first };
        var pending = new Queue<ITypeParameterSymbol>();
        pending.Enqueue(first);
        while (pending.Count > 0)
        {
            foreach (var constraint in pending.Dequeue().ConstraintTypes)
            {
                if (constraint is not ITypeParameterSymbol parameter)
                {
                    if (OfAny(constraint) is { } row)
                    {
                        return row;
                    }
                }
                else if (seen.Add(parameter))
                {
                    pending.Enqueue(parameter);
                }
            }
        }

        return null;
    }

    /// <summary>The row of an attribute on <paramref name="symbol"/>, of a base class of that attribute, or of an interface that it implements.</summary>
    public TRow? OfAttributes(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (OfAny(attribute.AttributeClass) is { } row)
            {
                return row;
            }
        }

        return null;
    }

    private static string FullName(INamedTypeSymbol type)
    {
        var name = new StringBuilder(type.MetadataName);
        INamedTypeSymbol outermost = type;
        while (outermost.ContainingType is { } containing)
        {
            name.Insert(0, '+').Insert(0, containing.MetadataName);
            outermost = containing;
        }

        for (var space = outermost.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            name.Insert(0, '.').Insert(0, space.MetadataName);
        }

        return name.ToString();
    }
}
