using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpSessions.TestServer;

/// <summary>One session on the server's side: its transport, its server, and the loop that runs it.</summary>
internal sealed class HostedSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;

    public HostedSession(string id, ITransport transport, McpServerOptions options)
    {
        Id = id;
        Transport = transport;
        Server = McpServer.Create(transport, options);
        _running = Server.RunAsync(_ended.Token);
    }

    public string Id { get; }

    public ITransport Transport { get; }

    public McpServer Server { get; }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
        }

        await Server.DisposeAsync();
        await Transport.DisposeAsync();
    }
}
