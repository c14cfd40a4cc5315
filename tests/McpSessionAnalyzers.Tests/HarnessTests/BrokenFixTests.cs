using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>Fixes that would break a user's code, or leave it half done, don't pass.</summary>
public sealed class BrokenFixTests
{
    private const string Before = "class [|BadA|] { }\nclass [|BadB|] { }\n";
    private const string After = "class GoodA { }\nclass GoodB { }\n";

    [Fact]
    public Task OtherText() => Failure.SaysAsync(
        () => Verify<GoodNameFix>(Before, "class GoodA { }\nclass Good { }\n"),
        "Iterative code fix application", "content of '/0/Test0.cs' did not match", "-class Good { }", "+class GoodB { }");

    [Fact]
    public Task OtherLineEnding() => Failure.SaysAsync(
        () => Verify<GoodNameFix>(Before, "class GoodA { }\r\nclass GoodB { }\n"),
        "-class GoodA { }<CR>");

    [Fact]
    public Task BreaksCompilation() => Failure.SaysAsync(
        () => new CodeFixVerifier<BadNameAnalyzer, BreaksCompilationFix>.Test
        {
            TestCode = "class [|Bad|] { }",
            FixedCode = "class Good : Missing { }",
            CodeActionValidationMode = CodeActionValidationMode.None,
        }.RunAsync(TestContext.Current.CancellationToken),
        "Diagnostics of fixed state", "CS0246");

    [Fact]
    public Task LeavesItsDiagnostic() => Failure.SaysAsync(
        () => Verify<NeverEndsFix>("class [|Bad|] { }", "class Bader { }"),
        "Expected '1' iterations, but a fix is still offered after them");

    [Fact]
    public Task LeavesItsDiagnosticAsExpected() => Failure.SaysAsync(
        () => Verify<NeverEndsFix>("class [|Bad|] { }", "class [|Bader|] { }"),
        "Expected '1' iterations, but a fix is still offered after them");

    [Fact]
    public Task ChangesNothing() => Failure.SaysAsync(
        () => Verify<ChangesNothingFix>("class [|Bad|] { }", "class Good { }"),
        "content of '/0/Test0.cs' did not match");

    [Fact]
    public Task ChangesNothingAsExpected() => Failure.SaysAsync(
        () => Verify<ChangesNothingFix>("class [|Bad|] { }", "class [|Bad|] { }"),
        "Expected '0' iterations but found '1' iterations. A fix is offered where none may be");

    [Fact]
    public Task IsOfferedWhereNoneMayBe() => Failure.SaysAsync(
        () => Verify<GoodNameFix>(Before, Before),
        "A fix is offered where none may be: 'Name it well'");

    [Fact]
    public Task IsNotOffered() => Failure.SaysAsync(
        () => new CodeFixVerifier<BadNameAnalyzer, GoodNameFix>.Test { TestCode = Before, FixedCode = After, CodeActionEquivalenceKey = "other" }.RunAsync(TestContext.Current.CancellationToken),
        "did not match");

    [Fact]
    public Task NeedsMoreSteps() => Failure.SaysAsync(
        () => new CodeFixVerifier<BadNameAnalyzer, GoodNameFix>.Test { TestCode = Before, FixedCode = After, NumberOfIncrementalIterations = 1 }.RunAsync(TestContext.Current.CancellationToken),
        "Expected '1' iterations");

    [Fact]
    public Task NeedsFewerSteps() => Failure.SaysAsync(
        () => new CodeFixVerifier<BadNameAnalyzer, GoodNameFix>.Test { TestCode = Before, FixedCode = After, NumberOfIncrementalIterations = 3 }.RunAsync(TestContext.Current.CancellationToken),
        "Expected '3' iterations but found '2' iterations");

    [Fact]
    public Task FixAllForgets() => Failure.SaysAsync(() => Verify<ForgetsInFixAllFix>(Before, After), "Fix all in document");

    [Fact]
    public Task BuildsATreeThatItsTextIsNot() => Failure.SaysAsync(
        () => Verify<BuildsOtherTreeFix>("class [|Bad|] { }", "class Good : object { }"),
        "is not the tree that its text parses to");

    [Fact]
    public Task HasNoFixAll() => Failure.SaysAsync(() => Verify<NoFixAllFix>(Before, After), "NoFixAllFix has no Fix All");

    [Fact]
    public Task UsesTheBatchFixer() => Failure.SaysAsync(() => Verify<BatchFix>(Before, After), "BatchFix uses the BatchFixer");

    [Fact]
    public Task IsNotExported() => Failure.SaysAsync(() => Verify<NotExportedFix>(Before, After), "NotExportedFix isn't exported");

    [Fact]
    public Task HasNoKey() => Failure.SaysAsync(() => Verify<NoKeyFix>(Before, After), "has no equivalence key");

    [Fact]
    public Task KeyAndIndexDisagree() => Failure.SaysAsync(
        () => new CodeFixVerifier<BadNameAnalyzer, TwoActionsFix>.Test { TestCode = "class [|Bad|] { }", FixedCode = "class Fine { }", CodeActionIndex = 0, CodeActionEquivalenceKey = "Fine" }.RunAsync(TestContext.Current.CancellationToken),
        "must be consistent");

#if THOROUGH
    [Fact]
    public Task FixAllForgetsFiles() => Failure.SaysAsync(
        () => Verify<ForgetsFilesInFixAllFix>(Before, After),
        "not in three files at once", "Fix all in project");

    [Fact]
    public Task OnlyRemarks() => Failure.SaysAsync(
        () => Verify<OnlyRemarksFix>("class [|Bad|] { }\n", "class [|Bad|] { }/* bad */\n"),
        "not where the fix meets what it left", "A fix is offered where none may be");

    [Fact]
    public Task WritesItsOwnLineEndings() => Failure.SaysAsync(
        () => Verify<WritesUnixLinesFix>("class [|Bad|] { }\n", "// renamed\nclass Good { }\n"),
        "with CRLF line endings", "// renamed<CR>");

    [Fact]
    public Task IgnoresIndentation() => Failure.SaysAsync(
        () => Verify<IgnoresIndentationFix>("class [|Bad|]\n{\n}\n", "class Good\n{\n}\n"),
        "in a block namespace", "-    class Good<CR>", "+class Good<CR>");
#endif

    private static Task Verify<TFix>(string before, string after)
        where TFix : CodeFixProvider, new() => CodeFixVerifier<BadNameAnalyzer, TFix>.VerifyCodeFixAsync(before, after);
}
