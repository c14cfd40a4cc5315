using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001 is not fixed where one session for all calls could be wrong, or where not everybody who disposed it can be made to borrow.</summary>
public sealed class SessionOpenedPerCallFixNotOfferedTests
{
    /// <summary>The diagnostic stands, and a person decides.</summary>
    public static TheoryData<Case> NoFix => Case.For(
        new("a credential decides: it rotates, and would be everybody's", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question, string accessToken)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server", Arguments = new[] { accessToken } }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("what enters as a credential is one, whatever its name", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question, string value)
                {
                    var headers = new Dictionary<string, string>();
                    headers.Add("Authorization", value);
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new("http://server/mcp"), AdditionalHeaders = headers }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("options that are completed under a condition, beside something else", """
            public class ToolAgent
            {
                private readonly IConfiguration _configuration = null!;

                public async Task<int> AskAsync(string question)
                {
                    var options = new HttpClientTransportOptions { Endpoint = new Uri(_configuration["Mcp:Endpoint"]!) };
                    var key = _configuration["Mcp:Key"];
                    if (!string.IsNullOrEmpty(key))
                    {
                        Console.WriteLine("with a key");
                        options.AdditionalHeaders = new Dictionary<string, string> { ["X-Api-Key"] = key };
                    }

                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(options));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("options that a helper completes, arguments that are added in a loop of another kind", """
            public class ToolAgent
            {
                private readonly IConfiguration _configuration = null!;

                public async Task<int> AskAsync(string question)
                {
                    var options = new HttpClientTransportOptions { Endpoint = new Uri(_configuration["Mcp:Endpoint"]!) };
                    Authorize(options);
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(options));
                    return (await client.ListToolsAsync()).Count;
                }

                public async Task<int> AnswerAsync(string question)
                {
                    var arguments = new List<string> { "run" };
                    for (var i = 0; _configuration[$"Arguments:{i}"] is { } argument; i++)
                        arguments.Add(argument);
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server", Arguments = arguments }));
                    return (await client.ListToolsAsync()).Count;
                }

                private void Authorize(HttpClientTransportOptions options) => options.AdditionalHeaders = new Dictionary<string, string> { ["X-Api-Key"] = _configuration["Mcp:Key"]! };
            }
            """),
        new("the current user decides, through a helper", """
            public class ToolAgent(IHttpContextAccessor accessor)
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(Options()));
                    return (await client.ListToolsAsync()).Count;
                }

                private HttpClientTransportOptions Options() => new()
                {
                    Endpoint = new("http://server/mcp"),
                    AdditionalHeaders = new Dictionary<string, string> { ["X-User"] = accessor.HttpContext!.User.Identity!.Name! },
                };
            }
            """) { CSharp = 12 },
        new("an object without value equality decides", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question, HttpClientTransportOptions options)
                {
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(options));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("configured servers that are no keys, because they do not equal themselves next time, or may be missing", """
            public class ToolAgent(StdioClientTransportOptions[] servers, string?[] commands)
            {
                public async Task<int> AskAsync(string question)
                {
                    var count = 0;
                    foreach (var server in servers)
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(server));
                        count += (await client.ListToolsAsync()).Count;
                    }

                    foreach (var command in commands)
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = command! }));
                        count += (await client.ListToolsAsync()).Count;
                    }

                    return count;
                }
            }
            """) { CSharp = 12 },
        new("what the session depends on changes from call to call", """
            public class ToolAgent
            {
                private Uri _endpoint = new("http://server/mcp");

                public async Task<int> AskAsync(string question)
                {
                    _endpoint = new(_endpoint, question.Length.ToString());
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("an awaited value is the call's", """
            public class ToolAgent(Func<Task<string>> command)
            {
                public async Task<int> AskAsync(string question)
                {
                    var value = await command();
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = value }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """) { CSharp = 12 },
        new("instances live for one request, and the server is known to the instance only", """
            public class ChatHub(IConfiguration configuration) : Microsoft.AspNetCore.SignalR.Hub
            {
                public async Task<int> Send(string message)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = configuration["Command"]! }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """) { CSharp = 12 },
        new("scoped instances, and the server is known to the instance only", """
            public class ToolAgent(string command)
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }

            public static class Startup
            {
                public static void Register(IServiceCollection services) => services.AddScoped<ToolAgent>();
            }
            """) { CSharp = 12 },
        new("an instance for each call, and the server is known to the instance only", """
            public class ToolAgent(string command)
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }

            public class Bot
            {
                public Task<int> ChatAsync(string message) => new ToolAgent("server").AskAsync(message);
            }
            """) { CSharp = 12 },
        new("a record has no place for it", """
            public record ToolAgent(string Command)
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = Command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("a struct has no place for it", """
            public struct ToolAgent
            {
                private readonly string _command;

                public ToolAgent(string command) => _command = command;

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = _command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("the base disposes in a way that can not be added to", """
            public class AgentBase : IAsyncDisposable
            {
                public ValueTask DisposeAsync() => default;
            }

            public class ToolAgent(string command) : AgentBase
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """) { CSharp = 12 },
        new("a using declaration may hold another session", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question, bool local)
                {
                    await using var client = local
                        ? await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }))
                        : await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new("http://server/mcp") }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("one loop disposes several", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    var clients = await Task.WhenAll(McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "a" })), McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "b" })));
                    var count = (await clients[0].ListToolsAsync()).Count;
                    foreach (var client in clients)
                    {
                        await client.DisposeAsync();
                    }

                    return count;
                }
            }
            """),
        new("a helper disposes it, and perhaps does more", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    var count = (await client.ListToolsAsync()).Count;
                    await CloseAsync(client);
                    return count;
                }

                private static async Task CloseAsync(McpClient client)
                {
                    await client.DisposeAsync();
                    Console.WriteLine("closed");
                }
            }
            """),
        new("another caller of the helper keeps what it gets", """
            public class ToolAgent : IAsyncDisposable
            {
                private McpClient? _client;

                public async Task StartAsync() => _client = await OpenAsync();

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await {|MSA1003:OpenAsync|}();
                    return (await client.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? default;

                private static Task<McpClient> OpenAsync() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
            }
            """),
        new("the helper is a delegate for others", """
            public class ToolAgent
            {
                public static Func<Task<McpClient>> Factory => OpenAsync;

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await [|OpenAsync|]();
                    return (await client.ListToolsAsync()).Count;
                }

                private static Task<McpClient> OpenAsync() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task OffersNoFix(Case test) => Verify.VerifyCodeFixAsync(test);
}
