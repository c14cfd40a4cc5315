using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis.Testing;
using Members = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Tests.HarnessTests.PointsAtMembersAnalyzer>;
using TwoActions = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Tests.HarnessTests.BadNameAnalyzer, McpSessionAnalyzers.Tests.HarnessTests.TwoActionsFix>;
using TwoRules = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Tests.HarnessTests.TwoRulesAnalyzer>;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Tests.HarnessTests.BadNameAnalyzer>;
using VerifyFix = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Tests.HarnessTests.BadNameAnalyzer, McpSessionAnalyzers.Tests.HarnessTests.GoodNameFix>;

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>What a test can say, and passes.</summary>
public sealed class VerifierTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<Case> Cases => Case.For(
        new("silent", "class Fine { }"),
        new("C# 12", "class [|Bad|](int number) { int N => number; }", "class Good(int number) { int N => number; }") { CSharp = 12 },
        new("one", "class [|BadA|] { }", "class GoodA { }"),
        new("by id", "class {|TEST001:BadA|} { }", "class GoodA { }"),
        new("two", "class [|BadA|] { } class [|BadB|] { }", "class GoodA { } class GoodB { }"),
        new("nested", "class [|BadA|] { class [|BadB|] { } }", "class GoodA { class GoodB { } }"),
        new("with usings", "using System.Text;\n\nclass [|Bad|] { StringBuilder? b; }\n", "using System.Text;\n\nclass Good { StringBuilder? b; }\n"),
        new("top level", "await Task.Yield(); class [|BadA|] { }", "await Task.Yield(); class GoodA { }"),
        new("file-scoped namespace", "namespace N;\nclass [|BadA|] { }", "namespace N;\nclass GoodA { }"),
        new("array literal beside markup", "class [|Bad|] { int[] a = new[] { 1 }; object b(int[] a) => a[0]; }", "class Good { int[] a = new[] { 1 }; object b(int[] a) => a[0]; }"));

    [Theory, MemberData(nameof(Cases))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Cases))]
    public Task Fixes(Case test) => VerifyFix.VerifyCodeFixAsync(test);

    [Fact]
    public Task StatesArguments() => Verify.VerifyAnalyzerAsync("class {|#0:Bad|} { }", Verify.Diagnostic().WithLocation(0).WithArguments("Bad"));

    [Fact]
    public Task StatesLines() => Verify.VerifyAnalyzerAsync(
        "class BadA { }\nclass BadB { }",
        Verify.Diagnostic().WithLocation(1, 7).WithArguments("BadA"),
        Verify.Diagnostic("TEST001").WithSpan(2, 7, 2, 11).WithMessage("'BadB' is a bad name"));

    [Fact]
    public Task LooseExpectationLeavesTheRestToStricterOnes() => Verify.VerifyAnalyzerAsync(
        "class {|#0:BadA|} { }",
        Verify.Diagnostic().WithLocation(1, 7).WithMessage(null));

    [Fact]
    public Task StatesAdditionalLocations() => Members.VerifyAnalyzerAsync(
        "class {|#0:Bad|} { int {|#1:a|}, {|#2:b|}; }",
        Members.Diagnostic().WithLocation(0).WithLocation(1).WithLocation(2).WithArguments("Bad"));

    [Fact]
    public Task IgnoresAdditionalLocations() => Members.VerifyAnalyzerAsync(
        "class {|#0:Bad|} { int a, b; }",
        Members.Diagnostic().WithLocation(0).WithArguments("Bad").WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));

    [Fact]
    public Task OverlappingMarkup() => TwoRules.VerifyAnalyzerAsync("class {|TEST001:{|TEST002:BadAndVeryLong|}|} { }");

    [Fact]
    public Task ExpectsCompilerErrors() => Verify.VerifyAnalyzerAsync("class [|Bad|] : {|CS0246:Missing|} { }");

    [Fact]
    public Task ExpectsSuppressedDiagnostics() => Verify.VerifyAnalyzerAsync(
        "#pragma warning disable TEST001\nclass {|#0:Bad|} { }",
        Verify.Diagnostic().WithLocation(0).WithArguments("Bad").WithIsSuppressed(true));

    [Fact]
    public Task ReadsOptionsAndAdditionalFiles() => new AnalyzerVerifier<ConfiguredAnalyzer>.Test
    {
        TestState =
        {
            Sources = { "class [|Listed|] { } class Other { }", ("/off/Off.cs", "namespace Off { class Listed { } }") },
            AdditionalFiles = { ("/names.txt", "Listed\nMore") },
            AnalyzerConfigFiles = { ("/0/.editorconfig", "[*.cs]\ntest.enabled = true"), ("/off/.editorconfig", "[*.cs]\ntest.enabled = false") },
        },
    }.RunAsync(Token);

    [Fact]
    public Task FixesEveryProject() => new VerifyFix.Test
    {
        TestState =
        {
            Sources = { "class [|BadUser|] { GoodOrBad? u; }" },
            AdditionalProjects = { ["Lib"] = { Sources = { "public class GoodOrBad { } class [|BadLib|] { }" } } },
            AdditionalProjectReferences = { "Lib" },
        },
        FixedState =
        {
            Sources = { "class GoodUser { GoodOrBad? u; }" },
            AdditionalProjects = { ["Lib"] = { Sources = { "public class GoodOrBad { } class GoodLib { }" } } },
        },
        Prelude = false,
    }.RunAsync(Token);

    [Fact]
    public Task FixesOne() => new VerifyFix.Test
    {
        TestCode = "class [|BadA|] { } class [|BadB|] { }",
        FixedCode = "class GoodA { } class [|BadB|] { }",
        BatchFixedCode = "class GoodA { } class GoodB { }",
        CodeFixTestBehaviors = CodeFixTestBehaviors.FixOne | CodeFixTestBehaviors.SkipFixAllCheck,
    }.RunAsync(Token);

    [Theory]
    [InlineData(null, null, "Good")]
    [InlineData(1, null, "Fine")]
    [InlineData(null, "Fine", "Fine")]
    [InlineData(1, "Fine", "Fine")]
    public Task ChoosesTheAction(int? index, string? key, string name) => new TwoActions.Test
    {
        TestCode = "class [|Bad|] { }",
        FixedCode = $"class {name} {{ }}",
        CodeActionIndex = index,
        CodeActionEquivalenceKey = key,
        CodeActionVerifier = (action, verifier) => verifier.Equal($"Name it {name}", action.Title),

        // The fake's Fix All only knows one of its actions.
        CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
    }.RunAsync(Token);

    [Fact]
    public void ReadsMarkup()
    {
        TestFileMarkupParser.GetPositionsAndSpans("a[|b{|#0:c|]d$$|#0}e {|X1:f|}", out var text, out var positions, out var spans);

        Assert.Equal("abcde f", text);
        Assert.Equal([4], positions);
        Assert.Equal("bc", text.Substring(spans[""].Single().Start, spans[""].Single().Length));
        Assert.Equal("cd", text.Substring(spans["#0"].Single().Start, spans["#0"].Single().Length));
        Assert.Equal("f", text.Substring(spans["X1"].Single().Start, spans["X1"].Single().Length));
    }

    [Fact]
    public void ABracketBeforeAnEndMarkerIsCode()
    {
        TestFileMarkupParser.GetSpans("int[|[|]", out var text, out var spans);

        Assert.Equal("int[", text);
        Assert.Equal(new Microsoft.CodeAnalysis.Text.TextSpan(3, 1), spans.Single());
    }

    [Theory]
    [InlineData("Default", "class C { Task<McpClient> M(IClientTransport t) => McpClient.CreateAsync(t); McpSessions.SharedMcpSession? s; }")]
    [InlineData("Mcp2", "class C { Task<McpClient> M(IClientTransport t) => McpClient.CreateAsync(t); {|CS0246:McpSessions|}.SharedMcpSession? s; }")]
    [InlineData("Mcp1", "class C { Task<McpClient> M(IClientTransport t) => McpClient.CreateAsync(t); }")]
    [InlineData("Mcp0", "class C { Task<IMcpClient> M(IClientTransport t) => McpClientFactory.CreateAsync(t); }")]
    [InlineData("NoMcp", "class C { void M(IChatClient c, WebApplication a) => a.MapGet(\"/\", () => c); {|CS0246:IClientTransport|}? t; }")]
    [InlineData("TwoCopies", "extern alias other; class C { Task<other::ModelContextProtocol.Client.McpClient> M(other::ModelContextProtocol.Client.IClientTransport t) => other::ModelContextProtocol.Client.McpClient.CreateAsync(t); Task<McpClient> N(IClientTransport t) => McpClient.CreateAsync(t); }")]
    public Task CompilesAgainst(string references, string code) => new Verify.Test
    {
        TestCode = code,
        ReferenceAssemblies = References.Named(references),
    }.RunAsync(Token);
}
