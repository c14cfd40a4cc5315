namespace McpSessions;

/// <summary>How <see cref="IPrincipalState{T}"/> keeps what it remembers.</summary>
public sealed class PrincipalStateOptions
{
    /// <summary>After how long without use it is forgotten. Default: 8 hours.</summary>
    public TimeSpan SlidingExpiration { get; set; } = TimeSpan.FromHours(8);

    /// <summary>
    /// The key of the hash under which a principal is kept, at least 16 bytes, the same for all instances of the application. Default: a random
    /// one of this process, which is right for memory only; a shared cache needs one.
    /// </summary>
    public byte[]? HashKey { get; set; }
}
