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

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

#if CSHARP12
    [Theory, MemberData(nameof(Fixed))]
    public Task MovesTheSessionUp(Case test) => Verify.VerifyCodeFixAsync(test);
#endif
}
