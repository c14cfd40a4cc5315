namespace McpSessionAnalyzers.RuntimeProofs.Lifetime;

/// <summary>MSA1004: every message asks the server for the tools that it has just listed.</summary>
public sealed class ToolsListedPerCallProof
{
    private const string Shared = """


        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                await using var session = new McpSessions.SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
                var agent = new TravelAgent(session);
                for (var i = 0; i < 5; i++)
                {
                    await agent.AskAsync("echo");
                }
            }
        }
        """;

    [Fact]
    public Task OfASharedSession() => new Proof
    {
        Program = """
            public class TravelAgent(McpSessions.SharedMcpSession session)
            {
                public async Task<CallToolResult> AskAsync(string question)
                {
                    var mcp = await session.GetClientAsync();
                    var tools = await mcp.{|MSA1004:ListToolsAsync|}();
                    return await tools.First(tool => tool.Name == question).CallAsync(new Dictionary<string, object?> { ["message"] = question });
                }
            }
            """ + Shared,
        ByHand = """
            public class TravelAgent(McpSessions.SharedMcpSession session)
            {
                public async Task<CallToolResult> AskAsync(string question)
                {
                    var tools = await session.ListToolsAsync();
                    return await tools.First(tool => tool.Name == question).CallAsync(new Dictionary<string, object?> { ["message"] = question });
                }
            }
            """ + Shared,
        Flagged = new() { Opened = 1, ToolLists = 5, ToolCalls = 5 },
        Repaired = new() { Opened = 1, ToolLists = 1, ToolCalls = 5 },
    }.HoldsAsync();

    [Fact]
    public Task OfAClient() => new Proof
    {
        Program = """
            public class TravelAgent(McpClient mcp)
            {
                public async Task<CallToolResult> AskAsync(string question)
                {
                    var tools = await mcp.{|MSA1004:ListToolsAsync|}();
                    return await tools.First(tool => tool.Name == question).CallAsync(new Dictionary<string, object?> { ["message"] = question });
                }
            }

            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    var agent = new TravelAgent(mcp);
                    for (var i = 0; i < 5; i++)
                    {
                        await agent.AskAsync("echo");
                    }
                }
            }
            """,
        ByHand = """
            public class TravelAgent(IList<McpClientTool> tools)
            {
                public async Task<CallToolResult> AskAsync(string question) =>
                    await tools.First(tool => tool.Name == question).CallAsync(new Dictionary<string, object?> { ["message"] = question });
            }

            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    var agent = new TravelAgent(await mcp.ListToolsAsync());
                    for (var i = 0; i < 5; i++)
                    {
                        await agent.AskAsync("echo");
                    }
                }
            }
            """,
        Flagged = new() { Opened = 1, LeftOpen = 0, ToolLists = 5, ToolCalls = 5 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolLists = 1, ToolCalls = 5 },
    }.HoldsAsync();
}
