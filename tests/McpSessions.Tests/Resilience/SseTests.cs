using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>The legacy transport over server-sent events, whose stream is the session.</summary>
public sealed class SseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_stream_is_opened_again_underneath_the_same_client()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = Shared(server);
        var client = await shared.GetClientAsync(Token);
        await shared.EchoAsync("one");

        await server.RestartAsync();

        Assert.Equal("two", (await shared.EchoAsync("two")).Text());
        Assert.Same(client, await shared.GetClientAsync(Token));
        Assert.Equal(2, shared.Status.Openings);
    }

    [Fact]
    public async Task A_write_in_flight_when_the_stream_closes_is_an_unknown_outcome_and_does_not_hang()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = Shared(server);
        var write = shared.CallToolAsync("wait", Results.Id("w"), cancellationToken: Token).AsTask();
        await server.Counters.Reaches(c => c.Executed("w") == 1);

        await server.RestartAsync();

        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => write);
        Assert.Equal(1, server.Counters.Executed("w"));
    }

    [Fact]
    public async Task A_session_that_the_server_has_forgotten_under_an_open_stream_is_opened_again()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = Shared(server);
        await shared.EchoAsync("one");
        server.ExpireSessions();

        var writes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => shared.CallToolAsync("write", Results.Id($"{i}"), cancellationToken: Token).AsTask()));

        Assert.Equal(20, writes.Select(write => write.Text()).Distinct().Count());
        Assert.All(server.Counters.AllExecuted, write => Assert.Equal(1, write.Value));
        Assert.Equal(2, shared.Status.Openings);
    }

    [Fact]
    public async Task A_write_whose_post_is_reset_is_an_unknown_outcome_and_the_stream_goes_on()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = Shared(server);
        await shared.ListToolsAsync(Token);
        server.Faults.Next("tools/call", new Fault.DropBefore());

        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token).AsTask());

        Assert.Equal("next", (await shared.EchoAsync("next")).Text());
        Assert.Equal(1, shared.Status.Openings);
    }

    [Fact]
    public async Task A_call_that_the_old_session_turns_away_late_leaves_the_new_ones_revision_alone()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = Shared(server);
        await shared.ListToolsAsync(Token);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Faults.Next("tools/call", new Fault.Slow(gate.Task));
        var late = shared.CallToolAsync("write", Results.Id("late"), cancellationToken: Token).AsTask();
        await server.Counters.Reaches(c => c.Requests("tools/call") == 1);
        var cutOff = shared.CallToolAsync("wait", Results.Id("cut off"), cancellationToken: Token).AsTask();
        await server.Counters.Reaches(c => c.Executed("cut off") == 1);
        await server.EndSessionsAsync();
        // By then the end of the stream has been noticed.
        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => cutOff);
        await shared.CallToolAsync("write", Results.Id("first"), cancellationToken: Token);

        gate.SetResult();

        await late;
        await shared.CallToolAsync("write", Results.Id("next"), cancellationToken: Token);
        Assert.All(server.Counters.AllExecuted, write => Assert.Equal(1, write.Value));
        Assert.Equal(2, shared.Status.Openings);
        Assert.Equal(1, server.Counters.Requests("server/discover"));
        Assert.Equal(0, server.Counters.Initializes);
    }

    private static SharedMcpSession Shared(McpTestServer server) =>
        new(connect => new HttpClientTransport(new() { Endpoint = server.SseEndpoint, TransportMode = HttpTransportMode.Sse }, connect.HttpClient));
}
