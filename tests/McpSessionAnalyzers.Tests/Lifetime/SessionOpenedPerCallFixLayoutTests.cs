using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: the code around stays as it is.</summary>
public sealed class SessionOpenedPerCallFixLayoutTests
{
    /// <summary>Imports, names, neighbours.</summary>
    public static TheoryData<Case> Layouts => Case.For(
        new("the import finds its place, taken names are avoided", """
            using System.Text;
            using ModelContextProtocol;

            namespace Contoso.Agents;

            public class ToolAgent
            {
                private readonly StringBuilder _mcpSession = new();

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count + _mcpSession.Length;
                }
            }
            """, """
            using System.Text;
            using McpSessions;
            using ModelContextProtocol;

            namespace Contoso.Agents;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly StringBuilder _mcpSession = new();
                private readonly SharedMcpSession _mcpSession2 = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession2.ListToolsAsync()).Count + _mcpSession.Length;
                }

                public ValueTask DisposeAsync() => _mcpSession2.DisposeAsync();
            }
            """),
        new("a constructor of its own, with options of several lines", """
            public class ToolAgent
            {
                public string Url { get; set; } = "http://localhost:5000/mcp";

                public async Task<string> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new()
                    {
                        Endpoint = new Uri(Url),
                        Name = "files",
                    }));
                    return (await client.CallToolAsync(question)).ToString()!;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession;

                public ToolAgent()
                {
                    _mcpSession = new SharedMcpSession(connect => new HttpClientTransport(new()
                    {
                        Endpoint = new Uri(Url),
                        Name = "files",
                    }, connect.HttpClient));
                }

                public string Url { get; set; } = "http://localhost:5000/mcp";

                public async Task<string> AskAsync(string question)
                {
                    var client = await _mcpSession.GetClientAsync();
                    return (await client.CallToolAsync(question)).ToString()!;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("imports within a namespace, under a licence", """
            // Copyright (c) Contoso.
            // All rights reserved.

            namespace Contoso.Agents
            {
                using System.Text;

                /// <summary>An agent.</summary>
                public sealed class ToolAgent<T>
                    where T : class
                {
                    public async Task<int> AskAsync(string question)
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                        return (await client.ListToolsAsync()).Count;
                    }
                }
            }
            """, """
            // Copyright (c) Contoso.
            // All rights reserved.

            namespace Contoso.Agents
            {
                using System.Text;
                using McpSessions;

                /// <summary>An agent.</summary>
                public sealed class ToolAgent<T> : IAsyncDisposable
                    where T : class
                {
                    private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                    public async Task<int> AskAsync(string question)
                    {
                        return (await _mcpSession.ListToolsAsync()).Count;
                    }

                    public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
                }
            }
            """),
        new("no imports yet, under a licence", """
            // Copyright (c) Contoso.

            namespace Contoso.Agents;

            public class ToolAgent : IEquatable<ToolAgent>
            {
                public bool Equals(ToolAgent? other) => ReferenceEquals(this, other);

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            // Copyright (c) Contoso.

            using McpSessions;

            namespace Contoso.Agents;

            public class ToolAgent : IEquatable<ToolAgent>, IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public bool Equals(ToolAgent? other) => ReferenceEquals(this, other);

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a user's own type of that name", """
            public class SharedMcpSession
            {
            }

            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            public class SharedMcpSession
            {
            }

            public class ToolAgent : IAsyncDisposable
            {
                private readonly global::McpSessions.SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("the field that is there already is used", """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _tools = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.{|MSA1003:CreateAsync|}(new StdioClientTransport(new()
                    {
                        Command = "server",
                    }));
                    return (await client.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _tools.DisposeAsync();
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _tools = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _tools.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _tools.DisposeAsync();
            }
            """),
        new("fields are named as their neighbours are, statics as statics", """
            public class ToolAgent
            {
                private readonly string command = "server";
                private static readonly string s_command = "server";

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count + command.Length;
                }

                public static async Task<int> ChatAsync(string message)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count + s_command.Length;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly string command = "server";
                private static readonly string s_command = "server";
                private readonly SharedMcpSession mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));
                private static readonly SharedMcpSession s_mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await mcpSession.ListToolsAsync()).Count + command.Length;
                }

                public static async Task<int> ChatAsync(string message)
                {
                    return (await s_mcpSession.ListToolsAsync()).Count + s_command.Length;
                }

                public ValueTask DisposeAsync() => mcpSession.DisposeAsync();
            }
            """),
        new("three in one method, one field", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    int count;
                    await using (var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })))
                    {
                        count = (await client.ListToolsAsync()).Count;
                        if (count == 0)
                        {
                            await using var nested = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                            count = (await nested.ListPromptsAsync()).Count;
                        }
                    }

                    await using var other = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return count + (await other.ListResourcesAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    int count;
                    count = (await _mcpSession.ListToolsAsync()).Count;
                    if (count == 0)
                    {
                        var nested = await _mcpSession.GetClientAsync();
                        count = (await nested.ListPromptsAsync()).Count;
                    }

                    var other = await _mcpSession.GetClientAsync();
                    return count + (await other.ListResourcesAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """));

    [Theory, MemberData(nameof(Layouts))]
    public Task FitsIn(Case test) => Verify.VerifyCodeFixAsync(test);
}
