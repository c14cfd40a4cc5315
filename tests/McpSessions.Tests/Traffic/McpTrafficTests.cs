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
            traffic => new SharedMcpSession(_ => StdioServer.Transport(), options: new() { Traffic = traffic })])
        {
            var traffic = new McpTraffic();
            await using var shared = make(traffic);

            await shared.ListToolsAsync(Token);
            await shared.EchoAsync("one");
            await shared.EchoAsync("two");

            Assert.Equal((1, 1, 2, 0, 0), (traffic.SessionOpenings, traffic.ToolListings, traffic.ToolCalls, traffic.OtherRequests, traffic.Failures));
        }
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
