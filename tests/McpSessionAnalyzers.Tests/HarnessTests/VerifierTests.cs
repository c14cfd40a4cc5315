using McpSessionAnalyzers.Harness;
using VerifyFix = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Tests.HarnessTests.BadNameAnalyzer, McpSessionAnalyzers.Tests.HarnessTests.GoodNameFix>;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Tests.HarnessTests.BadNameAnalyzer>;

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>What the verifier accepts.</summary>
public sealed class VerifierTests
{
    public static TheoryData<Case> Cases => Case.For(
        new("silent", "class Fine;") { CSharp = 12 },
        new("one", "class [|BadA|] { }", "class GoodA { }"),
        new("by id", "class {|TEST001:BadA|} { }", "class GoodA { }"),
        new("two", "class [|BadA|] { } class [|BadB|] { }", "class GoodA { } class GoodB { }"),
        new("top level", "await Task.Delay(1); class [|BadA|] { }", "await Task.Delay(1); class GoodA { }"));

    [Theory, MemberData(nameof(Cases))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Cases))]
    public Task Fixes(Case test) => VerifyFix.VerifyCodeFixAsync(test);

    [Fact]
    public Task StatesArguments() => Verify.VerifyAnalyzerAsync("class {|#0:BadA|} { }", Verify.Diagnostic().WithLocation(0).WithArguments("BadA"));

    [Theory]
    [InlineData("Default", "class C { Task<McpClient> M(IClientTransport t) => McpClient.CreateAsync(t); }")]
    [InlineData("Mcp2", "class C { Task<McpClient> M(IClientTransport t) => McpClient.CreateAsync(t); }")]
    [InlineData("Mcp1", "class C { Task<McpClient> M(IClientTransport t) => McpClient.CreateAsync(t); }")]
    [InlineData("Mcp0", "class C { Task<IMcpClient> M(IClientTransport t) => McpClientFactory.CreateAsync(t); }")]
    [InlineData("NoMcp", "class C { void M(IChatClient c, WebApplication a) => a.MapGet(\"/\", () => c); }")]
    [InlineData("TwoCopies", "extern alias other; class C { Task<other::ModelContextProtocol.Client.McpClient> M(other::ModelContextProtocol.Client.IClientTransport t) => other::ModelContextProtocol.Client.McpClient.CreateAsync(t); Task<McpClient> N(IClientTransport t) => McpClient.CreateAsync(t); }")]
    public Task CompilesAgainst(string references, string code) => new Verify.Test
    {
        TestCode = code,
        ReferenceAssemblies = (Microsoft.CodeAnalysis.Testing.ReferenceAssemblies)typeof(References).GetProperty(references)!.GetValue(null)!,
    }.RunAsync(TestContext.Current.CancellationToken);
}
