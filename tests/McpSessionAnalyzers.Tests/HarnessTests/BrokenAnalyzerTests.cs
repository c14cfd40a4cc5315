using System.Collections.Immutable;
using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>Analyzers that users would suffer from don't pass, even where they report what is expected.</summary>
public sealed class BrokenAnalyzerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public Task Throws() => Failure.SaysAsync(() => AnalyzerVerifier<ThrowingAnalyzer>.VerifyAnalyzerAsync("class C { }"), "AD0001", "thrown by the analyzer");

    [Fact]
    public Task ThrowsWhateverIsDisabled() => Failure.SaysAsync(
        () => new AnalyzerVerifier<ThrowingAnalyzer>.Test { TestCode = "class C { }", DisabledDiagnostics = { "AD0001" } }.RunAsync(Token),
        "AD0001");

    [Fact]
    public Task ThrowsWhereCompilerErrorsAreIgnored() => Failure.SaysAsync(
        () => new AnalyzerVerifier<ThrowingAnalyzer>.Test { TestCode = "class C : Missing { }", CompilerDiagnostics = Microsoft.CodeAnalysis.Testing.CompilerDiagnostics.None }.RunAsync(Token),
        "AD0001");

    [Fact]
    public Task ThrowsOnHalfTypedCode() => Failure.SaysAsync(
        () => Fuzz.TruncateAsync("class C { int Needed; }", new ThrowsOnHalfTypedCodeAnalyzer()),
        "An analyzer threw", "Sequence contains no elements");

    [Fact]
    public Task KeepsACancellation() => Failure.SaysAsync(
        () => Cancellation.VerifyAsync(Code.Project(References.Default, "class C { }"), [new KeepsCancellationAnalyzer()], Token),
        "An analyzer threw", "OperationCanceledException");

    [Fact]
    public Task SwallowsACancellation() => Failure.SaysAsync(
        () => Cancellation.VerifyAsync(Code.Project(References.Default, "class Bad { }"), [new SwallowsCancellationAnalyzer()], Token),
        "After a cancellation at step");

    [Fact]
    public async Task CostsWithoutBeingNeeded()
    {
        var cost = await AnalyzerCost.OfAsync(new BadNameAnalyzer(), References.NoMcp, "class C { }", Token);
        await Failure.SaysAsync(() => Run(() => AnalyzerCost.VerifyStartsOnly(new BadNameAnalyzer(), cost)), "registers actions beyond compilation start: 1 SymbolActions");
    }

    [Fact]
    public async Task IsNotLive()
    {
        var cost = await AnalyzerCost.OfAsync(new CostlyAnalyzer(), References.NoMcp, "class C { }", Token);
        await Failure.SaysAsync(() => Run(() => AnalyzerCost.VerifyLive(new CostlyAnalyzer(), cost)), "does not enable concurrent execution");
    }

#if THOROUGH
    [Fact]
    public Task SpeaksInGeneratedCode() => Failure.SaysAsync(
        () => AnalyzerVerifier<SpeaksInGeneratedCodeAnalyzer>.VerifyAnalyzerAsync("class [|Bad|] { }"),
        "Diagnostics in generated code");

    [Fact]
    public Task CountsLineEndings() => Failure.SaysAsync(
        () => AnalyzerVerifier<CountsLineEndingsAnalyzer>.VerifyAnalyzerAsync("\nclass [|Bad|] { }\n"),
        "over CRLF line endings", "'with returns' is a bad name");

    [Fact]
    public Task ThrowsOnHalfTypedCodeInAnyCase() => Failure.SaysAsync(
        () => AnalyzerVerifier<ThrowsOnHalfTypedCodeAnalyzer>.VerifyAnalyzerAsync("class C { int a; int b; int c; int Needed; }"),
        "An analyzer threw");
#endif

    [Fact]
    public async Task GoodOnesPass()
    {
        var analyzers = ImmutableArray.Create<DiagnosticAnalyzer>(new BadNameAnalyzer());
        var project = Code.Project(References.Default, "class [|Bad|] { int Field; void M() { M(); } }");
        await Cancellation.VerifyAsync(project, analyzers, Token);
        await Fuzz.SampleAsync(project, analyzers, 3, Token);
        await Fuzz.TruncateAsync("class [|Bad|] { }", new BadNameAnalyzer());
        AnalyzerCost.VerifyLive(new BadNameAnalyzer(), await AnalyzerCost.OfAsync(new BadNameAnalyzer(), References.Default, "class C { }", Token));
    }

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
