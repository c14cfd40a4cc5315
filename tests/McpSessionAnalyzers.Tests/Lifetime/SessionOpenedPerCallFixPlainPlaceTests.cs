using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001 where McpSessions is not referenced: places other than an instance, and other SDKs.</summary>
public sealed class SessionOpenedPerCallFixPlainPlaceTests
{
    /// <summary>Static fields, locals, helpers.</summary>
    public static TheoryData<Case> Places => Case.For(
        new("a static field where instances live for one request", """
            public class ChatHub : Microsoft.AspNetCore.SignalR.Hub
            {
                public async Task<int> Send(string message)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            public class ChatHub : Microsoft.AspNetCore.SignalR.Hub
            {
                private static readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private static McpClient? _mcpClient;

                public async Task<int> Send(string message)
                {
                    var client = await GetMcpClientAsync();
                    return (await client.ListToolsAsync()).Count;
                }

                private static async Task<McpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
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
            }
            """),
        new("top-level code opens it once, before the endpoints", """
            var app = WebApplication.Create(args);
            app.MapPost("/ask", static async (string question) =>
            {
                await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                return (await client.ListToolsAsync()).Count;
            });
            app.MapPost("/chat", async (string message, CancellationToken ct) =>
            {
                await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }), cancellationToken: ct);
                return (await client.ListToolsAsync()).Count;
            });
            app.Run();
            """, """
            var app = WebApplication.Create(args);
            await using var mcpClient = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
            app.MapPost("/ask", async (string question) =>
            {
                var client = mcpClient;
                return (await client.ListToolsAsync()).Count;
            });
            app.MapPost("/chat", async (string message, CancellationToken ct) =>
            {
                var client = mcpClient;
                return (await client.ListToolsAsync()).Count;
            });
            app.Run();
            """),
        new("a helper becomes a getter", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await [|OpenAsync|]();
                    return (await client.ListToolsAsync()).Count;
                }

                private static Task<McpClient> OpenAsync() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
            }
            """, """
            public class ToolAgent
            {
                private static readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private static McpClient? _mcpClient;

                public async Task<int> AskAsync(string question)
                {
                    var client = await OpenAsync();
                    return (await client.ListToolsAsync()).Count;
                }

                private static Task<McpClient> OpenAsync() => GetMcpClientAsync();

                private static async Task<McpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
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
            }
            """));

    [Theory, MemberData(nameof(Places))]
    public Task Shares(Case test) => new Verify.Test
    {
        TestCode = test.Code,
        FixedCode = test.FixedCode ?? test.Code,
        ReferenceAssemblies = References.Mcp2,
    }.RunAsync(TestContext.Current.CancellationToken);

    /// <summary>McpSessions is made for SDK 2.x; older ones get this form.</summary>
    public static TheoryData<Case> BeforeOne => Case.For(
        new Case("the SDK before 1.0", """
            public class ToolAgent
            {
                private readonly string _command;

                public ToolAgent(string command)
                {
                    _command = command;
                }

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    await using var client = await McpClientFactory.[|CreateAsync|](new StdioClientTransport(new() { Name = "tools", Command = _command }), cancellationToken: ct);
                    return (await client.ListToolsAsync(cancellationToken: ct)).Count;
                }
            }
            """, """
            public class ToolAgent : IAsyncDisposable
            {
                private readonly string _command;
                private readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private IMcpClient? _mcpClient;

                public ToolAgent(string command)
                {
                    _command = command;
                }

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var client = await GetMcpClientAsync(ct);
                    return (await client.ListToolsAsync(cancellationToken: ct)).Count;
                }

                private async Task<IMcpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
                {
                    await _mcpClientGate.WaitAsync(cancellationToken);
                    try
                    {
                        return _mcpClient ??= await McpClientFactory.CreateAsync(new StdioClientTransport(new() { Name = "tools", Command = _command }), cancellationToken: cancellationToken);
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

    [Theory, MemberData(nameof(BeforeOne))]
    public Task SharesWithTheOldSdk(Case test) => new Verify.Test
    {
        TestCode = test.Code,
        FixedCode = test.FixedCode ?? test.Code,
        ReferenceAssemblies = References.Mcp0,
    }.RunAsync(TestContext.Current.CancellationToken);
}
