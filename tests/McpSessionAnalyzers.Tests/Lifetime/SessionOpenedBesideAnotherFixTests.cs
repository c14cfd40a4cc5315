using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedBesideAnotherAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedBesideAnotherFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1003: the session that is already there is used, and stays open.</summary>
public sealed class SessionOpenedBesideAnotherFixTests
{
    /// <summary>Where the kept session may be null, closed or out of reach, or the opening is more than an await.</summary>
    public static TheoryData<Case> NoFix => Case.For(
        new("nobody may have called StartAsync", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; public async Task StartAsync() => _client ??= await McpClient.CreateAsync(_t); public async Task<int> CountAsync() { await using var c = await McpClient.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count; } }
            """),
        new("methods that open it, but may return another, none or wait for who calls", """
            class A
            {
                readonly IClientTransport _t;
                readonly SemaphoreSlim _gate = new(1);
                McpClient? _client;
                public A(IClientTransport t) => _t = t;
                async Task<McpClient?> FindAsync() { if (_client is null && _t.Name == "a") _client = await McpClient.CreateAsync(_t); return _client; }
                async Task<McpClient> OtherAsync(McpClient other) => _client ?? other;
                async Task<McpClient> GateAsync() { await _gate.WaitAsync(); try { return _client!; } finally { _gate.Release(); } }
                public async Task<int> CountAsync() { await _gate.WaitAsync(); await using var c = await McpClient.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count; }
            }
            """),
        new("a parameter that may be null, and one that is closed first", """
            class A
            {
                readonly IClientTransport _t;
                public A(IClientTransport t) => _t = t;
                public async Task<int> MaybeAsync(McpClient? client) { await using var c = await McpClient.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count; }
                public async Task<int> ClosedAsync(McpClient client) { await client.DisposeAsync(); await using var c = await McpClient.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count; }
            }
            """),
        new("checked, but in a lambda that runs later", """
            class A
            {
                readonly IClientTransport _t;
                McpClient? _client;
                public A(IClientTransport t) => _t = t;
                public async Task StartAsync() => _client ??= await McpClient.CreateAsync(_t);
                public Func<Task<int>> Later()
                {
                    if (_client is null) throw new InvalidOperationException();
                    return async () => { await using var c = await McpClient.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count; };
                }
            }
            """),
        new("no value of its own: a task in a local, a dropped one, a comment in it", """
            class Agent
            {
                private readonly McpClient _client;
                private readonly Uri _endpoint = new("http://a/mcp");
                public Agent(McpClient client) => _client = client;
                public async Task<int> TaskAsync() { var task = McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint })); await using var c = await task; return (await c.ListToolsAsync()).Count; }
                public async Task<int> CommentAsync() { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint /* ours */ })); return (await c.ListToolsAsync()).Count; }
                public async Task<int> UsingAsync() { await using (await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint }))) { return 1; } }
            }
            """));

    /// <summary>It is borrowed: nothing disposes it here any more, and what only fed the other opening goes.</summary>
    public static TheoryData<Case> Kept => Case.For(
        new("a field that the constructor was given", """
            public class Agent
            {
                private readonly McpClient _client;
                private readonly Uri _endpoint = new("http://server/mcp");

                public Agent(McpClient client) => _client = client;

                public async Task<int> AskAsync(string question)
                {
                    var options = new HttpClientTransportOptions { Endpoint = _endpoint };
                    options.Name = "again";
                    await using var transport = new HttpClientTransport(options);

                    // Ask.
                    await using var mcp = await McpClient.[|CreateAsync|](transport).ConfigureAwait(false); // at length
                    return (await mcp.ListToolsAsync()).Count;
                }

                public async Task<int> BlockAsync()
                {
                    await using (var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint })))
                    {
                        return (await mcp.ListToolsAsync()).Count;
                    }
                }

                public async Task<int> TryAsync()
                {
                    McpClient? mcp = null;
                    try
                    {
                        mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint }));
                        return (await mcp.ListToolsAsync()).Count;
                    }
                    finally
                    {
                        if (mcp is not null)
                        {
                            await mcp.DisposeAsync();
                        }
                    }
                }

                public async Task<int> UnnamedAsync() => (await (await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint }))).ListToolsAsync()).Count;
            }
            """, """
            public class Agent
            {
                private readonly McpClient _client;
                private readonly Uri _endpoint = new("http://server/mcp");

                public Agent(McpClient client) => _client = client;

                public async Task<int> AskAsync(string question)
                {
                    // Ask.
                    var mcp = _client; // at length
                    return (await mcp.ListToolsAsync()).Count;
                }

                public async Task<int> BlockAsync()
                {
                    var mcp = _client;
                    return (await mcp.ListToolsAsync()).Count;
                }

                public async Task<int> TryAsync()
                {
                    var mcp = _client;
                    return (await mcp.ListToolsAsync()).Count;
                }

                public async Task<int> UnnamedAsync() => (await _client.ListToolsAsync()).Count;
            }
            """),
        new("a field that a method of the type opens on first use", """
            public sealed class Agent : IAsyncDisposable
            {
                private readonly SemaphoreSlim _gate = new(1);
                private readonly IClientTransport _transport = new StdioClientTransport(new() { Command = "server" });
                private McpClient? _client;

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    await using var mcp = await McpClient.[|CreateAsync|](_transport, cancellationToken: ct).ConfigureAwait(false);
                    return (await mcp.ListToolsAsync(cancellationToken: ct)).Count;
                }

                public async Task<int> AnswerAsync(string question)
                {
                    await using var mcp = await McpClient.[|CreateAsync|](_transport);
                    return (await mcp.ListToolsAsync()).Count;
                }

                public async ValueTask DisposeAsync()
                {
                    if (_client is not null)
                    {
                        await _client.DisposeAsync();
                    }
                }

                private async Task<McpClient> GetClientAsync(CancellationToken ct = default)
                {
                    await _gate.WaitAsync(ct);
                    try
                    {
                        return _client ??= await McpClient.CreateAsync(_transport, cancellationToken: ct);
                    }
                    finally
                    {
                        _gate.Release();
                    }
                }
            }
            """, """
            public sealed class Agent : IAsyncDisposable
            {
                private readonly SemaphoreSlim _gate = new(1);
                private readonly IClientTransport _transport = new StdioClientTransport(new() { Command = "server" });
                private McpClient? _client;

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var mcp = await GetClientAsync(ct).ConfigureAwait(false);
                    return (await mcp.ListToolsAsync(cancellationToken: ct)).Count;
                }

                public async Task<int> AnswerAsync(string question)
                {
                    var mcp = await GetClientAsync();
                    return (await mcp.ListToolsAsync()).Count;
                }

                public async ValueTask DisposeAsync()
                {
                    if (_client is not null)
                    {
                        await _client.DisposeAsync();
                    }
                }

                private async Task<McpClient> GetClientAsync(CancellationToken ct = default)
                {
                    await _gate.WaitAsync(ct);
                    try
                    {
                        return _client ??= await McpClient.CreateAsync(_transport, cancellationToken: ct);
                    }
                    finally
                    {
                        _gate.Release();
                    }
                }
            }
            """),
        new("a field that has been checked, under a local's name, and two that shared a transport", """
            public class Agent
            {
                private readonly Uri _endpoint = new("http://server/mcp");
                private McpClient? client;

                public async Task StartAsync() => client ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _endpoint }));

                public async Task<int> TwiceAsync()
                {
                    if (this.client is null)
                    {
                        throw new InvalidOperationException("Start first.");
                    }

                    var transport = new HttpClientTransport(new() { Endpoint = _endpoint });
                    await using var client = await McpClient.[|CreateAsync|](transport);
                    await client.PingAsync();
                    await using var second = await McpClient.[|CreateAsync|](transport);
                    return (await second.ListToolsAsync()).Count;
                }
            }
            """, """
            public class Agent
            {
                private readonly Uri _endpoint = new("http://server/mcp");
                private McpClient? client;

                public async Task StartAsync() => client ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _endpoint }));

                public async Task<int> TwiceAsync()
                {
                    if (this.client is null)
                    {
                        throw new InvalidOperationException("Start first.");
                    }

                    var client = this.client;
                    await client.PingAsync();
                    var second = this.client;
                    return (await second.ListToolsAsync()).Count;
                }
            }
            """),
        new("a shared session, with the caller's token", """
            using McpSessions;

            public class Agent
            {
                private readonly Uri _endpoint = new("http://server/mcp");
                private readonly SharedMcpSession _session;

                public Agent() => _session = new(_ => new HttpClientTransport(new() { Endpoint = _endpoint }));

                public async Task<int> CountAsync(CancellationToken ct)
                {
                    await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint }), cancellationToken: ct).ConfigureAwait(false);
                    return (await mcp.ListToolsAsync(cancellationToken: ct).ConfigureAwait(false)).Count;
                }
            }
            """, """
            using McpSessions;

            public class Agent
            {
                private readonly Uri _endpoint = new("http://server/mcp");
                private readonly SharedMcpSession _session;

                public Agent() => _session = new(_ => new HttpClientTransport(new() { Endpoint = _endpoint }));

                public async Task<int> CountAsync(CancellationToken ct)
                {
                    var mcp = await _session.GetClientAsync(ct).ConfigureAwait(false);
                    return (await mcp.ListToolsAsync(cancellationToken: ct).ConfigureAwait(false)).Count;
                }
            }
            """),
        new("a lazy task, through a helper", """
            public class Agent
            {
                private readonly IClientTransport _transport;
                private readonly Lazy<Task<McpClient>> _client;

                public Agent(IClientTransport transport)
                {
                    _transport = transport;
                    _client = new(() => McpClient.CreateAsync(_transport));
                }

                public async Task<int> CountAsync()
                {
                    await using var mcp = await [|OpenAsync|]();
                    return (await mcp.ListToolsAsync()).Count;
                }

                private Task<McpClient> OpenAsync() => McpClient.CreateAsync(_transport);
            }
            """, """
            public class Agent
            {
                private readonly IClientTransport _transport;
                private readonly Lazy<Task<McpClient>> _client;

                public Agent(IClientTransport transport)
                {
                    _transport = transport;
                    _client = new(() => McpClient.CreateAsync(_transport));
                }

                public async Task<int> CountAsync()
                {
                    var mcp = await _client.Value;
                    return (await mcp.ListToolsAsync()).Count;
                }

                private Task<McpClient> OpenAsync() => McpClient.CreateAsync(_transport);
            }
            """),
        new("a parameter, in a loop", """
            public class Agent
            {
                private readonly IClientTransport _transport;

                public Agent(IClientTransport transport) => _transport = transport;

                public async Task RunAsync(McpClient client, string[] items)
                {
                    foreach (var item in items)
                    {
                        await using var mcp = await McpClient.[|CreateAsync|](_transport);
                        if (item.Length == 0)
                        {
                            continue;
                        }

                        await mcp.CallToolAsync(item);
                    }

                    await client.PingAsync();
                }
            }
            """, """
            public class Agent
            {
                private readonly IClientTransport _transport;

                public Agent(IClientTransport transport) => _transport = transport;

                public async Task RunAsync(McpClient client, string[] items)
                {
                    foreach (var item in items)
                    {
                        var mcp = client;
                        if (item.Length == 0)
                        {
                            continue;
                        }

                        await mcp.CallToolAsync(item);
                    }

                    await client.PingAsync();
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task OffersNoFix(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Kept))]
    public Task UsesTheSessionThatIsThere(Case test) => Verify.VerifyCodeFixAsync(test);

    [Fact]
    public Task UsesWhatAnEndpointWasGiven() => Verify.VerifyCodeFixAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        var transport = new HttpClientTransport(new() { Endpoint = new Uri("http://server/mcp") });
        app.MapGet("/", static async (McpClient shared) =>
        {
            await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://server/mcp") }));
            return (await mcp.ListToolsAsync()).Count;
        });
        """,
        """
        var app = WebApplication.CreateBuilder(args).Build();
        var transport = new HttpClientTransport(new() { Endpoint = new Uri("http://server/mcp") });
        app.MapGet("/", static async (McpClient shared) =>
        {
            var mcp = shared;
            return (await mcp.ListToolsAsync()).Count;
        });
        """);
}
