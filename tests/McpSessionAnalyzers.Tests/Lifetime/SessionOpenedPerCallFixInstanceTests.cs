using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: where instances outlive the call, they keep the shared session.</summary>
public sealed class SessionOpenedPerCallFixInstanceTests
{
    /// <summary>In place where that can be, else by the constructors.</summary>
    public static TheoryData<Case> Instances => Case.For(
        new("a primary constructor: initialized in place", """
            public sealed class TravelAgent(IChatClient chat, Uri endpoint)
            {
                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: ct);
                    var tools = await mcp.ListToolsAsync(cancellationToken: ct);
                    var answer = await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] }, ct);
                    return answer.Text;
                }
            }
            """, """
            using McpSessions;

            public sealed class TravelAgent(IChatClient chat, Uri endpoint) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));

                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    var tools = await _mcpSession.ListToolsAsync(ct);
                    var answer = await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] }, ct);
                    return answer.Text;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("nothing of the instance is needed: initialized in place", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
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

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a field is needed: the constructor makes it, whatever its parameters are called", """
            public class ToolAgent
            {
                private readonly Uri endpoint;

                public ToolAgent(string endpoint)
                {
                    this.endpoint = new Uri(endpoint);
                }

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly Uri endpoint;
                private readonly SharedMcpSession mcpSession;

                public ToolAgent(string endpoint)
                {
                    this.endpoint = new Uri(endpoint);
                    mcpSession = new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = this.endpoint }, connect.HttpClient));
                }

                public async Task<int> AskAsync(string question)
                {
                    return (await mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => mcpSession.DisposeAsync();
            }
            """),
        new("several constructors make it, in one way", """
            public class ToolAgent
            {
                private readonly string _command;

                public ToolAgent(string command) => _command = command;

                public ToolAgent()
                    : this("server")
                {
                }

                public ToolAgent(Version version) { _command = "server" + version; }

                public ToolAgent(bool debug)
                {
                    _command = "server-debug";
                    if (debug)
                    {
                        return;
                    }

                    _command = "server";
                }

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = _command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly string _command;
                private readonly SharedMcpSession _mcpSession;

                public ToolAgent(string command)
                {
                    _command = command;
                    _mcpSession = CreateMcpSession();
                }

                public ToolAgent()
                    : this("server")
                {
                }

                public ToolAgent(Version version)
                {
                    _command = "server" + version;
                    _mcpSession = CreateMcpSession();
                }

                public ToolAgent(bool debug)
                {
                    _mcpSession = CreateMcpSession();
                    _command = "server-debug";
                    if (debug)
                    {
                        return;
                    }

                    _command = "server";
                }

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                private SharedMcpSession CreateMcpSession() => new(_ => new StdioClientTransport(new() { Command = _command }));

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("there is no constructor yet, and the object initializer runs later", """
            public class ToolAgent
            {
                public required string Command { get; init; }

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = Command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession;

                public ToolAgent()
                {
                    _mcpSession = CreateMcpSession();
                }

                public required string Command { get; init; }

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                private SharedMcpSession CreateMcpSession() => new(_ => new StdioClientTransport(new() { Command = Command }));

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """));

    [Theory, MemberData(nameof(Instances))]
    public Task KeepsItInTheInstance(Case test) => Verify.VerifyCodeFixAsync(test);
}
