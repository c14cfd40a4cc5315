using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: wherever the opening stood.</summary>
public sealed class SessionOpenedPerCallFixClosureTests
{
    /// <summary>Expressions, iterators, lambdas, local functions.</summary>
    public static TheoryData<Case> Places => Case.For(
        new("a session without a name, in an expression body", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question) =>
                    (await (await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }))).ListToolsAsync()).Count;
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question) =>
                    (await (await _mcpSession.GetClientAsync()).ListToolsAsync()).Count;

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a task is handed about: the getter's becomes one", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    var opening = McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    await using var client = await opening;
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _openingSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    var opening = _openingSession.GetClientAsync().AsTask();
                    var client = await opening;
                    return (await client.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _openingSession.DisposeAsync();
            }
            """),
        new("an iterator, and a loop that tries again", """
            public class ToolAgent
            {
                public async IAsyncEnumerable<string> StreamAsync(string message)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    foreach (var tool in await client.ListToolsAsync())
                    {
                        yield return tool.Name;
                    }
                }

                public async Task<int> AskAsync(string question)
                {
                    for (var attempt = 0; ; attempt++)
                    {
                        try
                        {
                            await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                            return (await client.ListToolsAsync()).Count;
                        }
                        catch (IOException) when (attempt < 3)
                        {
                        }
                    }
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async IAsyncEnumerable<string> StreamAsync(string message)
                {
                    foreach (var tool in await _mcpSession.ListToolsAsync())
                    {
                        yield return tool.Name;
                    }
                }

                public async Task<int> AskAsync(string question)
                {
                    for (var attempt = 0; ; attempt++)
                    {
                        try
                        {
                            return (await _mcpSession.ListToolsAsync()).Count;
                        }
                        catch (IOException) when (attempt < 3)
                        {
                        }
                    }
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("retry closures: each attempt asks with its own token", """
            public sealed class RetryAgent(Polly.ResiliencePipeline retry, Uri endpoint)
            {
                public async Task<int> RunAsync(string question, CancellationToken cancellationToken) =>
                    await retry.ExecuteAsync(async token =>
                    {
                        await using var session = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: token);
                        return (await session.ListToolsAsync(cancellationToken: token)).Count;
                    }, cancellationToken);

                public async Task<int> ChatAsync(string message, CancellationToken cancellationToken)
                {
                    await using var session = await retry.ExecuteAsync(
                        async token => await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: token),
                        cancellationToken);
                    return (await session.ListToolsAsync(cancellationToken: cancellationToken)).Count;
                }
            }
            """, """
            using McpSessions;

            public sealed class RetryAgent(Polly.ResiliencePipeline retry, Uri endpoint) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));

                public async Task<int> RunAsync(string question, CancellationToken cancellationToken) =>
                    await retry.ExecuteAsync(async token =>
                    {
                        return (await _mcpSession.ListToolsAsync(token)).Count;
                    }, cancellationToken);

                public async Task<int> ChatAsync(string message, CancellationToken cancellationToken)
                {
                    var session = await retry.ExecuteAsync(
                        async token => await _mcpSession.GetClientAsync(token),
                        cancellationToken);
                    return (await session.ListToolsAsync(cancellationToken: cancellationToken)).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("static lambdas and local functions can not reach a field of the instance", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    Func<string, Task<int>> count = static async _ =>
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                        return (await client.ListToolsAsync()).Count;
                    };
                    return await count(question) + await CountAsync();

                    static async Task<int> CountAsync()
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                        return (await client.ListPromptsAsync()).Count;
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
                    Func<string, Task<int>> count = async _ =>
                    {
                        return (await _mcpSession.ListToolsAsync()).Count;
                    };
                    return await count(question) + await CountAsync();

                    async Task<int> CountAsync()
                    {
                        var client = await _mcpSession.GetClientAsync();
                        return (await client.ListPromptsAsync()).Count;
                    }
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a switch section", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    switch (question)
                    {
                        case "tools":
                            var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                            var count = (await client.ListToolsAsync()).Count;
                            await client.DisposeAsync();
                            return count;
                        default:
                            return 0;
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
                    switch (question)
                    {
                        case "tools":
                            var count = (await _mcpSession.ListToolsAsync()).Count;
                            return count;
                        default:
                            return 0;
                    }
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """));

    [Theory, MemberData(nameof(Places))]
    public Task Borrows(Case test) => Verify.VerifyCodeFixAsync(test);
}
