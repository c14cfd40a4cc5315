namespace McpSessionAnalyzers.RuntimeProofs.Disposal;

/// <summary>MSA1101: a session that is dropped lives on, at both ends, whatever the garbage collector does.</summary>
public sealed class SessionNeverDisposedProof
{
    [Fact]
    public Task ALocalThatIsDropped() => new Proof
    {
        Program = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    for (var i = 0; i < 3; i++)
                    {
                        await Inventory.CountAsync(new Uri(endpoint, "?shard=" + i));
                    }
                }
            }

            public static class Inventory
            {
                public static async Task<int> CountAsync(Uri shard)
                {
                    var client = await McpClient.{|MSA1101:CreateAsync|}(new HttpClientTransport(new() { Endpoint = shard }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """,
        Flagged = new() { Opened = 3, LeftOpen = 3, ToolLists = 3 },
        Repaired = new() { Opened = 3, LeftOpen = 0, ToolLists = 3 },
    }.HoldsAsync();

    /// <summary>
    /// Over stdio what is left behind is a process. The programs name the protocol's version, so that a process that starts slowly is not taken for
    /// one that doesn't know the newest.
    /// </summary>
    [Fact]
    public Task AProcessThatIsLeftRunning() => new Proof
    {
        Program = """
            public static class Program
            {
                public static async Task RunAsync(StdioClientTransportOptions server)
                {
                    var client = await McpClient.{|MSA1101:CreateAsync|}(new StdioClientTransport(server), new() { ProtocolVersion = "2025-11-25" });
                    Console.Error.WriteLine((await client.ListToolsAsync()).Count);
                }
            }
            """,
        Flagged = new() { Started = 1, LeftRunning = 1 },
        Repaired = new() { Started = 1, LeftRunning = 0 },
    }.HoldsAsync();

    /// <summary>Where only the tools leave, no <c>await using</c> can be right, and none is offered.</summary>
    [Fact]
    public Task OnlyTheToolsLeave() => new Proof
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
                    var client = await McpClient.{|MSA1101:CreateAsync|}(new HttpClientTransport(new() { Endpoint = endpoint }));
                    return await client.ListToolsAsync();
                }
            }
            """,
        ByHand = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    var tools = await client.ListToolsAsync();
                    await tools.First(tool => tool.Name == "echo").CallAsync(new Dictionary<string, object?> { ["message"] = "hello" });
                }
            }
            """,
        Flagged = new() { Opened = 1, LeftOpen = 1, ToolCalls = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 1 },
    }.HoldsAsync();
}
