using System.Text;
using McpSessionAnalyzers.Disposal;
using McpSessionAnalyzers.Harness;
using McpSessionAnalyzers.Lifetime;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Disposal.SessionNeverDisposedAnalyzer>;

namespace McpSessionAnalyzers.Tests.Sessions;

/// <summary>Code that no one should write, and that must neither crash nor hang an IDE.</summary>
public sealed class RobustnessTests
{
    [Fact]
    public Task AChainOfFiftyHelpersIsSilence()
    {
        var code = new StringBuilder("class A { public async Task M(IClientTransport t) { var c = await H0(t); await c.PingAsync(); }\n");
        for (var i = 0; i < 50; i++)
        {
            code.AppendLine($"static async Task<McpClient> H{i}(IClientTransport t) => await H{i + 1}(t);");
        }

        code.AppendLine("static Task<McpClient> H50(IClientTransport t) => McpClient.CreateAsync(t); }");
        return Verify.VerifyAnalyzerAsync(code.ToString());
    }

    [Fact]
    public Task AChainOfFiveHelpersIsFollowed() => Verify.VerifyAnalyzerAsync(
        """
        class A
        {
            public async Task M(IClientTransport t) { var c = await [|H0|](t); await c.PingAsync(); }
            static async Task<McpClient> H0(IClientTransport t) => await H1(t);
            static Task<McpClient> H1(IClientTransport t) => H2(t);
            static async ValueTask<McpClient> H2v(IClientTransport t) { var c = await H3(t); return c; }
            static Task<McpClient> H2(IClientTransport t) => H2v(t).AsTask();
            static async Task<McpClient> H3(IClientTransport t) { try { return await H4(t); } catch (IOException) { throw; } }
            static Task<McpClient> H4(IClientTransport t) => McpClient.CreateAsync(t);
        }
        """);

    [Fact]
    public Task MutualRecursionIsSilence() => Verify.VerifyAnalyzerAsync(
        """
        class A
        {
            public async Task M(IClientTransport t) { var c = await Even(t, 4); await c.PingAsync(); }
            static async Task<McpClient> Even(IClientTransport t, int n) => n == 0 ? await McpClient.CreateAsync(t) : await Odd(t, n - 1);
            static async Task<McpClient> Odd(IClientTransport t, int n) => await Even(t, n - 1);
        }
        """);

    [Fact]
    public Task ARetryThatCallsItselfIsFollowed() => Verify.VerifyAnalyzerAsync(
        """
        class A
        {
            public async Task M(IClientTransport t) { var c = await [|OpenAsync|](t, 3); await c.PingAsync(); }
            static async Task<McpClient> OpenAsync(IClientTransport t, int left)
            {
                try { return await McpClient.CreateAsync(t); } catch (IOException) when (left > 0) { }
                return await OpenAsync(t, left - 1);
            }
        }
        """);

    [Fact]
    public Task AMethodOfTenThousandLines()
    {
        var code = new StringBuilder("class A { public async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); var n = 0;\n");
        for (var i = 0; i < 10_000; i++)
        {
            code.AppendLine(i % 100 == 0 ? "await c.PingAsync();" : $"n += {i};");
        }

        code.AppendLine("await c.DisposeAsync(); Console.WriteLine(n); } }");
        return new Verify.Test { TestCode = code.ToString() }.RunAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("class A : B { } class B : A { async Task M(IClientTransport t) { A a = null!; await McpClient.CreateAsync(t); } }")]
    [InlineData("class A { async Task M<T, U>(T t, U u) where T : U where U : T { var x = t.CreateAsync(u); var c = await McpClient.CreateAsync(t as IClientTransport); } }")]
    [InlineData("class A { McpClient McpClient => McpClient; async Task M() { var c = await McpClient.CreateAsync( } }")]
    [InlineData("class A { async Task M(IClientTransport t) { var (c, ) = (await McpClient.CreateAsync(t), ); using } }")]
    [InlineData("record R(R Inner, McpClient C) : R(Inner, C); class A { R M(McpClient c) => new(M(c), c) { Inner = M(c) }; }")]
    [InlineData("class A { Task<McpClient> P => P; Task<McpClient> Q { get { return Q; } } async Task M() { await P; var c = await Q; } }")]
    public Task BrokenCodeCrashesNothing(string code) => Fuzz.TruncateAsync(
        "using ModelContextProtocol.Client; using System.Threading.Tasks;\n" + code,
        new SessionNeverDisposedAnalyzer(),
        new SessionOpenedPerCallAnalyzer());
}
