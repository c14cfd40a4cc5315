namespace McpSessions.Http;

/// <summary>What the HTTP requests of one generation need to know of each other.</summary>
internal sealed class HttpSessionState(StreamGate stream)
{
    /// <summary>The server has said that it does not know this session any more; there is nothing left to say goodbye to.</summary>
    public volatile bool Lost;

    /// <summary>The session is to outlive this process: nobody says goodbye to it.</summary>
    public volatile bool StaysOpen;

    /// <summary>The revision that an earlier process has agreed on, which a resumed transport does not know and leaves out.</summary>
    public string? ResumedRevision { get; init; }

    public HttpAttempts Attempts { get; } = new();

    public StreamGate Stream { get; } = stream;
}

/// <summary>Opens, once and for good, when something needs the standalone stream of server messages.</summary>
internal sealed class StreamGate
{
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Wanted => _wanted.Task;

    public void Open() => _wanted.TrySetResult();
}
