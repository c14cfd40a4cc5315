using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Lifetime.SessionRegisteredShortLivedAnalyzer>;

namespace McpSessionAnalyzers.Tests.Lifetime;

public sealed class SessionRegisteredShortLivedTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("singleton type", """
            class A(IClientTransport t) { McpClient? _c; public async Task<McpClient> Get() => _c ??= await McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) => s.AddSingleton<A>(); }
            """) { CSharp = 12 },
        new("singleton and scoped: singleton wins", """
            class A(IClientTransport t) { McpClient? _c; public async Task<McpClient> Get() => _c ??= await McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) { s.AddScoped<A>(); s.AddSingleton<A>(); } }
            """) { CSharp = 12 },
        new("singleton factory that blocks", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.AddSingleton<McpClient>(sp => McpClient.CreateAsync(t).GetAwaiter().GetResult()); }
            """),
        new("singleton factory that blocks, Result", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.AddSingleton(sp => { var c = McpClient.CreateAsync(t).Result; return c; }); }
            """),
        new("keyed singleton", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.AddKeyedSingleton<McpClient>("a", (sp, k) => McpClient.CreateAsync(t).GetAwaiter().GetResult()); }
            """),
        new("singleton instance", """
            class R { async Task Add(IServiceCollection s, IClientTransport t) { var c = await McpClient.CreateAsync(t); s.AddSingleton(c); } }
            """),
        new("class that only returns sessions, scoped", """
            interface IFac { Task<McpClient> OpenAsync(); }
            class Fac(IClientTransport t) : IFac { public Task<McpClient> OpenAsync() => McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) => s.AddScoped<IFac, Fac>(); }
            """) { CSharp = 12 },
        new("consumer by constructor", """
            class Agent(McpClient mcp) { public async Task<string> Ask(string q) => (await mcp.CallToolAsync(q)).ToString()!; }
            class R { void Add(IServiceCollection s, IClientTransport t) { s.AddSingleton(sp => McpClient.CreateAsync(t).GetAwaiter().GetResult()); s.AddScoped<Agent>(); s.AddTransient<Agent>(); } }
            """) { CSharp = 12 },
        new("consumer that keeps it in a field", """
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) { _mcp = mcp; } public Task<string> Ask(string q) => Task.FromResult(q + _mcp); }
            class R { void Add(IServiceCollection s) => s.AddScoped<Agent>(); }
            """),
        new("consumer of tools", """
            class Agent { readonly IList<McpClientTool> _t; public Agent(IList<McpClientTool> t) { _t = t; } }
            class R { void Add(IServiceCollection s) => s.AddScoped<Agent>(); }
            """),
        new("forwarding factory to interface", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task<McpClient> Get() => _c ??= await McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) { s.AddSingleton<A>(); s.AddScoped<IA>(sp => sp.GetRequiredService<A>()); } }
            """) { CSharp = 12 },
        new("forwarding session", """
            class H(IClientTransport t) { public McpClient Client { get; } = McpClient.CreateAsync(t).GetAwaiter().GetResult(); }
            class R { void Add(IServiceCollection s) { s.AddSingleton<H>(); s.AddScoped<McpClient>(sp => sp.GetRequiredService<H>().Client); } }
            """) { CSharp = 12 },
        new("forwarding keyed session", """
            class R { void Add(IServiceCollection s) { s.AddTransient<McpClient>(sp => sp.GetRequiredKeyedService<McpClient>("a")); } }
            """),
        new("captured session", """
            class R { async Task Add(IServiceCollection s, IClientTransport t) { var c = await McpClient.CreateAsync(t); s.AddScoped(_ => c); } }
            """),
        new("method of a keeping holder", """
            class H(IClientTransport t) { McpClient? _c; public McpClient Get() => _c ??= McpClient.CreateAsync(t).GetAwaiter().GetResult(); }
            class R { void Add(IServiceCollection s) { s.AddSingleton<H>(); s.AddScoped<McpClient>(sp => sp.GetRequiredService<H>().Get()); } }
            """) { CSharp = 12 },
        new("static cache", """
            class A(IClientTransport t) { static McpClient? _c; public async Task<McpClient> Get() => _c ??= await McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) => s.AddScoped<A>(); }
            """) { CSharp = 12 },
        new("static dictionary", """
            class A(IClientTransport t) { static readonly System.Collections.Concurrent.ConcurrentDictionary<string, McpClient> All = new(); public async Task<McpClient> Get(string k) { var c = await McpClient.CreateAsync(t); All[k] = c; return c; } }
            class R { void Add(IServiceCollection s) => s.AddScoped<A>(); }
            """) { CSharp = 12 },
        new("local session in a method", """
            class A(IClientTransport t) { public async Task Ping() { await using var c = await McpClient.CreateAsync(t); await c.ListToolsAsync(); } }
            class R { void Add(IServiceCollection s) => s.AddScoped<A>(); }
            """) { CSharp = 12 },
        new("func registered", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.AddScoped<Func<Task<McpClient>>>(sp => () => McpClient.CreateAsync(t)); }
            """),
        new("user's own McpClient", """
            namespace Mine { class McpClient { } class R { void Add(IServiceCollection s) => s.AddScoped<McpClient>(); } }
            """),
        new("user's own AddScoped", """
            class A(IClientTransport t) { McpClient? _c; public async Task<McpClient> Get() => _c ??= await McpClient.CreateAsync(t); }
            class Bag { public void AddScoped<T>() { } }
            class R { void Add(Bag s) => s.AddScoped<A>(); }
            """) { CSharp = 12 },
        new("transport scoped", """
            class R { void Add(IServiceCollection s) => s.AddScoped<IClientTransport>(sp => new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri("http://x") })); }
            """),
        new("options scoped", """
            class R { void Add(IServiceCollection s) => s.AddTransient(sp => new McpClientOptions()); }
            """),
        new("scoped factory handing out pooled client", """
            class Pool { readonly System.Collections.Concurrent.ConcurrentDictionary<string, Task<McpClient>> _c = new(); public Task<McpClient> Get(string k, IClientTransport t) => _c.GetOrAdd(k, _ => McpClient.CreateAsync(t)); }
            class R { void Add(IServiceCollection s) { s.AddSingleton<Pool>(); s.AddScoped<Task<McpClient>>(sp => sp.GetRequiredService<Pool>().Get("a", null!)); } }
            """),
        new("server side transport", """
            class R { void Add(IServiceCollection s) => s.AddScoped<ModelContextProtocol.Server.StreamableHttpServerTransport>(); }
            """),
        new("hosted service", """
            class W(IClientTransport t) : BackgroundService { McpClient? _c; protected override async Task ExecuteAsync(CancellationToken ct) { _c = await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) => s.AddHostedService<W>(); }
            """) { CSharp = 12 },
        new("factory closure with outer static lazy", """
            class R { static readonly Lazy<Task<McpClient>> L = new(() => McpClient.CreateAsync(null!)); void Add(IServiceCollection s) => s.AddScoped(sp => new Agent(L.Value)); }
            class Agent(Task<McpClient> c) { public Task<McpClient> C => c; }
            """) { CSharp = 12 },
        new("scoped factory of a factory object", """
            class Fac(Func<Task<McpClient>> open) { public Task<McpClient> Open() => open(); }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.AddScoped(sp => new Fac(() => McpClient.CreateAsync(t))); }
            """) { CSharp = 12 },
        new("static field cached in the factory", """
            class R { static McpClient? _c; void Add(IServiceCollection s, IClientTransport t) => s.AddScoped<McpClient>(sp => _c ??= McpClient.CreateAsync(t).GetAwaiter().GetResult()); }
            """),
        new("resumed session", """
            class A(IClientTransport t, ResumeClientSessionOptions o) : IAsyncDisposable { McpClient? _c; public async Task Go() { _c = await McpClient.ResumeSessionAsync(t, o); } public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class R { void Add(IServiceCollection s) => s.AddScoped<A>(); }
            """) { CSharp = 12 },
        new("shared session as singleton", """
            class R { void Add(IServiceCollection s) { s.AddSingleton(sp => new object()); s.AddScoped<IList<McpClientTool>>(sp => sp.GetRequiredService<McpClient>().ListToolsAsync().AsTask().Result); } }
            """),
        new("string key service", """
            using Microsoft.Extensions.DependencyInjection.Extensions;
            class R { void Add(IServiceCollection s) { s.AddScoped<Uri>(sp => new Uri("http://x")); s.TryAddScoped<List<string>>(); } }
            """),
        new("half typed", """
            class R { void Add(IServiceCollection s) { s.AddScoped(null!); } }
            """),
        new("type with a handed in session that it disposes and a singleton registration", """
            class A(McpClient c) : IAsyncDisposable { public ValueTask DisposeAsync() => c.DisposeAsync(); }
            class R { void Add(IServiceCollection s) => s.AddSingleton<A>(); }
            """) { CSharp = 12 },
        new("Task of tools", """
            class R { void Add(IServiceCollection s) => s.AddSingleton<Task<IList<McpClientTool>>>(sp => sp.GetRequiredService<McpClient>().ListToolsAsync().AsTask()); }
            """),
        new("agent gets owner injected", """
            class Host : IAsyncDisposable { McpClient? _c; public async Task<McpClient> Get(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class Agent { readonly Host _h; public Agent(Host h) { _h = h; } public async Task Ask(IClientTransport t) { var c = await _h.Get(t); await c.PingAsync(); } }
            class R { void Add(IServiceCollection s) { s.AddSingleton<Host>(); s.AddScoped<Agent>(); } }
            """),
        new("scoped factory gives singleton from captured provider local", """
            class R { void Add(IServiceCollection s, IClientTransport t) { McpClient? shared = null; s.AddScoped<McpClient>(sp => shared ??= McpClient.CreateAsync(t).GetAwaiter().GetResult()); } }
            """),
        new("scoped factory w/ lazy captured", """
            class R { void Add(IServiceCollection s, IClientTransport t) { var lazy = new Lazy<McpClient>(() => McpClient.CreateAsync(t).GetAwaiter().GetResult()); s.AddScoped<McpClient>(sp => lazy.Value); } }
            """),
        new("factory closing over a lambda variable never run", """
            class R { void Add(IServiceCollection s, IClientTransport t) { s.AddScoped(sp => { Func<Task<McpClient>> open = () => McpClient.CreateAsync(t); return new Dictionary<string, Func<Task<McpClient>>> { ["a"] = open }; }); } }
            """),
        new("record service that holds what is passed", """
            record Session(McpClient Client);
            class R { void Add(IServiceCollection s) => s.AddScoped<Session>(sp => new Session(sp.GetRequiredService<McpClient>())); }
            """),
        new("settings only", """
            class A { public string? Url { get; set; } public McpClientOptions? Options { get; set; } }
            class R { void Add(IServiceCollection s) => s.AddScoped<A>(); }
            """),
        new("nested static holder", """
            class A { static class Holder { public static McpClient? C; } public async Task Go(IClientTransport t) { Holder.C ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) => s.AddScoped<A>(); }
            """),
        new("session put into injected cache", """
            class Cache { readonly System.Collections.Concurrent.ConcurrentDictionary<string, McpClient> _all = new(); public void Put(string k, McpClient c) => _all[k] = c; public McpClient? Find(string k) => _all.TryGetValue(k, out var c) ? c : null; }
            class A(Cache cache) { public async Task<McpClient> Get(string k, IClientTransport t) { var c = cache.Find(k); if (c is null) { c = await McpClient.CreateAsync(t); cache.Put(k, c); } return c; } }
            class R { void Add(IServiceCollection s) { s.AddSingleton<Cache>(); s.AddScoped<A>(); } }
            """) { CSharp = 12 },
        new("lifetime by variable", """
            class A(IClientTransport t) { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s, ServiceLifetime l = ServiceLifetime.Scoped) => s.Add(new ServiceDescriptor(typeof(A), typeof(A), l)); }
            """) { CSharp = 12 },
        new("singleton task that is closed at shutdown", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.AddSingleton<Task<McpClient>>(async sp => { var c = await McpClient.CreateAsync(t); sp.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => c.DisposeAsync().AsTask().Wait()); return c; }); }
            """),
        new("task instance that Main closes", """
            class P { static async Task Main() { IClientTransport t = null!; var task = McpClient.CreateAsync(t); var s = new ServiceCollection(); s.AddSingleton(task); await using var c = await task; } }
            """),
        new("mock in factory", """
            class R { void Add(IServiceCollection s) => s.AddScoped<McpClient>(sp => null!); }
            """),
        new("options configured by session? nothing", """
            class R { void Add(IServiceCollection s) => s.AddScoped<IChatClient>(sp => sp.GetRequiredKeyedService<IChatClient>("x")); }
            """),
        new("wrapper over injected client, disposes nothing, generics", """
            class Wrap<T>(McpClient c) where T : class { public T? V; public McpClient C => c; }
            class R { void Add(IServiceCollection s) => s.AddScoped(typeof(Wrap<>)); }
            """) { CSharp = 12 },
        new("interface only, no implementation here", """
            interface IMcp { Task<McpClient> Get(); }
            class R { void Add(IServiceCollection s) => s.AddScoped<IMcp>(sp => sp.GetRequiredService<IMcp>()); }
            """),
        new("factory keeps its sessions nowhere (func field)", """
            class Fac { readonly Func<Task<McpClient>> _open; public Fac(IClientTransport t) { _open = () => McpClient.CreateAsync(t); } public Task<McpClient> Open() => _open(); }
            class R { void Add(IServiceCollection s) => s.AddTransient<Fac>(); }
            """),
        new("transport only", """
            class A(IClientTransport t) { ITransport? _x; public void Set(ITransport x) { _x = x; Console.WriteLine(t); } }
            class R { void Add(IServiceCollection s) => s.AddScoped<A>(); }
            """) { CSharp = 12 },
        new("what a framework makes per call is left to MSA1001", """
            class M(IClientTransport t) : IMiddleware { McpClient? _c; public async Task InvokeAsync(HttpContext c, RequestDelegate n) { _c = await McpClient.CreateAsync(t); await n(c); } }
            class R { void Add(IServiceCollection s) => s.AddTransient<M>(); }
            """) { CSharp = 12 },
        new("a test's own container", """
            namespace Xunit { public class FactAttribute : Attribute { } }
            public class Tests { [Xunit.Fact] public void T() { var s = new ServiceCollection(); s.AddScoped<McpClient>(sp => McpClient.CreateAsync(null!).Result); } }
            """),
        new("an agent that opens and closes in one call", """
            class Agent(IClientTransport t) { McpClient? _c; public async Task<string> AskAsync(string question) { _c = await McpClient.CreateAsync(t); try { return question; } finally { await _c.DisposeAsync(); _c = null; } } }
            class R { void Add(IServiceCollection s) => s.AddScoped<Agent>(); }
            """) { CSharp = 12 });

    public static TheoryData<Case> Reported => Case.For(
        new("service owned via raw transport", """
            class A(IClientTransport t) : IAsyncDisposable { ITransport? _x; public async Task Open() { _x = await t.ConnectAsync(); } public ValueTask DisposeAsync() => _x?.DisposeAsync() ?? default; }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("property", """
            class A(IClientTransport t) { public McpClient? Client { get; private set; } public async Task Open() { Client = await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("private helper return, stored by caller", """
            class A(IClientTransport t) { McpClient? _c; public async Task Ask() { _c ??= await Open(); } Task<McpClient> Open() => McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("stored through a local after listing", """
            class A(IClientTransport t) { McpClient? _c; IList<McpClientTool>? _tools; public async Task Ask() { var c = await McpClient.CreateAsync(t); _tools = await c.ListToolsAsync(); _c = c; } }
            class R { void Add(IServiceCollection s) => s.[|AddTransient|]<A>(); }
            """) { CSharp = 12 },
        new("tuple field", """
            class A(IClientTransport t) { (McpClient C, DateTime At)? _s; public async Task Ask() { _s = (await McpClient.CreateAsync(t), DateTime.UtcNow); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("lazy initializer in primary constructor", """
            class A(IClientTransport t) { readonly Lazy<Task<McpClient>> _c = new(() => McpClient.CreateAsync(t)); public async Task Ask() { await (await _c.Value).PingAsync(); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("async lambda lazy", """
            class A { readonly Lazy<Task<McpClient>> _c; public A(IClientTransport t) { _c = new Lazy<Task<McpClient>>(async () => { var o = new McpClientOptions(); return await McpClient.CreateAsync(t, o); }); } public Task<McpClient> C => _c.Value; }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """),
        new("partial", """
            partial class A { McpClient? _c; }
            partial class A { public async Task Ask(IClientTransport t) { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """),
        new("generic", """
            class A<T>(IClientTransport t) { McpClient? _c; public async Task Ask() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) { s.[|AddScoped|](typeof(A<>)); s.[|AddScoped|]<A<int>>(); } }
            """) { CSharp = 12 },
        new("list of handles", """
            record Handle(string Name, McpClient Client);
            class A { readonly List<Handle> _all = new(); public async Task Load(IEnumerable<IClientTransport> ts) { foreach (var t in ts) { _all.Add(new Handle("a", await McpClient.CreateAsync(t))); } } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """),
        new("RunSync helper", """
            static class AsyncHelper { public static T RunSync<T>(Func<Task<T>> f) => Task.Run(f).GetAwaiter().GetResult(); }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|](sp => AsyncHelper.RunSync(() => McpClient.CreateAsync(t))); }
            """),
        new("try catch in factory", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<McpClient>(sp => { try { return McpClient.CreateAsync(t).GetAwaiter().GetResult(); } catch (Exception e) { Console.WriteLine(e); throw; } }); }
            """),
        new("two-step local task", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddTransient|]<McpClient>(sp => { var task = McpClient.CreateAsync(t); task.Wait(); return task.Result; }); }
            """),
        new("async helper registered as task singleton", """
            class R { void Add(IServiceCollection s) => s.[|AddSingleton|](sp => OpenAsync(sp)); static async Task<McpClient> OpenAsync(IServiceProvider sp) { var t = sp.GetRequiredService<IClientTransport>(); return await McpClient.CreateAsync(t); } }
            """),
        new("agent through helper in the composition class", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<ChatOptions>(sp => BuildAsync(sp).GetAwaiter().GetResult()); static async Task<ChatOptions> BuildAsync(IServiceProvider sp) { var c = await McpClient.CreateAsync(sp.GetRequiredService<IClientTransport>()); return new ChatOptions { Tools = [.. await c.ListToolsAsync()] }; } }
            """) { CSharp = 12 },
        new("tools factory that loses the session", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<IList<McpClientTool>>(sp => { var c = McpClient.CreateAsync(t).GetAwaiter().GetResult(); return c.ListToolsAsync().AsTask().GetAwaiter().GetResult(); }); }
            """),
        new("Task of owner", """
            class Owner : IAsyncDisposable { readonly McpClient _c; Owner(McpClient c) => _c = c; public static async Task<Owner> Open(IClientTransport t) => new(await McpClient.CreateAsync(t)); public ValueTask DisposeAsync() => _c.DisposeAsync(); }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddSingleton|](sp => Owner.Open(t)); }
            """),
        new("keyed type", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) { s.[|AddKeyedScoped|]<IA, A>("a"); s.[|AddKeyedTransient|]<IA>("b", (sp, k) => ActivatorUtilities.CreateInstance<A>(sp)); } }
            """) { CSharp = 12 },
        new("switch factory", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class B : IA { }
            class R { void Add(IServiceCollection s, IClientTransport t, string mode) => s.[|AddScoped|]<IA>(sp => mode switch { "a" => new A(t), _ => new B() }); }
            """) { CSharp = 12 },
        new("factory sp => new with cast", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|](sp => (IA)new A(t)); }
            """) { CSharp = 12 },
        new("transient method group creating type", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) => s.[|AddTransient|]<IA>(Make); static IA Make(IServiceProvider sp) => new A(sp.GetRequiredService<IClientTransport>()); }
            """) { CSharp = 12 },
        new("transient lambda calling creating helper", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) => s.[|AddTransient|](sp => Make(sp)); static A Make(IServiceProvider sp) { var a = new A(sp.GetRequiredService<IClientTransport>()); return a; } }
            """) { CSharp = 12 },
        new("AddScoped session by factory", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<McpClient>(sp => McpClient.CreateAsync(t).GetAwaiter().GetResult()); }
            """),
        new("AddTransient inferred", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddTransient|](sp => McpClient.CreateAsync(t).GetAwaiter().GetResult()); }
            """),
        new("body, local", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<McpClient>(sp => { var o = sp.GetRequiredService<IConfiguration>(); var t = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(o["x"]!) }); var c = McpClient.CreateAsync(t).Result; return c; }); }
            """),
        new("keyed", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddKeyedScoped|]<McpClient>("a", (sp, k) => McpClient.CreateAsync(t).GetAwaiter().GetResult()); }
            """),
        new("TryAdd", """
            using Microsoft.Extensions.DependencyInjection.Extensions;
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|TryAddTransient|](sp => McpClient.CreateAsync(t).GetAwaiter().GetResult()); }
            """),
        new("method group", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<McpClient>(Create); static McpClient Create(IServiceProvider sp) => McpClient.CreateAsync(sp.GetRequiredService<IClientTransport>()).GetAwaiter().GetResult(); }
            """),
        new("helper called", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<McpClient>(sp => Create(sp)); static McpClient Create(IServiceProvider sp) => McpClient.CreateAsync(sp.GetRequiredService<IClientTransport>()).GetAwaiter().GetResult(); }
            """),
        new("local function", """
            class R { void Add(IServiceCollection s) { s.[|AddScoped|]<McpClient>(Create); static McpClient Create(IServiceProvider sp) => McpClient.CreateAsync(sp.GetRequiredService<IClientTransport>()).GetAwaiter().GetResult(); } }
            """),
        new("Task.Run", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<McpClient>(sp => Task.Run(() => McpClient.CreateAsync(t)).GetAwaiter().GetResult()); }
            """),
        new("Task.Run async", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<McpClient>(sp => Task.Run(async () => await McpClient.CreateAsync(t)).Result); }
            """),
        new("task scoped", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<Task<McpClient>>(sp => McpClient.CreateAsync(t)); }
            """),
        new("async factory", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddTransient|](async sp => await McpClient.CreateAsync(t)); }
            """),
        new("task singleton", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddSingleton|]<Task<McpClient>>(sp => McpClient.CreateAsync(t)); }
            """),
        new("async singleton", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddSingleton|](async sp => { var c = await McpClient.CreateAsync(t); return c; }); }
            """),
        new("lazy singleton", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddSingleton|](sp => new Lazy<Task<McpClient>>(() => McpClient.CreateAsync(t))); }
            """),
        new("lazy instance", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddSingleton|](new Lazy<Task<McpClient>>(() => McpClient.CreateAsync(t))); }
            """),
        new("lazy with async factory, target typed", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddSingleton|]<Lazy<Task<McpClient>>>(_ => new(async () => { return await McpClient.CreateAsync(t); })); }
            """),
        new("task local instance", """
            class R { void Add(IServiceCollection s, IClientTransport t) { var task = McpClient.CreateAsync(t); s.[|AddSingleton|](task); } }
            """),
        new("TryAddSingleton task", """
            using Microsoft.Extensions.DependencyInjection.Extensions;
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|TryAddSingleton|](sp => McpClient.CreateAsync(t)); }
            """),
        new("type with guard", """
            class A(IClientTransport t) : IAsyncDisposable { McpClient? _c; public async Task<McpClient> Get() => _c ??= await McpClient.CreateAsync(t); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("type not disposable", """
            class A(IClientTransport t) { McpClient? _c; public async Task<McpClient> Get() => _c ??= await McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) => s.[|AddTransient|]<A>(); }
            """) { CSharp = 12 },
        new("interface and implementation", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { if (_c != null) return; _c = await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<IA, A>(); }
            """) { CSharp = 12 },
        new("typeof forms", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { if (_c != null) return; _c = await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) { s.[|AddScoped|](typeof(IA), typeof(A)); s.[|AddTransient|](typeof(A)); } }
            """) { CSharp = 12 },
        new("constructor opening", """
            class A { readonly McpClient _c; public A(IClientTransport t) { _c = McpClient.CreateAsync(t).GetAwaiter().GetResult(); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """),
        new("lazy field", """
            class A { readonly Lazy<Task<McpClient>> _c; public A(IClientTransport t) { _c = new(() => McpClient.CreateAsync(t)); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """),
        new("cached task", """
            class A(IClientTransport t) { readonly Task<McpClient> _c = McpClient.CreateAsync(t); public Task<McpClient> Get() => _c; }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("instance dictionary", """
            class A { readonly System.Collections.Concurrent.ConcurrentDictionary<string, McpClient> _all = new(); public async Task<McpClient> Get(string k, IClientTransport t) { if (_all.TryGetValue(k, out var c)) return c; c = await McpClient.CreateAsync(t); _all[k] = c; return c; } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """),
        new("list", """
            class A { readonly List<McpClient> _all = new(); public async Task Load(IEnumerable<IClientTransport> ts) { foreach (var t in ts) _all.Add(await McpClient.CreateAsync(t)); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """),
        new("semaphore guard", """
            class A(IClientTransport t) { readonly SemaphoreSlim _g = new(1, 1); McpClient? _c; public async Task<McpClient> Get(CancellationToken ct) { if (_c is not null) return _c; await _g.WaitAsync(ct); try { return _c ??= await McpClient.CreateAsync(t, cancellationToken: ct); } finally { _g.Release(); } } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("base class opens", """
            abstract class B(IClientTransport t) { protected McpClient? C; protected async Task Ensure() => C ??= await McpClient.CreateAsync(t); }
            class A(IClientTransport t) : B(t) { public Task Go() => Ensure(); }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """) { CSharp = 12 },
        new("factory creates type", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<IA>(sp => new A(t)); }
            """) { CSharp = 12 },
        new("factory creates in a body via a local", """
            interface IA { }
            class A(IClientTransport t) : IA { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<IA>(sp => { var a = new A(t); Console.WriteLine(a); return a; }); }
            """) { CSharp = 12 },
        new("ActivatorUtilities", """
            class A(IClientTransport t) { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => ActivatorUtilities.CreateInstance<A>(sp)); }
            """) { CSharp = 12 },
        new("ServiceDescriptor", """
            using Microsoft.Extensions.DependencyInjection.Extensions;
            class A(IClientTransport t) { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) { s.Add(ServiceDescriptor.[|Scoped|]<A, A>()); s.TryAdd(ServiceDescriptor.[|Transient|]<A, A>()); } }
            """) { CSharp = 12 },
        new("Describe and new", """
            class A(IClientTransport t) { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(t); } }
            class R { void Add(IServiceCollection s) { s.Add(new [|ServiceDescriptor|](typeof(A), typeof(A), ServiceLifetime.Scoped)); s.Add(ServiceDescriptor.[|Describe|](typeof(A), typeof(A), ServiceLifetime.Transient)); } }
            """) { CSharp = 12 },
        new("new descriptor with factory", """
            class R { void Add(IServiceCollection s, IClientTransport t) { s.Add(new [|ServiceDescriptor|](typeof(McpClient), sp => McpClient.CreateAsync(t).GetAwaiter().GetResult(), ServiceLifetime.Scoped)); } }
            """),
        new("agent wraps the session", """
            class Agent(McpClient c) { public McpClient C => c; }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|](sp => new Agent(McpClient.CreateAsync(t).GetAwaiter().GetResult())); }
            """) { CSharp = 12 },
        new("chat client from tools", """
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|]<ChatOptions>(sp => { var c = McpClient.CreateAsync(t).Result; return new ChatOptions { Tools = [.. c.ListToolsAsync().AsTask().Result] }; }); }
            """) { CSharp = 12 },
        new("factory interface opened through", """
            interface IFac { McpClient Create(); }
            class Fac(IClientTransport t) : IFac { public McpClient Create() => McpClient.CreateAsync(t).GetAwaiter().GetResult(); }
            class R { void Add(IServiceCollection s) { s.AddSingleton<IFac, Fac>(); s.[|AddTransient|]<McpClient>(sp => sp.GetRequiredService<IFac>().Create()); } }
            """) { CSharp = 12 },
        new("top-level", """
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.[|AddScoped|]<McpClient>(sp => McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions { Command = "x" })).GetAwaiter().GetResult());
            builder.Build().Run();
            """),
        new("chained", """
            class R { IServiceCollection Add(IServiceCollection s, IClientTransport t) => s.AddSingleton<object>().[|AddScoped|]<McpClient>(sp => McpClient.CreateAsync(t).GetAwaiter().GetResult()).AddLogging(); }
            """),
        new("static factory of the owner", """
            class Owner : IAsyncDisposable { readonly McpClient _c; Owner(McpClient c) => _c = c; public static async Task<Owner> Open(IClientTransport t) => new(await McpClient.CreateAsync(t)); public ValueTask DisposeAsync() => _c.DisposeAsync(); }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.[|AddScoped|](sp => Owner.Open(t).GetAwaiter().GetResult()); }
            """),
        new("member owner", """
            class Host : IAsyncDisposable { McpClient? _c; public async Task Open(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class A : IAsyncDisposable { readonly Host _h = new(); public Task Go(IClientTransport t) => _h.Open(t); public ValueTask DisposeAsync() => _h.DisposeAsync(); }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<A>(); }
            """),
        new("typed client", """
            class A(HttpClient http) { McpClient? _c; public async Task Init() { _c ??= await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri("http://x") }, http)); } }
            class R { void Add(IServiceCollection s) => s.[|AddHttpClient|]<A>(); }
            """) { CSharp = 12 },
        new("closed via a conditional", """
            class R { void Add(IServiceCollection s, IClientTransport t, bool b) => s.[|AddScoped|]<McpClient?>(sp => b ? McpClient.CreateAsync(t).GetAwaiter().GetResult() : null); }
            """));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task SaysWhatAScopeCosts() => Verify.VerifyAnalyzerAsync(
        """
        class R { void Add(IServiceCollection s, IClientTransport t) => s.{|#0:AddScoped|}<McpClient>(sp => McpClient.{|#1:CreateAsync|}(t).GetAwaiter().GetResult()); }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments(
            "McpClient",
            "scoped",
            "so it opens an MCP session for one scope, such as a request, and each one pays for a connection and a handshake of its own",
            "register a 'SharedMcpSession' as a singleton"));

    [Fact]
    public Task NamesTheMemberThatKeepsIt() => Verify.VerifyAnalyzerAsync(
        """
        class Agent { McpClient? _c; public async Task M(IClientTransport t) => _c ??= await McpClient.{|#1:CreateAsync|}(t); }
        class R { void Add(IServiceCollection s) => s.{|#0:AddTransient|}<Agent>(); }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments(
            "Agent",
            "transient",
            "so the MCP session in 'Agent._c' lives no longer than one object that asks for it, and each one pays for a connection and a handshake of its own",
            "register it as a singleton, or keep the session in one"));

    [Fact]
    public Task SaysThatNobodyClosesWhatIsInATask() => Verify.VerifyAnalyzerAsync(
        """
        class R { void Add(IServiceCollection s, IClientTransport t) => s.{|#0:AddSingleton|}(async sp => await McpClient.{|#1:CreateAsync|}(t)); }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments(
            "Task<McpClient>",
            "a singleton",
            "but the container doesn't look for the MCP session inside, so nobody closes it and its connection or server process stays open",
            "register a 'SharedMcpSession' as a singleton"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = """
            class R
            {
                void Add(IServiceCollection s, IClientTransport t)
                {
                    s.[|AddTransient|]<IMcpClient>(sp => { var c = McpClientFactory.CreateAsync(t).GetAwaiter().GetResult(); return c; });
                    s.[|AddSingleton|](_ => McpClientFactory.CreateAsync(t));
                    s.AddSingleton(_ => McpClientFactory.CreateAsync(t).GetAwaiter().GetResult());
                }
            }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
