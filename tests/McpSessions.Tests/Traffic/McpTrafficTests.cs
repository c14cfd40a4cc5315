using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Traffic;

/// <summary>What a user's own test asserts: one session, whatever the number of messages.</summary>
public sealed class McpTrafficTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Openings_are_told_from_calls_over_http_and_stdio_alike()
    {
        await using var server = await McpTestServer.StartAsync();
        foreach (var make in (Func<McpTraffic, SharedMcpSession>[])[
            traffic => server.Shared(options: new() { Traffic = traffic }),
            traffic => new SharedMcpSession(_ => StdioServer.Transport(), StdioServer.Patient, new() { Traffic = traffic })])
        {
            var traffic = new McpTraffic();
            await using var shared = make(traffic);

            await shared.ListToolsAsync(Token);
            await shared.EchoAsync("one");
            await shared.EchoAsync("two");

            Assert.Equal((1, 1, 2, 0, 0), (traffic.SessionOpenings, traffic.ToolListings, traffic.ToolCalls, traffic.OtherRequests, traffic.Failures));
        }
    }

    [Theory]
    [InlineData(ServerEra.Stateful)]
    [InlineData(ServerEra.Stateless)]
    public async Task Code_that_knows_nothing_of_this_library_is_counted_by_a_handler_under_its_HttpClient(ServerEra era)
    {
        await using var server = await McpTestServer.StartAsync();
        server.Era = era;
        var traffic = new McpTraffic();
        var seen = new List<McpTrafficEvent>();
        traffic.Seen += seen.Add;
        using var http = new HttpClient(new McpTrafficHandler(traffic) { InnerHandler = new SocketsHttpHandler() });
        for (var message = 0; message < 2; message++)
        {
            await using var perCall = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = server.Endpoint }, http), cancellationToken: Token);
            await perCall.ListToolsAsync(cancellationToken: Token);
            await perCall.EchoAsync("hello");
        }

        Assert.Equal((2, 2, 2, 0, 0), (traffic.SessionOpenings, traffic.ToolListings, traffic.ToolCalls, traffic.OtherRequests, traffic.Failures));
        Assert.Contains(seen, e => e is { Kind: McpTrafficKind.ToolCall, Tool: "echo", IsError: false } && e.ServerName == server.Endpoint.ToString());
    }

    [Fact]
    public async Task The_handler_sees_failures_and_leaves_what_is_not_MCP_alone()
    {
        await using var server = await McpTestServer.StartAsync();
        var traffic = new McpTraffic();
        using var http = new HttpClient(new McpTrafficHandler(traffic) { InnerHandler = new SocketsHttpHandler() });
        await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = server.Endpoint, EnableStandaloneGetStream = false }, http), cancellationToken: Token);
        server.Faults.Next("tools/call", new Fault.DropBefore());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.EchoAsync("lost"));

        using var content = new StringContent("{\"not\":[\"MCP\"", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(new Uri(server.Endpoint, "/elsewhere"), content, Token);

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal((1, 1, 1), (traffic.SessionOpenings, traffic.ToolCalls, traffic.Failures));
    }

    [Fact]
    public async Task Any_transport_is_counted_by_a_decorator()
    {
        var traffic = new McpTraffic();
        await using (var client = await McpClient.CreateAsync(new McpTrafficTransport(StdioServer.Transport(), traffic), StdioServer.Patient(), cancellationToken: Token))
        {
            await client.ListToolsAsync(cancellationToken: Token);
            await client.EchoAsync("one");
            await client.EchoAsync("two");
            _ = client.CallToolAsync("wait", Results.Id("w"), cancellationToken: Token).AsTask();
            await client.EchoAsync("behind it");
        }

        Assert.Equal((1, 1, 4, 0, 1), (traffic.SessionOpenings, traffic.ToolListings, traffic.ToolCalls, traffic.OtherRequests, traffic.Failures));
    }

    [Fact]
    public async Task Every_call_is_seen_with_its_tool_its_outcome_and_its_duration()
    {
        await using var server = await McpTestServer.StartAsync();
        var traffic = new McpTraffic();
        var seen = new List<McpTrafficEvent>();
        traffic.Seen += seen.Add;
        await using var shared = server.Shared(options: new() { Name = "ledger", Traffic = traffic });

        await shared.EchoAsync("one");
        await shared.CallToolAsync("fail", cancellationToken: Token);
        server.Faults.Next("tools/call", new Fault.DropBefore());
        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token).AsTask());

        Assert.Equal([McpTrafficKind.SessionOpening, McpTrafficKind.ToolCall, McpTrafficKind.ToolCall, McpTrafficKind.ToolCall], seen.Select(e => e.Kind));
        Assert.Equal(("ledger", "echo", false), (seen[1].ServerName, seen[1].Tool, seen[1].IsError));
        Assert.Equal(("fail", true), (seen[2].Tool, seen[2].IsError));
        Assert.IsType<McpOutcomeUnknownException>(seen[3].Exception);
        Assert.True(seen[1].Duration > TimeSpan.Zero);
    }
}
