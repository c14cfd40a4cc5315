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

    private static SharedMcpSession Shared(McpTestServer server) =>
        new(connect => new HttpClientTransport(new() { Endpoint = server.SseEndpoint, TransportMode = HttpTransportMode.Sse }, connect.HttpClient));
}
