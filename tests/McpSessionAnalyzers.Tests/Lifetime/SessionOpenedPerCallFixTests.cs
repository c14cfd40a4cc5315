using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001, share it: where the session is kept, and with what.</summary>
public sealed class SessionOpenedPerCallFixTests
{
    /// <summary>The session depends on the call: to share it would be wrong.</summary>
    public static TheoryData<Case> NoFix => Case.For(
        new Case("the transport depends on a parameter", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question, string command)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task OffersNoFix(Case test) => Verify.VerifyCodeFixAsync(test);

    /// <summary>With McpSessions: a SharedMcpSession.</summary>
    public static TheoryData<Case> Shared => Case.For(
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
                    var mcp = await _mcpSession.GetClientAsync(ct);
                    var tools = await mcp.ListToolsAsync(cancellationToken: ct);
                    var answer = await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] }, ct);
                    return answer.Text;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("a constructor assigns it", """
            public class ToolAgent
            {
                private readonly string _command;

                public ToolAgent(string command)
                {
                    _command = command;
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
                    _mcpSession = new SharedMcpSession(_ => new StdioClientTransport(new() { Command = _command }));
                }

                public async Task<int> AskAsync(string question)
                {
                    var client = await _mcpSession.GetClientAsync();
                    return (await client.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a constant server: nothing of the instance is needed", """
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
                    var client = await _mcpSession.GetClientAsync();
                    return (await client.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """));

    [Theory, MemberData(nameof(Shared))]
    public Task Shares(Case test) => Verify.VerifyCodeFixAsync(test);

    /// <summary>Without: a field behind a semaphore.</summary>
    public static TheoryData<Case> Plain => Case.For(
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
            public sealed class TravelAgent(IChatClient chat, Uri endpoint) : IAsyncDisposable
            {
                private readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private McpClient? _mcpClient;

                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    var mcp = await GetMcpClientAsync(ct);
                    var tools = await mcp.ListToolsAsync(cancellationToken: ct);
                    var answer = await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] }, ct);
                    return answer.Text;
                }

                private async Task<McpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
                {
                    await _mcpClientGate.WaitAsync(cancellationToken);
                    try
                    {
                        if (_mcpClient is { Completion: { IsCompleted: true } } ended)
                        {
                            _mcpClient = null;
                            await ended.DisposeAsync();
                        }

                        return _mcpClient ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: cancellationToken);
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                private async ValueTask CloseMcpClientAsync()
                {
                    await _mcpClientGate.WaitAsync();
                    try
                    {
                        if (_mcpClient is { } open)
                        {
                            _mcpClient = null;
                            await open.DisposeAsync();
                        }
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                public ValueTask DisposeAsync() => CloseMcpClientAsync();
            }
            """) { CSharp = 12 },
        new("a constructor assigns it", """
            public class ToolAgent
            {
                private readonly string _command;

                public ToolAgent(string command)
                {
                    _command = command;
                }

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = _command }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            public class ToolAgent : IAsyncDisposable
            {
                private readonly string _command;
                private readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private McpClient? _mcpClient;

                public ToolAgent(string command)
                {
                    _command = command;
                }

                public async Task<int> AskAsync(string question)
                {
                    var client = await GetMcpClientAsync();
                    return (await client.ListToolsAsync()).Count;
                }

                private async Task<McpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
                {
                    await _mcpClientGate.WaitAsync(cancellationToken);
                    try
                    {
                        if (_mcpClient is { Completion: { IsCompleted: true } } ended)
                        {
                            _mcpClient = null;
                            await ended.DisposeAsync();
                        }

                        return _mcpClient ??= await McpClient.CreateAsync(new StdioClientTransport(new() { Command = _command }), cancellationToken: cancellationToken);
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                private async ValueTask CloseMcpClientAsync()
                {
                    await _mcpClientGate.WaitAsync();
                    try
                    {
                        if (_mcpClient is { } open)
                        {
                            _mcpClient = null;
                            await open.DisposeAsync();
                        }
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                public ValueTask DisposeAsync() => CloseMcpClientAsync();
            }
            """),
        new("a constant server: nothing of the instance is needed", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            public class ToolAgent : IAsyncDisposable
            {
                private readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private McpClient? _mcpClient;

                public async Task<int> AskAsync(string question)
                {
                    var client = await GetMcpClientAsync();
                    return (await client.ListToolsAsync()).Count;
                }

                private async Task<McpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
                {
                    await _mcpClientGate.WaitAsync(cancellationToken);
                    try
                    {
                        if (_mcpClient is { Completion: { IsCompleted: true } } ended)
                        {
                            _mcpClient = null;
                            await ended.DisposeAsync();
                        }

                        return _mcpClient ??= await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }), cancellationToken: cancellationToken);
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                private async ValueTask CloseMcpClientAsync()
                {
                    await _mcpClientGate.WaitAsync();
                    try
                    {
                        if (_mcpClient is { } open)
                        {
                            _mcpClient = null;
                            await open.DisposeAsync();
                        }
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                public ValueTask DisposeAsync() => CloseMcpClientAsync();
            }
            """));

    [Theory, MemberData(nameof(Plain))]
    public Task SharesWithoutMcpSessions(Case test) => new Verify.Test
    {
        TestCode = test.Code,
        FixedCode = test.FixedCode ?? test.Code,
        ReferenceAssemblies = References.Mcp2,
    }.RunAsync(TestContext.Current.CancellationToken);
}
