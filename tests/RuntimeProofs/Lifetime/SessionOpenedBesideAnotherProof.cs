namespace McpSessionAnalyzers.RuntimeProofs.Lifetime;

/// <summary>MSA1003: a second session with the server that the first one is open with.</summary>
public sealed class SessionOpenedBesideAnotherProof
{
    private const string Program = """


        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                await using var agent = new TravelAgent(endpoint);
                await agent.StartAsync();
                await agent.CountToolsAsync();
            }
        }
        """;

    [Fact]
    public Task TheTypeKeepsOne() => new Proof
    {
        Program = """
            public sealed class TravelAgent(Uri endpoint) : IAsyncDisposable
            {
                private McpClient? _mcp;

                public async Task StartAsync() => _mcp ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));

                public async Task<int> CountToolsAsync()
                {
                    await using var mcp = await McpClient.{|MSA1003:CreateAsync|}(new HttpClientTransport(new() { Endpoint = endpoint }));
                    return (await mcp.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcp?.DisposeAsync() ?? default;
            }
            """ + Program,
        ByHand = """
            public sealed class TravelAgent(Uri endpoint) : IAsyncDisposable
            {
                private McpClient? _mcp;

                public async Task StartAsync() => _mcp ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));

                public async Task<int> CountToolsAsync()
                {
                    var mcp = _mcp ?? throw new InvalidOperationException("Call StartAsync first.");
                    return (await mcp.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcp?.DisposeAsync() ?? default;
            }
            """ + Program,
        Flagged = new() { Opened = 2, LeftOpen = 0, ToolLists = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolLists = 1 },
    }.HoldsAsync();

    /// <summary>The method was given a session, and each call of it opens one more.</summary>
    [Fact]
    public Task TheMethodWasGivenOne() => new Proof
    {
        Program = """
            public sealed class Travel(IClientTransport transport)
            {
                public async Task<string> AskAsync(McpClient mcp, string question)
                {
                    await using var own = await McpClient.{|MSA1003:CreateAsync|}(transport);
                    var answer = await own.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = question });
                    return mcp.ServerInfo.Name + answer.Content.Count;
                }
            }
            """ + Given,
        Flagged = new() { Opened = 3, LeftOpen = 0, ToolCalls = 2 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 2 },
    }.HoldsAsync();

    private const string Given = """


        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                var transport = new HttpClientTransport(new() { Endpoint = endpoint });
                await using var mcp = await McpClient.CreateAsync(transport);
                var travel = new Travel(transport);
                await travel.AskAsync(mcp, "Where to?");
                await travel.AskAsync(mcp, "And then?");
            }
        }
        """;
}
