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

    /// <summary>For tables of run-once code.</summary>
    public RunOnceKind RunOnceKind { get; init; }

    /// <summary>The framework makes an instance for each call.</summary>
    public bool InstancePerCall { get; init; }

    /// <summary>Says so; null where "…, created for each call" does.</summary>
    public string? InstanceReason { get; init; }

    /// <summary>For things that a user triggers: not those that connect, open or load ("a UI command" called ConnectAsync).</summary>
    public bool UnlessLifecycle { get; init; }

    public bool Covers(string member) => (Members.Length == 0 || Members.Contains(member)) && !Except.Contains(member);
}

/// <summary>Finds the contract that a method fulfils: through override, interface implementation, explicit implementation or partial member.</summary>
internal sealed class Contracts
{
    private readonly TypeTable<Contract> _table;

    public Contracts(IEnumerable<Contract> rows) => _table = new(rows, static row => row.Types);

    /// <summary>The contract that <paramref name="type"/> derives from or implements.</summary>
    public Contract? OfType(ITypeSymbol type) => _table.OfAny(type);

    /// <summary>The contract behind <paramref name="method"/> and the member that it fulfils.</summary>
    public (Contract Contract, IMethodSymbol Member)? Of(IMethodSymbol method)
    {
        // Overridden methods, and interface members in the declared order; an explicit implementation names its own.
        foreach (var member in method.ExplicitInterfaceImplementations.Concat(Members.ContractsOf(method)))
        {
            if (_table.Of(member.ContainingType) is { } row && row.Covers(member.Name))
            {
                return (row, member);
            }
        }

        return null;
    }
}
