using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Disposal.BorrowedSessionDisposedAnalyzer>;

namespace McpSessionAnalyzers.Tests.Disposal;

public sealed class BorrowedSessionDisposedTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("one of several commands ends the session", """
            class ChatAgent { McpClient? _c; async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); public async Task<bool> HandleAsync(string message) { switch (message) { case "/quit": await _c!.DisposeAsync(); return false; default: await _c!.CallToolAsync(message); return true; } } }
            """),
        new("per-call code that only ends the session, whatever it is called", """
            class ChatAgent
            {
                McpClient? _c; readonly List<McpClient> _all = new();
                async Task M(IClientTransport t) { _c ??= await McpClient.CreateAsync(t); _all.Add(await McpClient.CreateAsync(t)); }
                public async Task HandleFarewellAsync(string message) { Console.WriteLine(message); if (_c is { } c) await c.DisposeAsync(); foreach (var one in _all) await one.DisposeAsync(); }
                public async Task HandleTerminateAsync(string message) { await _c!.PingAsync(); await _c.DisposeAsync(); }
                public async Task AskAsync(string question) { foreach (var one in _all.ToArray()) { await one.CallToolAsync(question); _all.Remove(one); await one.DisposeAsync(); } }
                readonly Dictionary<string, McpClient> _map = new();
                public async Task AskOneAsync(string server, string question, IClientTransport t) { var c = _map[server]; await c.CallToolAsync(question); _map[server] = await McpClient.CreateAsync(t); await c.DisposeAsync(); }
            }
            """),
        new("shared client used, not disposed", "class A(McpSessions.SharedMcpSession s) { async Task<string> AskAsync(string q) { var c = await s.GetClientAsync(); return (await c.CallToolAsync(q)).ToString()!; } }") { CSharp = 12 },
        new("own shared session disposed by its owner", "class A(Uri u) : IAsyncDisposable { readonly McpSessions.SharedMcpSession _s = new(_ => new HttpClientTransport(new() { Endpoint = u })); public ValueTask DisposeAsync() => _s.DisposeAsync(); }") { CSharp = 12 },
        new("own session", "class A : IAsyncDisposable { McpClient? _c; async Task Init(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); public async ValueTask DisposeAsync() { if (_c is not null) await _c.DisposeAsync(); } }"),
        new("received and owned", "class Box(McpClient c) : IAsyncDisposable { public ValueTask DisposeAsync() => c.DisposeAsync(); } class F { async Task<Box> M(IClientTransport t) => new Box(await McpClient.CreateAsync(t)); }") { CSharp = 12 },
        new("reconnect path in per-call code", "class Agent { McpClient? _c; async Task<string> AskAsync(string question) { try { return (await _c!.CallToolAsync(question)).ToString()!; } catch (IOException) { await _c!.DisposeAsync(); _c = await McpClient.CreateAsync(null!); return (await _c.CallToolAsync(question)).ToString()!; } } }"),
        new("opened and ended in one invocation", "class Agent { McpClient? _c; async Task<string> AskAsync(string question) { _c = await McpClient.CreateAsync(null!); try { return (await _c.CallToolAsync(question)).ToString()!; } finally { await _c.DisposeAsync(); } } }"),
        new("connect and close helpers", "class Agent { McpClient? _c; async Task<string> AskAsync(string question) { await ConnectAsync(); try { return (await _c!.CallToolAsync(question)).ToString()!; } finally { await _c!.DisposeAsync(); } } async Task ConnectAsync() => _c = await McpClient.CreateAsync(null!); }"),
        new("shutdown", "class S(McpClient c) : IHostedService { public Task StartAsync(CancellationToken ct) => Task.CompletedTask; public async Task StopAsync(CancellationToken ct) => await c.DisposeAsync(); } class P { static void M(IServiceCollection s) => s.AddHostedService<S>(); }") { CSharp = 12 },
        new("idle eviction", "class Agent { McpClient? _c; DateTime _last; async Task<string> HandleAsync(string message) { if (DateTime.UtcNow - _last > TimeSpan.FromMinutes(5)) { await _c!.DisposeAsync(); } return message; } }"),
        new("local session", "class Agent { async Task<string> AskAsync(string question) { await using var c = await McpClient.CreateAsync(null!); return (await c.CallToolAsync(question)).ToString()!; } }"),
        new("parameter", "class H { static async Task CloseAsync(McpClient c) => await c.DisposeAsync(); static async Task Use(McpClient c) { await using (c) { await c.PingAsync(); } } }"),
        new("owns flag", "class A(McpClient c, bool ownsClient) : IAsyncDisposable { public async ValueTask DisposeAsync() { if (ownsClient) await c.DisposeAsync(); } } class P { static void M(IServiceCollection s) => s.AddSingleton<A>(); }") { CSharp = 12 },
        new("not registered anywhere", "class A(McpClient c) : IAsyncDisposable { public ValueTask DisposeAsync() => c.DisposeAsync(); }") { CSharp = 12 },
        new("main closes what it registered", "var b = WebApplication.CreateBuilder(args); var mcp = await McpClient.CreateAsync(null!); b.Services.AddSingleton(mcp); var app = b.Build(); await app.RunAsync(); await app.Services.GetRequiredService<McpClient>().DisposeAsync();"),
        new("other disposables per call", "class Agent { readonly HttpClient _h = new(); readonly Stream _s = Stream.Null; async Task<string> AskAsync(string question) { using (_h) { } await using (_s) { } await _s.DisposeAsync(); return question; } }"),
        new("services of other types", "class Agent(IServiceProvider sp) { async Task<string> AskAsync(string question) { await using var scope = sp.CreateAsyncScope(); var c = scope.ServiceProvider.GetRequiredService<McpClient>(); return (await c.CallToolAsync(question)).ToString()!; } }") { CSharp = 12 },
        new("handler disposes its own", "class P { static void M(WebApplication app, IClientTransport t) => app.MapPost(\"/a\", async (string q) => { await using var c = await McpClient.CreateAsync(t); return (await c.CallToolAsync(q)).ToString(); }); }"),
        new("shutdown callback", "class P { static void M(WebApplication app) { app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<McpClient>().DisposeAsync().AsTask().Wait()); } }"),
        new("pool", "class Pool { readonly Dictionary<string, McpClient> _all = new(); public async Task RemoveAsync(string key) { if (_all.Remove(key, out var c)) await c.DisposeAsync(); } public async Task ProcessAsync(string message) { foreach (var c in _all.Values) await c.PingAsync(); } }"),
        new("controller with own session field", "public class C : Microsoft.AspNetCore.Mvc.ControllerBase, IAsyncDisposable { McpClient? _c; [Microsoft.AspNetCore.Mvc.HttpGet] public async Task<string> Get(string q) { _c = await McpClient.CreateAsync(null!); var r = await _c.CallToolAsync(q); await _c.DisposeAsync(); return r.ToString()!; } public ValueTask DisposeAsync() => default; }"),
        new("getter of own type", "class A { McpClient? _c; async Task<McpClient> GetAsync() => _c ??= await McpClient.CreateAsync(null!); public async ValueTask CloseAsync() { var c = await GetAsync(); await c.DisposeAsync(); } }"),
        new("reset on request", "class Agent { McpClient? _c; async Task ResetAsync(string message) { await _c!.DisposeAsync(); } async Task HandleDisconnectAsync(string request) => await _c!.DisposeAsync(); }"),
        new("session of keyed registry closed by registry", "class A(McpSessions.KeyedMcpSessions<string> k) { async Task M(string key) { await k.CloseAsync(key); } }") { CSharp = 12 },
        new("helper that opens", "class Agent { static Task<McpClient> Open() => McpClient.CreateAsync(null!); async Task<string> AskAsync(string question) { await using var c = await Open(); return question; } }"),
        new("interchange", "class Agent { McpClient? _c; async Task<string> AskAsync(string question) { var old = Interlocked.Exchange(ref _c, await McpClient.CreateAsync(null!)); if (old is not null) await old.DisposeAsync(); return question; } }"),
        new("server and transport", "class A { readonly ModelContextProtocol.Server.McpServer _s = null!; async Task HandleAsync(string request) { await using (_s) { } } }"),
        new("iasyncdisposable test of unrelated", "class A(object o) { async Task HandleAsync(string request) { if (o is IAsyncDisposable d) await d.DisposeAsync(); } }") { CSharp = 12 },
        new("GetService result of an owner class", "class A(IServiceProvider sp) { async Task HandleAsync(string request) { await using var f = sp.GetRequiredService<Stream>(); } }") { CSharp = 12 },
        new("class of own name", "namespace Mine { class McpClient : IAsyncDisposable { public ValueTask DisposeAsync() => default; } class Agent { readonly McpClient _c = new(); async Task AskAsync(string question) { await using (_c) { } } } }"),
        new("fixture", "class A : IAsyncLifetime { McpClient _c = null!; public async Task InitializeAsync() => _c = await McpClient.CreateAsync(null!); public async Task DisposeAsync() => await _c.DisposeAsync(); } interface IAsyncLifetime { Task InitializeAsync(); Task DisposeAsync(); }"));

    public static TheoryData<Case> Reported => Case.For(
        new("each of those that a field keeps", """
            class ChatAgent
            {
                readonly List<McpClient> _all = new(); readonly Dictionary<string, McpClient> _map = new();
                async Task M(IClientTransport t) { _all.Add(await McpClient.CreateAsync(t)); _map["a"] = await McpClient.CreateAsync(t); }
                public async Task AskAsync(string question) { foreach (var c in _all) { await c.CallToolAsync(question); await c.[|DisposeAsync|](); } }
                public async Task AskAgainAsync(string question) { foreach (var c in _map.Values) { await [|using|] (c) { await c.CallToolAsync(question); } } }
                public async Task AskOneAsync(string server, string question) { var c = _map[server]; try { await c.CallToolAsync(question); } finally { await c.[|DisposeAsync|](); } }
            }
            """),
        new("after a helper has used it", """
            class ChatAgent { McpClient? _c; async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); public async Task AskAsync(string question) { await CallAsync(question); await _c!.[|DisposeAsync|](); } async Task CallAsync(string q) => await _c!.CallToolAsync(q); }
            """),
        new("await using shared", "class A(McpSessions.SharedMcpSession s) { async Task<string> AskAsync(string q) { await [|using|] var c = await s.GetClientAsync(); return (await c.CallToolAsync(q)).ToString()!; } }") { CSharp = 12 },
        new("keyed, statement", "class A(McpSessions.KeyedMcpSessions<string> s) { async Task M(string user) { await [|using|] (var c = await s.GetClientAsync(user)) { await c.PingAsync(); } } }") { CSharp = 12 },
        new("registry", "class A(McpSessions.McpSessionRegistry r) { async Task M() { var c = await r[\"github\"].GetClientAsync(); try { await c.PingAsync(); } finally { await c.[|DisposeAsync|](); } } async Task N() { await [|using|] var s = r[\"x\"]; } }") { CSharp = 12 },
        new("register for dispose", "class A(McpSessions.SharedMcpSession s) { async Task M(HttpContext ctx) { var c = await s.GetClientAsync(); ctx.Response.[|RegisterForDisposeAsync|](c); } }") { CSharp = 12 },
        new("borrower's own DisposeAsync", "class A(McpSessions.SharedMcpSession s) : IAsyncDisposable { McpClient? _c; async Task Init() => _c = await s.GetClientAsync(); public async ValueTask DisposeAsync() { if (_c is not null) await _c.[|DisposeAsync|](); } }") { CSharp = 12 },
        new("injected, registered type", "class Agent(McpClient c) : IAsyncDisposable { public ValueTask DisposeAsync() => c.[|DisposeAsync|](); } class P { static void M(IServiceCollection s) => s.AddScoped<Agent>(); }") { CSharp = 12 },
        new("controller", "public class C : Microsoft.AspNetCore.Mvc.ControllerBase { readonly McpClient _c; public C(McpClient c) { _c = c; } [Microsoft.AspNetCore.Mvc.HttpGet] public async Task<string> Get(string q) { await [|using|] (_c) { return (await _c.CallToolAsync(q)).ToString()!; } } }"),
        new("handler parameter in a program", "var app = WebApplication.Create(); app.MapPost(\"/a\", async (McpClient c, string q) => { await [|using|] (c) { return (await c.CallToolAsync(q)).ToString(); } });"),
        new("handler parameter", "class P { static void M(WebApplication app) => app.MapPost(\"/a\", async (McpClient c, string q) => { await [|using|] (c) { return (await c.CallToolAsync(q)).ToString(); } }); }"),
        new("FromServices", "public class C : Microsoft.AspNetCore.Mvc.ControllerBase { [Microsoft.AspNetCore.Mvc.HttpGet] public async Task<string> Get([Microsoft.AspNetCore.Mvc.FromServices] McpClient c, string q) { var r = await c.CallToolAsync(q); await c.[|DisposeAsync|](); return r.ToString()!; } }"),
        new("GetRequiredService", "class Agent(IServiceProvider sp) { async Task<string> AskAsync(string question) { await [|using|] var c = sp.GetRequiredService<McpClient>(); return (await c.CallToolAsync(question)).ToString()!; } }") { CSharp = 12 },
        new("the incident", "class TravelAgent : IAsyncDisposable { McpClient? _c; public async Task OpenAsync(IClientTransport t) => _c = await McpClient.CreateAsync(t); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; public Task<string> RunAsync(string q) => null!; } class ChatService { readonly TravelAgent _agent = new(); public async Task<string> ChatAsync(string message) { await [|using|] (_agent) { return await _agent.RunAsync(message); } } }"),
        new("primary ctor field, chat", "class ChatAgent(McpClient mcp) { public async Task<string> ChatAsync(string message) { try { return (await mcp.CallToolAsync(message)).ToString()!; } finally { await mcp.[|DisposeAsync|](); } } }") { CSharp = 12 },
        new("static field", "class Agent { static readonly McpClient Mcp = null!; public async Task<string> AskAsync(string question) { await [|using|] var c = Mcp; return (await c.CallToolAsync(question)).ToString()!; } }"),
        new("private helper of per-call", "class Agent { readonly McpClient _c; public Agent(McpClient c) => _c = c; public async Task<string> AskAsync(string question) { var r = await _c.CallToolAsync(question); await Finish(); return r.ToString()!; } async Task Finish() { await _c.[|DisposeAsync|](); } }"),
        new("helper returns shared client", "class Agent(McpSessions.SharedMcpSession s) { async Task<McpClient> Mcp() => await s.GetClientAsync(); public async Task<string> AskAsync(string question) { await [|using|] var c = await Mcp(); return question; } }") { CSharp = 12 },
        new("null check and type test", "class Agent(McpClient? c) { public async Task<string> AskAsync(string question) { await c!.CallToolAsync(question); if (c is IAsyncDisposable d) { await d.[|DisposeAsync|](); } return question; } }") { CSharp = 12 },
        new("shared session in a chat method", "class Agent(McpSessions.SharedMcpSession s) { public async Task<string> AskAsync(string question) { await [|using|] (s) { return (await s.CallToolAsync(question, null)).ToString()!; } } }") { CSharp = 12 },
        new("configure await", "class A(McpSessions.SharedMcpSession s) { async Task M() { var c = await s.GetClientAsync().ConfigureAwait(false); await [|using|] var d = c.ConfigureAwait(false); } }") { CSharp = 12 },
        new("middleware", "class M(RequestDelegate next) { public async Task InvokeAsync(HttpContext ctx, McpClient c) { await next(ctx); await c.[|DisposeAsync|](); } }") { CSharp = 12 },
        new("tool method", "[ModelContextProtocol.Server.McpServerToolType] class T { static McpClient _c = null!; [ModelContextProtocol.Server.McpServerTool] public static async Task<string> Run(string q) { await [|using|] (_c) { return q; } } }"));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task SaysWhoKeepsIt() => Verify.VerifyAnalyzerAsync(
        """
        class A
        {
            readonly McpClient _c;
            readonly McpSessions.SharedMcpSession _s;
            public A(McpClient c, McpSessions.SharedMcpSession s) { _c = c; _s = s; }
            async Task One() { await {|#0:using|} var c = await _s.GetClientAsync(); }
            async Task Two(IServiceProvider sp) { await {|#1:using|} var c = sp.GetRequiredService<McpClient>(); }
            async Task<string> AskAsync(string question) { await _c.{|#2:DisposeAsync|}(); return question; }
        }
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("A.One", "the shared session that handed it out keeps it for every caller"),
        Verify.Diagnostic().WithLocation(1).WithArguments("A.Two", "the service container hands the same one to others and closes it"),
        Verify.Diagnostic().WithLocation(2).WithArguments("A.AskAsync", "'_c' keeps it for every call"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = "class Agent { readonly IMcpClient _c; public Agent(IMcpClient c) => _c = c; public async Task<string> AskAsync(string question) { await [|using|] (_c) { return question; } } }",
    }.RunAsync(TestContext.Current.CancellationToken);
}
