namespace McpSessionAnalyzers.RuntimeProofs.Disposal;

/// <summary>MSA1107: the first borrower closes what all others need.</summary>
public sealed class BorrowedSessionDisposedProof
{
    private const string Container = """


        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                await using var services = new ServiceCollection().AddSingleton(mcp).AddScoped<Travel>().BuildServiceProvider();
                for (var i = 0; i < 2; i++)
                {
                    await using var scope = services.CreateAsyncScope();
                    await scope.ServiceProvider.GetRequiredService<Travel>().CountAsync("hello");
                }
            }
        }
        """;

    private const string Shared = """


        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                await using var session = new McpSessions.SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
                var agent = new TravelAgent(session);
                for (var i = 0; i < 5; i++)
                {
                    await agent.AskAsync("Where to?");
                }
            }
        }
        """;

    /// <summary>The next caller finds the session closed.</summary>
    [Fact]
    public Task OfTheContainer() => new Proof
    {
        Program = """
            public class Travel(McpClient mcp)
            {
                public async Task<int> CountAsync(string message)
                {
                    var result = await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = message });
                    await mcp.{|MSA1107:DisposeAsync|}();
                    return result.Content.Count;
                }
            }
            """ + Container,
        ByHand = """
            public class Travel(McpClient mcp)
            {
                public async Task<int> CountAsync(string message) =>
                    (await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = message })).Content.Count;
            }
            """ + Container,
        Flagged = new() { Opened = 1, ToolCalls = 1, Failure = nameof(TaskCanceledException) },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 2 },
    }.HoldsAsync();

    /// <summary>A shared session opens another one, for each call.</summary>
    [Fact]
    public Task OfASharedSession() => new Proof
    {
        Program = """
            public class TravelAgent(McpSessions.SharedMcpSession session)
            {
                public async Task<int> AskAsync(string question)
                {
                    await {|MSA1107:using|} var mcp = await session.GetClientAsync();
                    return (await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = question })).Content.Count;
                }
            }
            """ + Shared,
        ByHand = """
            public class TravelAgent(McpSessions.SharedMcpSession session)
            {
                public async Task<int> AskAsync(string question)
                {
                    var mcp = await session.GetClientAsync();
                    return (await mcp.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = question })).Content.Count;
                }
            }
            """ + Shared,
        Flagged = new() { Opened = 5, LeftOpen = 0, ToolCalls = 5 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 5 },
    }.HoldsAsync();

    /// <summary>The incident: each message disposes the agent that all messages share.</summary>
    [Fact]
    public Task OfAField() => new Proof
    {
        Program = Chat("""
            await {|MSA1107:using|} (_agent)
                    {
                        return await _agent.AskAsync(message);
                    }
            """),
        ByHand = Chat("return await _agent.AskAsync(message);"),
        Flagged = new() { Opened = 1, LeftOpen = 0, ToolCalls = 1, Failure = nameof(TaskCanceledException) },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolCalls = 2 },
    }.HoldsAsync();

    private static string Chat(string ask) => $$"""
        public sealed class ResearchAgent(Uri endpoint) : IAsyncDisposable
        {
            private McpClient? _mcp;

            public async Task StartAsync() => _mcp ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));

            public async Task<int> AskAsync(string question) =>
                (await _mcp!.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = question })).Content.Count;

            public ValueTask DisposeAsync() => _mcp?.DisposeAsync() ?? default;
        }

        public sealed class ChatService(Uri endpoint) : IAsyncDisposable
        {
            private readonly ResearchAgent _agent = new(endpoint);

            public Task StartAsync() => _agent.StartAsync();

            public async Task<int> ChatAsync(string message)
            {
                {{ask}}
            }

            public ValueTask DisposeAsync() => _agent.DisposeAsync();
        }

        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                await using var chat = new ChatService(endpoint);
                await chat.StartAsync();
                await chat.ChatAsync("Where to?");
                await chat.ChatAsync("And then?");
            }
        }
        """;
}
