namespace McpSessionAnalyzers.RuntimeProofs.Lifetime;

/// <summary>MSA1006: the tools are there, and the first call of one fails before it reaches the server.</summary>
public sealed class ToolsOutliveSessionProof
{
    [Fact]
    public Task ToolsThatAreReturned() => new Proof
    {
        Program = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    var tools = await Toolbox.LoadAsync(endpoint);
                    await tools.First(tool => tool.Name == "echo").CallAsync(new Dictionary<string, object?> { ["message"] = "hello" });
                }
            }

            public static class Toolbox
            {
                public static async Task<IList<McpClientTool>> LoadAsync(Uri endpoint)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    {|MSA1006:return|} await mcp.ListToolsAsync();
                }
            }
            """,
        ByHand = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    var tools = await mcp.ListToolsAsync();
                    await tools.First(tool => tool.Name == "echo").CallAsync(new Dictionary<string, object?> { ["message"] = "hello" });
                }
            }
            """,
        Flagged = new() { Opened = 1, ToolCalls = 0, Failure = nameof(TaskCanceledException) },
        Repaired = new() { Opened = 1, ToolCalls = 1 },
    }.HoldsAsync();

    /// <summary>An agent tells the model that the tool has failed: nobody sees an exception, and no tool ever works.</summary>
    [Fact]
    public Task ToolsOfAnAgent() => new Proof
    {
        Program = """
            public sealed class Agent
            {
                private ChatOptions? _options;

                public async Task LoadAsync(Uri endpoint)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    {|MSA1006:_options|} = new ChatOptions { Tools = [.. await mcp.ListToolsAsync()] };
                }

            """ + Calling + """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    var agent = new Agent();
                    await agent.LoadAsync(endpoint);
                    await agent.CallAsync("echo", new() { ["message"] = "hello" });
                }
            }
            """,
        ByHand = """
            public sealed class Agent(McpClient mcp)
            {
                private ChatOptions? _options;

                public async Task LoadAsync() => _options = new ChatOptions { Tools = [.. await mcp.ListToolsAsync()] };

            """ + Calling + """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    var agent = new Agent(mcp);
                    await agent.LoadAsync();
                    await agent.CallAsync("echo", new() { ["message"] = "hello" });
                }
            }
            """,
        Flagged = new() { Opened = 1, ToolLists = 1, ToolCalls = 0 },
        Repaired = new() { Opened = 1, ToolLists = 1, ToolCalls = 1 },
    }.HoldsAsync();

    private const string Calling = """
            public async Task<string> CallAsync(string tool, AIFunctionArguments arguments)
            {
                try
                {
                    return $"{await _options!.Tools!.OfType<AIFunction>().First(function => function.Name == tool).InvokeAsync(arguments)}";
                }
                catch (Exception e)
                {
                    return $"Error: {e.Message}";
                }
            }
        }


        """;
}
