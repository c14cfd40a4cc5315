using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace McpSessions.Opening;

/// <summary>A session that is open, with everything that has to be closed with it, in its order.</summary>
internal sealed class OpenSession(McpClient client, OwningTransport transport, SharedMcpSessionOptions options, ILogger logger)
{
    private int _closing;

    public McpClient Client { get; } = client;

    /// <summary>Done when the server or the transport has ended the session, or somebody has disposed the client.</summary>
    public Task Ended { get; } = client.Completion;

    public string ServerName { get; } = transport.Name;

    /// <summary>Lets running calls finish, then closes. Never throws, and never takes longer than the two timeouts together.</summary>
    public async Task CloseAsync(TimeSpan drainTimeout)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        if (!await Bounded.CompletesAsync(transport.Calls.DrainAsync(), drainTimeout, options.TimeProvider).ConfigureAwait(false))
        {
            Log.DrainTimedOut(logger, ServerName, drainTimeout.TotalSeconds);
        }

        // The client waits for every running notification handler, and its goodbye to the server has no timeout: neither may hold us up.
        var closing = Detached.Run(DisposePartsAsync);
        if (!await Bounded.CompletesAsync(closing, options.DisposeTimeout, options.TimeProvider).ConfigureAwait(false))
        {
            Log.CloseTimedOut(logger, ServerName, options.DisposeTimeout.TotalSeconds);
            transport.CutOff();
        }
    }

    private async Task DisposePartsAsync()
    {
        await QuietlyAsync(Client).ConfigureAwait(false);
        await QuietlyAsync(transport).ConfigureAwait(false);
    }

    private async Task QuietlyAsync(IAsyncDisposable part)
    {
        try
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.CloseFailed(logger, ServerName, SafeText.OneLine(e.Message));
        }
    }
}
