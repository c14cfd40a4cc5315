using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using McpSessions.Http;

namespace McpSessions.Opening;

/// <summary>What came of an opening: a session, or the exception that its callers get.</summary>
internal readonly record struct OpeningOutcome(OpenSession? Session, OpeningFailure? Failure);

/// <summary>Why an opening failed. Each caller gets an exception object of its own: many rethrowing one would garble its stack trace.</summary>
internal sealed record OpeningFailure(string ServerName, string Message, Exception Cause)
{
    public McpConnectException ToException() => new(ServerName, Message, Cause);
}

/// <summary>Opens one session after another from the user's factories, each within the overall deadline.</summary>
internal sealed class SessionOpener(
    Func<McpConnectContext, CancellationToken, ValueTask<IClientTransport>> transportFactory,
    Func<McpClientOptions?>? clientOptions,
    SharedMcpSessionOptions options,
    ILogger logger) : IDisposable
{
    private readonly HttpConnections _connections = new();

    public async Task<OpeningOutcome> OpenAsync(int opening, CancellationToken closing)
    {
        var started = options.TimeProvider.GetTimestamp();
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, closing);

        var attempts = new HttpAttempts();
        var context = new McpConnectContext(options.Name, opening, options.LoggerFactory, () => _connections.CreateClient(attempts));
        var transport = new OwningTransport(transportFactory, context);

        // On a thread of its own account: a factory or a process start may block, and the deadline must hold all the same.
        var connecting = Task.Run(() => ConnectAsync(transport, stop.Token), CancellationToken.None);
        try
        {
            var client = await connecting.WaitAsync(stop.Token).ConfigureAwait(false);
            attempts.Close();
            var session = new OpenSession(client, transport, options, logger);
            Log.Opened(logger, session.ServerName, opening, options.TimeProvider.GetElapsedTime(started).TotalMilliseconds);
            return new(session, null);
        }
        catch (Exception e)
        {
            // Detached: what arrives late is closed, but nobody waits for it.
            _ = Detached.Run(() => CloseLateArrivalAsync(connecting, transport));
            var reason = deadline.IsCancellationRequested ? $"no session within {Seconds(options.ConnectTimeout)}" : Reason(e);
            return new(null, Describe(transport, attempts, reason, e, opening));
        }
    }

    public void Dispose() => _connections.Dispose();

    private async Task<McpClient> ConnectAsync(OwningTransport transport, CancellationToken cancellationToken)
    {
        // The client writes to its options, so every opening needs new ones.
        var sdkOptions = clientOptions?.Invoke() ?? new McpClientOptions();
        if (options.TimeProvider != TimeProvider.System)
        {
            sdkOptions.TimeProvider = options.TimeProvider;
        }

        return await McpClient.CreateAsync(transport, sdkOptions, options.LoggerFactory, cancellationToken).ConfigureAwait(false);
    }

    private async Task CloseLateArrivalAsync(Task<McpClient> connecting, OwningTransport transport)
    {
        try
        {
            var client = await connecting.ConfigureAwait(false);
            await new OpenSession(client, transport, options, logger).CloseAsync(TimeSpan.Zero).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The failure itself was reported to the callers; what remains is the transport.
            Log.OpeningEnded(logger, transport.Name, SafeText.OneLine(e.Message));
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static OpeningFailure Describe(OwningTransport transport, HttpAttempts attempts, string reason, Exception cause, int opening)
    {
        var tried = attempts.Lines;
        var message = $"Could not open a session with MCP server '{transport.Name}'"
            + (transport.Kind is { } kind ? $" ({kind})" : " (in its transport factory)")
            + $": {reason}."
            + (tried.Count > 0 ? $" Tried: {string.Join("; ", tried)}." : "")
            + (opening > 1 ? $" This was opening number {opening}." : "");
        return new OpeningFailure(transport.Name, message, cause);
    }

    private static string Reason(Exception e) => e is OperationCanceledException
        // Nobody has cancelled: so speaks the SDK when a session ends under its handshake.
        ? "the connection ended during the handshake"
        : SafeText.OneLine(e.Message).TrimEnd('.', ' ');

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");
}
