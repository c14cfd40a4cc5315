using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Disposal.DisposalNotAwaitedAnalyzer>;

namespace McpSessionAnalyzers.Tests.Disposal;

public sealed class DisposalNotAwaitedTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("of a type that only uses a session", "class User : IAsyncDisposable { readonly McpClient _c; readonly Stream _s; public User(McpClient c, Stream s) { _c = c; _s = s; } public ValueTask DisposeAsync() => _s.DisposeAsync(); } class A { void M(User u) { _ = u.DisposeAsync(); } }"),
        new("blocking in what only callbacks call", """
            static class X
            {
                public static void CloseOnExit(this McpClient c) { AppDomain.CurrentDomain.ProcessExit += (_, _) => Close(c); Console.CancelKeyPress += (_, _) => { Close(c); }; }
                static void Close(McpClient c) => c.DisposeAsync().GetAwaiter().GetResult();
            }
            """),
        new("named, and awaited", "class A { async Task M(McpClient c) { var closing = c.DisposeAsync(); if (!closing.IsCompleted) await closing; if (c is IAsyncDisposable d) { var other = d.DisposeAsync(); await other; } } }"),
        new("awaited", "class A { async Task M(McpClient c) { await c.DisposeAsync(); await c.DisposeAsync().ConfigureAwait(false); await c.DisposeAsync().AsTask(); } }"),
        new("awaited, conditional access", "class A { async Task M(McpClient? c) { await (c?.DisposeAsync() ?? default); await (c?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false); } }"),
        new("await using", "class A { async Task M(McpClient c) { await using (c) { } await using var d = c.ConfigureAwait(false); } }"),
        new("returned", "class A { readonly McpClient _c = null!; public ValueTask DisposeAsync() => _c.DisposeAsync(); Task M() { return _c.DisposeAsync().AsTask(); } }"),
        new("returned from a lambda", "class A { Func<ValueTask> M(McpClient c) => () => c.DisposeAsync(); }"),
        new("kept and awaited", "class A { async Task M(McpClient c) { var closing = c.DisposeAsync(); Console.WriteLine(); await closing; } }"),
        new("kept in a field", "class A { Task? _closing; void M(McpClient c) => _closing = c.DisposeAsync().AsTask(); }"),
        new("combined", "class A { async Task M(McpClient a, McpClient b) => await Task.WhenAll(a.DisposeAsync().AsTask(), b.DisposeAsync().AsTask()); }"),
        new("combined from a sequence", "class A { async Task M(List<McpClient> all) => await Task.WhenAll(all.Select(c => c.DisposeAsync().AsTask())); }"),
        new("added to a list", "class A { void M(McpClient c, List<Task> pending) => pending.Add(c.DisposeAsync().AsTask()); }"),
        new("given to a method", "class A { void M(McpClient c) => Forget(c.DisposeAsync()); static async void Forget(ValueTask t) { try { await t; } catch { } } }"),
        new("bounded wait that is awaited", "class A { async Task M(McpClient c) => await c.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(1)); }"),
        new("blocking in Dispose of a type that is only IDisposable", "class A : IDisposable { readonly McpClient _c = null!; public void Dispose() => _c.DisposeAsync().AsTask().GetAwaiter().GetResult(); }"),
        new("blocking in an explicit Dispose", "class A : IDisposable { readonly McpClient _c = null!; void IDisposable.Dispose() { _c.DisposeAsync().AsTask().Wait(); } }"),
        new("blocking in Dispose(bool)", "class A : IDisposable { readonly McpClient? _c; public void Dispose() => Dispose(true); protected virtual void Dispose(bool disposing) { if (disposing) { _c?.DisposeAsync().AsTask().Wait(); } } }"),
        new("blocking in what only Dispose calls", "class A : IDisposable { readonly McpClient _c = null!; public void Dispose() => Close(); void Close() => _c.DisposeAsync().GetAwaiter().GetResult(); }"),
        new("blocking in a finalizer", "class A { readonly McpClient _c = null!; ~A() { _c.DisposeAsync().GetAwaiter().GetResult(); } }"),
        new("blocking in a shutdown callback", "class A { void M(McpClient c, CancellationToken stop) => stop.Register(() => c.DisposeAsync().AsTask().Wait()); }"),
        new("blocking in an event handler", "class A { void M(McpClient c) => AppDomain.CurrentDomain.ProcessExit += (_, _) => c.DisposeAsync().AsTask().GetAwaiter().GetResult(); }"),
        new("blocking in a method given as callback", "class A { readonly McpClient _c = null!; void M(CancellationToken stop) => stop.Register(OnStop); void OnStop() { _c.DisposeAsync().AsTask().Wait(); } }"),
        new("blocking in a process-exit method", "class A { readonly McpClient _c = null!; void M() { AppDomain.CurrentDomain.ProcessExit += OnExit; } void OnExit(object? s, EventArgs e) => _c.DisposeAsync().AsTask().Wait(); }"),
        new("other disposables", "class A { void M(Stream s, IAsyncDisposable d) { _ = s.DisposeAsync(); d.DisposeAsync(); } }"),
        new("class of the same name", "namespace Mine { class McpClient : IAsyncDisposable { public ValueTask DisposeAsync() => default; } class A { void M(McpClient c) { c.DisposeAsync(); } } }"),
        new("server", "class A { void M(ModelContextProtocol.Server.McpServer s) { _ = s.DisposeAsync(); } }"),
        new("transport", "class A { void M(HttpClientTransport t) { _ = t.DisposeAsync(); } }"),
        new("type that owns nothing", "class B : IAsyncDisposable { readonly McpClient _c; public B(McpClient c) => _c = c; public ValueTask DisposeAsync() => default; } class A { void M(B b) { _ = b.DisposeAsync(); } }"),
        new("synchronous Dispose of a shared session", "class A { void M(McpSessions.SharedMcpSession s) => s.Dispose(); }"),
        new("half-typed", "class A { async Task M(McpClient c) { await c.DisposeAsync({|CS1026:;|} } }"));

    public static TheoryData<Case> Reported => Case.For(
        new("of a type that was given its session and closes it", """
            class Owner : IAsyncDisposable { readonly McpClient _c; public Owner(McpClient c) => _c = c; public McpClient C => _c; public ValueTask DisposeAsync() => _c.DisposeAsync(); }
            class A { async Task M(IClientTransport t) { var o = new Owner(await McpClient.CreateAsync(t)); try { await o.C.PingAsync(); } finally { o.[|DisposeAsync|](); } } }
            """),
        new("a task that only a local has", "class A { void M(McpClient c) { var dropped = c.[|DisposeAsync|](); var blocked = c.[|DisposeAsync|](); if (!blocked.IsCompleted) blocked.AsTask().Wait(); } }"),
        new("behind a test", "class A { void M(McpClient c) { if (c is IAsyncDisposable d) { _ = d.[|DisposeAsync|](); } } }"),
        new("blocking in what a callback and others call", """
            class A(McpClient c) { void M() { AppDomain.CurrentDomain.ProcessExit += (_, _) => Close(); Close(); } void Close() => c.[|DisposeAsync|]().AsTask().Wait(); }
            """) { CSharp = 12 },
        new("statement", "class A { void M(McpClient c) { c.[|DisposeAsync|](); } }"),
        new("discard", "class A { void M(McpClient c) { _ = c.[|DisposeAsync|](); } }"),
        new("as a task, discarded", "class A { void M(McpClient c) { _ = c.[|DisposeAsync|]().AsTask(); } }"),
        new("conditional access", "class A { void M(McpClient? c) { c?.[|DisposeAsync|](); } }"),
        new("conditional access, discarded", "class A { void M(McpClient? c) { _ = c?.[|DisposeAsync|]().AsTask(); } }"),
        new("in a loop", "class A { void M(List<McpClient> all) { foreach (var c in all) { _ = c.[|DisposeAsync|](); } } }"),
        new("expression body", "class A { void M(McpClient c) => c.[|DisposeAsync|](); }"),
        new("in a lambda without result", "class A { void M(List<McpClient> all) => all.ForEach(c => c.[|DisposeAsync|]()); }"),
        new("in a callback, dropped", "class A { void M(McpClient c, CancellationToken stop) => stop.Register(() => { _ = c.[|DisposeAsync|](); }); }"),
        new("in Dispose, dropped", "class A : IDisposable { readonly McpClient _c = null!; public void Dispose() => _c.[|DisposeAsync|](); }"),
        new("GetResult", "class A { void M(McpClient c) => c.[|DisposeAsync|]().GetAwaiter().GetResult(); }"),
        new("GetResult behind ConfigureAwait", "class A { void M(McpClient c) => c.[|DisposeAsync|]().ConfigureAwait(false).GetAwaiter().GetResult(); }"),
        new("Wait", "class A { void M(McpClient c) { c.[|DisposeAsync|]().AsTask().Wait(); } }"),
        new("Wait with a limit", "class A { void M(McpClient c) { c.[|DisposeAsync|]().AsTask().Wait(1000); } }"),
        new("WaitAll", "class A { void M(McpClient c) { Task.WaitAll(c.[|DisposeAsync|]().AsTask()); } }"),
        new("blocking in an async method", "class A { async Task M(McpClient c) { await c.PingAsync(); c.[|DisposeAsync|]().AsTask().Wait(); } }"),
        new("blocking in Dispose of a type that is IAsyncDisposable too", "class A : IDisposable, IAsyncDisposable { readonly McpClient _c = null!; public void Dispose() => _c.[|DisposeAsync|]().AsTask().Wait(); public ValueTask DisposeAsync() => _c.DisposeAsync(); }"),
        new("blocking in an async callback", "class A { void M(McpClient c, List<Func<Task>> stop) => stop.Add(async () => { await Task.Yield(); c.[|DisposeAsync|]().AsTask().Wait(); }); }"),
        new("shared session", "class A { void M(McpSessions.SharedMcpSession s) { _ = s.[|DisposeAsync|](); } }"),
        new("session owner in source", "class Hub : IAsyncDisposable { McpClient? _c; async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default; } class A { void M(Hub h) { _ = h.[|DisposeAsync|](); } }"),
        new("field, nested generic", "class O<T> { class A { McpClient? _c; void M() { _ = _c!.[|DisposeAsync|](); _c = null; } } }"));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task SaysWhetherItIsDroppedOrBlocked() => Verify.VerifyAnalyzerAsync(
        "class A { void M(McpClient c) { c.{|#0:DisposeAsync|}(); c.{|#1:DisposeAsync|}().AsTask().Wait(); } }",
        Verify.Diagnostic().WithLocation(0).WithArguments("nobody waits for the session to close or sees that it failed"),
        Verify.Diagnostic().WithLocation(1).WithArguments("blocking on it can deadlock and holds a thread while the server answers"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = "class A { async Task M(IMcpClient c) { _ = c.[|DisposeAsync|](); await c.DisposeAsync(); } }",
    }.RunAsync(TestContext.Current.CancellationToken);
}
