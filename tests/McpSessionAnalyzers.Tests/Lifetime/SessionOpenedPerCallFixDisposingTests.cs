using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: a session that was disposed by hand is borrowed from now on.</summary>
public sealed class SessionOpenedPerCallFixDisposingTests
{
    /// <summary>What is left empty goes too; what does more stays.</summary>
    public static TheoryData<Case> Disposals => Case.For(
        new("a disposal at the end of the response", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question, HttpContext context)
                {
                    var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    context.Response.RegisterForDisposeAsync(client);
                    return (await client.CallToolAsync(question)).Content.Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question, HttpContext context)
                {
                    var client = await _mcpSession.GetClientAsync();
                    return (await client.CallToolAsync(question)).Content.Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a finally that only disposes goes with its try", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    try
                    {
                        return (await client.ListToolsAsync()).Count;
                    }
                    finally
                    {
                        await client.DisposeAsync();
                    }
                }

                public async Task<int> ChatAsync(string message)
                {
                    McpClient? client = null;
                    try
                    {
                        client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                        return (await client.ListToolsAsync()).Count;
                    }
                    finally
                    {
                        if (client is not null)
                        {
                            await client.DisposeAsync();
                        }
                    }
                }

                public async Task<int> SendAsync(string message)
                {
                    var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    try
                    {
                        return (await client.ListToolsAsync()).Count;
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

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public async Task<int> ChatAsync(string message)
                {
                    var client = await _mcpSession.GetClientAsync();
                    return (await client.ListToolsAsync()).Count;
                }

                public async Task<int> SendAsync(string message)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a finally or catch that does more stays", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    McpClient? client = null;
                    try
                    {
                        client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                        return (await client.ListToolsAsync()).Count;
                    }
                    catch (IOException)
                    {
                        return 0;
                    }
                    finally
                    {
                        if (client is IAsyncDisposable disposable)
                            await disposable.DisposeAsync();
                    }
                }

                public async Task<int> ChatAsync(string message)
                {
                    var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    try
                    {
                        return (await client.ListToolsAsync()).Count;
                    }
                    finally
                    {
                        Console.WriteLine("done");
                        await (client?.DisposeAsync() ?? default);
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
                    McpClient? client = null;
                    try
                    {
                        client = await _mcpSession.GetClientAsync();
                        return (await client.ListToolsAsync()).Count;
                    }
                    catch (IOException)
                    {
                        return 0;
                    }
                }

                public async Task<int> ChatAsync(string message)
                {
                    var client = await _mcpSession.GetClientAsync();
                    try
                    {
                        return (await _mcpSession.ListToolsAsync()).Count;
                    }
                    finally
                    {
                        Console.WriteLine("done");
                    }
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a disposal at the end, between blank lines", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    var count = (await client.ListToolsAsync()).Count;

                    await client.DisposeAsync().ConfigureAwait(false);

                    return count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    var count = (await _mcpSession.ListToolsAsync()).Count;

                    return count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """));

    [Theory, MemberData(nameof(Disposals))]
    public Task Borrows(Case test) => Verify.VerifyCodeFixAsync(test);
}
