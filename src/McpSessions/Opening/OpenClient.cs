using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using McpSessions.Resilience;
using McpSessions.Tools;

namespace McpSessions.Opening;

/// <summary>A client over a resilient transport, with everything that has to be closed with it, in its order.</summary>
internal sealed class OpenClient(McpClient client, ResilientClientTransport transport, ResilientClientTransportOptions options, ILogger logger)
{
    private readonly Task _completion = client.Completion;
    private int _closing;

    public McpClient Client { get; } = client;

    /// <summary>Whether somebody has disposed the client, or it can't go on; a lost session alone does not end it.</summary>
    public bool HasEnded => Session.IsOver || _completion.IsCompleted;

    public ResilientSession Session { get; } = transport.Session!;

    public ToolCache Tools { get; } = new(client, transport, options, logger);

    public string ServerName => transport.Name;

    /// <summary>Lets running calls finish, then closes. Never throws, and never takes longer than the two timeouts together.</summary>
    public async Task CloseAsync(TimeSpan drainTimeout, bool waitForHandlers)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        Session.OwnerCloses = true;
        if (drainTimeout > TimeSpan.Zero && !HasEnded
            && !await Bounded.CompletesAsync(Session.DrainAsync(), drainTimeout, options.TimeProvider).ConfigureAwait(false))
        {
            Log.DrainTimedOut(logger, ServerName, drainTimeout.TotalSeconds);
        }

        // The session first, for the client's own disposal waits for every running handler before it lets go of the connection.
        await transport.DisposeAsync().ConfigureAwait(false);
        var client = Client.DisposeAsync().AsTask();
        if (waitForHandlers && !await Bounded.CompletesAsync(client, options.DisposeTimeout, options.TimeProvider).ConfigureAwait(false))
        {
            Log.CloseTimedOut(logger, ServerName, options.DisposeTimeout.TotalSeconds);
        }
    }
}
