using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Disposal.OwnedSessionNotDisposedAnalyzer>;

namespace McpSessionAnalyzers.Tests.Disposal;

public sealed class OwnedSessionNotDisposedTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("a base class collects what is owned", """
            abstract class Owning : IAsyncDisposable { readonly List<IAsyncDisposable> _all = new(); protected T Own<T>(T one) where T : IAsyncDisposable { _all.Add(one); return one; } public async ValueTask DisposeAsync() { foreach (var one in _all) await one.DisposeAsync(); } }
            class A : Owning { McpClient? _c; async Task M(IClientTransport t) { if (_c is null) _c = Own(await McpClient.CreateAsync(t)); } }
            """),
        new("closed by way of a method that gives it out", """
            class A : IAsyncDisposable
            {
                readonly Lazy<Task<McpClient>> _lazy = new(() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "a" }))); readonly Dictionary<string, McpClient> _map = new();
                async Task Add(string k, IClientTransport t) => _map[k] = await McpClient.CreateAsync(t);
                Task<McpClient> Get() => _lazy.Value;
                IEnumerable<McpClient> All() { foreach (var pair in _map) yield return pair.Value; }
                public async ValueTask DisposeAsync() { var c = await Get(); await c.DisposeAsync(); foreach (var one in All()) await one.DisposeAsync(); }
            }
            """),
        new("closed by whoever knows it by its interface", """
            interface IHas { McpClient? Client { get; } McpClient? Other { get; } }
            class A : IHas
            {
                McpClient? _other;
                public McpClient? Client { get; private set; }
                McpClient? IHas.Other => _other;
                public async Task Load(IClientTransport t) { Client ??= await McpClient.CreateAsync(t); _other ??= await McpClient.CreateAsync(t); }
            }
            class Closer { static async Task Close(IHas has) { if (has.Client is { } c) await c.DisposeAsync(); if (has.Other is { } o) await o.DisposeAsync(); } }
            """),
        new("in a property, whose setter keeps it in a field that is closed", """
            class A : IAsyncDisposable
            {
                McpClient? _c;
                public McpClient? C { get => _c; private set { if (!ReferenceEquals(_c, value)) { _c = value; } } }
                async Task M(IClientTransport t) { if (C is null) C = await McpClient.CreateAsync(t); }
                public async ValueTask DisposeAsync() { if (_c is not null) await _c.DisposeAsync(); }
            }
            """),
        new("taken out by a helper that gets the field by reference, or a helper for anything", """
            class A : IAsyncDisposable
            {
                McpClient? _a, _b;
                async Task M(IClientTransport t) { _a ??= await McpClient.CreateAsync(t); _b ??= await McpClient.CreateAsync(t); }
                public async ValueTask DisposeAsync() { await (Take(ref _a)?.DisposeAsync() ?? default); await Closing.Close(_b); }
                static T? Take<T>(ref T? slot) where T : class => Interlocked.Exchange(ref slot, null);
            }
            class Closing { public static Func<object?, ValueTask> Close = null!; }
            """),
        new("asked for IDisposable as a sequence, which is another rule's", """
            class A { readonly List<McpClient> _all = new(); async Task Add(IClientTransport t) => _all.Add(await McpClient.CreateAsync(t)); void Close() { foreach (var d in _all.OfType<IDisposable>().ToList()) d.Dispose(); } }
            """),
        new("registered with a container", """
            class A { McpClient? _c; public async Task Init(IClientTransport t, IServiceCollection services) { _c = await McpClient.CreateAsync(t); services.AddSingleton(_c); } }
            """),
        new("DisposeAsync", """
            class A : IAsyncDisposable { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public async ValueTask DisposeAsync() { if (_c is not null) await _c.DisposeAsync(); } }
            """),
        new("explicit implementation", """
            class A : IAsyncDisposable { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); ValueTask IAsyncDisposable.DisposeAsync() => _c?.DisposeAsync() ?? default; }
            """),
        new("DisposeAsyncCore", """
            class A : IAsyncDisposable
            {
                McpClient? _c;
                async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t);
                public async ValueTask DisposeAsync() { await DisposeAsyncCore(); GC.SuppressFinalize(this); }
                protected virtual async ValueTask DisposeAsyncCore() { if (_c is { } c) { await c.DisposeAsync().ConfigureAwait(false); } }
            }
            """),
        new("Dispose(bool)", """
            class A : IDisposable { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public void Dispose() => Dispose(true); protected virtual void Dispose(bool disposing) { if (disposing) _c?.DisposeAsync().AsTask().GetAwaiter().GetResult(); } }
            """),
        new("StopAsync of a hosted service", """
            class A(IClientTransport t) : IHostedService { McpClient? _c; public async Task StartAsync(CancellationToken ct) => _c = await McpClient.CreateAsync(t, cancellationToken: ct); public async Task StopAsync(CancellationToken ct) => await _c!.DisposeAsync(); }
            """) { CSharp = 12 },
        new("an owner that is handed on: whoever gets it closes it", """
            class Owner { readonly McpClient _c; public Owner(McpClient c) => _c = c; public McpClient Client => _c; }
            class F { static async Task<Owner> Open(IClientTransport t) => new Owner(await McpClient.CreateAsync(t)); static async Task Close(Owner o) => await o.Client.DisposeAsync(); }
            """),
        new("an owner whose base closes it", """
            abstract class B : IAsyncDisposable { readonly McpClient _b; protected B(McpClient c) => _b = c; public ValueTask DisposeAsync() => _b.DisposeAsync(); }
            class Owner : B { readonly McpClient _c; public Owner(McpClient c) : base(c) => _c = c; public string Name => _c.ServerInfo.Name; }
            class F { static async Task<Owner> Open(IClientTransport t) => new Owner(await McpClient.CreateAsync(t)); }
            """),
        new("any method of the type", """
            class A { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public async Task TearDown() { await using var c = _c; } }
            """),
        new("await using over the field", """
            class A { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); async Task CloseAsync() { await using (_c) { } } }
            """),
        new("pattern local", """
            class A : IAsyncDisposable { object? _c; readonly McpClient? _x; A(IClientTransport t) => _x = McpClient.CreateAsync(t).Result; public async ValueTask DisposeAsync() { if (_x is IAsyncDisposable d) await d.DisposeAsync(); } }
            """),
        new("Interlocked.Exchange, then dispose", """
            class A : IAsyncDisposable { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public async ValueTask DisposeAsync() { var c = Interlocked.Exchange(ref _c, null); if (c is not null) await c.DisposeAsync(); } }
            """),
        new("taken out and given to the caller", """
            class A { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public McpClient? Detach() { var c = _c; _c = null; return c; } }
            """),
        new("helper method disposes what it is given", """
            class A : IAsyncDisposable { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public ValueTask DisposeAsync() => Quietly(_c); static async ValueTask Quietly(IAsyncDisposable? d) { try { if (d is not null) await d.DisposeAsync(); } catch { } } }
            """),
        new("list, element by element", """
            class A : IAsyncDisposable { readonly List<McpClient> _all = new(); async Task M(IClientTransport t) => _all.Add(await McpClient.CreateAsync(t)); public async ValueTask DisposeAsync() { foreach (var c in _all) await c.DisposeAsync(); } }
            """),
        new("dictionary's values", """
            class A : IAsyncDisposable { readonly Dictionary<string, McpClient> _all = new(); async Task M(string n, IClientTransport t) => _all[n] = await McpClient.CreateAsync(t); public async ValueTask DisposeAsync() { foreach (McpClient c in _all.Values) await c.DisposeAsync(); _all.Clear(); } }
            """),
        new("dictionary's pairs, deconstructed", """
            class A : IAsyncDisposable { readonly Dictionary<string, McpClient> _all = new(); async Task M(string n, IClientTransport t) => _all[n] = await McpClient.CreateAsync(t); public async ValueTask DisposeAsync() { foreach (var (_, c) in _all) await c.DisposeAsync(); } }
            """),
        new("all at once", """
            class A : IAsyncDisposable { readonly List<McpClient> _all = new(); async Task M(IClientTransport t) => _all.Add(await McpClient.CreateAsync(t)); public async ValueTask DisposeAsync() => await Task.WhenAll(_all.Select(c => c.DisposeAsync().AsTask())); }
            """),
        new("removed one by one", """
            class A { readonly System.Collections.Concurrent.ConcurrentDictionary<string, McpClient> _all = new(); async Task M(string n, IClientTransport t) => _all[n] = await McpClient.CreateAsync(t); async Task Close(string n) { if (_all.TryRemove(n, out var c)) await c.DisposeAsync(); } }
            """),
        new("tuple elements", """
            class A { readonly Dictionary<string, (McpClient Client, DateTime At)> _all = new(); async Task M(string n, IClientTransport t) => _all[n] = (await McpClient.CreateAsync(t), DateTime.UtcNow); async Task Close() { foreach (var e in _all.Values) await e.Client.DisposeAsync(); } }
            """),
        new("lazy task", """
            class A : IAsyncDisposable { readonly Lazy<Task<McpClient>> _c; A(IClientTransport t) => _c = new(() => McpClient.CreateAsync(t)); public async ValueTask DisposeAsync() { if (_c.IsValueCreated) await (await _c.Value).DisposeAsync(); } }
            """),
        new("cached task", """
            class A : IAsyncDisposable { readonly Task<McpClient> _c; A(IClientTransport t) => _c = McpClient.CreateAsync(t); public async ValueTask DisposeAsync() { var c = await _c.ConfigureAwait(false); await c.DisposeAsync(); } }
            """),
        new("base class disposes", """
            abstract class Base : IAsyncDisposable { protected McpClient? Client; public ValueTask DisposeAsync() => Client?.DisposeAsync() ?? default; }
            class A : Base { async Task M(IClientTransport t) => Client = await McpClient.CreateAsync(t); }
            """),
        new("base class disposes what the property gives", """
            abstract class Base : IAsyncDisposable { protected abstract McpClient? Client { get; } public ValueTask DisposeAsync() => Client?.DisposeAsync() ?? default; }
            class A : Base { McpClient? _c; protected override McpClient? Client => _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); }
            """),
        new("derived class disposes", """
            class Base { protected McpClient? Client; protected async Task M(IClientTransport t) => Client = await McpClient.CreateAsync(t); }
            class A : Base, IAsyncDisposable { public ValueTask DisposeAsync() => Client!.DisposeAsync(); }
            """),
        new("partial type", """
            partial class A { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); }
            partial class A : IAsyncDisposable { public ValueTask DisposeAsync() => _c!.DisposeAsync(); }
            """),
        new("nested type disposes", """
            class A { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); class Scope(A a) : IAsyncDisposable { public ValueTask DisposeAsync() => a._c!.DisposeAsync(); } }
            """) { CSharp = 12 },
        new("in a second collection that is disposed", """
            class A : IAsyncDisposable { McpClient? _c; readonly List<IAsyncDisposable> _all = new(); async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); _all.Add(c); _c = c; } public async ValueTask DisposeAsync() { foreach (var d in _all) await d.DisposeAsync(); } }
            """),
        new("put into the second collection later", """
            class A : IAsyncDisposable { McpClient? _c; readonly List<IAsyncDisposable> _all = new(); async Task M(IClientTransport t) { _c = await McpClient.CreateAsync(t); _all.Add(_c); } public async ValueTask DisposeAsync() { foreach (var d in _all) await d.DisposeAsync(); } }
            """),
        new("callback registered for shutdown", """
            class A { McpClient? _c; async Task M(IClientTransport t, IHostApplicationLifetime life) { var c = await McpClient.CreateAsync(t); life.ApplicationStopping.Register(() => c.DisposeAsync().AsTask().Wait()); _c = c; } }
            """),
        new("event handler disposes the field", """
            class A { McpClient? _c; async Task M(IClientTransport t) { _c = await McpClient.CreateAsync(t); AppDomain.CurrentDomain.ProcessExit += (_, _) => _c.DisposeAsync().AsTask().Wait(); } }
            """),
        new("static field lives as long as the process", """
            class A { static McpClient? _c; static async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); }
            """),
        new("session from outside", """
            class A { readonly McpClient _c; public A(McpClient c) => _c = c; public async Task M() => await _c.PingAsync(); }
            """),
        new("session from outside, primary constructor", """
            class A(McpClient c) { readonly McpClient _c = c; public async Task M() => await _c.PingAsync(); }
            """) { CSharp = 12 },
        new("captured parameter, session from outside", """
            sealed class Agent(McpClient client) { public async Task AskAsync() => await client.PingAsync(); }
            class Up { async Task RunAsync(IClientTransport t) { await using var c = await McpClient.CreateAsync(t); await new Agent(c).AskAsync(); } }
            """) { CSharp = 12 },
        new("captured parameter, disposed, given out or given to the base class", """
            sealed class A(McpClient client) { public async Task AskAsync() => await client.PingAsync(); public async Task CloseAsync() { await client.DisposeAsync(); } }
            sealed class B(McpClient client) { public McpClient Client => client; public async Task AskAsync() => await client.PingAsync(); }
            class Base : IAsyncDisposable { readonly McpClient _c; protected Base(McpClient c) => _c = c; public ValueTask DisposeAsync() => _c.DisposeAsync(); }
            sealed class C(McpClient client) : Base(client) { public async Task AskAsync() => await client.PingAsync(); }
            class Up
            {
                async Task<A> OpenA(IClientTransport t) => new(await McpClient.CreateAsync(t));
                async Task<B> OpenB(IClientTransport t) => new(await McpClient.CreateAsync(t));
                async Task<C> OpenC(IClientTransport t) => new(await McpClient.CreateAsync(t));
            }
            """) { CSharp = 12 },
        new("record handle whose keeper disposes", """
            record Handle(McpClient Client, string Name);
            class A { readonly List<Handle> _all = new(); async Task M(string n, IClientTransport t) => _all.Add(new Handle(await McpClient.CreateAsync(t), n)); async Task Close() { foreach (var h in _all) await h.Client.DisposeAsync(); } }
            """),
        new("handle class whose keeper disposes", """
            class Handle { public McpClient? Client { get; init; } public static async Task<Handle> OpenAsync(IClientTransport t) => new() { Client = await McpClient.CreateAsync(t) }; }
            class A : IAsyncDisposable { Handle? _h; async Task M(IClientTransport t) => _h = await Handle.OpenAsync(t); public ValueTask DisposeAsync() => _h!.Client!.DisposeAsync(); }
            """),
        new("others dispose the public property", """
            class A { public McpClient? Client { get; private set; } public async Task M(IClientTransport t) => Client = await McpClient.CreateAsync(t); }
            class B { async Task M(A a) { await a.Client!.DisposeAsync(); } }
            """),
        new("owner disposes its shared session", """
            class A : IAsyncDisposable { readonly McpSessions.SharedMcpSession _s = new(_ => null!); public ValueTask DisposeAsync() => _s.DisposeAsync(); }
            """),
        new("borrowed from a shared session", """
            class A { readonly McpSessions.SharedMcpSession _s; McpClient? _c; A(McpSessions.SharedMcpSession s) => _s = s; async Task M() => _c = await _s.GetClientAsync(); }
            """),
        new("owner that opens later, disposed", """
            class Hub : IAsyncDisposable { McpClient? _c; public async Task OpenAsync(IClientTransport t) => _c = await McpClient.CreateAsync(t); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class A : IAsyncDisposable { readonly Hub _hub = new(); public ValueTask DisposeAsync() => _hub.DisposeAsync(); }
            """),
        new("closed by a method of its own", """
            class Hub { McpClient? _c; public async Task OpenAsync(IClientTransport t) => _c = await McpClient.CreateAsync(t); public async Task CloseAsync() { if (_c != null) { await _c.DisposeAsync(); _c = null; } } }
            """),
        new("goes where it can't be followed", """
            class A { McpClient? _c; async Task M(IClientTransport t, Action<object> track) { _c = await McpClient.CreateAsync(t); track(_c); } }
            """),
        new("tested in a way that never succeeds is another rule's", """
            class A : IDisposable { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public void Dispose() { if (_c is IDisposable d) d.Dispose(); } }
            """),
        new("unknown base class", """
            class A : {|CS0246:Unknown|} { McpClient? _c; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); }
            """),
        new("cyclic inheritance", """
            class {|CS0146:A|} : B { McpClient? _c; async Task M(IClientTransport t) { _c = await McpClient.CreateAsync(t); await using (_c) { } } } class {|CS0146:B|} : A { }
            """));

    public static TheoryData<Case> Reported => Case.For(
        new("closes the loser of a race only", """
            class A
            {
                readonly System.Collections.Concurrent.ConcurrentDictionary<string, McpClient> [|_map|] = new();
                async Task<McpClient> Get(string k, IClientTransport t) { var c = await McpClient.CreateAsync(t); if (_map.TryAdd(k, c)) return c; await c.DisposeAsync(); return _map[k]; }
            }
            """),
        new("opened by a method group, for each element", """
            class A
            {
                McpClient[] [|_all|] = Array.Empty<McpClient>();
                async Task Load(string[] commands) { if (_all.Length > 0) return; _all = await Task.WhenAll(commands.Select(Open)); }
                static Task<McpClient> Open(string command) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = command }));
            }
            """),
        new("put into a list of a new object by the type's own factory", """
            class A
            {
                readonly List<McpClient> [|_all|] = new();
                static async Task<A> Make(IClientTransport t) { var a = new A(); a._all.Add(await McpClient.CreateAsync(t)); return a; }
            }
            """),
        new("given in a collection by the type's own factory", """
            class A
            {
                readonly McpClient[] [|_all|];
                A(McpClient[] all) => _all = all;
                static async Task<A> Make(IClientTransport t) { var c = await McpClient.CreateAsync(t); return new A(new[] { c }); }
            }
            class B
            {
                readonly IReadOnlyList<McpClient> [|_all|];
                B(IReadOnlyList<McpClient> all) { _all = all; }
                static async Task<B> Make(IClientTransport t) { var all = new List<McpClient>(); all.Add(await McpClient.CreateAsync(t)); return new B(all.ToArray()); }
            }
            """),
        new("captured parameter that nobody else can reach", """
            sealed class Agent(McpClient [|client|], string name) { public string Name => name; public async Task<int> CountAsync() { var tools = await client.ListToolsAsync(); return tools.Count; } }
            class Up { async Task<Agent> OpenAsync(IClientTransport t) { return new Agent(await McpClient.CreateAsync(t), "x"); } }
            """) { CSharp = 12 },
        new("a list of objects that are filled by initializers", """
            class Entry { public McpClient? Client { get; set; } }
            class A(IClientTransport t) { readonly List<Entry> [|_all|] = new(); public async Task ConnectAsync() { var client = await McpClient.CreateAsync(t); _all.Add(new Entry { Client = client }); } }
            """) { CSharp = 12 },
        new("type is not disposable", """
            class A { McpClient? [|_c|]; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); }
            """),
        new("dispose method forgets it", """
            class A : IAsyncDisposable { McpClient? [|_c|]; HttpClient _http = new(); async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public ValueTask DisposeAsync() { _http.Dispose(); return default; } }
            """),
        new("set to null", """
            class A : IDisposable { McpClient? [|_c|]; async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); public void Dispose() => _c = null; }
            """),
        new("property", """
            class A { public McpClient? [|Client|] { get; private set; } public async Task M(IClientTransport t) => Client = await McpClient.CreateAsync(t); }
            """),
        new("in a constructor", """
            class A { readonly McpClient [|_c|]; A(IClientTransport t) { _c = McpClient.CreateAsync(t).GetAwaiter().GetResult(); } }
            """),
        new("lazily", """
            class A { McpClient? [|_c|]; async Task<McpClient> GetAsync(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); }
            """),
        new("from a local, by Volatile.Write", """
            class A { McpClient? [|_c|]; async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); Volatile.Write(ref _c, c); } }
            """),
        new("by a helper", """
            class A { McpClient? [|_c|]; async Task M(IClientTransport t) => _c = await OpenAsync(t); static Task<McpClient> OpenAsync(IClientTransport t) => McpClient.CreateAsync(t); }
            """),
        new("list", """
            class A { readonly List<McpClient> [|_all|] = new(); async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); _all.Add(c); } }
            """),
        new("dictionary that is looked into", """
            class A { readonly Dictionary<string, McpClient> [|_all|] = new(); async Task M(string n, IClientTransport t) => _all[n] = await McpClient.CreateAsync(t); McpClient? Find(string n) => _all.GetValueOrDefault(n); bool Has(string n) => _all.ContainsKey(n); }
            """),
        new("tuples in a dictionary", """
            class A { readonly Dictionary<string, (McpClient, DateTime)> [|_all|] = new(); async Task M(string n, IClientTransport t) => _all[n] = (await McpClient.CreateAsync(t), DateTime.UtcNow); }
            """),
        new("cached task", """
            class A { readonly Task<McpClient> [|_c|]; A(IClientTransport t) => _c = McpClient.CreateAsync(t); async Task M() => await (await _c).PingAsync(); }
            """),
        new("lazy task", """
            class A(IClientTransport t) { readonly Lazy<Task<McpClient>> [|_c|] = new(() => McpClient.CreateAsync(t)); async Task M() => await (await _c.Value).PingAsync(); }
            """) { CSharp = 12 },
        new("handles in a list", """
            record Handle(McpClient Client, string Name);
            class A { readonly List<Handle> [|_all|] = new(); async Task M(string n, IClientTransport t) => _all.Add(new Handle(await McpClient.CreateAsync(t), n)); }
            """),
        new("shared session", """
            class A { readonly McpSessions.SharedMcpSession [|_s|] = new(_ => null!); async Task M() => await (await _s.GetClientAsync()).PingAsync(); }
            """),
        new("owner that opens later", """
            class Hub : IAsyncDisposable { McpClient? _c; public async Task OpenAsync(IClientTransport t) => _c = await McpClient.CreateAsync(t); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; }
            class A { readonly Hub [|_hub|] = new(); }
            """),
        new("static factory of the type", """
            class A { readonly McpClient [|_c|]; A(McpClient c) => _c = c; public static async Task<A> CreateAsync(IClientTransport t) { var c = await McpClient.CreateAsync(t); return new A(c); } }
            """),
        new("static factory that fills the object", """
            class A { McpClient? [|_c|]; public static async Task<A> CreateAsync(IClientTransport t) { var a = new A(); a._c = await McpClient.CreateAsync(t); return a; } }
            """),
        new("nobody else can reach it", """
            class Owner { readonly McpClient [|_c|]; public Owner(McpClient c) => _c = c; public string Name => _c.ServerInfo.Name; }
            class A { static async Task M(IClientTransport t) => Console.WriteLine(new Owner(await McpClient.CreateAsync(t)).Name); }
            """),
        new("the container has the owner, nobody has the session", """
            class Owner { readonly McpClient [|_c|]; public Owner(McpClient c) => _c = c; public string Name => _c.ServerInfo.Name; }
            class R { void Add(IServiceCollection s, IClientTransport t) => s.AddSingleton(sp => new Owner(McpClient.CreateAsync(t).GetAwaiter().GetResult())); }
            """),
        new("owner disposed, but it forgets", """
            class Owner : IAsyncDisposable { readonly McpClient [|_c|]; public Owner(McpClient c) => _c = c; public string Name => _c.ServerInfo.Name; public ValueTask DisposeAsync() => default; }
            class A { static async Task M(IClientTransport t) { await using var o = new Owner(await McpClient.CreateAsync(t)); } }
            """),
        new("loser of the race disposed, winner not", """
            class A { McpClient? [|_c|]; async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); if (Interlocked.CompareExchange(ref _c, c, null) is not null) await c.DisposeAsync(); } }
            """),
        new("disposed on failure only", """
            class A { McpClient? [|_c|]; async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); _c = c; } catch { await c.DisposeAsync(); throw; } } }
            """),
        new("given to a method that only uses it", """
            class A { McpClient? [|_c|]; async Task M(IClientTransport t) { _c = await McpClient.CreateAsync(t); await Use(_c); Console.WriteLine(_c); } static async Task Use(McpClient c) => await c.PingAsync(); }
            """),
        new("one of two", """
            class A : IAsyncDisposable { McpClient? _a, [|_b|]; async Task M(IClientTransport t) { _a = await McpClient.CreateAsync(t); _b = await McpClient.CreateAsync(t); } public ValueTask DisposeAsync() => _a!.DisposeAsync(); }
            """),
        new("nested generic partial record", """
            partial class Outer<T> { partial record Inner(T X) { McpClient? [|_c|]; public async Task M(IClientTransport t) => _c = await McpClient.CreateAsync(t); } }
            """));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task SaysThatTheTypeIsNotDisposable() => Verify.VerifyAnalyzerAsync(
        """
        class Agent { McpClient? {|#0:_mcp|}; async Task M(IClientTransport t) => _mcp = await McpClient.{|#1:CreateAsync|}(t); }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("Agent._mcp", "'Agent' is not disposable", "implement IAsyncDisposable and dispose it there"));

    [Fact]
    public Task SaysThatTheDisposeMethodForgetsIt() => Verify.VerifyAnalyzerAsync(
        """
        class Agent : IAsyncDisposable { McpClient? {|#0:_mcp|}; async Task M(IClientTransport t) => _mcp = await McpClient.{|#1:CreateAsync|}(t); public ValueTask DisposeAsync() => default; }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("Agent._mcp", "'Agent.DisposeAsync' forgets it", "dispose it there"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = """
            class A { IMcpClient? [|_c|]; async Task M(IClientTransport t) => _c = await McpClientFactory.CreateAsync(t); }
            class B { IMcpClient? _c; async Task M(IClientTransport t) => _c = await McpClientFactory.CreateAsync(t); async Task N() => await _c!.DisposeAsync(); }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
