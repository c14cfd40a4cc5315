using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.ToolsOutliveSessionAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.ToolsOutliveSessionFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1006: the session is shared, and the tools come from it, where one session serves all calls.</summary>
public sealed class ToolsOutliveSessionFixTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new Case("the session depends on the call", """
            class A
            {
                async Task<IList<McpClientTool>> M(IClientTransport t) { await using var c = await McpClient.CreateAsync(t); [|return|] await c.ListToolsAsync(); }
                async Task<IList<McpClientTool>> Key(string user) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://localhost/" + user) })); [|return|] await c.ListToolsAsync(); }
                async Task<IList<McpClientTool>> Loop(Uri[] all) { foreach (var u in all) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = u })); [|return|] await c.ListToolsAsync(); } return null!; }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("returned and kept", """
            public sealed class Tools(Uri endpoint)
            {
                private IList<McpClientTool> _tools = [];

                public async Task<IList<McpClientTool>> LoadAsync(CancellationToken ct)
                {
                    // list them
                    await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: ct);
                    [|return|] await mcp.ListToolsAsync(cancellationToken: ct);
                }

                public async Task InitializeAsync()
                {
                    await using (var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint })))
                    {
                        [|_tools|] = await mcp.ListToolsAsync();
                    }
                }
            }
            """, """
            using McpSessions;

            public sealed class Tools(Uri endpoint) : IAsyncDisposable
            {
                private IList<McpClientTool> _tools = [];
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));

                public async Task<IList<McpClientTool>> LoadAsync(CancellationToken ct)
                {
                    // list them
                    return await _mcpSession.ListToolsAsync(ct);
                }

                public async Task InitializeAsync()
                {
                    _tools = await _mcpSession.ListToolsAsync();
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("two sessions", """
            class L(Uri one, Uri two)
            {
                public async Task<List<AITool>> All()
                {
                    await using var a = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = one }));
                    await using var b = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = two }));
                    [|return|] [.. await a.ListToolsAsync(), .. await b.ListToolsAsync()];
                }
            }
            """, """
            using McpSessions;

            class L(Uri one, Uri two) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new() { Endpoint = one }, connect.HttpClient));
                private readonly SharedMcpSession _mcpSession2 = new(connect => new HttpClientTransport(new() { Endpoint = two }, connect.HttpClient));

                public async Task<List<AITool>> All()
                {
                    return [.. await _mcpSession.ListToolsAsync(), .. await _mcpSession2.ListToolsAsync()];
                }

                public async ValueTask DisposeAsync()
                {
                    await _mcpSession.DisposeAsync();
                    await _mcpSession2.DisposeAsync();
                }
            }
            """) { CSharp = 12 });

    /// <summary>In code that runs once the session is not shared: its scope becomes as wide as that of its tools.</summary>
    public static TheoryData<Case> Widened => Case.For(
        new("a list of tools", """
            class Worker : IHostedService
            {
                public async Task StartAsync(CancellationToken ct)
                {
                    var tools = new List<AITool>();
                    // the server
                    await using (var mcp = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }), cancellationToken: ct)) // one
                    {
                        var found = await mcp.ListToolsAsync(cancellationToken: ct);
                        tools.[|AddRange|](found); // all of them
                    }

                    await ((AIFunction)tools[0]).InvokeAsync(cancellationToken: ct);
                }

                public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
            }
            """, """
            class Worker : IHostedService
            {
                public async Task StartAsync(CancellationToken ct)
                {
                    var tools = new List<AITool>();
                    // the server
                    await using var mcp = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }), cancellationToken: ct); // one
                    var found = await mcp.ListToolsAsync(cancellationToken: ct);
                    tools.AddRange(found); // all of them

                    await ((AIFunction)tools[0]).InvokeAsync(cancellationToken: ct);
                }

                public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
            }
            """),
        new("a tool, and options of another server's", """
            class Worker : IHostedService
            {
                public async Task StartAsync(CancellationToken ct)
                {
                    McpClientTool tool;
                    ChatOptions options;
                    await using (McpClient one = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "one" })))
                    {
                        [|tool|] = (await one.ListToolsAsync())[0];
                    }

                    await using (McpClient two = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "two" })))
                    {
                        var tools = await two.ListToolsAsync();
                        [|options|] = new ChatOptions { Tools = tools.Cast<AITool>().ToList() };
                    }

                    await tool.CallAsync();
                    await ((AIFunction)options.Tools[0]).InvokeAsync();
                }

                public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
            }
            """, """
            class Worker : IHostedService
            {
                public async Task StartAsync(CancellationToken ct)
                {
                    McpClientTool tool;
                    ChatOptions options;
                    await using McpClient one = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "one" }));
                    tool = (await one.ListToolsAsync())[0];

                    await using McpClient two = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "two" }));
                    var tools = await two.ListToolsAsync();
                    options = new ChatOptions { Tools = tools.Cast<AITool>().ToList() };

                    await tool.CallAsync();
                    await ((AIFunction)options.Tools[0]).InvokeAsync();
                }

                public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
            }
            """));

    /// <summary>The list was there before the loop.</summary>
    public static TheoryData<Case> NotWidened => Case.For(
        new Case("the scope can't be wider", """
            class Worker : IHostedService
            {
                private readonly Uri[] _servers = new Uri[1];

                public async Task StartAsync(CancellationToken ct)
                {
                    var tools = new List<AITool>();
                    foreach (var server in _servers)
                    {
                        await using (var mcp = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = server })))
                        {
                            tools.[|AddRange|](await mcp.ListToolsAsync());
                        }
                    }

                    await ((AIFunction)tools[0]).InvokeAsync();
                }

                public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
            }
            """));

    [Theory, MemberData(nameof(Widened))]
    public Task MovesTheScope(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(NotWidened))]
    public Task LeavesTheScope(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

#if CSHARP12
    [Theory, MemberData(nameof(Fixed))]
    public Task MovesTheSessionUp(Case test) => Verify.VerifyCodeFixAsync(test);
#endif
}
