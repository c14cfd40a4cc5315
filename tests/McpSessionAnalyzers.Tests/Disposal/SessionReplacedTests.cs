using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Disposal.SessionReplacedAnalyzer>;

namespace McpSessionAnalyzers.Tests.Disposal;

public sealed class SessionReplacedTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("lent by a shared session, though the borrower closes it", """
            class A { readonly McpSessions.SharedMcpSession _s; McpClient? _c; public A(McpSessions.SharedMcpSession s) => _s = s; async Task Renew() => _c = await _s.GetClientAsync(); async Task Close() => await _c!.DisposeAsync(); }
            """),
        new("an earlier arm gives out what is there", """
            class A { McpClient? _c; async Task<McpClient> Get(string k, IClientTransport t) => k switch { "a" when _c is not null => _c, "a" => _c = await McpClient.CreateAsync(t), _ => throw new ArgumentException(k) }; async Task Close() => await _c!.DisposeAsync(); }
            """),
        new("every invocation closes what it has opened", """
            class Run { McpClient? _c; async Task RunAsync(IClientTransport t) { _c = await McpClient.CreateAsync(t); try { await _c.PingAsync(); } finally { await _c.DisposeAsync(); } } }
            class Service : BackgroundService
            {
                McpClient? _c; readonly IClientTransport _t = null!;
                protected override async Task ExecuteAsync(CancellationToken ct) { while (!ct.IsCancellationRequested) { try { _c = await McpClient.CreateAsync(_t); await Task.Delay(-1, ct); } finally { if (_c is not null) await _c.DisposeAsync(); _c = null; } } }
            }
            """),
        new("emptied by a Dispose that a finalizer calls too", """
            class A : IDisposable { McpClient? _c; async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); public void Dispose() => Dispose(true); protected virtual void Dispose(bool disposing) { if (disposing) { _c?.DisposeAsync().AsTask().Wait(); } _c = null; } }
            """),
        new("asked for what is set together with it", """
            class A
            {
                McpClient? _c; string? _name; readonly List<McpClientTool> _tools = new(); int _started;
                async Task<string> Name(IClientTransport t) { if (_name is not null) return _name; _c = await McpClient.CreateAsync(t); return _name = _c.ServerInfo.Name; }
                async Task Name2(IClientTransport t) { if (_name == null) { _c = await McpClient.CreateAsync(t); _name = _c.ServerInfo.Name; } }
                async Task<string> Name3(IClientTransport t) { if (_name is { Length: > 0 }) return _name; _c = await McpClient.CreateAsync(t); return _name = _c.ServerInfo.Name; }
                async Task Name4(IClientTransport t) { if (_name is null) await Fill(t); }
                async Task Fill(IClientTransport t) { _c = await McpClient.CreateAsync(t); _name = _c.ServerInfo.Name; }
                async Task Tools(IClientTransport t) { if (_tools.Count > 0) return; _c = await McpClient.CreateAsync(t); _tools.AddRange(await _c.ListToolsAsync()); }
                async Task Once(IClientTransport t) { if (Interlocked.Exchange(ref _started, 1) != 0) throw new InvalidOperationException(); _c = await McpClient.CreateAsync(t); }
                async Task Close() => await _c!.DisposeAsync();
            }
            """),
        new("a setter that closes the old one", """
            class A
            {
                McpClient? _c;
                McpClient? C { get => _c; set { var old = Interlocked.Exchange(ref _c, value); if (old is not null) Task.Run(async () => await old.DisposeAsync()); } }
                async Task Renew(IClientTransport t) => C = await McpClient.CreateAsync(t);
            }
            """),
        new("asked by a choice, by a method, or by one that throws", """
            class A
            {
                enum State { New, Open } State _s; McpClient? _c;
                async Task Choice(IClientTransport t) { switch (_s) { case State.New: _c = await McpClient.CreateAsync(t); _s = State.Open; break; } }
                async Task Choice2(IClientTransport t) { switch (_c) { case null: _c = await McpClient.CreateAsync(t); break; default: return; } }
                async Task<McpClient> Choice3(IClientTransport t) => _c switch { null => _c = await McpClient.CreateAsync(t), { } c => c };
                async Task Method(IClientTransport t) { if (IsOpen()) return; _c = await McpClient.CreateAsync(t); }
                async Task Throws(IClientTransport t) { ThrowIfOpen(); _c = await McpClient.CreateAsync(t); }
                bool IsOpen() => _c is not null;
                void ThrowIfOpen() { if (_c != null) throw new InvalidOperationException(); }
                async Task Close() { await _c!.DisposeAsync(); _s = State.New; }
            }
            class Page : Microsoft.AspNetCore.Components.ComponentBase, IAsyncDisposable
            {
                McpClient? _c; readonly IClientTransport _t = null!;
                protected override async Task OnAfterRenderAsync(bool firstRender) { if (firstRender) { _c = await McpClient.CreateAsync(_t); } }
                public async ValueTask DisposeAsync() { if (_c is not null) await _c.DisposeAsync(); }
            }
            """),
        new("a fixture of one's own", """
            interface IAsyncLifetime { Task InitializeAsync(); Task DisposeAsync(); }
            class A : IAsyncLifetime { McpClient? _c; public async Task InitializeAsync() => _c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "a" })); public async Task DisposeAsync() => await _c!.DisposeAsync(); }
            """),
        new("a list that is closed, taken over or looked at before it is replaced", """
            class A
            {
                List<McpClient> _all = new(); Dictionary<string, McpClient> _map = new();
                async Task Add(IClientTransport t) { _all.Add(await McpClient.CreateAsync(t)); _map["a"] = await McpClient.CreateAsync(t); }
                async Task Reload(List<McpClient> next) { var old = _all; _all = next; foreach (var c in old) await c.DisposeAsync(); }
                async Task Close() { foreach (var c in _all) await c.DisposeAsync(); _all = new(); }
                async Task Reset() { await CloseMap(); _map = new(); }
                async Task CloseMap() { foreach (var c in _map.Values) await c.DisposeAsync(); }
                void Sort() => _all = _all.OrderBy(c => c.ServerInfo.Name).ToList();
                async Task Prune() { var keep = new List<McpClient>(); foreach (var c in _all) if (c.ServerInfo.Name == "a") keep.Add(c); else await c.DisposeAsync(); _all = keep; }
                async Task InitializeAsync(IClientTransport t) { var c = await McpClient.CreateAsync(t); _all = new() { c }; }
                async Task Swap() { foreach (var c in Interlocked.Exchange(ref _map, new()).Values) await c.DisposeAsync(); }
            }
            """),
        new("a list of what others own", """
            class A { IReadOnlyList<McpClient> _all = Array.Empty<McpClient>(); void Use(IReadOnlyList<McpClient> all) => _all = all; void Drop() => _all = Array.Empty<McpClient>(); }
            """),
        new("another object, which is new, was asked before or sees to it itself", """
            class Slot { public McpClient? Client { get; set; } McpClient? _c; public McpClient? Careful { get => _c; set { _c?.DisposeAsync().AsTask().Wait(); _c = value; } } public async Task CloseAsync() { if (Client is not null) await Client.DisposeAsync(); } }
            class A
            {
                readonly Slot _s = new(); Slot _other = new(); readonly Dictionary<string, Slot> _slots = new();
                async Task Made(IClientTransport t) { var s = new Slot(); s.Client = await McpClient.CreateAsync(t); _slots["a"] = s; _other = new Slot(); _other.Client = await McpClient.CreateAsync(t); }
                async Task Asked(IClientTransport t) { if (_s.Client is not null) return; _s.Client = await McpClient.CreateAsync(t); }
                async Task AskedOtherwise(IClientTransport t) { if (_s is { Client: not null }) return; _s.Client = await McpClient.CreateAsync(t); }
                async Task Told(IClientTransport t) { await _s.CloseAsync(); _s.Client = await McpClient.CreateAsync(t); }
                async Task Given(IClientTransport t, Slot s) { s.Client = await McpClient.CreateAsync(t); }
                async Task Setter(IClientTransport t) { _s.Careful = await McpClient.CreateAsync(t); }
                async Task MadeOrFound(IClientTransport t, string k) { if (!_slots.TryGetValue(k, out var s)) _slots[k] = s = new Slot(); s.Client = await McpClient.CreateAsync(t); }
                async Task TakenOut(string k) { if (_slots.TryGetValue(k, out var s) && s.Client is { } c) { s.Client = null; await c.DisposeAsync(); } }
                async Task Close() { foreach (var s in _slots.Values) { if (s.Client is not null) { await s.Client.DisposeAsync(); s.Client = null; } } if (_s.Client is { } c) await c.DisposeAsync(); }
            }
            """),
        new("a component's first step", """
            class Page : Microsoft.AspNetCore.Components.ComponentBase, IAsyncDisposable
            {
                McpClient? _c;
                protected override async Task OnInitializedAsync() => _c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "a" }));
                public async ValueTask DisposeAsync() { if (_c is not null) await _c.DisposeAsync(); }
            }
            """),
        new("closed by a helper of the deriving type", """
            class B { protected McpClient? C; async Task M(IClientTransport t) => C ??= await McpClient.CreateAsync(t); }
            class A : B { async Task Close() { if (C is not null) await C.DisposeAsync(); } async Task Renew(IClientTransport t) { await Close(); C = await McpClient.CreateAsync(t); } }
            """),
        new("a test framework of one's own", """
            class SetUpAttribute : Attribute { }
            class A { McpClient? _c; [SetUp] public async Task Up() => _c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "a" })); public async Task Down() => await _c!.DisposeAsync(); }
            """),
        new("asked before, by a loop, a choice or a swap", """
            class A
            {
                McpClient? _c;
                async Task M(IClientTransport t) { while (_c is null) { try { _c = await McpClient.CreateAsync(t); } catch (IOException) { await Task.Yield(); } } }
                async Task N(IClientTransport t) { _c = _c is null ? await McpClient.CreateAsync(t) : _c; }
                async Task O(IClientTransport t) { var next = await McpClient.CreateAsync(t); (var old, _c) = (_c, next); if (old != null) await old.DisposeAsync(); }
            }
            """),
        new("a task that failed is opened again", """
            class A(IClientTransport t)
            {
                Task<McpClient>? _c;
                Task<McpClient> M() { if (_c is null || _c.IsFaulted) _c = McpClient.CreateAsync(t); return _c; }
                Task<McpClient> N() => _c is null or { IsFaulted: true } ? _c = McpClient.CreateAsync(t) : _c;
            }
            """) { CSharp = 12 },
        new("disposed first", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { if (_c is not null) await _c.DisposeAsync(); _c = await McpClient.CreateAsync(t); } }
            """),
        new("disposed first, conditional access", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { await (_c?.DisposeAsync() ?? default); _c = await McpClient.CreateAsync(t); } }
            """),
        new("disposed in a try", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { try { if (_c != null) { await _c.DisposeAsync(); } } catch (Exception e) { Console.WriteLine(e); } _c = await McpClient.CreateAsync(t); } }
            """),
        new("disposed, then set to null in finally", """
            class A { McpClient? _c; async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); async Task Close() { try { await _c!.DisposeAsync(); } finally { _c = null; } } }
            """),
        new("disposed by a helper of the type", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { await Close(); _c = await McpClient.CreateAsync(t); } async Task Close() => await Really(); async Task Really() { if (_c is { } c) { _c = null; await c.DisposeAsync(); } } }
            """),
        new("disposed by a helper that is given it", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { await Quietly(_c); _c = await McpClient.CreateAsync(t); } static async Task Quietly(McpClient? c) { if (c is not null) await c.DisposeAsync(); } }
            """),
        new("disposed in the same section", """
            class A { McpClient? _c; async Task Renew(int kind, IClientTransport t) { switch (kind) { case 1: await _c!.DisposeAsync(); _c = await McpClient.CreateAsync(t); break; default: var old = _c; _c = await McpClient.CreateAsync(t); await old!.DisposeAsync(); break; } } }
            """),
        new("disposed under a lock", """
            class A { McpClient? _c; readonly SemaphoreSlim _l = new(1); async Task Renew(IClientTransport t) { await _l.WaitAsync(); try { await using (_c) { } _c = await McpClient.CreateAsync(t); } finally { _l.Release(); } } }
            """),
        new("null check", """
            class A { McpClient? _c; async Task<McpClient> Get(IClientTransport t) { if (_c is null) { _c = await McpClient.CreateAsync(t); } return _c; } }
            """),
        new("early return", """
            class A { McpClient? _c; async Task<McpClient> Get(IClientTransport t) { if (_c != null) return _c; _c = await McpClient.CreateAsync(t); return _c; } }
            """),
        new("double check under a semaphore", """
            class A
            {
                McpClient? _c; readonly SemaphoreSlim _l = new(1);
                async Task<McpClient> Get(IClientTransport t) { if (_c is { } c) return c; await _l.WaitAsync(); try { if (_c is not null) { return _c; } _c = await McpClient.CreateAsync(t); return _c; } finally { _l.Release(); } }
            }
            """),
        new("coalescing assignment", """
            class A { McpClient? _c; async Task<McpClient> Get(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); }
            """),
        new("coalescing", """
            class A { McpClient? _c; async Task<McpClient> Get(IClientTransport t) => _c ?? (_c = await McpClient.CreateAsync(t)); async Task M(IClientTransport t) => _c = _c ?? await McpClient.CreateAsync(t); }
            """),
        new("conditional expression", """
            class A { McpClient? _c; async Task<McpClient> Get(IClientTransport t) => _c is not null ? _c : (_c = await McpClient.CreateAsync(t)); }
            """),
        new("null check and another condition", """
            class A { McpClient? _c; async Task M(bool b, IClientTransport t) { if (b && _c == null) _c = await McpClient.CreateAsync(t); } }
            """),
        new("a property says whether it is set", """
            class A { McpClient? _c; bool IsConnected => _c is not null; async Task M(IClientTransport t) { if (IsConnected) return; _c = await McpClient.CreateAsync(t); } }
            """),
        new("a flag that is set with it", """
            class A { McpClient? _c; bool _ready; async Task M(IClientTransport t) { if (!_ready) { _c = await McpClient.CreateAsync(t); _ready = true; } } }
            """),
        new("a state that is set with it", """
            enum State { Idle, Ready } class A { McpClient? _c; State _s; async Task M(IClientTransport t) { if (_s == State.Ready) return; _c = await McpClient.CreateAsync(t); _s = State.Ready; } }
            """),
        new("private method, checked by its callers", """
            class A { McpClient? _c; async Task Get(IClientTransport t) { if (_c is null) await Fill(t); } async Task Fill(IClientTransport t) { _c = await McpClient.CreateAsync(t); } }
            """),
        new("within a retry, behind the check", """
            class A { McpClient? _c; async Task M(IClientTransport t, Polly.ResiliencePipeline p) { if (_c is null) await p.ExecuteAsync(async ct => { _c = await McpClient.CreateAsync(t, cancellationToken: ct); }); } }
            """),
        new("taken out first, then disposed", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { var old = _c; _c = await McpClient.CreateAsync(t); if (old is not null) await old.DisposeAsync(); } }
            """),
        new("taken out and handed on", """
            class A { McpClient? _c; async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); McpClient? Detach() { var c = _c; _c = null; return c; } }
            """),
        new("Interlocked, result disposed", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { var old = Interlocked.Exchange(ref _c, await McpClient.CreateAsync(t)); if (old is not null) await old.DisposeAsync(); } }
            """),
        new("constructor and initializer", """
            class A { McpClient _c = null!; A(IClientTransport t) { _c = McpClient.CreateAsync(t).Result; } async Task Close() => await _c.DisposeAsync(); }
            """),
        new("run-once code", """
            class A : IHostedService { McpClient? _c; readonly IClientTransport _t = null!; public async Task StartAsync(CancellationToken ct) { _c = await McpClient.CreateAsync(_t); } public async Task StopAsync(CancellationToken ct) => await _c!.DisposeAsync(); }
            """),
        new("new object", """
            class A { McpClient? _c; static async Task<A> Make(IClientTransport t) { var a = new A(); a._c = await McpClient.CreateAsync(t); return a; } static async Task<A> Make2(IClientTransport t) => new A { _c = await McpClient.CreateAsync(t) }; }
            """),
        new("borrowed alias", """
            class A { McpClient? _current; void Use(McpClient c) { _current = c; } void Drop() { _current = null; } }
            """),
        new("second name of what a collection keeps", """
            class A { readonly List<McpClient> _all = new(); McpClient? _last; async Task Add(IClientTransport t) { var c = await McpClient.CreateAsync(t); _all.Add(c); _last = c; } async Task Close() { foreach (var c in _all) await c.DisposeAsync(); _last = null; } }
            """),
        new("borrowed from a shared session", """
            class A { readonly McpSessions.SharedMcpSession _s = null!; McpClient? _c; async Task M() { _c = await _s.GetClientAsync(); } }
            """),
        new("dictionary entry", """
            class A { readonly Dictionary<string, McpClient> _all = new(); async Task M(string n, IClientTransport t) { _all[n] = await McpClient.CreateAsync(t); } }
            """),
        new("null after a failed opening", """
            class A { McpClient? _c; async Task M(IClientTransport t) { if (_c is not null) return; try { _c = await McpClient.CreateAsync(t); } catch { _c = null; throw; } } }
            """),
        new("one call opens and ends it, which is another rule's", """
            class ChatAgent { McpClient? _c; readonly IClientTransport _t = null!; async Task<string> AskAsync(string question) { _c = await McpClient.CreateAsync(_t); try { return _c.ServerInfo.Name; } finally { await _c.DisposeAsync(); _c = null; } } }
            """),
        new("both branches close it", """
            class A { McpClient? _c; async Task M(bool b, IClientTransport t) { if (b) { await _c!.DisposeAsync(); } else { await Task.WhenAll(_c!.DisposeAsync().AsTask()); } _c = await McpClient.CreateAsync(t); } }
            """),
        new("given back by its own getter", """
            class A { McpClient? _c; async Task<McpClient> Get(IClientTransport t) { if (_c is null) _c = await McpClient.CreateAsync(t); return _c; } async Task M(IClientTransport t) { _c = await Get(t); } }
            """),
        new("private method that fills a new object", """
            class A { McpClient? _c; async Task Fill(IClientTransport t) { _c = await McpClient.CreateAsync(t); } static async Task<A> Make(IClientTransport t) { var a = new A(); await a.Fill(t); return a; } }
            """),
        new("unknown interface", """
            class A : {|CS0246:ILife|} { McpClient? _c; async Task InitializeAsync(IClientTransport t) => _c = await McpClient.CreateAsync(t); }
            """),
        new("half-typed", """
            class A { McpClient? _c; async Task M(IClientTransport t) { _c = {|CS1525:;|} } async Task Close() => await _c!.DisposeAsync(); }
            """));

    public static TheoryData<Case> Reported => Case.For(
        new("what is set together with it is dropped alone", """
            class A
            {
                McpClient? _c; IList<McpClientTool>? _tools;
                public async Task<IList<McpClientTool>> ToolsAsync(IClientTransport t) { if (_tools is not null) return _tools; [|_c|] = await McpClient.CreateAsync(t); return _tools = await _c.ListToolsAsync(); }
                public void Refresh() => _tools = null;
                public async Task CloseAsync() { if (_c is not null) await _c.DisposeAsync(); }
            }
            """),
        new("the old one is given out where it is alive, else forgotten", """
            class A
            {
                McpClient? _c;
                async Task<McpClient> Get(IClientTransport t) { if (_c is { } c && await IsAlive(c)) return c; [|_c|] = await McpClient.CreateAsync(t); return _c; }
                static async Task<bool> IsAlive(McpClient c) { await c.PingAsync(); return true; }
            }
            """),
        new("asked for something else, which may be another while the session is there", """
            class A
            {
                McpClient? _c; string? _url, _other;
                async Task M(IClientTransport t, string url) { if (_url != url) { [|_c|] = await McpClient.CreateAsync(t); _url = url; } }
                async Task N(IClientTransport t) { if (_other is null) { [|_c|] = await McpClient.CreateAsync(t); } }
                async Task Close() => await _c!.DisposeAsync();
            }
            """),
        new("a member of the object around, which closes it", """
            class A
            {
                McpClient? _c;
                async Task Close() { if (_c is not null) await _c.DisposeAsync(); }
                class Watcher { readonly A _owner; public Watcher(A owner) => _owner = owner; public async void OnNext(IClientTransport t) => [|_owner._c|] = await McpClient.CreateAsync(t); }
            }
            """),
        new("a collection of sessions, for another", """
            class A
            {
                List<McpClient> _all = new(); McpClient[] _array = Array.Empty<McpClient>(); Dictionary<string, McpClient> _map = new();
                async Task Reload(IClientTransport t) { var c = await McpClient.CreateAsync(t); [|_all|] = new() { c }; }
                async Task Reload2(IClientTransport t) { var c = await McpClient.CreateAsync(t); [|_array|] = new[] { c }; }
                async Task Add(IClientTransport t) { _map["a"] = await McpClient.CreateAsync(t); }
                void Reset() => [|_map|] = new();
                void Reset2() => Interlocked.Exchange(ref [|_map|], new());
                async Task Close() { foreach (var c in _all.Concat(_map.Values).Concat(_array)) await c.DisposeAsync(); }
            }
            """),
        new("a member of another object", """
            class Slot { public McpClient? Client; }
            class A
            {
                readonly Slot _s = new(); readonly Dictionary<string, Slot> _slots = new();
                async Task Renew(IClientTransport t) { [|_s.Client|] = await McpClient.CreateAsync(t); }
                async Task RenewEntry(IClientTransport t, string k) { if (_slots.TryGetValue(k, out var s)) { [|s.Client|] = await McpClient.CreateAsync(t); } }
                void Forget(string k) { var s = _slots[k]; [|s.Client|] = null; }
                async Task Close() { foreach (var s in _slots.Values) if (s.Client is { } c) await c.DisposeAsync(); await _s.Client!.DisposeAsync(); }
            }
            """),
        new("by a handler that a constructor subscribes", """
            class A { McpClient? _c; A(FileSystemWatcher w, IClientTransport t) { w.Changed += async (_, _) => [|_c|] = await McpClient.CreateAsync(t); } async Task Close() => await _c!.DisposeAsync(); }
            """),
        new("by a deconstruction", """
            class A
            {
                McpClient? _c; int _n;
                async Task Renew(IClientTransport t) { ([|_c|], _n) = (await McpClient.CreateAsync(t), 1); }
                async Task Again(IClientTransport t) { (_n, [|_c|]) = await OpenAsync(t); }
                async Task<(int, McpClient)> OpenAsync(IClientTransport t) => (1, await McpClient.CreateAsync(t));
            }
            """),
        new("overwritten", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { [|_c|] = await McpClient.CreateAsync(t); } }
            """),
        new("overwritten, with this", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) => [|this._c|] = await McpClient.CreateAsync(t); }
            """),
        new("overwritten by a local", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { var c = await McpClient.CreateAsync(t); [|_c|] = c; } }
            """),
        new("property", """
            class A { public McpClient? Client { get; private set; } public async Task Renew(IClientTransport t) => [|Client|] = await McpClient.CreateAsync(t); }
            """),
        new("static field", """
            static class A { static McpClient? _c; public static async Task Renew(IClientTransport t) => [|_c|] = await McpClient.CreateAsync(t); }
            """),
        new("set to null", """
            class A { McpClient? _c; async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); void Disconnect() => [|_c|] = null; }
            """),
        new("set to null after an error", """
            class A { McpClient? _c; async Task M(IClientTransport t) { _c ??= await McpClient.CreateAsync(t); try { await _c.PingAsync(); } catch (IOException) { [|_c|] = null; throw; } } }
            """),
        new("on an error", """
            class A { McpClient? _c; async Task M(IClientTransport t) { _c ??= await McpClient.CreateAsync(t); try { await _c.PingAsync(); } catch (IOException) { [|_c|] = await McpClient.CreateAsync(t); } } }
            """),
        new("disposed on one path only", """
            class A { McpClient? _c; async Task Renew(bool b, IClientTransport t) { if (b) { await _c!.DisposeAsync(); } [|_c|] = await McpClient.CreateAsync(t); } }
            """),
        new("expired", """
            class A { McpClient? _c; DateTime _until; async Task<McpClient> Get(IClientTransport t) { if (_c is not null && DateTime.UtcNow < _until) return _c; [|_c|] = await McpClient.CreateAsync(t); return _c; } }
            """),
        new("empty or unhealthy", """
            class A { McpClient? _c; async Task Get(bool healthy, IClientTransport t) { if (_c is null || !healthy) { [|_c|] = await McpClient.CreateAsync(t); } } }
            """),
        new("Interlocked, result dropped", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { Interlocked.Exchange(ref [|_c|], await McpClient.CreateAsync(t)); } }
            """),
        new("Volatile.Write", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) => Volatile.Write(ref [|_c|], await McpClient.CreateAsync(t)); }
            """),
        new("cached task", """
            class A { Task<McpClient>? _c; void Renew(IClientTransport t) { [|_c|] = McpClient.CreateAsync(t); } }
            """),
        new("shared session", """
            class A { McpSessions.SharedMcpSession? _s; void Renew(IClientTransport t) { [|_s|] = new McpSessions.SharedMcpSession(_ => t); } }
            """),
        new("old one only pinged", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { if (_c is not null) { await _c.PingAsync(); } [|_c|] = await McpClient.CreateAsync(t); } }
            """),
        new("given from outside over one that the type opens", """
            class A { McpClient? _c; async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); void Set(McpClient c) => [|_c|] = c; }
            """),
        new("private method, not checked by every caller", """
            class A { McpClient? _c; async Task Get(IClientTransport t) { if (_c is null) await Fill(t); } public async Task Renew(IClientTransport t) => await Fill(t); async Task Fill(IClientTransport t) { [|_c|] = await McpClient.CreateAsync(t); } }
            """),
        new("twice in a row", """
            class A { McpClient? _c; async Task M(IClientTransport x, IClientTransport y) { if (_c is not null) return; _c = await McpClient.CreateAsync(x); [|_c|] = await McpClient.CreateAsync(y); } }
            """),
        new("in a lambda", """
            class A { McpClient? _c; void Watch(IClientTransport t, System.Timers.Timer timer) { timer.Elapsed += async (_, _) => { [|_c|] = await McpClient.CreateAsync(t); }; } }
            """),
        new("nested generic partial", """
            partial class O<T> { partial class A { McpClient? _c; } partial class A { async Task Renew(IClientTransport t) => [|_c|] = await McpClient.CreateAsync(t).ConfigureAwait(false); } }
            """),
        new("null where more than the opening can fail", """
            class A { McpClient? _c; async Task Renew(IClientTransport t) { if (_c is not null) return; try { _c = await McpClient.CreateAsync(t); await _c.PingAsync(); } catch { [|_c|] = null; throw; } } }
            """));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory]
    [InlineData("ConnectAsync")]
    [InlineData("InitializeMcp")]
    [InlineData("OpenAsync")]
    [InlineData("StartSession")]
    public Task IsInfoInMethodsThatAreNamedForOpening(string name) => Verify.VerifyAnalyzerAsync(
        $$"""class A { McpClient? _c; async Task {{name}}(IClientTransport t) { {|#0:_c|} = await McpClient.CreateAsync(t); } }""",
        Verify.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(0).WithArguments("_c", "replaced", "return early if it is set, or dispose it first"));

    [Fact]
    public Task IsWarningThereWhenTheFieldIsLookedAt() => Verify.VerifyAnalyzerAsync(
        """
        class A { McpClient? _c; async Task ConnectAsync(bool again, IClientTransport t) { if (_c is null || again) { {|#0:_c|} = await McpClient.CreateAsync(t); } } }
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("_c", "replaced", "dispose it first"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = """
            class A { IMcpClient? _c; async Task Renew(IClientTransport t) => [|_c|] = await McpClientFactory.CreateAsync(t); async Task Again(IClientTransport t) { await _c!.DisposeAsync(); _c = await McpClientFactory.CreateAsync(t); } }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
