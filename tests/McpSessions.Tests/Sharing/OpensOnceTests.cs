using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Sharing;

/// <summary>Law 1: any number of first callers, one opening.</summary>
public sealed class OpensOnceTests
{
    [Fact]
    public async Task Nothing_is_opened_before_somebody_asks()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();

        Assert.Equal(McpSessionState.Idle, shared.Status.State);
        Assert.Equal(0, server.Counters.AllRequests);
    }

    [Fact]
    public async Task A_second_call_uses_the_same_session()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();

        Assert.Equal("one", (await shared.EchoAsync("one")).Text());
        Assert.Equal("two", (await shared.EchoAsync("two")).Text());
        Assert.Equal("echo", (await shared.ListToolsAsync(TestContext.Current.CancellationToken))[0].Name);

        Assert.Equal(1, server.Counters.Initializes);
        Assert.Equal(new { Openings = 1, State = McpSessionState.Open }, new { shared.Status.Openings, shared.Status.State });
    }

    [Fact]
    public async Task A_thousand_concurrent_first_callers_open_one_session()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();

        var clients = await FirstCallers(1000, shared);

        Assert.Single(clients.Distinct());
        Assert.Equal(1, server.Counters.Initializes);
        Assert.Equal(1, server.Counters.OpenSessions);
    }

    [Fact]
    public async Task A_thousand_concurrent_first_callers_open_one_session_with_server_everything()
    {
        await using var server = await EverythingServer.StartAsync();
        await using var shared = new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient));

        var clients = await FirstCallers(1000, shared);

        Assert.Single(clients.Distinct());
        Assert.Equal("Echo: hello", (await shared.EchoAsync("hello")).Text());
        Assert.Equal(1, server.Initializes);
    }

    [Fact]
    public async Task A_thousand_concurrent_first_callers_start_one_process()
    {
        var everything = EverythingServer.Stdio();
        var started = 0;
        await using var shared = new SharedMcpSession(
            _ =>
            {
                Interlocked.Increment(ref started);
                return new StdioClientTransport(everything);
            },
            StdioServer.Patient,
            new() { ConnectTimeout = TimeSpan.FromMinutes(2) });

        await FirstCallers(1000, shared);

        Assert.Equal("Echo: hello", (await shared.EchoAsync("hello")).Text());
        Assert.Equal(1, started);
    }

    [Fact]
    public async Task A_server_of_the_2026_revision_is_asked_once_what_it_can_do()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Era = ServerEra.Stateless;
        await using var shared = server.Shared();

        await FirstCallers(100, shared);

        Assert.Equal("hello", (await shared.EchoAsync("hello")).Text());
        Assert.Equal(1, server.Counters.Requests("server/discover"));
        Assert.Equal(0, server.Counters.Initializes);
    }

    private static Task<McpClient[]> FirstCallers(int count, SharedMcpSession shared) => Task.WhenAll(
        Enumerable.Range(0, count).Select(_ => Task.Run(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken))));
}
