using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: where values of the call decide which server it is, one session is kept for each of them.</summary>
public sealed class SessionOpenedPerCallFixKeyTests
{
    /// <summary>Values that equal themselves next time.</summary>
    public static TheoryData<Case> Keys => Case.For(
        new("one session per value of a parameter", """
            public class ToolAgent(string root)
            {
                public async Task<int> AskAsync(string question, string tenant, CancellationToken ct)
                {
                    var endpoint = new Uri($"{root}/{tenant}/mcp");
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: ct);
                    return (await client.ListToolsAsync(cancellationToken: ct)).Count;
                }

                public async Task<int> ChatAsync(string message, string tenant)
                {
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri($"{root}/{tenant}/mcp") }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent(string root) : IAsyncDisposable
            {
                private readonly KeyedMcpSessions<string> _mcpSessions = new((tenant, connect) => new HttpClientTransport(new() { Endpoint = new Uri($"{root}/{tenant}/mcp") }, connect.HttpClient));

                public async Task<int> AskAsync(string question, string tenant, CancellationToken ct)
                {
                    return (await _mcpSessions.ListToolsAsync(tenant, ct)).Count;
                }

                public async Task<int> ChatAsync(string message, string tenant)
                {
                    return (await _mcpSessions.ListToolsAsync(tenant)).Count;
                }

                public ValueTask DisposeAsync() => _mcpSessions.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("one session per server of a loop", """
            public class ToolAgent
            {
                private readonly IReadOnlyList<Uri> _servers;

                public ToolAgent(IReadOnlyList<Uri> servers)
                {
                    _servers = servers;
                }

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var count = 0;
                    foreach (var server in _servers)
                    {
                        await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = server }), cancellationToken: ct);
                        count += (await client.CallToolAsync(question, cancellationToken: ct)).Content.Count;
                    }

                    return count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly IReadOnlyList<Uri> _servers;
                private readonly KeyedMcpSessions<Uri> _mcpSessions = new((server, connect) => new HttpClientTransport(new() { Endpoint = server }, connect.HttpClient));

                public ToolAgent(IReadOnlyList<Uri> servers)
                {
                    _servers = servers;
                }

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var count = 0;
                    foreach (var server in _servers)
                    {
                        var client = await _mcpSessions.GetClientAsync(server, ct);
                        count += (await client.CallToolAsync(question, cancellationToken: ct)).Content.Count;
                    }

                    return count;
                }

                public ValueTask DisposeAsync() => _mcpSessions.DisposeAsync();
            }
            """),
        new("one session per pair of values", """
            public class ToolAgent
            {
                private readonly string _root;

                public ToolAgent(string root)
                {
                    _root = root;
                }

                public async Task<int> AskAsync(string question, Guid tenant, int shard)
                {
                    await using var client = await McpClient.[|CreateAsync|](
                        new HttpClientTransport(new() { Endpoint = new Uri($"{_root}/{tenant}/{shard}") }),
                        new McpClientOptions { ClientInfo = new() { Name = tenant.ToString(), Version = "1.0" } });
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly string _root;
                private readonly KeyedMcpSessions<(Guid Tenant, int Shard)> _mcpSessions;

                public ToolAgent(string root)
                {
                    _root = root;
                    _mcpSessions = new KeyedMcpSessions<(Guid Tenant, int Shard)>(
                        (key, connect) => new HttpClientTransport(new() { Endpoint = new Uri($"{_root}/{key.Tenant}/{key.Shard}") }, connect.HttpClient),
                        key => new McpClientOptions { ClientInfo = new() { Name = key.Tenant.ToString(), Version = "1.0" } });
                }

                public async Task<int> AskAsync(string question, Guid tenant, int shard)
                {
                    return (await _mcpSessions.ListToolsAsync((tenant, shard))).Count;
                }

                public ValueTask DisposeAsync() => _mcpSessions.DisposeAsync();
            }
            """),
        new("a helper has the key", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await [|OpenAsync|]("server");
                    return (await client.ListToolsAsync()).Count;
                }

                public async Task<int> ChatAsync(string message, string server)
                {
                    await using var client = await [|OpenAsync|](server);
                    return (await client.ListToolsAsync()).Count;
                }

                private static Task<McpClient> OpenAsync(string command) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = command }));
            }
            """, """
            using McpSessions;

            public class ToolAgent
            {
                private static readonly KeyedMcpSessions<string> _mcpSessions = new((command, _) => new StdioClientTransport(new() { Command = command }));

                public async Task<int> AskAsync(string question)
                {
                    var client = await OpenAsync("server");
                    return (await client.ListToolsAsync()).Count;
                }

                public async Task<int> ChatAsync(string message, string server)
                {
                    var client = await OpenAsync(server);
                    return (await client.ListToolsAsync()).Count;
                }

                private static Task<McpClient> OpenAsync(string command) => _mcpSessions.GetClientAsync(command).AsTask();
            }
            """),
        new("an endpoint's parameter, and one of the method that maps it", """
            var app = WebApplication.Create(args);
            app.MapPost("/{tenant}", async (string tenant, string question) =>
            {
                await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server", Arguments = new[] { tenant } }));
                return (await client.ListToolsAsync()).Count;
            });
            app.MapAgent(new Uri(args[0]));
            app.Run();

            public static class Endpoints
            {
                public static void MapAgent(this WebApplication app, Uri endpoint) =>
                    app.MapPost("/ask", async (string question) =>
                    {
                        await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }));
                        return (await client.ListToolsAsync()).Count;
                    });
            }
            """, """
            using McpSessions;

            var app = WebApplication.Create(args);
            await using var mcpSessions = new KeyedMcpSessions<string>((tenant, _) => new StdioClientTransport(new() { Command = "server", Arguments = new[] { tenant } }));
            app.MapPost("/{tenant}", async (string tenant, string question) =>
            {
                return (await mcpSessions.ListToolsAsync(tenant)).Count;
            });
            app.MapAgent(new Uri(args[0]));
            app.Run();

            public static class Endpoints
            {
                private static readonly KeyedMcpSessions<Uri> _mcpSessions = new((endpoint, connect) => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));

                public static void MapAgent(this WebApplication app, Uri endpoint) =>
                    app.MapPost("/ask", async (string question) =>
                    {
                        return (await _mcpSessions.ListToolsAsync(endpoint)).Count;
                    });
            }
            """));

    [Theory, MemberData(nameof(Keys))]
    public Task KeepsOnePerKey(Case test) => Verify.VerifyCodeFixAsync(test);
}
