namespace McpSessions;

/// <summary>Where a <see cref="SharedMcpSession"/> stands.</summary>
public enum McpSessionState
{
    /// <summary>No session is open, and none is needed yet; the next call opens one.</summary>
    Idle,

    /// <summary>A session is being opened.</summary>
    Opening,

    /// <summary>A session is open.</summary>
    Open,

    /// <summary>The last opening failed, or the server ended the session; the next call opens a new one.</summary>
    Down,

    /// <summary>The owner has closed it; it will not open again.</summary>
    Closed,
}

/// <summary>A snapshot of a <see cref="SharedMcpSession"/>, for health checks, dashboards and tests.</summary>
/// <param name="Name">The server's name.</param>
/// <param name="State">Where the session stands.</param>
/// <param name="Since">Since when it stands there.</param>
/// <param name="Openings">How many sessions have been opened so far; an agent that works well shows 1.</param>
/// <param name="ConsecutiveFailures">How many openings have failed, and calls have not reached the server, since it last answered.</param>
/// <param name="LastError">Why the last of these failed; <see langword="null"/> while all is well.</param>
/// <param name="FailingSince">Since when the session is lost, openings fail, or the server can't be reached; <see langword="null"/> while all is well.</param>
public sealed record McpSessionStatus(
    string Name,
    McpSessionState State,
    DateTimeOffset Since,
    int Openings,
    int ConsecutiveFailures,
    Exception? LastError,
    DateTimeOffset? FailingSince);
