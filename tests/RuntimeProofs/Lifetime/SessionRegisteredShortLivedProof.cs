namespace McpSessionAnalyzers.RuntimeProofs.Lifetime;

/// <summary>MSA1005: a session per request, and one that the container never closes.</summary>
public sealed class SessionRegisteredShortLivedProof
{
    [Fact]
    public Task AScopedClient() => new Proof
    {
        Program = """
            public class Travel(McpClient mcp)
            {
                public async Task<int> CountAsync(string message) =>
                    (await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = message })).Content.Count;
            }

            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var services = new ServiceCollection()
                        .{|MSA1005:AddScoped|}(_ => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint })).GetAwaiter().GetResult())
                        .AddScoped<Travel>()
                        .BuildServiceProvider();
                    for (var i = 0; i < 3; i++)
                    {
                        await using var scope = services.CreateAsyncScope();
                        await scope.ServiceProvider.GetRequiredService<Travel>().CountAsync("hello");
                    }
                }
            }
            """,
        Flagged = new() { Opened = 3, LeftOpen = 0, ToolCalls = 3 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 3 },
    }.HoldsAsync();

    /// <summary>The check for null is no help where each scope has an object of its own.</summary>
    [Fact]
    public Task AScopedTypeThatKeepsOne() => new Proof
    {
        Program = Guarded("{|MSA1005:AddScoped|}"),
        ByHand = Guarded("AddSingleton"),
        Flagged = new() { Opened = 3, LeftOpen = 0, ToolCalls = 3 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 3 },
    }.HoldsAsync();

    /// <summary>The container closes what it made, and that was a task.</summary>
    [Fact]
    public Task ATask() => new Proof
    {
        Program = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var services = new ServiceCollection()
                        .{|MSA1005:AddSingleton|}(_ => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint })))
                        .BuildServiceProvider();
                    var mcp = await services.GetRequiredService<Task<McpClient>>();
                    await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "hello" });
                }
            }
            """,
        ByHand = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var services = new ServiceCollection()
                        .AddSingleton(_ => new McpSessions.SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient)))
                        .BuildServiceProvider();
                    var mcp = await services.GetRequiredService<McpSessions.SharedMcpSession>().GetClientAsync();
                    await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "hello" });
                }
            }
            """,
        Flagged = new() { Opened = 1, LeftOpen = 1, ToolCalls = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 1 },
    }.HoldsAsync();

    private static string Guarded(string registration) => $$"""
        public sealed class TravelTools(Uri endpoint) : IAsyncDisposable
        {
            private readonly SemaphoreSlim _gate = new(1);
            private McpClient? _mcp;

            public async Task<McpClient> GetAsync()
            {
                await _gate.WaitAsync();
                try
                {
                    return _mcp ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                }
                finally
                {
                    _gate.Release();
                }
            }

            public ValueTask DisposeAsync() => _mcp?.DisposeAsync() ?? default;
        }

        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                await using var services = new ServiceCollection().AddSingleton(endpoint).{{registration}}<TravelTools>().BuildServiceProvider();
                for (var i = 0; i < 3; i++)
                {
                    await using var scope = services.CreateAsyncScope();
                    var mcp = await scope.ServiceProvider.GetRequiredService<TravelTools>().GetAsync();
                    await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "hello" });
                }
            }
        }
        """;
}
