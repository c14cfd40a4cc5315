using McpSessionAnalyzers.Harness;
using McpSessionAnalyzers.Lifetime;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedBesideAnotherAnalyzer>;

namespace McpSessionAnalyzers.Tests.Lifetime;

public sealed class SessionOpenedBesideAnotherTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("connect into the field", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; public async Task ConnectAsync() { _client = await McpClient.CreateAsync(_t); } }
            """),
        new("reconnect", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; public async Task ReconnectAsync() { if (_client is not null) await _client.DisposeAsync(); _client = await McpClient.CreateAsync(_t); } }
            """),
        new("reconnect by exchange", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; public async Task ReconnectAsync() { var fresh = await McpClient.CreateAsync(_t); var old = Interlocked.Exchange(ref _client, fresh); if (old is not null) await old.DisposeAsync(); } }
            """),
        new("lazily", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; async Task<McpClient> GetAsync() => _client ??= await McpClient.CreateAsync(_t); public async Task RunAsync() { var c = await GetAsync(); await c.PingAsync(); } }
            """),
        new("static factory", """
            class A : IAsyncDisposable { readonly McpClient _client; A(McpClient c) => _client = c; public static async Task<A> CreateAsync(IClientTransport t) { var c = await McpClient.CreateAsync(t); return new A(c); } public ValueTask DisposeAsync() => _client.DisposeAsync(); }
            """),
        new("second field", """
            class A { readonly IClientTransport _t; McpClient? _a; McpClient? _b; public A(IClientTransport t) => _t = t; public async Task StartAsync() { _a = await McpClient.CreateAsync(_t); _b = await McpClient.CreateAsync(_t); } }
            """),
        new("pool", """
            class A { readonly IClientTransport _t; McpClient? _first; readonly List<McpClient> _pool = new(); public A(IClientTransport t) => _t = t; public async Task GrowAsync() { _first ??= await McpClient.CreateAsync(_t); var c = await McpClient.CreateAsync(_t); _pool.Add(c); } }
            """),
        new("other endpoint constant", """
            class A { McpClient? _client; public async Task StartAsync() { _client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://a/mcp") })); } public async Task OtherAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://b/mcp") })); await c.PingAsync(); } }
            """),
        new("other endpoint field", """
            class A { readonly Uri _one = new("http://a"); readonly Uri _two = new("http://b"); McpClient? _client; public async Task StartAsync() { _client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _one })); } public async Task OtherAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _two })); await c.PingAsync(); } }
            """),
        new("other command", """
            class A { McpClient? _client; public async Task StartAsync() { _client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "npx", Arguments = new[] { "server-a" } })); } public async Task OtherAsync() { await using var c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "npx", Arguments = new[] { "server-b" } })); await c.PingAsync(); } }
            """),
        new("stdio beside http", """
            class A { McpClient? _client; public async Task StartAsync() { _client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://a/mcp") })); } public async Task OtherAsync() { await using var c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "npx" })); await c.PingAsync(); } }
            """),
        new("connection test", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; public async Task StartAsync() { _client = await McpClient.CreateAsync(_t); } public async Task<bool> TestConnectionAsync() { await using var c = await McpClient.CreateAsync(_t); await c.PingAsync(); return true; } }
            """),
        new("server by argument", """
            class A { readonly McpClient _client; public A(McpClient c) => _client = c; public async Task ImportAsync(Uri from) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = from })); foreach (var t in await c.ListToolsAsync()) await _client.CallToolAsync(t.Name); } }
            """),
        new("configured servers beside", """
            class A { readonly McpClient _client; readonly Uri[] _others = Array.Empty<Uri>(); public A(McpClient c) => _client = c; public async Task AllAsync() { foreach (var u in _others) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = u })); await c.PingAsync(); } } }
            """),
        new("two sessions in sight, unknown", """
            class A { readonly McpClient _a; readonly McpClient _b; readonly IClientTransport _t; public A(McpClient a, McpClient b, IClientTransport t) { _a = a; _b = b; _t = t; } public async Task RunAsync() { await using var c = await McpClient.CreateAsync(_t); await c.PingAsync(); } }
            """),
        new("source and target", """
            class A { readonly McpClient _source; readonly IClientTransport _targetTransport; public A(McpClient s, IClientTransport t) { _source = s; _targetTransport = t; } public async Task CopyAsync() { await using var c = await McpClient.CreateAsync(_targetTransport); await c.PingAsync(); await _source.PingAsync(); } }
            """),
        new("fallback in catch", """
            class A { readonly McpClient _client; readonly IClientTransport _t; public A(McpClient c, IClientTransport t) { _client = c; _t = t; } public async Task<int> RunAsync() { try { return (await _client.ListToolsAsync()).Count; } catch (Exception) { await using var c = await McpClient.CreateAsync(_t); return (await c.ListToolsAsync()).Count; } } }
            """),
        new("only where there is none", """
            class A { McpClient? _client; readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public async Task<int> RunAsync() { if (_client is { } c) return (await c.ListToolsAsync()).Count; await using var own = await McpClient.CreateAsync(_t); return (await own.ListToolsAsync()).Count; } }
            """),
        new("optional parameter", """
            class A { readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task<int> RunAsync(McpClient? client = null) { if (client is not null) return 1; await using var own = await McpClient.CreateAsync(_t); return (await own.ListToolsAsync()).Count; } public async Task<int> Run2Async(McpClient? client = null) { var c = client ?? await McpClient.CreateAsync(_t); try { return (await c.ListToolsAsync()).Count; } finally { if (client is null) await c.DisposeAsync(); } } }
            """),
        new("handed to caller", """
            class A { McpClient? _client; readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public Task<McpClient> OpenAnotherAsync() => McpClient.CreateAsync(_t); }
            """),
        new("handed to an owner that the type keeps", """
            class Owner { public McpClient? C; public void Set(McpClient c) => C = c; }
            class A { McpClient? _client; readonly Owner _owner = new(); readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public async Task MoreAsync() { var c = await McpClient.CreateAsync(_t); _owner.Set(c); } }
            """),
        new("static method beside an instance field", """
            class A { McpClient? _client; public async Task StartAsync(IClientTransport t) => _client = await McpClient.CreateAsync(t); public static async Task OnceAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://a/mcp") })); await c.PingAsync(); } }
            """),
        new("resume", """
            class A { McpClient? _client; readonly HttpClientTransport _t; public A(HttpClientTransport t) { _t = t; } public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public async Task AgainAsync(ResumeClientSessionOptions o) { await using var c = await McpClient.ResumeSessionAsync(_t, o); await c.PingAsync(); } }
            """),
        new("test fixture", """
            class T { McpClient? _client; readonly IClientTransport _t = null!; [Xunit.Fact] public async Task Two_clients() { await using var c = await McpClient.CreateAsync(_t); await c.PingAsync(); } }
            namespace Xunit { public class FactAttribute : Attribute { } }
            """),
        new("pool by key", """
            class A { readonly Dictionary<string, McpClient> _all = new(); readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task RunAsync() { await using var c = await McpClient.CreateAsync(_t); await c.PingAsync(); } }
            """),
        new("no other session", """
            class A { readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task RunAsync() { await using var c = await McpClient.CreateAsync(_t); await c.PingAsync(); } }
            """),
        new("opened before the field is", """
            class A { McpClient? _client; readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task StartAsync() { await using (var first = await McpClient.CreateAsync(_t)) { await first.PingAsync(); } _client = await McpClient.CreateAsync(_t); } }
            """),
        new("after closing it", """
            class A { McpClient? _client; readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public async Task RestartAsync() { await _client!.DisposeAsync(); await using (var c = await McpClient.CreateAsync(_t)) await c.CallToolAsync("reset"); _client = await McpClient.CreateAsync(_t); } }
            """),
        new("another object of another type", """
            class Inner : IAsyncDisposable { McpClient? _c; public async Task StartAsync() => _c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://a/mcp") })); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class A { readonly Inner _inner = new(); readonly IClientTransport _t; public A(IClientTransport t) { _t = t; } public async Task RunAsync() { await using var c = await McpClient.CreateAsync(_t); await c.PingAsync(); } }
            """),
        new("named for another", """
            class A { readonly McpClient _weather; readonly Uri _newsEndpoint; public A(McpClient weather, Uri news) { _weather = weather; _newsEndpoint = news; } public async Task RunAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _newsEndpoint })); await c.PingAsync(); await _weather.PingAsync(); } }
            """),
        new("transport parameter", """
            class A { readonly McpClient _client; public A(McpClient c) => _client = c; public async Task RunAsync(IClientTransport transport) { await using var c = await McpClient.CreateAsync(transport); await c.PingAsync(); await _client.PingAsync(); } }
            """),
        new("a field that is never assigned", """
            #pragma warning disable CS0649
            class A { McpClient? _client; public async Task<string> LoadAsync() { await using var c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "srv" })); return (await c.CallToolAsync("x")).ToString() + (_client is null); } }
            """),
        new("a check of another server", """
            class Gateway { readonly McpClient _main; public Gateway(McpClient main) => _main = main; public async Task<bool> CheckServerAsync(Uri endpoint) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint })); await c.PingAsync(); return _main is not null; } }
            """),
        new("the constant names another server", """
            class A { readonly McpClient _memory; public A(McpClient memory) => _memory = memory; public async Task RunAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://search.example.com/mcp") })); await c.PingAsync(); await _memory.PingAsync(); } }
            """),
        new("an object that keeps a session with another server", """
            class Crm : IAsyncDisposable { McpClient? _c; public async Task<McpClient> GetAsync() => _c ??= await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "crm" })); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class A { readonly Crm _crm; public A(Crm crm) => _crm = crm; public async Task RunAsync() { await using var c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "erp" })); await c.PingAsync(); } }
            """),
        new("an object that keeps its session to itself", """
            class Inner : IAsyncDisposable { readonly Uri _u; McpClient? _c; public Inner(Uri u) => _u = u; public async Task FindAsync() { _c ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await _c.PingAsync(); } public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class A { readonly Inner _inner; readonly Uri _u; public A(Inner inner, Uri u) { _inner = inner; _u = u; } public async Task RunAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.PingAsync(); } }
            """),
        new("one of many, looked for in vain", """
            class A { readonly Dictionary<string, McpClient> _all = new(); public async Task AddAsync(string url) => _all[url] = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(url) })); public async Task<int> CountAsync(string url) { if (_all.TryGetValue(url, out var known)) return (await known.ListToolsAsync()).Count; await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(url) })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("parameters of a primary constructor name two servers", """
            class A(McpClient downstream, Uri upstreamEndpoint) { public async Task RunAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = upstreamEndpoint })); await c.PingAsync(); await downstream.PingAsync(); } }
            """) { CSharp = 12 },
        new("an argument names another server", """
            class A { readonly McpClient _files; public A(McpClient files) => _files = files; public async Task RunAsync() { await using var c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "npx", Arguments = new[] { "-y", "@modelcontextprotocol/server-memory" } })); await c.PingAsync(); await _files.PingAsync(); } }
            """),
        new("a replica", """
            class A { readonly McpClient _primary; readonly HttpClientTransportOptions _replica; public A(McpClient primary, HttpClientTransportOptions replica) { _primary = primary; _replica = replica; } public async Task ReadAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(_replica)); await c.PingAsync(); await _primary.PingAsync(); } }
            """),
        new("side by side", """
            class A { public static async Task Main() { await using var alice = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://chat/mcp") })); await using var bob = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://chat/mcp") })); await alice.PingAsync(); await bob.PingAsync(); } }
            """));

    public static TheoryData<Case> Reported => Case.For(
        new("a field that a nested builder sets", """
            class A { McpClient? _client; public class Builder { public A Build(McpClient client) => new A { _client = client }; } public async Task<string> LoadAsync() { await using var c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "srv" })); return (await c.CallToolAsync("x")).ToString() + (_client is null); } }
            """),
        new("same transport field", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; public async Task StartAsync() => _client ??= await McpClient.CreateAsync(_t); public async Task<int> CountAsync() { await using var c = await McpClient.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count; } }
            """),
        new("agent method", """
            class Agent { readonly Uri _endpoint = new("http://a/mcp"); McpClient? _client; public async Task InitializeAsync() => _client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _endpoint })); public async Task<int> AskAsync(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint, Name = "again" })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("same constant", """
            class Agent { const string Url = "http://a/mcp"; McpClient? _client; public async Task InitializeAsync() => _client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(Url) })); public async Task<int> AskAsync(string question) { var o = new HttpClientTransportOptions { Endpoint = new Uri("http://a/mcp") }; var t = new HttpClientTransport(o); await using var c = await McpClient.[|CreateAsync|](t); return (await c.ListToolsAsync()).Count; } }
            """),
        new("same command", """
            class Agent { McpClient? _client; public async Task InitializeAsync() => _client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "npx", Arguments = new[] { "-y", "x" } })); public async Task<int> AskAsync(string question) { await using var c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "npx", Arguments = new[] { "-y", "x" }, Name = "n" })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("constructor parameter that became the field", """
            class Agent { readonly Uri _endpoint; readonly McpClient _client; public Agent(Uri endpoint) { _endpoint = endpoint; _client = McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint })).GetAwaiter().GetResult(); } public async Task<int> AskAsync(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _endpoint })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("injected session, only one in sight", """
            class Agent { readonly McpClient _client; public Agent(McpClient client) => _client = client; public async Task<int> AskAsync(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://a/mcp") })); return (await c.ListToolsAsync()).Count + (await _client.ListToolsAsync()).Count; } }
            """),
        new("primary constructor", """
            class Agent(McpClient client, IClientTransport transport) { public async Task<int> AskAsync(string question) { await using var c = await McpClient.[|CreateAsync|](transport); return (await c.ListToolsAsync()).Count + (await client.ListToolsAsync()).Count; } }
            """) { CSharp = 12 },
        new("parameter", """
            class A { readonly IClientTransport _t; public A(IClientTransport t) => _t = t; public async Task<int> CountAsync(McpClient client) { await using var c = await McpClient.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count + (await client.ListToolsAsync()).Count; } }
            """),
        new("shared session", """
            class A { readonly Uri _u = new("http://a"); readonly McpSessions.SharedMcpSession _s; public A() { _s = new(_ => new HttpClientTransport(new() { Endpoint = _u })); } public async Task<int> CountAsync() { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("minimal api delegate", """
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapGet("/", async (McpClient shared) => { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://a/mcp") })); return (await c.ListToolsAsync()).Count; });
            """),
        new("run-once code", """
            class W : Microsoft.Extensions.Hosting.IHostedService { readonly IClientTransport _t; McpClient? _client; public W(IClientTransport t) => _t = t; public async Task StartAsync(CancellationToken ct) { _client = await McpClient.CreateAsync(_t, cancellationToken: ct); await using var c = await McpClient.[|CreateAsync|](_t, cancellationToken: ct); await c.PingAsync(); } public async Task StopAsync(CancellationToken ct) { await _client!.DisposeAsync(); } }
            """),
        new("property and using statement", """
            class A { readonly IClientTransport _t; public McpClient Client { get; private set; } = null!; public A(IClientTransport t) => _t = t; public async Task StartAsync() => Client = await McpClient.CreateAsync(_t); public async Task<int> CountAsync() { await using (var c = await McpClient.[|CreateAsync|](_t)) { return (await c.ListToolsAsync()).Count; } } }
            """),
        new("through a helper", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; Task<McpClient> OpenAsync() => McpClient.CreateAsync(_t); public async Task StartAsync() => _client = await OpenAsync(); public async Task<int> CountAsync() { await using var c = await [|OpenAsync|](); return (await c.ListToolsAsync()).Count; } }
            """),
        new("base class keeps it", """
            class B { protected McpClient? Client; protected readonly IClientTransport T; protected B(IClientTransport t) => T = t; public async Task StartAsync() => Client = await McpClient.CreateAsync(T); }
            class A : B { public A(IClientTransport t) : base(t) { } public async Task<int> CountAsync() { await using var c = await McpClient.[|CreateAsync|](T); return (await c.ListToolsAsync()).Count; } }
            """),
        new("two in sight, one the same", """
            class A { readonly Uri _a = new("http://a"); readonly Uri _b = new("http://b"); McpClient? _ca; McpClient? _cb; public async Task StartAsync() { _ca = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _a })); _cb = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _b })); } public async Task<int> CountAsync() { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _b })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("static session", """
            static class A { static McpClient? s_client; static readonly IClientTransport s_t = new HttpClientTransport(new() { Endpoint = new Uri("http://a") }); public static async Task StartAsync() => s_client = await McpClient.CreateAsync(s_t); public static async Task<int> CountAsync() { await using var c = await McpClient.[|CreateAsync|](s_t); return (await c.ListToolsAsync()).Count; } }
            """),
        new("lazy task field", """
            class A { readonly IClientTransport _t; readonly Lazy<Task<McpClient>> _client; public A(IClientTransport t) { _t = t; _client = new(() => McpClient.CreateAsync(_t)); } public async Task<int> CountAsync() { await using var c = await McpClient.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count; } }
            """),
        new("in a loop", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public async Task EachAsync(string[] items) { foreach (var i in items) { await using var c = await McpClient.[|CreateAsync|](_t); await c.CallToolAsync(i); } } }
            """),
        new("try finally", """
            class A { readonly IClientTransport _t; McpClient? _client; public A(IClientTransport t) => _t = t; public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public async Task<int> CountAsync() { var c = await McpClient.[|CreateAsync|](_t); try { return (await c.ListToolsAsync()).Count; } finally { await c.DisposeAsync(); } } }
            """),
        new("a second one with no other name", """
            class A { readonly McpClient _client; public A(McpClient c) => _client = c; public async Task<int> CountAsync() { await using var second = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })); return (await second.ListToolsAsync()).Count; } }
            """),
        new("a company's domain, a script, a port name no server", """
            class A { readonly McpClient _weather; public A(McpClient weather) => _weather = weather; public async Task RunAsync() { await using var a = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("https://mcp.contoso.com/mcp") })); await using var b = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "python", Arguments = new[] { "server.py" } })); await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://localhost:3001/sse") })); await _weather.PingAsync(); } }
            """),
        new("the constant has its name", """
            class A { readonly McpClient _weather; public A(McpClient weather) => _weather = weather; public async Task RunAsync() { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("https://api.weatherservice.com/mcp") })); await c.PingAsync(); await _weather.PingAsync(); } }
            """),
        new("an object that keeps one with the same server", """
            class GitHub : IAsyncDisposable { McpClient? _c; public async Task<McpClient> GetAsync() => _c ??= await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "github" })); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class A { readonly GitHub _github; public A(GitHub github) => _github = github; public async Task RunAsync() { await using var c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "github" })); await c.PingAsync(); } }
            """),
        new("an object that gives out its session", """
            class Handle : IAsyncDisposable { public McpClient Client { get; } public Handle(McpClient client) => Client = client; public ValueTask DisposeAsync() => Client.DisposeAsync(); }
            class A { readonly Handle _handle; public A(Handle handle) => _handle = handle; public async Task RunAsync() { await using var c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })); await c.PingAsync(); await _handle.Client.PingAsync(); } }
            """),
        new("one of many, by the same key", """
            class A { readonly Dictionary<string, McpClient> _all = new(); public async Task AddAsync(string url) => _all[url] = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(url) })); public async Task<int> CountAsync(string url) { var known = _all[url]; await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(url) })); return (await c.ListToolsAsync()).Count + (await known.ListToolsAsync()).Count; } }
            """),
        new("primary constructor of the base class", """
            abstract class B(McpClient session) { protected McpClient Session { get; } = session; }
            class A(McpClient session) : B(session) { public async Task<int> CountAsync() { await using var c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })); return (await c.ListToolsAsync()).Count; } }
            """) { CSharp = 12 });

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task NamesTheMemberAndTheSessionThatIsThere() => Verify.VerifyAnalyzerAsync(
        """
        class A { readonly IClientTransport _t; McpClient? {|#1:_client|}; public A(IClientTransport t) => _t = t; public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public async Task<int> CountAsync() { await using var c = await McpClient.{|#0:CreateAsync|}(_t); return (await c.ListToolsAsync()).Count; } }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("A.CountAsync", "_client", "a session with the same server"));

    [Fact]
    public Task SaysWhereItIsNotSureOfTheServer() => Verify.VerifyAnalyzerAsync(
        """
        class A { readonly IClientTransport _t; public A(IClientTransport t) => _t = t; public async Task<int> CountAsync(McpClient {|#1:client|}) { await using var c = await McpClient.{|#0:CreateAsync|}(_t); return (await c.ListToolsAsync()).Count + (await client.ListToolsAsync()).Count; } }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("A.CountAsync", "client", "a session that it was given"));

    [Fact]
    public Task LeavesThePerCallRuleNothingToSay() => AnalyzerVerifier<SessionOpenedPerCallAnalyzer>.VerifyAnalyzerAsync(
        """
        class Agent { readonly IClientTransport _t; McpClient? _client; public Agent(IClientTransport t) => _t = t; public async Task StartAsync() => _client = await McpClient.CreateAsync(_t); public async Task AskAsync(string question) { await using var c = await McpClient.CreateAsync(_t); await c.CallToolAsync(question); } }
        """);

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = """
            class A { readonly IClientTransport _t; IMcpClient? _client; public A(IClientTransport t) => _t = t; public async Task StartAsync() => _client = await McpClientFactory.CreateAsync(_t); public async Task<int> CountAsync() { await using var c = await McpClientFactory.[|CreateAsync|](_t); return (await c.ListToolsAsync()).Count; } }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
