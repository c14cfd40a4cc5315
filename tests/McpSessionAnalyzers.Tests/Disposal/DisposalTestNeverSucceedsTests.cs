using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Disposal.DisposalTestNeverSucceedsAnalyzer>;

namespace McpSessionAnalyzers.Tests.Disposal;

public sealed class DisposalTestNeverSucceedsTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("both, in one switch on an object's session", "class A { async Task M(McpClient c) { switch ((object)c) { case string: break; } await (c switch { IAsyncDisposable a => a.DisposeAsync() }); switch (c) { case IDisposable d: d.Dispose(); break; } } }"),
        new("is IAsyncDisposable", "class A { async Task M(McpClient c) { if (c is IAsyncDisposable d) await d.DisposeAsync(); } }"),
        new("as IAsyncDisposable", "class A { async Task M(McpClient c) { await ((c as IAsyncDisposable)?.DisposeAsync() ?? default); } }"),
        new("OfType<IAsyncDisposable>", "class A { async Task M(List<McpClient> all) { foreach (var d in all.OfType<IAsyncDisposable>()) await d.DisposeAsync(); } }"),
        new("disposed directly", "class A { async Task M(McpClient c) { await c.DisposeAsync(); await using (c) { } } }"),
        new("both, asynchronously first", "class A { async Task M(McpClient c) { if (c is IAsyncDisposable a) await a.DisposeAsync(); else if (c is IDisposable d) d.Dispose(); } }"),
        new("both, one after the other", "class A { async Task M(McpClient c) { await c.DisposeAsync(); (c as IDisposable)?.Dispose(); } }"),
        new("both, in a switch", "class A { async Task M(McpClient c) { switch (c) { case IAsyncDisposable a: await a.DisposeAsync(); break; } if (c is IDisposable d) d.Dispose(); await c.DisposeAsync(); } }"),
        new("both, on a field", "class A { McpClient? _c; async Task M() { if (_c is IAsyncDisposable a) { await a.DisposeAsync(); } else { (_c as IDisposable)?.Dispose(); } } }"),
        new("both, conditional access", "class A { McpClient? _c; async Task M() { if (_c is IDisposable d) d.Dispose(); await (_c?.DisposeAsync() ?? default); } }"),
        new("both kinds in a sequence", "class A { async Task M(List<McpClient> all) { foreach (var a in all.OfType<IAsyncDisposable>()) await a.DisposeAsync(); foreach (var d in all.OfType<IDisposable>()) d.Dispose(); } }"),
        new("object", "class A { void M(object c) { if (c is IDisposable d) d.Dispose(); } }"),
        new("interface of one's own", "interface IMine { } class A { void M(IMine c) { if (c is IDisposable d) d.Dispose(); } }"),
        new("user's own disposable session", "class A { void M<T>(T c) where T : McpClient, IDisposable { if (c is IDisposable d) d.Dispose(); } }"),
        new("user's own owner", "class Owner : IDisposable { McpClient? _c; public void Dispose() { } } class A { void M(Owner o) { (o as IDisposable)?.Dispose(); } }"),
        new("class of the same name", "namespace Mine { class McpClient { } class A { void M(McpClient c) { if (c is IDisposable d) d.Dispose(); } } }"),
        new("shared session is both", "class A { void M(McpSessions.SharedMcpSession s) { (s as IDisposable)?.Dispose(); } }"),
        new("chat client", "class A { void M(IChatClient c) { (c as IDisposable)?.Dispose(); } }"),
        new("interface of a transport", "class A { void M(IClientTransport t) { if (t is IDisposable d) d.Dispose(); } }"),
        new("mixed sequence", "class A { void M(List<object> all) { foreach (var d in all.OfType<IDisposable>()) d.Dispose(); } }"),
        new("sequence of IAsyncDisposable", "class A { void M(List<IAsyncDisposable> all) { foreach (var d in all.OfType<IDisposable>()) d.Dispose(); } }"),
        new("test for something else", "class A { void M(McpClient c) { if (c is IEquatable<McpClient> e) Console.WriteLine(e); } }"),
        new("null test", "class A { void M(McpClient? c) { if (c is null || c is not { }) return; } }"),
        new("OfType of another library", "class Seq { public IEnumerable<T> OfType<T>() => []; } class A { void M(Seq s) { foreach (var d in s.OfType<IDisposable>()) d.Dispose(); } }") { CSharp = 12 },
        new("tool", "class A { void M(AITool t) { if (t is IDisposable d) d.Dispose(); } }"),
        new("server", "class A { void M(ModelContextProtocol.Server.McpServer s) { if (s is IDisposable d) d.Dispose(); } }"),
        new("half-typed", "class A { void M(McpClient c) { if (c is {|CS0246:IDispos|}) { } } }"));

    public static TheoryData<Case> Reported => Case.For(
        new("switch", "class A { Action? M(McpClient c) { switch (c) { case [|IDisposable d|]: d.Dispose(); break; } return c switch { [|IDisposable d|] => d.Dispose, _ => null }; } }"),
        new("is, with a local", "class A { void M(McpClient c) { if ([|c is IDisposable d|]) d.Dispose(); } }"),
        new("is, without", "class A { void M(McpClient c) { if ([|c is IDisposable|]) Console.WriteLine(); } }"),
        new("is not", "class A { void M(McpClient c) { if ([|c is not IDisposable d|]) return; d.Dispose(); } }"),
        new("recursive pattern", "class A { void M(McpClient c) { if ([|c is IDisposable { } d|]) d.Dispose(); } }"),
        new("after a null test", "class A { McpClient? _c; void M() { if (_c is not null && [|_c is IDisposable d|]) d.Dispose(); } }"),
        new("as", "class A { void M(McpClient c) { ([|c as IDisposable|])?.Dispose(); } }"),
        new("as, into a local", "class A { void M(McpClient c) { var d = [|c as IDisposable|]; d?.Dispose(); } }"),
        new("as, in a using", "class A { void M(McpClient c) { using ([|c as IDisposable|]) { } } }"),
        new("as, through object", "class A { void M(McpClient c) { ([|(object)c as IDisposable|])?.Dispose(); } }"),
        new("field in Dispose", "class A : IDisposable { McpClient? _c; public void Dispose() { if ([|_c is IDisposable d|]) { d.Dispose(); } } }"),
        new("property", "class A { McpClient? Client { get; set; } void Close() => ([|Client as IDisposable|])?.Dispose(); }"),
        new("in a foreach", "class A { void M(List<McpClient> all) { foreach (var c in all) { if ([|c is IDisposable d|]) d.Dispose(); } } }"),
        new("in a lambda", "class A { void M(List<McpClient> all) => all.ForEach(c => ([|c as IDisposable|])?.Dispose()); }"),
        new("OfType", "class A { void M(List<McpClient> all) { foreach (var d in all.[|OfType<IDisposable>|]()) d.Dispose(); } }"),
        new("OfType over values", "class A { readonly Dictionary<string, McpClient> _all = new(); void M() { foreach (var d in _all.Values.[|OfType<IDisposable>|]()) d.Dispose(); } }"),
        new("session transport", "class A { void M(ITransport t) { (([|t as IDisposable|]))?.Dispose(); } }"),
        new("type parameter", "class A { void M<T>(T c) where T : McpClient { if ([|c is IDisposable d|]) d.Dispose(); } }"),
        new("another session is disposed asynchronously", "class A { async Task M(McpClient a, McpClient b) { await a.DisposeAsync(); if ([|b is IDisposable d|]) d.Dispose(); } }"));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task SaysWhatToTestFor() => Verify.VerifyAnalyzerAsync(
        "class A { void M(McpClient c) { if ({|#0:c is IDisposable d|}) d.Dispose(); } }",
        Verify.Diagnostic().WithLocation(0).WithArguments("McpClient"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = "class A { void M(IMcpClient c) { if ([|c is IDisposable d|]) d.Dispose(); } async Task N(IMcpClient c) { if (c is IAsyncDisposable d) await d.DisposeAsync(); } }",
    }.RunAsync(TestContext.Current.CancellationToken);
}
