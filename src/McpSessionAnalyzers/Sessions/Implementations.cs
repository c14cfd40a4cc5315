using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Which code a call runs: the method itself, or the one implementation that this compilation has of an interface or abstract member.</summary>
internal sealed class Implementations
{
    private readonly Compilation _compilation;
    private readonly Lazy<ImmutableArray<INamedTypeSymbol>> _sourceTypes;
    private readonly ConcurrentDictionary<IMethodSymbol, IMethodSymbol?> _resolved = new(SymbolEqualityComparer.Default);

    public Implementations(Compilation compilation)
    {
        _compilation = compilation;
        _sourceTypes = new(CollectSourceTypes);
    }

    /// <summary>Every type that this compilation declares.</summary>
    public ImmutableArray<INamedTypeSymbol> SourceTypes => _sourceTypes.Value;

    /// <summary>The method with a body that a call of <paramref name="method"/> runs; null where that is in metadata, or one of several.</summary>
    public IMethodSymbol? Resolve(IMethodSymbol method)
    {
        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        if (!SymbolEqualityComparer.Default.Equals(definition.ContainingAssembly, _compilation.Assembly))
        {
            // Functions without a container of their own (lambdas) still have an assembly; what is left here is metadata.
            return null;
        }

        return definition.ContainingType?.TypeKind == TypeKind.Interface || definition.IsAbstract || definition.IsVirtual || definition.IsOverride
            ? _resolved.GetOrAdd(definition, ResolveVirtual)
            : definition;
    }

    private IMethodSymbol? ResolveVirtual(IMethodSymbol method)
    {
        // A default interface method or a virtual one may run itself too.
        var candidates = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        if (!method.IsAbstract)
        {
            candidates.Add(method);
        }

        foreach (var type in _sourceTypes.Value)
        {
            if (method.ContainingType.TypeKind == TypeKind.Interface)
            {
                if (type.TypeKind != TypeKind.Interface && ImplementationIn(type, method) is { } implementation)
                {
                    candidates.Add(implementation);
                }
            }
            else if (OverrideIn(type, method) is { } overriding)
            {
                candidates.Add(overriding);
            }

            if (candidates.Count > 1)
            {
                return null;
            }
        }

        return candidates.SingleOrDefault();
    }

    private static IMethodSymbol? ImplementationIn(INamedTypeSymbol type, IMethodSymbol method)
    {
        foreach (var implemented in type.AllInterfaces)
        {
            if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, method.ContainingType))
            {
                var member = implemented.GetMembers(method.Name).FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method));
                return member is null ? null : (type.FindImplementationForInterfaceMember(member) as IMethodSymbol)?.OriginalDefinition;
            }
        }

        return null;
    }

    private static IMethodSymbol? OverrideIn(INamedTypeSymbol type, IMethodSymbol method)
    {
        foreach (var member in type.GetMembers(method.Name).OfType<IMethodSymbol>())
        {
            for (var overridden = member.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
            {
                if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method))
                {
                    return member;
                }
            }
        }

        return null;
    }

    private ImmutableArray<INamedTypeSymbol> CollectSourceTypes()
    {
        var types = ImmutableArray.CreateBuilder<INamedTypeSymbol>();
        var pending = new Stack<INamespaceOrTypeSymbol>();
        pending.Push(_compilation.Assembly.GlobalNamespace);
        while (pending.Count > 0)
        {
            foreach (var member in pending.Pop().GetMembers())
            {
                if (member is INamedTypeSymbol type)
                {
                    types.Add(type);
                    pending.Push(type);
                }
                else if (member is INamespaceSymbol space)
                {
                    pending.Push(space);
                }
            }
        }

        return types.ToImmutable();
    }
}
