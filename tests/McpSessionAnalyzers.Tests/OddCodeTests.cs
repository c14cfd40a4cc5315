using System.Text;
using McpSessionAnalyzers.Harness;

namespace McpSessionAnalyzers.Tests;

/// <summary>Code that no one should write: no analyzer of the package may crash over it, or hang. What they report of it doesn't matter.</summary>
public sealed class OddCodeTests
{
    public static TheoryData<Case> Odd => Case.For(
        new("types that inherit in a circle", """
            class A : B { McpClient _c; async Task AskAsync(string question, IClientTransport t) { A a = null; await using var c = await McpClient.CreateAsync(t); _c = c; } }
            class B : C { public McpClient Client => Client; }
            class C : A, IAsyncDisposable { public ValueTask DisposeAsync() => Client.DisposeAsync(); }
            interface I : J { Task<McpClient> OpenAsync(); }
            interface J : I { }
            class K : I, J { public Task<McpClient> OpenAsync() => ((I)this).OpenAsync(); }
            """),
        new("constraints in a circle", """
            class A<T, U> where T : U where U : T { async Task AskAsync(string question, T t, U u) { var c = await McpClient.CreateAsync(t as IClientTransport); u = (U)(object)c; } }
            """),
        new("generics that expand for ever", """
            class Deep<T> { Deep<Deep<T>> _next; McpClient _c; async Task<Deep<Deep<T>>> OpenAsync(IClientTransport t) { _c = await McpClient.CreateAsync(t); return await new Deep<Deep<T>>().OpenAsync<Deep<T>>(t); }
                async Task<Deep<Deep<Deep<T>>>> OpenAsync<X>(IClientTransport t) { var n = await new Deep<X>().OpenAsync(t); return null; } }
            class Base<T> : IEnumerable<Base<Base<T>>> where T : Base<Base<T>> { public McpClient Client; public IEnumerator<Base<Base<T>>> GetEnumerator() => null; IEnumerator System.Collections.IEnumerable.GetEnumerator() => null; }
            """),
        new("functions that call each other", """
            class A
            {
                async Task AskAsync(string question, IClientTransport t) { var c = await EvenAsync(t, 4); async Task<McpClient> Local(int n) => n == 0 ? await OddAsync(t, n) : await Local(n - 1); await Local(3); }
                Task<McpClient> EvenAsync(IClientTransport t, int n) => n == 0 ? McpClient.CreateAsync(t) : OddAsync(t, n - 1);
                Task<McpClient> OddAsync(IClientTransport t, int n) => n == 0 ? Pending : EvenAsync(t, n - 1);
                Task<McpClient> Pending => Pending2;
                Task<McpClient> Pending2 { get { return Pending; } }
                ValueTask CloseAsync(McpClient c) => EndAsync(c);
                ValueTask EndAsync(McpClient c) => CloseAsync(c);
            }
            """),
        new("members that are there twice, and a type that is", """
            class A { McpClient _c; McpClient _c; async Task AskAsync(string question, IClientTransport t) { _c = await McpClient.CreateAsync(t); } async Task AskAsync(string question, IClientTransport t) { _c = await McpClient.CreateAsync(t); } ValueTask DisposeAsync() => _c.DisposeAsync(); ValueTask DisposeAsync() => default; }
            class A { McpClient _d; A() : this() { } A() : this() { _d = _c; } }
            namespace ModelContextProtocol.Client { public class McpClient { public static Task<McpClient> CreateAsync(IClientTransport t) => null; public ValueTask DisposeAsync() => default; } }
            """),
        new("half-typed members", """
            class A(IClientTransport t,  { McpClient McpClient => McpClient; McpClient _c = await McpClient.CreateAsync(t); async Task AskAsync(string question, ) { var (c, ) = (await McpClient.CreateAsync(t), ); await using var = ; foreach (var x in await c.ListToolsAsync( yield return x; } public async ValueTask
            """),
        new("attributes, directives and code that never compiles", """
            [Obsolete(await McpClient.CreateAsync(null))] partial class A { partial Task<McpClient> OpenAsync(); partial void M(McpClient c); async partial Task<McpClient> OpenAsync() => await OpenAsync(); }
            #if NEVER
            class B { async Task M() { var c = await McpClient.CreateAsync( } }
            #endif
            enum E { X = (int)McpClient.CreateAsync(null) } delegate Task<McpClient> D(D d); record R(R Inner, McpClient C) : R(Inner, C);
            """));

    [Theory, MemberData(nameof(Odd))]
    public Task Survives(Case row) => RunAsync(row.Code);

    /// <summary>Whose parts disagree on the base, the constructor and the members, and of which one is half-typed and one is not C# at all.</summary>
    [Fact]
    public Task SurvivesATypeSpreadOverSeveralFiles() => RunAsync(
        "partial class A(IClientTransport t) : B { McpClient _c; partial Task<McpClient> OpenAsync(); partial class Inner { McpClient _d; McpClient Next { get; set; } } }",
        "partial class A(IClientTransport u) : C, IAsyncDisposable { public async Task AskAsync(string question) { _c = await OpenAsync(); await new Inner().UseAsync(this); await using var mine = _c; } }",
        "partial class A { partial Task<McpClient> OpenAsync() => McpClient.CreateAsync(t); public ValueTask DisposeAsync() => _c.DisposeAsync(); }",
        "partial class A { partial Task<McpClient> OpenAsync() => McpClient.CreateAsync(u); McpClient _c = McpClient.CreateAsync(_t).Result; A(IClientTransport v) : this(v) { } }",
        "partial class A { partial class Inner : A { public async Task UseAsync(A a) { _d = a._c; _d = await OpenAsync(); await a._c.DisposeAsync(); foreach (var x in new[] { a }) { Next = await x.OpenAsync(); } } public async ValueTask",
        "partial struct A<T> { McpClient _c; } partial record A { McpClient Client => _c; } partial interface A { Task<McpClient> OpenAsync(); }",
        "class B : A { protected override ValueTask DisposeAsync() => base.DisposeAsync(); } partial class C { } partial class C : B { partial void Missing(McpClient c); void M() => Missing(_c); }",
        "{ not: \"C#\", partial: [class, A, {");

    [Fact]
    public Task SurvivesAMethodOfTenThousandLines()
    {
        var code = new StringBuilder("class A { IClientTransport _t; McpClient _c; public async Task AskAsync(string question) { var n = 0;\n");
        for (var i = 0; i < 10_000; i++)
        {
            code.AppendLine((i % 200) switch
            {
                0 => $"await using var c{i} = await McpClient.CreateAsync(_t);",
                50 => $"if (n > {i}) {{ _c = await McpClient.CreateAsync(_t); }}",
                100 => $"Func<Task<McpClient>> open{i} = () => McpClient.CreateAsync(_t); var d{i} = await open{i}(); try {{ await d{i}.PingAsync(); }} finally {{ await d{i}.DisposeAsync(); }}",
                _ => $"n += {i};",
            });
        }

        return RunAsync(code.Append("} }").ToString());
    }

    [Fact]
    public Task SurvivesAChainOfFiftyHelpers()
    {
        var code = new StringBuilder("class A { async Task AskAsync(string question, IClientTransport t) { var c = await H0(t); await D0(c); }\n");
        for (var i = 0; i < 50; i++)
        {
            code.AppendLine($"async Task<McpClient> H{i}(IClientTransport t) => await H{i + 1}(t); async Task D{i}(McpClient c) => await D{i + 1}(c);");
        }

        return RunAsync(code.Append("Task<McpClient> H50(IClientTransport t) => McpClient.CreateAsync(t); async Task D50(McpClient c) => await c.DisposeAsync(); }").ToString());
    }

    private static Task RunAsync(params string[] files)
    {
        var token = TestContext.Current.CancellationToken;
        const string Usings = "global using System; global using System.Collections.Generic; global using System.Threading; global using System.Threading.Tasks; global using ModelContextProtocol.Client;";
        return RuleTest.WithHangLimit(() => Analysis.RunAsync(Code.Project(References.Default, [.. files, Usings]), EveryAnalyzerTests.Analyzers, concurrent: true, token), token);
    }
}
