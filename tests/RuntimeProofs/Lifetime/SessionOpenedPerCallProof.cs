namespace McpSessionAnalyzers.RuntimeProofs.Lifetime;

/// <summary>MSA1001: every message pays for a session of its own.</summary>
public sealed class SessionOpenedPerCallProof
{
    [Fact]
    public Task AnAgentInAContainer() => new Proof
    {
        Program = """
            public class TravelAgent(Uri endpoint)
            {
                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    await using var mcp = await McpClient.{|MSA1001:CreateAsync|}(new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: ct);
                    var tools = await mcp.ListToolsAsync(cancellationToken: ct);
                    var answer = await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = question }, cancellationToken: ct);
                    return answer.Content.OfType<TextContentBlock>().First().Text + tools.Count;
                }
            }

            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var services = new ServiceCollection().AddSingleton(endpoint).AddSingleton<TravelAgent>().BuildServiceProvider();
                    var agent = services.GetRequiredService<TravelAgent>();
                    for (var i = 0; i < 5; i++)
                    {
                        await agent.AskAsync("Where to?", default);
                    }
                }
            }
            """,
        Flagged = new() { Opened = 5, LeftOpen = 0, ToolCalls = 5 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 5 },
    }.HoldsAsync();

    /// <summary>Each process is one that the user's machine has to start, and to run.</summary>
    [Fact]
    public Task AnAgentWithAServerProcess() => new Proof
    {
        Program = """
            public class ToolAgent(StdioClientTransportOptions server)
            {
                public async Task<int> AskAsync(string question)
                {
                    var client = await {|MSA1001:ConnectAsync|}();
                    try
                    {
                        return (await client.ListToolsAsync()).Count;
                    }
                    finally
                    {
                        await client.DisposeAsync();
                    }
                }

                private Task<McpClient> ConnectAsync() => McpClient.CreateAsync(new StdioClientTransport(server), new() { ProtocolVersion = "2025-11-25" });
            }

            public static class Program
            {
                public static async Task RunAsync(StdioClientTransportOptions server)
                {
                    var agent = new ToolAgent(server);
                    await agent.AskAsync("Anything new?");
                    await agent.AskAsync("And now?");
                }
            }
            """,
        Flagged = new() { Started = 2, LeftRunning = 0 },
        Repaired = new() { Started = 1, LeftRunning = 0 },
    }.HoldsAsync();

    /// <summary>The server depends on the call: one session per server.</summary>
    [Fact]
    public Task OneSessionPerKey() => new Proof
    {
        Program = """
            public class ProxyAgent(Uri endpoint)
            {
                public async Task<string> HandleAsync(string message, string tenant)
                {
                    await using var mcp = await McpClient.{|MSA1001:CreateAsync|}(new HttpClientTransport(new() { Endpoint = new Uri(endpoint, "?tenant=" + tenant) }));
                    var answer = await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = message });
                    return answer.Content.OfType<TextContentBlock>().First().Text;
                }
            }

            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    var agent = new ProxyAgent(endpoint);
                    for (var i = 0; i < 3; i++)
                    {
                        await agent.HandleAsync("hello", "north");
                        await agent.HandleAsync("hello", "south");
                    }
                }
            }
            """,
        Flagged = new() { Opened = 6, LeftOpen = 0, ToolCalls = 6 },
        Repaired = new() { Opened = 2, LeftOpen = 0, ToolCalls = 6 },
    }.HoldsAsync();
}
