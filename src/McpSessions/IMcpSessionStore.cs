namespace McpSessions;

/// <summary>
/// Keeps what a <see cref="SharedMcpSession"/> needs to go on with its session after the process has been restarted. Give it to
/// <see cref="SharedMcpSessionOptions.SessionStore"/>, and the session's id to the transport:
/// <c>new HttpClientTransport(new() { Endpoint = endpoint, KnownSessionId = connect.KnownSessionId }, connect.HttpClient)</c>.
/// </summary>
/// <remarks>
/// <para>Whoever has the text can speak in the session: keep it as you would a password, one place for each server and principal, and never in a log.</para>
/// <para>It costs a request at the start. Where the server does not know the session any more, the text is damaged, or the client introduces itself
/// differently from before, a new session is opened as ever. Only Streamable HTTP servers that keep sessions can be resumed.</para>
/// <para>With a store, closing leaves the session open on the server. One that was idle for too long
/// (<see cref="ResilientClientTransportOptions.IdleTimeout"/>) is ended there and forgotten here.</para>
/// </remarks>
public interface IMcpSessionStore
{
    /// <summary>What was saved last, or <see langword="null"/>. What it throws is logged, and a new session opened, as it is when 5 seconds are over.</summary>
    /// <param name="cancellationToken">The opening's own; fires when its time is over or the session is closed.</param>
    ValueTask<string?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the text in place of the one before. Called in the background, one after the other; what it throws is logged.</summary>
    /// <param name="session">What to keep; <see langword="null"/> to forget it.</param>
    /// <param name="cancellationToken">Never cancelled at present; closing waits no longer than <see cref="ResilientClientTransportOptions.DisposeTimeout"/>.</param>
    ValueTask SaveAsync(string? session, CancellationToken cancellationToken);
}
