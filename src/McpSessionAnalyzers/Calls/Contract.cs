using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>One row of a table of contracts: who implements or overrides these members is called in a known way.</summary>
/// <param name="Reason">The phrase for messages; null where "it implements IChatClient.GetResponseAsync" says it best.</param>
/// <param name="Types">Metadata names of the types that declare the members: all names under which generations of a library had them.</param>
internal sealed record Contract(string? Reason, params string[] Types)
{
    /// <summary>The members that count; empty: all of them.</summary>
    public string[] Members { get; init; } = Array.Empty<string>();

    /// <summary>Members that say nothing: they run at some other rhythm.</summary>
    public string[] Except { get; init; } = Array.Empty<string>();

    /// <summary>The framework makes an instance for each call.</summary>
    public bool InstancePerCall { get; init; }

    public bool Covers(string member) => (Members.Length == 0 || Members.Contains(member)) && !Except.Contains(member);
}

/// <summary>Finds the contract that a method fulfils: through override, interface implementation, explicit implementation or partial member.</summary>
internal sealed class Contracts
{
    private readonly TypeIndex<Contract> _index;

    public Contracts(Compilation compilation, IEnumerable<Contract> rows) => _index = new(compilation, rows, static row => row.Types);

    public Contract? OfType(ITypeSymbol? type) => _index.OfSelfOrBase(type) ?? type?.AllInterfaces.Select(_index.Of).FirstOrDefault(static row => row is not null);

    /// <summary>The contract behind <paramref name="method"/> and the member that it fulfils.</summary>
    public (Contract Contract, IMethodSymbol Member)? Of(IMethodSymbol method)
    {
        if (_index.IsEmpty || method.ContainingType is not { } type)
        {
            return null;
        }

        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (Match(overridden) is { } match)
            {
                return match;
            }
        }

        foreach (var implemented in method.ExplicitInterfaceImplementations)
        {
            if (Match(implemented) is { } match)
            {
                return match;
            }
        }

        // An override of a virtual member implements what that member implements.
        if (method.DeclaredAccessibility == Accessibility.Public && !method.IsStatic)
        {
            foreach (var contract in type.AllInterfaces)
            {
                if (_index.Of(contract) is null)
                {
                    continue;
                }

                foreach (var member in contract.GetMembers(method.Name).OfType<IMethodSymbol>())
                {
                    var implementation = type.FindImplementationForInterfaceMember(member) as IMethodSymbol;
                    if (implementation is not null && SymbolEqualityComparer.Default.Equals(Members.Normalize(implementation), method) && Match(member) is { } match)
                    {
                        return match;
                    }
                }
            }
        }

        return null;
    }

    private (Contract, IMethodSymbol)? Match(IMethodSymbol member) =>
        _index.Of(member.ContainingType) is { } row && row.Covers(member.Name) ? (row, member) : null;
}
