using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001 where a field or a list keeps the sessions for the length of one call: they keep borrowed clients from then on.</summary>
public sealed class SessionOpenedPerCallFixFieldTests
{
    public static TheoryData<Case> Borrowed => Case.For(
        new("a field that helpers fill and empty", """
            public sealed class ChatAgent : IAsyncDisposable
            {
                private McpClient? _client;

                public async Task<string> AskAsync(string question)
                {
                    await ConnectAsync();
                    try
                    {
                        return (await _client!.CallToolAsync("ask")).ToString()!;
                    }
                    finally
                    {
                        await CloseAsync();
                    }
                }

                public ValueTask DisposeAsync() => new(CloseAsync());

                private async Task ConnectAsync() => _client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));

                private async Task CloseAsync()
                {
                    if (_client is not null)
                    {
                        await _client.DisposeAsync();
                        _client = null;
                    }
                }
            }
            """, """
            using McpSessions;

            public sealed class ChatAgent : IAsyncDisposable
            {
                private McpClient? _client;
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<string> AskAsync(string question)
                {
                    await ConnectAsync();
                    try
                    {
                        return (await _client!.CallToolAsync("ask")).ToString()!;
                    }
                    finally
                    {
                        await CloseAsync();
                    }
                }

                public async ValueTask DisposeAsync()
                {
                    await CloseAsync();
                    await _mcpSession.DisposeAsync();
                }

                private async Task ConnectAsync() => _client = await _mcpSession.GetClientAsync();

                private async Task CloseAsync()
                {
                    if (_client is not null)
                    {
                        _client = null;
                    }
                }
            }
            """),
        new("a field that one method fills, asks for tools and empties", """
            public sealed class ChatAgent
            {
                private McpClient? _client;

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    _client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }), cancellationToken: ct).ConfigureAwait(false);
                    var tools = await _client.ListToolsAsync(cancellationToken: ct);
                    await _client.DisposeAsync();
                    _client = null;
                    return tools.Count;
                }
            }
            """, """
            using McpSessions;

            public sealed class ChatAgent : IAsyncDisposable
            {
                private McpClient? _client;
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    _client = await _mcpSession.GetClientAsync(ct).ConfigureAwait(false);
                    var tools = await _mcpSession.ListToolsAsync(ct);
                    _client = null;
                    return tools.Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a list of the sessions of all servers", """
            public sealed class ChatAgent
            {
                private readonly Uri[] _servers = new Uri[2];

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var clients = new List<McpClient>();
                    var tools = new List<AITool>();
                    try
                    {
                        foreach (var server in _servers)
                        {
                            var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = server }), cancellationToken: ct);
                            clients.Add(client);
                            tools.AddRange(await client.ListToolsAsync(cancellationToken: ct));
                        }

                        return tools.Count;
                    }
                    finally
                    {
                        foreach (var client in clients)
                        {
                            await client.DisposeAsync();
                        }
                    }
                }
            }
            """, """
            using McpSessions;

            public sealed class ChatAgent : IAsyncDisposable
            {
                private readonly Uri[] _servers = new Uri[2];
                private readonly KeyedMcpSessions<Uri> _mcpSessions = new((server, connect) => new HttpClientTransport(new() { Endpoint = server }, connect.HttpClient));

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var clients = new List<McpClient>();
                    var tools = new List<AITool>();
                    foreach (var server in _servers)
                    {
                        var client = await _mcpSessions.GetClientAsync(server, ct);
                        clients.Add(client);
                        tools.AddRange(await _mcpSessions.ListToolsAsync(server, ct));
                    }

                    return tools.Count;
                }

                public ValueTask DisposeAsync() => _mcpSessions.DisposeAsync();
            }
            """));

    public static TheoryData<Case> NotOffered => Case.For(
        new("the field may hold another server's session", """
            class A
            {
                McpClient? _c;
                async Task AskAsync(string question) { _c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "a" })); await _c.PingAsync(); await _c.DisposeAsync(); _c = null; }
                async Task AnswerAsync(string question) { _c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "b" })); await _c.PingAsync(); await _c.DisposeAsync(); _c = null; }
            }
            """),
        new("somebody else closes what is in the field", """
            class A
            {
                McpClient? _c;
                async Task AskAsync(string question) { _c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "a" })); try { await _c.PingAsync(); } finally { await Close(_c); _c = null; } }
                static async Task Close(McpClient c) { Console.WriteLine(1); await c.DisposeAsync(); }
            }
            """),
        new("the list has other sessions, too", """
            class A
            {
                async Task AskAsync(string question, McpClient other)
                {
                    var all = new List<McpClient> { other };
                    var c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "a" }));
                    all.Add(c);
                    try { await c.PingAsync(); } finally { foreach (var one in all) { await one.DisposeAsync(); } }
                }
            }
            """));

    [Theory, MemberData(nameof(Borrowed))]
    public Task KeepsWhatItBorrows(Case row) => Verify.VerifyCodeFixAsync(row);

    [Theory, MemberData(nameof(NotOffered))]
    public Task IsNotOffered(Case row) => Verify.VerifyCodeFixAsync(row);
}
