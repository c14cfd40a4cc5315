using McpSessionAnalyzers.Disposal;
using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Disposal.SessionNeverDisposedAnalyzer>;

namespace McpSessionAnalyzers.Tests.Disposal;

public sealed class SessionNeverDisposedTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("in an anonymous object that closes it or leaves", """
            class A
            {
                async Task M(IClientTransport t) { var s = new { Name = "a", C = await McpClient.CreateAsync(t) }; await using (s.C) { } }
                async Task<object> N(IClientTransport t) => new { C = await McpClient.CreateAsync(t) };
            }
            """),
        new("put into a collection that a using closes", """
            class Sessions : List<McpClient>, IAsyncDisposable { public async ValueTask DisposeAsync() { foreach (var c in this) await c.DisposeAsync(); } }
            class A { async Task M(IClientTransport t) { await using var all = new Sessions(); all.Add(await McpClient.CreateAsync(t)); await all[0].PingAsync(); } }
            """),
        new("an owner that its factory starts, kept or closed", """
            sealed class Owner : IAsyncDisposable
            {
                McpClient? _c;
                public static async Task<Owner> OpenAsync(IClientTransport t) { var owner = new Owner(); await owner.StartAsync(t); return owner; }
                async Task StartAsync(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            class A { Owner? _o; async Task M(IClientTransport t) { await using var o = await Owner.OpenAsync(t); _o ??= await Owner.OpenAsync(t); } }
            """),
        new("an extension of one's own in the SDK's namespace", """
            namespace ModelContextProtocol.Client.Extensions
            {
                static class X { public static void CloseOnExit(this McpClient c) => AppDomain.CurrentDomain.ProcessExit += (_, _) => c.DisposeAsync().AsTask().Wait(); }
                class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); c.CloseOnExit(); await c.PingAsync(); } }
            }
            """),
        new("await using declaration", """
            class A(IClientTransport t) { async Task M() { await using var c = await McpClient.CreateAsync(t); await c.PingAsync(); } }
            """) { CSharp = 12 },
        new("await using statement", """
            class A { async Task M(IClientTransport t) { await using (var c = await McpClient.CreateAsync(t)) { await c.PingAsync(); } } }
            """),
        new("await using over an expression", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await using (c) { await c.PingAsync(); } } }
            """),
        new("await using over ConfigureAwait", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t).ConfigureAwait(false); await using var _ = c.ConfigureAwait(false); await c.PingAsync(); } }
            """),
        new("finally", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); } finally { await c.DisposeAsync(); } } }
            """),
        new("declared before the try", """
            class A { async Task M(IClientTransport t) { McpClient? c = null; try { c = await McpClient.CreateAsync(t); } finally { if (c != null) await c.DisposeAsync(); } } }
            """),
        new("disposed, then opened again", """
            class A { async Task M(IClientTransport x, IClientTransport y) { var c = await McpClient.CreateAsync(x); await c.DisposeAsync(); c = await McpClient.CreateAsync(y); await c.DisposeAsync(); } }
            """),
        new("opened again in a loop, disposed in its body or after it", """
            class A { async Task M(IClientTransport x) { McpClient? c = null; for (var i = 0; i < 3; i++) { if (c != null) await c.DisposeAsync(); c = await McpClient.CreateAsync(x); } await c!.DisposeAsync(); } }
            """),
        new("disposed in a catch before the next attempt", """
            class A { async Task<string> M(IClientTransport x) { McpClient c = await McpClient.CreateAsync(x); try { await c.PingAsync(); } catch (IOException) { await c.DisposeAsync(); c = await McpClient.CreateAsync(x); } await using (c) { return c.ServerInfo!.Name; } } }
            """),
        new("conditional access", """
            class A { async Task M(IClientTransport t) { McpClient? c = null; try { c = await McpClient.CreateAsync(t); } finally { await (c?.DisposeAsync() ?? default); } } }
            """),
        new("is IAsyncDisposable", """
            class A { async Task M(IClientTransport t) { object c = await McpClient.CreateAsync(t); if (c is IAsyncDisposable d) { await d.DisposeAsync(); } } }
            """),
        new("blocking dispose", """
            class A { void M(IClientTransport t) { var c = McpClient.CreateAsync(t).GetAwaiter().GetResult(); c.DisposeAsync().AsTask().Wait(); } }
            """),
        new("disposing helper", """
            class A
            {
                async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await c.PingAsync(); await CloseAsync(c); }
                static async Task CloseAsync(McpClient? client) { if (client is not null) await client.DisposeAsync(); }
            }
            """),
        new("disposing helper over two hops, generic", """
            static class Close { public static ValueTask Quietly<T>(T? x) where T : class, IAsyncDisposable => Really(x); static ValueTask Really(IAsyncDisposable? x) => x is null ? default : x.DisposeAsync(); }
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await Close.Quietly(c); } }
            """),
        new("disposing lambda", """
            class A { async Task M(IClientTransport t, CancellationToken stop) { var c = await McpClient.CreateAsync(t); stop.Register(() => c.DisposeAsync().AsTask().Wait()); } }
            """),
        new("disposing event handler", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); AppDomain.CurrentDomain.ProcessExit += (_, _) => c.DisposeAsync().AsTask().GetAwaiter().GetResult(); } }
            """),
        new("disposing local function", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); } finally { await CloseAsync(); } async Task CloseAsync() => await c.DisposeAsync(); } }
            """),
        new("response disposes", """
            class A { async Task M(HttpContext http, IClientTransport t) { var c = await McpClient.CreateAsync(t); http.Response.RegisterForDisposeAsync(c); } }
            """),
        new("returned", """
            class A { async Task<McpClient> M(IClientTransport t) => await McpClient.CreateAsync(t); Task<McpClient> N(IClientTransport t) => McpClient.CreateAsync(t); }
            """),
        new("returned from a local", """
            class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await c.PingAsync(); return c; } }
            """),
        new("returned in a tuple with its tools", """
            class A { async Task<(McpClient, IList<McpClientTool>)> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); return (c, await c.ListToolsAsync()); } }
            """),
        new("returned in a record", """
            record Handle(McpClient Client, IList<McpClientTool> Tools);
            class A { async Task<Handle> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); return new Handle(c, await c.ListToolsAsync()); } }
            """),
        new("returned with an object initializer", """
            class Handle { public McpClient? Client { get; set; } }
            class A { async Task<Handle> M(IClientTransport t) { return new Handle { Client = await McpClient.CreateAsync(t) }; } }
            """),
        new("property of a local that is returned", """
            class Handle { public McpClient? Client { get; set; } }
            class A { async Task<Handle> M(IClientTransport t) { var h = new Handle(); h.Client = await McpClient.CreateAsync(t); return h; } }
            """),
        new("out parameter", """
            class A { void M(IClientTransport t, out McpClient c) { c = McpClient.CreateAsync(t).Result; } }
            """),
        new("yielded", """
            class A { async IAsyncEnumerable<McpClient> M(IClientTransport[] ts) { foreach (var t in ts) yield return await McpClient.CreateAsync(t); } }
            """),
        new("field", """
            class A { McpClient? _c; async Task M(IClientTransport t) { _c = await McpClient.CreateAsync(t); } }
            """),
        new("field by coalescing", """
            class A { McpClient? _c; async Task<McpClient> M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); }
            """),
        new("field of a task, lazily", """
            class A(IClientTransport t) { readonly Lazy<Task<McpClient>> _c = new(() => McpClient.CreateAsync(t)); }
            """) { CSharp = 12 },
        new("field by Interlocked, loser disposed", """
            class A { McpClient? _c; async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); if (Interlocked.CompareExchange(ref _c, c, null) is not null) await c.DisposeAsync(); } }
            """),
        new("field by Volatile.Write", """
            class A { McpClient? _c; async Task M(IClientTransport t) { Volatile.Write(ref _c, await McpClient.CreateAsync(t)); } }
            """),
        new("static property", """
            static class A { public static McpClient? Current { get; private set; } static async Task M(IClientTransport t) { Current = await McpClient.CreateAsync(t); } }
            """),
        new("list in a field", """
            class A { readonly List<McpClient> _all = new(); async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); _all.Add(c); } }
            """),
        new("dictionary in a field", """
            class A { readonly Dictionary<string, McpClient> _all = new(); async Task M(string n, IClientTransport t) { _all[n] = await McpClient.CreateAsync(t); } }
            """),
        new("tuple in a dictionary in a field", """
            class A { readonly Dictionary<string, (McpClient, DateTime)> _all = new(); async Task M(string n, IClientTransport t) { var c = await McpClient.CreateAsync(t); _all[n] = (c, DateTime.UtcNow); } }
            """),
        new("local list that is disposed element by element", """
            class A { async Task M(IClientTransport[] ts) { var all = new List<McpClient>(); foreach (var t in ts) all.Add(await McpClient.CreateAsync(t)); foreach (var c in all) await c.DisposeAsync(); } }
            """),
        new("local list that is disposed by a lambda", """
            class A { async Task M(IClientTransport[] ts) { var all = new List<McpClient>(); foreach (var t in ts) all.Add(await McpClient.CreateAsync(t)); await Task.WhenAll(all.Select(c => c.DisposeAsync().AsTask())); } }
            """),
        new("local list that is returned", """
            class A { async Task<IReadOnlyList<McpClient>> M(IClientTransport[] ts) { List<McpClient> all = new(); foreach (var t in ts) { var c = await McpClient.CreateAsync(t); all.Add(c); } return all; } }
            """),
        new("all at once, returned", """
            class A { async Task<McpClient[]> M(IClientTransport[] ts) => await Task.WhenAll(ts.Select(t => McpClient.CreateAsync(t))); }
            """),
        new("collection expression, returned", """
            class A { async Task<McpClient[]> M(IClientTransport a, IClientTransport b) => [await McpClient.CreateAsync(a), await McpClient.CreateAsync(b)]; }
            """) { CSharp = 12 },
        new("parameter's collection", """
            class A { async Task M(IClientTransport t, ICollection<McpClient> into) { into.Add(await McpClient.CreateAsync(t)); } }
            """),
        new("singleton registration", """
            var builder = WebApplication.CreateBuilder(args);
            var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://localhost:1") }));
            builder.Services.AddSingleton(c);
            """),
        new("registration by a factory that captures it", """
            var builder = WebApplication.CreateBuilder(args);
            var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://localhost:1") }));
            builder.Services.AddSingleton<object>(_ => c);
            """),
        new("factory registration", """
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddSingleton(sp => McpClient.CreateAsync(sp.GetRequiredService<IClientTransport>()).GetAwaiter().GetResult());
            """),
        new("owner that keeps it", """
            class Owner : IAsyncDisposable { readonly McpClient _c; public Owner(McpClient c) => _c = c; public ValueTask DisposeAsync() => _c.DisposeAsync(); }
            class A { async Task M(IClientTransport t) { await using var o = new Owner(await McpClient.CreateAsync(t)); } }
            """),
        new("the object whose constructor keeps it answers for it", """
            class Owner { readonly McpClient _c; public Owner(McpClient c) => _c = c; public ValueTask<ModelContextProtocol.Protocol.PingResult> PingAsync() => _c.PingAsync(); }
            class A { async Task M(IClientTransport t) { var o = new Owner(await McpClient.CreateAsync(t)); await o.PingAsync(); } }
            """),
        new("a cache keeps what the factory makes", """
            interface ICache { Task<T> GetOrAddAsync<T>(string key, Func<Task<T>> make); }
            class Cache { readonly Dictionary<string, object> _all = new(); public async Task<T> GetAsync<T>(string key, Func<Task<T>> make) { if (_all.TryGetValue(key, out var known)) return (T)known; var made = await make(); _all[key] = made!; return made; } }
            class A
            {
                async Task M(IClientTransport t, ICache cache) { var c = await cache.GetOrAddAsync("mcp", () => McpClient.CreateAsync(t)); await c.PingAsync(); }
                async Task N(IClientTransport t, Cache cache) { var c = await cache.GetAsync("mcp", () => McpClient.CreateAsync(t)); await c.PingAsync(); }
            }
            """),
        new("a continuation disposes or keeps it", """
            class A
            {
                static McpClient? s_c;
                Task<int> M(IClientTransport t) => McpClient.CreateAsync(t).ContinueWith(async task => { await using var c = task.Result; return (await c.ListToolsAsync()).Count; }).Unwrap();
                Task N(IClientTransport t) => McpClient.CreateAsync(t).ContinueWith(task => s_c = task.Result);
                Task O(IClientTransport t) => McpClient.CreateAsync(t).ContinueWith(Keep);
                static void Keep(Task<McpClient> task) => s_c = task.Result;
            }
            """),
        new("owner returned by a static factory, then disposed", """
            class Owner : IAsyncDisposable
            {
                readonly McpClient _c;
                Owner(McpClient c) => _c = c;
                public static async Task<Owner> CreateAsync(IClientTransport t) { var c = await McpClient.CreateAsync(t); return new Owner(c); }
                public ValueTask DisposeAsync() => _c.DisposeAsync();
            }
            class A { async Task M(IClientTransport t) { await using var o = await Owner.CreateAsync(t); } }
            """),
        new("retry pipeline's result, disposed", """
            class A { async Task M(IClientTransport t, Polly.ResiliencePipeline p) { await using var c = await p.ExecuteAsync(async ct => await McpClient.CreateAsync(t, cancellationToken: ct)); await c.PingAsync(); } }
            """),
        new("helper's session, disposed", """
            class A { Task<McpClient> OpenAsync(IClientTransport t) => McpClient.CreateAsync(t); async Task M(IClientTransport t) { await using var c = await OpenAsync(t); } }
            """),
        new("lazy helper keeps it", """
            class A { McpClient? _c; async Task<McpClient> GetAsync(IClientTransport t) { if (_c is null) { _c = await McpClient.CreateAsync(t); } return _c; } async Task M(IClientTransport t) { var c = await GetAsync(t); await c.PingAsync(); } }
            """),
        new("stored by a callee", """
            class Registry { readonly List<object> _all = new(); public void Keep(object o) => _all.Add(o); }
            class A { async Task M(IClientTransport t, Registry r) { var c = await McpClient.CreateAsync(t); r.Keep(c); } }
            """),
        new("given to code that can't be seen", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); ThreadPool.QueueUserWorkItem(_ => { }, c, false); } }
            """),
        new("shared session's client is borrowed", """
            class A { readonly McpSessions.SharedMcpSession _s = new(c => null!); async Task M() { var c = await _s.GetClientAsync(); await c.PingAsync(); } }
            """),
        new("a class of the same name", """
            namespace Mine { class McpClient { public static Task<McpClient> CreateAsync(object t) => Task.FromResult(new McpClient()); } class A { async Task M() { var c = await McpClient.CreateAsync(1); } } }
            """),
        new("server transport", """
            class A { void M() { var t = new ModelContextProtocol.Server.StreamableHttpServerTransport(); } }
            """));

    public static TheoryData<Case> Reported => Case.For(
        new("in an anonymous object", """
            class A { async Task<string> M(IClientTransport t) { var s = new { Name = "a", C = await McpClient.[|CreateAsync|](t) }; return s.C.ServerInfo.Name; } }
            """),
        new("opened by a method group, for each element", """
            class A
            {
                async Task<int> M(string[] commands) { var all = await Task.WhenAll(commands.Select([|Open|])); return all.Length; }
                static async Task<McpClient> Open(string command) => await McpClient.CreateAsync(new StdioClientTransport(new() { Command = command }));
            }
            """),
        new("owner from a factory that fills its list", """
            class Set : IAsyncDisposable
            {
                readonly List<McpClient> _all = new();
                public static async Task<Set> Load(IClientTransport t) { var set = new Set(); set._all.Add(await McpClient.CreateAsync(t)); return set; }
                public int Count => _all.Count;
                public async ValueTask DisposeAsync() { foreach (var c in _all) await c.DisposeAsync(); }
            }
            class A { async Task<int> M(IClientTransport t) { var set = await Set.[|Load|](t); return set.Count; } }
            """),
        new("an owner that its factory starts", """
            sealed class Owner : IAsyncDisposable
            {
                McpClient? _c;
                public static async Task<Owner> OpenAsync(IClientTransport t) { var owner = new Owner(); await owner.StartAsync(t); return owner; }
                async Task StartAsync(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            class A { async Task M(IClientTransport t) { var o = await Owner.[|OpenAsync|](t); Console.WriteLine(o); } }
            """),
        new("local", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); } }
            """),
        new("top-level program", """
            var c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
            foreach (var tool in await c.ListToolsAsync()) Console.WriteLine(tool.Name);
            """),
        new("discarded", """
            class A { async Task M(IClientTransport t) { await McpClient.[|CreateAsync|](t); } }
            """),
        new("discarded into _", """
            class A { async Task M(IClientTransport t) { _ = await McpClient.[|CreateAsync|](t); } }
            """),
        new("used in passing", """
            class A { async Task M(IClientTransport t) { await (await McpClient.[|CreateAsync|](t)).PingAsync(); } }
            """),
        new("its task is never awaited", """
            class A { void M(IClientTransport t) { var task = McpClient.[|CreateAsync|](t); } }
            """),
        new("only its tools leave", """
            class A { async Task<IList<McpClientTool>> M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); return await c.ListToolsAsync(); } }
            """),
        new("expression body", """
            class A { async Task<string> M(IClientTransport t) => (await McpClient.[|CreateAsync|](t)).ServerInfo!.Name; }
            """),
        new("in a lambda", """
            class A { Func<Task> M(IClientTransport t) => async () => { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); }; }
            """),
        new("in a local function", """
            class A { async Task M(IClientTransport t) { await Go(); async Task Go() { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); } } }
            """),
        new("in an iterator", """
            class A { async IAsyncEnumerable<string> M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); foreach (var tool in await c.ListToolsAsync()) yield return tool.Name; } }
            """),
        new("captured by a closure that only uses it", """
            class A { async Task M(IClientTransport t, Polly.ResiliencePipeline p) { var c = await McpClient.[|CreateAsync|](t); await p.ExecuteAsync(async ct => await c.PingAsync(cancellationToken: ct)); } }
            """),
        new("handed to a helper that only uses it", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); await Use(c); } static async Task Use(McpClient c) => await c.PingAsync(); }
            """),
        new("local list that nobody empties", """
            class A { async Task M(IClientTransport[] ts) { var all = new List<McpClient>(); foreach (var t in ts) all.Add(await McpClient.[|CreateAsync|](t)); foreach (var c in all) await c.PingAsync(); } }
            """),
        new("tuple taken apart", """
            class A { async Task M(IClientTransport t) { var (c, n) = (await McpClient.[|CreateAsync|](t), 1); await c.PingAsync(); } }
            """),
        new("conditional", """
            class A { async Task M(bool b, IClientTransport x, IClientTransport y) { var c = b ? await McpClient.[|CreateAsync|](x) : await McpClient.[|CreateAsync|](y); await c.PingAsync(); } }
            """),
        new("switch expression", """
            class A { async Task M(int i, IClientTransport x) { var c = i switch { 0 => await McpClient.[|CreateAsync|](x), _ => throw new InvalidOperationException() }; await c.PingAsync(); } }
            """),
        new("helper's session", """
            class A { Task<McpClient> OpenAsync(IClientTransport t) => McpClient.CreateAsync(t); async Task M(IClientTransport t) { var c = await [|OpenAsync|](t); await c.PingAsync(); } }
            """),
        new("helper's handle", """
            record Handle(McpClient Client);
            class A { async Task<Handle> OpenAsync(IClientTransport t) => new(await McpClient.CreateAsync(t)); async Task M(IClientTransport t) { var h = await [|OpenAsync|](t); await h.Client.PingAsync(); } }
            """),
        new("helper's out parameter", """
            class A { bool TryOpen(IClientTransport t, out McpClient c) { c = McpClient.CreateAsync(t).Result; return true; } void M(IClientTransport t) { if ([|TryOpen|](t, out var c)) Console.WriteLine(c.ServerInfo); } }
            """),
        new("one implementation of an interface opens", """
            interface IOpener { Task<McpClient> OpenAsync(); }
            class Opener : IOpener { public async Task<McpClient> OpenAsync() => await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "x" })); }
            class A { async Task M(IOpener o) { var c = await o.[|OpenAsync|](); await c.PingAsync(); } }
            """),
        new("local lambda that opens", """
            class A { async Task M(IClientTransport t) { Func<Task<McpClient>> open = () => McpClient.CreateAsync(t); var c = await [|open|](); await c.PingAsync(); } }
            """),
        new("transport connected by hand", """
            class A { async Task M(IClientTransport t) { var s = await t.[|ConnectAsync|](); Console.WriteLine(s.SessionId); } }
            """),
        new("resumed", """
            class A { async Task M(IClientTransport t, ResumeClientSessionOptions o) { var c = await McpClient.[|ResumeSessionAsync|](t, o); await c.PingAsync(); } }
            """),
        new("shared session made and dropped", """
            class A { async Task M(IClientTransport t) { var s = new [|McpSessions.SharedMcpSession|](_ => t); var c = await s.GetClientAsync(); await c.PingAsync(); } }
            """),
        new("owner of a shared session, dropped", """
            sealed class Agent : IAsyncDisposable { readonly McpSessions.SharedMcpSession _s = new(_ => null!); public ValueTask DisposeAsync() => _s.DisposeAsync(); }
            class A { void M() { var a = new [|Agent|](); Console.WriteLine(a); } }
            """),
        new("overwritten before it is disposed", """
            class A { async Task M(IClientTransport x, IClientTransport y) { var c = await McpClient.[|CreateAsync|](x); await c.PingAsync(); c = await McpClient.CreateAsync(y); await c.DisposeAsync(); } }
            """),
        new("overwritten in a lambda", """
            class A { Func<Task> M(IClientTransport x, IClientTransport y) => async () => { var c = await McpClient.[|CreateAsync|](x); c = await McpClient.CreateAsync(y); try { await c.PingAsync(); } finally { await c.DisposeAsync(); } }; }
            """),
        new("generic method, nested type", """
            class Outer<T> { class Inner { async Task<U> M<U>(IClientTransport t, Func<string, U> f) { var c = await McpClient.[|CreateAsync|](t).ConfigureAwait(false); return f(c.ServerInfo!.Name); } } }
            """));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task ACallWhoseArgumentsDoNotFitIsACallAllTheSame() => new Verify.Test
    {
        CompilerDiagnostics = Microsoft.CodeAnalysis.Testing.CompilerDiagnostics.None,
        TestCode = """
            class A
            {
                async Task M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); var r = await c.CallToolAsync(Missing.Name, Missing.Arguments); Console.WriteLine(r); }
                async Task N(IClientTransport t) { var c = await McpClient.CreateAsync(t); await c.HandOnAsync(Missing.Owner); }
                async Task O(IClientTransport t) { var c = await McpClient.CreateAsync(t); await Missing.KeepAsync(c); }
            }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public Task SaysWhatToDo() => Verify.VerifyAnalyzerAsync(
        """
        class A { async Task M(IClientTransport t) { var c = await McpClient.{|#0:CreateAsync|}(t); await c.PingAsync(); } }
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("McpClient.CreateAsync", "dispose it with 'await using'"));

    [Fact]
    public Task SaysThatTheToolsWouldDie() => Verify.VerifyAnalyzerAsync(
        """
        class A { async Task<IList<McpClientTool>> M(IClientTransport t) { var c = await McpClient.{|#0:CreateAsync|}(t); return await c.ListToolsAsync(); } }
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments(
            "McpClient.CreateAsync",
            "only what needs it leaves, so hand the session on together with its tools and dispose it when they are done"));

    [Fact]
    public Task PointsAtTheOpeningInsideTheHelper() => Verify.VerifyAnalyzerAsync(
        """
        class A { Task<McpClient> OpenAsync(IClientTransport t) => McpClient.{|#1:CreateAsync|}(t); async Task M(IClientTransport t) { var c = await {|#0:OpenAsync|}(t); } }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("A.OpenAsync", "dispose it with 'await using'"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = """
            class A
            {
                async Task M(IClientTransport t) { var c = await McpClientFactory.[|CreateAsync|](t); var tools = await c.ListToolsAsync(); await c.PingAsync(); }
                async Task N(IClientTransport t) { await using IMcpClient c = await McpClientFactory.CreateAsync(t); await c.PingAsync(); }
            }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
