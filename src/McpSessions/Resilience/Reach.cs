namespace McpSessions.Resilience;

/// <summary>
/// Whether the server could be reached when it was last tried. A session that is open says nothing of a server that is away: over HTTP it
/// may be there still when the server comes back.
/// </summary>
internal sealed class Reach(TimeProvider timeProvider)
{
    private Absence? _absence;

    /// <summary>What is known of a server that is away; <see langword="null"/> while it answers.</summary>
    public Absence? Absence => Volatile.Read(ref _absence);

    public void Answered()
    {
        if (Absence is not null)
        {
            Volatile.Write(ref _absence, null);
        }
    }

    /// <summary>One attempt has not reached the server; its call may try others.</summary>
    public void Missed() => Volatile.Write(ref _absence, Absence ?? new(timeProvider.GetUtcNow(), 0, null));

    /// <summary>A call has given up. Of two at the same moment one may go uncounted.</summary>
    public void GaveUp(McpConnectException error) =>
        Volatile.Write(ref _absence, new(Absence?.Since ?? timeProvider.GetUtcNow(), (Absence?.Failures ?? 0) + 1, error));
}

/// <summary>A server that is away: since when, how many calls have given up on it, and with what the last one.</summary>
internal sealed record Absence(DateTimeOffset Since, int Failures, McpConnectException? Error);
