using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpSessions.Opening;

/// <summary>
/// The transport below a shared client: makes the user's transport for an opening, and owns all of it. The SDK's client disposes the
/// session it was given but never the transport object, nor the HttpClient, which is how they leak in plain code.
/// </summary>
internal sealed class OwningTransport(
    Func<McpConnectContext, CancellationToken, ValueTask<IClientTransport>> factory,
    McpConnectContext context) : IClientTransport, IAsyncDisposable
{
    private IClientTransport? _inner;

    public string Name => context.ServerName ?? (_inner is null ? SharedMcpSession.UnnamedServer : SafeText.TransportName(_inner.Name));

    /// <summary>The kind of transport in use, for messages.</summary>
    public string? Kind => _inner?.GetType().Name;

    public RunningCalls Calls { get; } = new();

    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default)
    {
        _inner = await factory(context, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException("The transport factory returned null.");
        return new Session(await _inner.ConnectAsync(cancellationToken).ConfigureAwait(false), Calls);
    }

    /// <summary>Ends what still hangs on the wire, such as a DELETE that the server never answers.</summary>
    public void CutOff() => context.HttpClientIfUsed?.CancelPendingRequests();

    public async ValueTask DisposeAsync()
    {
        switch (_inner)
        {
            case IAsyncDisposable asyncDisposable:
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        context.HttpClientIfUsed?.Dispose();
    }

    private sealed class Session(ITransport inner, RunningCalls calls) : ITransport
    {
        public string? SessionId => inner.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader => inner.MessageReader;

        public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            calls.Started();
            try
            {
                await inner.SendMessageAsync(message, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                calls.Ended();
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
