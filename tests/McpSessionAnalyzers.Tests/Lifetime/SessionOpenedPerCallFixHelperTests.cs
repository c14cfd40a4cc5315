using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: the fix goes where the opening is, and reaches all callers.</summary>
public sealed class SessionOpenedPerCallFixHelperTests
{
    /// <summary>Methods, local functions, lambdas and properties that open.</summary>
    public static TheoryData<Case> Helpers => Case.For(
        new("a helper: all of its callers borrow from now on", """
            public class ToolAgent(Uri endpoint)
            {
                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    await using var client = await [|OpenAsync|](ct);
                    return (await client.ListToolsAsync(cancellationToken: ct)).Count;
                }

                public async Task<int> ChatAsync(string message, CancellationToken ct)
                {
                    var client = await [|OpenAsync|](ct);
                    try
                    {
                        return (await client.ListToolsAsync(cancellationToken: ct)).Count;
                    }
                    finally
                    {
                        await client.DisposeAsync();
                    }
                }

                private async Task<McpClient> OpenAsync(CancellationToken ct)
                {
                    var transport = new HttpClientTransport(new() { Endpoint = endpoint });
                    return await McpClient.CreateAsync(transport, cancellationToken: ct);
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent(Uri endpoint) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    return (await _mcpSession.ListToolsAsync(ct)).Count;
                }

                public async Task<int> ChatAsync(string message, CancellationToken ct)
                {
                    return (await _mcpSession.ListToolsAsync(ct)).Count;
                }

                private async Task<McpClient> OpenAsync(CancellationToken ct)
                {
                    return await _mcpSession.GetClientAsync(ct);
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("a helper of a helper, which closes what it can not hand on", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await [|OpenAsync|]();
                    return (await client.ListToolsAsync()).Count;
                }

                private static Task<McpClient> OpenAsync() => OpenCoreAsync(TimeSpan.Zero);

                private static async Task<McpClient> OpenCoreAsync(TimeSpan delay)
                {
                    var client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                    try
                    {
                        await Task.Delay(delay);
                        await client.PingAsync();
                        return client;
                    }
                    catch
                    {
                        await client.DisposeAsync();
                        throw;
                    }
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent
            {
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                private static Task<McpClient> OpenAsync() => OpenCoreAsync(TimeSpan.Zero);

                private static async Task<McpClient> OpenCoreAsync(TimeSpan delay)
                {
                    var client = await _mcpSession.GetClientAsync();
                    await Task.Delay(delay);
                    await client.PingAsync();
                    return client;
                }
            }
            """),
        new("local functions and lambdas", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await [|OpenAsync|]();
                    return (await client.ListToolsAsync()).Count;

                    static async Task<McpClient> OpenAsync() => await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                }

                public async Task<int> ChatAsync(string message)
                {
                    Func<Task<McpClient>> open = () => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                    await using var client = await [|open|]();
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    var client = await OpenAsync();
                    return (await client.ListToolsAsync()).Count;

                    async Task<McpClient> OpenAsync() => await _mcpSession.GetClientAsync();
                }

                public async Task<int> ChatAsync(string message)
                {
                    Func<Task<McpClient>> open = () => _mcpSession.GetClientAsync().AsTask();
                    var client = await open();
                    return (await client.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("an interface with one implementation keeps it; properties are helpers too", """
            public interface IToolServer
            {
                Task<McpClient> Client { get; }
            }

            public sealed class ToolServer(Uri endpoint) : IToolServer
            {
                public Task<McpClient> Client => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
            }

            public class ToolAgent(IToolServer server)
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await server.[|Client|];
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public interface IToolServer
            {
                Task<McpClient> Client { get; }
            }

            public sealed class ToolServer(Uri endpoint) : IToolServer, IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));

                public Task<McpClient> Client => _mcpSession.GetClientAsync().AsTask();

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }

            public class ToolAgent(IToolServer server)
            {
                public async Task<int> AskAsync(string question)
                {
                    var client = await server.Client;
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """) { CSharp = 12 },
        new("a private helper that opens and closes", """
            public class ToolAgent
            {
                public Task<int> AskAsync(string question) => CountAsync();

                public Task<int> ChatAsync(string message) => CountAsync();

                private async Task<int> CountAsync()
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public Task<int> AskAsync(string question) => CountAsync();

                public Task<int> ChatAsync(string message) => CountAsync();

                private async Task<int> CountAsync()
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a helper that only uses the session is no matter", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return await CountAsync(client);
                }

                private static async Task<int> CountAsync(McpClient client) => (await client.ListToolsAsync()).Count;
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    var client = await _mcpSession.GetClientAsync();
                    return await CountAsync(client);
                }

                private static async Task<int> CountAsync(McpClient client) => (await client.ListToolsAsync()).Count;

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """));

    [Theory, MemberData(nameof(Helpers))]
    public Task FixesTheHelper(Case test) => Verify.VerifyCodeFixAsync(test);
}
