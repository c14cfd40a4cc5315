using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: the type disposes what it keeps now, in the methods that it has.</summary>
public sealed class SessionOpenedPerCallFixOwnDisposalTests
{
    /// <summary>What disposes is extended.</summary>
    public static TheoryData<Case> Own => Case.For(
        new("DisposeAsync as an expression", """
            public sealed class ToolAgent : IAsyncDisposable
            {
                private readonly MemoryStream _stream = new();

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _stream.DisposeAsync();
            }
            """, """
            using McpSessions;

            public sealed class ToolAgent : IAsyncDisposable
            {
                private readonly MemoryStream _stream = new();
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public async ValueTask DisposeAsync()
                {
                    await _stream.DisposeAsync();
                    await _mcpSession.DisposeAsync();
                }
            }
            """),
        new("DisposeAsync that hands on a task, and may return early", """
            public class ToolAgent : IAsyncDisposable
            {
                private readonly Stream _stream = new MemoryStream();

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync()
                {
                    GC.SuppressFinalize(this);
                    if (_stream.CanRead)
                    {
                        return _stream.DisposeAsync();
                    }

                    return default;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly Stream _stream = new MemoryStream();
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public async ValueTask DisposeAsync()
                {
                    await _mcpSession.DisposeAsync();
                    GC.SuppressFinalize(this);
                    if (_stream.CanRead)
                    {
                        await _stream.DisposeAsync();
                        return;
                    }
                }
            }
            """),
        new("only Dispose: the session closes in the background", """
            public sealed class ToolAgent : IDisposable
            {
                private readonly MemoryStream _stream = new();

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }

                public void Dispose() => _stream.Dispose();
            }
            """, """
            using McpSessions;

            public sealed class ToolAgent : IDisposable
            {
                private readonly MemoryStream _stream = new();
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public void Dispose()
                {
                    _stream.Dispose();
                    _mcpSession.Dispose();
                }
            }
            """),
        new("the full pattern", """
            public class ToolAgent : IDisposable, IAsyncDisposable
            {
                private readonly MemoryStream _stream = new();

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                public async ValueTask DisposeAsync()
                {
                    await DisposeAsyncCore();
                    Dispose(false);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                    if (disposing)
                    {
                        _stream.Dispose();
                    }
                }

                protected virtual async ValueTask DisposeAsyncCore()
                {
                    await _stream.DisposeAsync();
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IDisposable, IAsyncDisposable
            {
                private readonly MemoryStream _stream = new();
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                public async ValueTask DisposeAsync()
                {
                    await DisposeAsyncCore();
                    Dispose(false);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                    if (disposing)
                    {
                        _stream.Dispose();
                        _mcpSession.Dispose();
                    }
                }

                protected virtual async ValueTask DisposeAsyncCore()
                {
                    await _stream.DisposeAsync();
                    await _mcpSession.DisposeAsync();
                }
            }
            """));

    [Theory, MemberData(nameof(Own))]
    public Task Disposes(Case test) => Verify.VerifyCodeFixAsync(test);
}
