using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpSessions;

/// <summary>
/// Counts the MCP traffic of any transport, stdio included, so that a test can assert how many sessions code opens that knows nothing of this library.
/// Messages pass unchanged.
/// </summary>
/// <example>
/// <code>
/// var traffic = new McpTraffic();
/// await using var client = await McpClient.CreateAsync(new McpTrafficTransport(new StdioClientTransport(options), traffic));
/// </code>
/// </example>
public sealed class McpTrafficTransport : IClientTransport
{
    private readonly IClientTransport _inner;
    private readonly McpTraffic _traffic;

    /// <summary>Makes a transport that counts what goes over the inner one.</summary>
    /// <param name="inner">The transport that does the work.</param>
    /// <param name="traffic">What to count in.</param>
    /// <exception cref="ArgumentNullException">There is no transport or no traffic.</exception>
    public McpTrafficTransport(IClientTransport inner, McpTraffic traffic)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(traffic);
        (_inner, _traffic) = (inner, traffic);
    }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) =>
        new Connection(await _inner.ConnectAsync(cancellationToken).ConfigureAwait(false), SafeText.TransportName(_inner.Name), _traffic);

    private sealed class Connection(ITransport inner, string name, McpTraffic traffic) : ITransport
    {
        private readonly ConcurrentDictionary<RequestId, (JsonRpcRequest Request, long Started)> _asked = new();
        private Reader? _reader;
        private int _opened;

        public string? SessionId => inner.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader => _reader ??= new Reader(inner.MessageReader, Received);

        public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            var request = message as JsonRpcRequest;
            if (request is not null)
            {
                _asked[request.Id] = (request, TimeProvider.System.GetTimestamp());
            }

            try
            {
                await inner.SendMessageAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (request is not null && _asked.TryRemove(request.Id, out var asked))
            {
                traffic.Failed(name, request, e, TimeProvider.System.GetElapsedTime(asked.Started));
                throw;
            }

            if (message is JsonRpcNotification { Method: NotificationMethods.InitializedNotification })
            {
                Opened();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync().ConfigureAwait(false);
            foreach (var id in _asked.Keys)
            {
                if (_asked.TryRemove(id, out var asked))
                {
                    traffic.Failed(name, asked.Request, new IOException("The connection was closed before the answer."), TimeProvider.System.GetElapsedTime(asked.Started));
                }
            }
        }

        private void Received(JsonRpcMessage message)
        {
            if (message is not (JsonRpcResponse or JsonRpcError) || !_asked.TryRemove(((JsonRpcMessageWithId)message).Id, out var asked))
            {
                return;
            }

            if (asked.Request.Method == RequestMethods.ServerDiscover && message is JsonRpcResponse)
            {
                Opened();
            }

            traffic.Answered(name, asked.Request, message, TimeProvider.System.GetElapsedTime(asked.Started));
        }

        // Once: a client that has discovered a server may still choose the older handshake.
        private void Opened()
        {
            if (Interlocked.Exchange(ref _opened, 1) == 0)
            {
                traffic.SessionOpened(name);
            }
        }
    }

    private sealed class Reader(ChannelReader<JsonRpcMessage> inner, Action<JsonRpcMessage> received) : ChannelReader<JsonRpcMessage>
    {
        public override Task Completion => inner.Completion;

        public override bool TryRead([MaybeNullWhen(false)] out JsonRpcMessage item)
        {
            if (!inner.TryRead(out item))
            {
                return false;
            }

            received(item);
            return true;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => inner.WaitToReadAsync(cancellationToken);
    }
}
