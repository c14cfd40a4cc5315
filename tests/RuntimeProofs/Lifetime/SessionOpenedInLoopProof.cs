namespace McpSessionAnalyzers.RuntimeProofs.Lifetime;

/// <summary>MSA1002: each round pays for a session of its own.</summary>
public sealed class SessionOpenedInLoopProof
{
    private const string Program = """


        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                var import = new CityImport(endpoint);
                await import.ImportAsync(["Bern", "Oslo", "Riga", "Rome", "Turku"]);
            }
        }
        """;

    [Fact]
    public Task ALoop() => new Proof
    {
        Program = """
            public class CityImport(Uri endpoint)
            {
                public async Task ImportAsync(string[] cities)
                {
                    foreach (var city in cities)
                    {
                        await using var mcp = await McpClient.{|MSA1002:CreateAsync|}(new HttpClientTransport(new() { Endpoint = endpoint }));
                        await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = city });
                    }
                }
            }
            """ + Program,
        ByHand = """
            public class CityImport(Uri endpoint)
            {
                public async Task ImportAsync(string[] cities)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    foreach (var city in cities)
                    {
                        await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = city });
                    }
                }
            }
            """ + Program,
        Flagged = new() { Opened = 5, LeftOpen = 0, ToolCalls = 5 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 5 },
    }.HoldsAsync();

    /// <summary>All rounds at once, through a method that opens and closes: one session serves them all at the same time.</summary>
    [Fact]
    public Task RoundsThatRunAtTheSameTime() => new Proof
    {
        Program = """
            public class CityImport(Uri endpoint)
            {
                public Task ImportAsync(string[] cities) => Task.WhenAll(cities.Select(city => {|MSA1002:SendAsync|}(city)));

                private async Task SendAsync(string city)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = city });
                }
            }
            """ + Program,
        ByHand = """
            public class CityImport(Uri endpoint)
            {
                public async Task ImportAsync(string[] cities)
                {
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    await Task.WhenAll(cities.Select(city => SendAsync(mcp, city)));
                }

                private static async Task SendAsync(McpClient mcp, string city) =>
                    await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = city });
            }
            """ + Program,
        Flagged = new() { Opened = 5, LeftOpen = 0, ToolCalls = 5 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 5 },
    }.HoldsAsync();
}
