using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>What the call questions need to know of any member.</summary>
internal static class Members
{
    /// <summary>One symbol for a method however it is seen: as a partial part, a reduced extension or a construction of a generic.</summary>
    public static IMethodSymbol Normalize(IMethodSymbol method)
    {
        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        return definition.PartialDefinitionPart ?? definition;
    }

    public static bool IsAccessor(IMethodSymbol method) => method.AssociatedSymbol is IPropertySymbol or IEventSymbol;

    /// <summary>The member that contains a lambda or local function, or the member itself.</summary>
    public static ISymbol? OutsideOfFunctions(ISymbol? symbol)
    {
        while (symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction })
        {
            symbol = symbol.ContainingSymbol;
        }

        return symbol;
    }

    /// <summary>What directly contains a lambda or local function; null for any other method.</summary>
    public static ISymbol? OuterFunctionOrMember(IMethodSymbol function) =>
        function.MethodKind is not (MethodKind.LocalFunction or MethodKind.AnonymousFunction) ? null
        : function.ContainingSymbol switch
        {
            IMethodSymbol method => Normalize(method),
            IFieldSymbol { AssociatedSymbol: { } property } => property,
            var other => other,
        };

    /// <summary>"IChatClient.GetResponseAsync": how a message names a member of a contract.</summary>
    public static string NameWithType(ISymbol member) => $"{member.ContainingType?.Name}.{member.Name}";

    /// <summary>The methods that <paramref name="method"/> overrides or implicitly implements.</summary>
    public static IEnumerable<IMethodSymbol> ContractsOf(IMethodSymbol method)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            yield return Normalize(overridden);
        }

        if (method.IsStatic || method.DeclaredAccessibility != Accessibility.Public || method.ContainingType is not { } type)
        {
            yield break;
        }

        foreach (var contract in type.AllInterfaces)
        {
            foreach (var member in contract.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                if (type.FindImplementationForInterfaceMember(member) is IMethodSymbol implementation && SymbolEqualityComparer.Default.Equals(Normalize(implementation), method))
                {
                    yield return Normalize(member);
                }
            }
        }
    }

    /// <summary>Whether callers may come through a base class or an interface, which nobody can list.</summary>
    public static bool IsCalledThroughContract(IMethodSymbol method) =>
        method.IsOverride || method.IsVirtual || method.IsAbstract || !method.ExplicitInterfaceImplementations.IsEmpty || ContractsOf(method).Any();
}
