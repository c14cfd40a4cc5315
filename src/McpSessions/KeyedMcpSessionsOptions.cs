namespace McpSessions;

/// <summary>How <see cref="KeyedMcpSessions{TKey}"/> opens, bounds and closes its sessions. The timeouts hold for each session.</summary>
public sealed class KeyedMcpSessionsOptions : ResilientClientTransportOptions
{
    /// <summary>Makes the options, with an <see cref="ResilientClientTransportOptions.IdleTimeout"/> of 20 minutes.</summary>
    public KeyedMcpSessionsOptions() => IdleTimeout = TimeSpan.FromMinutes(20);

    /// <summary>How many keys may have a session at once; beyond that the least recently used one is closed. Default: 100.</summary>
    public int MaxSessions { get; set; } = 100;

    internal override ResilientClientTransportOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSessions, 1);
        return base.Validated();
    }
}
