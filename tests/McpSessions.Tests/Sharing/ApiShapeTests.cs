using McpSessions.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace McpSessions.Tests.Sharing;

/// <summary>Every form that people, and our code fixes, write. That these lines compile is the main thing that they show.</summary>
public sealed class ApiShapeTests(ITestOutputHelper output)
{
    private static readonly Uri s_endpoint = new("http://127.0.0.1:1/mcp");
    private readonly SharedMcpSession _field = new(connect => new HttpClientTransport(new() { Endpoint = s_endpoint }, connect.HttpClient));

    [Fact]
    public async Task Transport_factories_synchronous_and_asynchronous()
    {
        using var mine = new HttpClient();
        var logs = new LogCollector();
        SharedMcpSession[] all =
        [
            _field,
            new(_ => new StdioClientTransport(new() { Command = "node", Arguments = ["server.js"] })),
            new(_ => new HttpClientTransport(new() { Endpoint = s_endpoint }, mine)),
            new(connect => new HttpClientTransport(new() { Endpoint = s_endpoint }, connect.HttpClient, connect.LoggerFactory)),
            new(async (connect, ct) => new HttpClientTransport(new() { Endpoint = await FindAsync(ct) }, connect.HttpClient)),
            new((connect, _) => new ValueTask<IClientTransport>(new HttpClientTransport(new() { Endpoint = s_endpoint }, connect.HttpClient))),
            new(connect => new HttpClientTransport(new() { Endpoint = s_endpoint }, connect.HttpClient), () => new McpClientOptions { ClientInfo = new() { Name = "agent", Version = "1" } }),
            new(connect => new HttpClientTransport(new() { Endpoint = s_endpoint }, connect.HttpClient), () => new() { ProtocolVersion = "2025-11-25" }, new() { Name = "github", LoggerFactory = logs }),
            new(connect => new HttpClientTransport(new() { Endpoint = s_endpoint }, connect.HttpClient), options: new() { LoggerFactory = (ILoggerFactory)logs }),
        ];

        foreach (var shared in all)
        {
            output.WriteLine(shared.Status.ToString());
            Assert.Equal(McpSessionState.Idle, shared.Status.State);
            await shared.DisposeAsync();
        }
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_by_name()
    {
        Func<McpConnectContext, IClientTransport> factory = _ => StdioServer.Transport();

        Assert.Equal("ConnectTimeout", Assert.Throws<ArgumentOutOfRangeException>(() => new SharedMcpSession(factory, options: new() { ConnectTimeout = TimeSpan.Zero })).ParamName);
        Assert.Equal("ConnectTimeout", Assert.Throws<ArgumentOutOfRangeException>(() => new SharedMcpSession(factory, options: new() { ConnectTimeout = Timeout.InfiniteTimeSpan })).ParamName);
        Assert.Equal("DrainTimeout", Assert.Throws<ArgumentOutOfRangeException>(() => new SharedMcpSession(factory, options: new() { DrainTimeout = TimeSpan.FromSeconds(-1) })).ParamName);
        Assert.Equal("transportFactory", Assert.Throws<ArgumentNullException>(() => new SharedMcpSession((Func<McpConnectContext, IClientTransport>)null!)).ParamName);
    }

    private static ValueTask<Uri> FindAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<Uri>(cancellationToken) : ValueTask.FromResult(s_endpoint);
}
