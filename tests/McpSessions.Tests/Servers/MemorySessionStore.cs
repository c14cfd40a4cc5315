namespace McpSessions.Tests.Servers;

/// <summary>What stands for a file or a vault that outlives the client's process.</summary>
internal sealed class MemorySessionStore : IMcpSessionStore
{
    public string? Session { get; set; }

    public bool Throws { get; set; }

    public TaskCompletionSource<string?>? Loading { get; set; }

    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<string?> LoadAsync(CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        return Loading is { } loading ? new(loading.Task) : Load();
    }

    private ValueTask<string?> Load() => Throws ? throw new IOException($"can't read {Session}") : new(Session);

    public ValueTask SaveAsync(string? session, CancellationToken cancellationToken)
    {
        if (Throws)
        {
            throw new IOException($"can't write {session}");
        }

        Session = session;
        return default;
    }
}
