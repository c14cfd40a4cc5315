using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: a session that using disposed is borrowed from now on.</summary>
public sealed class SessionOpenedPerCallFixUsingTests
{
    /// <summary>Comments and layout stay.</summary>
    public static TheoryData<Case> Usings => Case.For(
        new("a using statement is unwrapped, its comments stay", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    // Open.
                    await using (var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }))) // the tool server
                    {
                        // List.

                        var tools = await client.ListToolsAsync(); // all of them

                        return tools.Count;
                        // Done.
                    }
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    // Open.
                    // the tool server
                    // List.

                    var tools = await _mcpSession.ListToolsAsync(); // all of them

                    return tools.Count;
                    // Done.
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a using statement without braces, and one on a single line", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using (var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })))
                        return (await client.ListToolsAsync()).Count;
                }

                public async Task<int> ChatAsync(string message)
                {
                    await using (var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }))) { return (await client.ListToolsAsync()).Count; }
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

                public async Task<int> ChatAsync(string message)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("stacked using statements, a session and a field each", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using (var weatherClient = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "weather" })))
                    await using (var searchClient = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "search" })))
                    {
                        var tools = await weatherClient.ListToolsAsync();
                        return tools.Count + (await searchClient.ListToolsAsync()).Count;
                    }
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _weatherSession = new(_ => new StdioClientTransport(new() { Command = "weather" }));
                private readonly SharedMcpSession _searchSession = new(_ => new StdioClientTransport(new() { Command = "search" }));

                public async Task<int> AskAsync(string question)
                {
                    var tools = await _weatherSession.ListToolsAsync();
                    return tools.Count + (await _searchSession.ListToolsAsync()).Count;
                }

                public async ValueTask DisposeAsync()
                {
                    await _weatherSession.DisposeAsync();
                    await _searchSession.DisposeAsync();
                }
            }
            """),
        new("a using statement whose names are used again becomes a block", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    int count;
                    await using (var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })))
                    {
                        count = (await client.ListToolsAsync()).Count;
                    }

                    await using (var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })))
                    {
                        return count + (await client.ListPromptsAsync()).Count;
                    }
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

                    var client = await _mcpSession.GetClientAsync();
                    return count + (await client.ListPromptsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a using statement after an if becomes a block", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    if (question.Length > 0)
                        await using (var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })))
                        {
                            return (await client.ListToolsAsync()).Count;
                        }

                    return 0;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    if (question.Length > 0)
                    {
                        return (await _mcpSession.ListToolsAsync()).Count;
                    }

                    return 0;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("names that only serve disposal go", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })).ConfigureAwait(false);
                    await using var _ = client.ConfigureAwait(false);
                    return (await client.ListToolsAsync().ConfigureAwait(false)).Count;
                }

                public async Task<int> ChatAsync(string message)
                {
                    var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })).ConfigureAwait(false);
                    await using (client.ConfigureAwait(false))
                    {
                        return (await client.ListToolsAsync().ConfigureAwait(false)).Count;
                    }
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync().ConfigureAwait(false)).Count;
                }

                public async Task<int> ChatAsync(string message)
                {
                    return (await _mcpSession.ListToolsAsync().ConfigureAwait(false)).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """));

    [Theory, MemberData(nameof(Usings))]
    public Task Borrows(Case test) => Verify.VerifyCodeFixAsync(test);
}
