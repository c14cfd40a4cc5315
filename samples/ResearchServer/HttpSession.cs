using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Server;

namespace ResearchServer;

/// <summary>One client's session: a transport that HTTP requests feed, and the server that runs on it until the session ends.</summary>
internal sealed class HttpSession : IAsyncDisposable
{
    private readonly McpServer _server;
    private readonly Task _running;
    private int _streamTaken;

    public HttpSession(string id)
    {
        Id = id;
        Transport = new StreamableHttpServerTransport { SessionId = id };
        _server = McpServer.Create(Transport, ResearchOptions.Create(), NullLoggerFactory.Instance);
        _running = _server.RunAsync();
    }

    public string Id { get; }

    public StreamableHttpServerTransport Transport { get; }

    /// <summary>At most one standalone stream for messages that no request asked for.</summary>
    public bool TryTakeStream() => Interlocked.Exchange(ref _streamTaken, 1) == 0;

    public void ReturnStream() => Volatile.Write(ref _streamTaken, 0);

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        await _running;
        await _server.DisposeAsync();
    }
}
