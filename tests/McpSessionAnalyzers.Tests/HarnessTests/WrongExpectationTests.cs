using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Members = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Tests.HarnessTests.PointsAtMembersAnalyzer>;
using TwoRules = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Tests.HarnessTests.TwoRulesAnalyzer>;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Tests.HarnessTests.BadNameAnalyzer>;

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>A wrong expectation fails, and the failure names the difference.</summary>
public sealed class WrongExpectationTests
{
    public static TheoryData<Case> Markup => Case.For(
        new("not reported", "class [|Fine|] { }", "Expected, not reported"),
        new("reported", "class Bad { }", "Reported, not expected"),
        new("one of two", "class [|BadA|] { } class BadB { }", "expected \"1\" actual \"2\""),
        new("starts elsewhere", "class[| Bad|] { }", "to start at line 1, column 6 was actually at line 1, column 7"),
        new("ends elsewhere", "class [|Bad |]{ }", "to end at line 1, column 11 was actually at line 1, column 10"),
        new("in another line", "\nclass Bad { }\nclass [|Fine|] { }", "to start at line 3, column 7 was actually at line 2, column 7"),
        new("other id", "class {|TEST009:Bad|} { }", "TEST009"),
        new("code that doesn't compile", "class C : Missing { }", "CS0246"),
        new("error that isn't one", "class {|CS0246:C|} { }", "CS0246"),
        new("open marker", "class [|Bad { }", "/0/Test0.cs: The input contained an unmatched '[|' marker"),
        new("close marker", "class Bad|] { }", "unmatched '|]' marker"),
        new("open named marker", "class {|TEST001:Bad { }", "unmatched '{|TEST001:' marker"),
        new("close named marker", "class Bad|} { }", "unmatched '|}' marker"),
        new("crossed markers", "class {|TEST001:Bad|] { }", "unmatched '|]' marker"),
        new("key twice", "class {|#0:A|} { } class {|#0:B|} { }", "more than one '{|#0:' marker"));

    [Theory, MemberData(nameof(Markup))]
    public Task Fails(Case test) => Failure.SaysAsync(() => Verify.VerifyAnalyzerAsync(test), test.FixedCode!);

    [Fact]
    public Task OtherMessage() => Failure.SaysAsync(
        () => Verify.VerifyAnalyzerAsync("class {|#0:Bad|} { }", Verify.Diagnostic().WithLocation(0).WithArguments("Other")),
        "Expected diagnostic message to be \"'Other' is a bad name\" was \"'Bad' is a bad name\"");

    [Fact]
    public Task ForgottenArguments() => Failure.SaysAsync(
        () => Verify.VerifyAnalyzerAsync("class {|#0:Bad|} { }", Verify.Diagnostic().WithLocation(0)),
        "Expected diagnostic message to be \"'{0}' is a bad name\"");

    [Fact]
    public Task OtherSeverity() => Failure.SaysAsync(
        () => Verify.VerifyAnalyzerAsync("class {|#0:Bad|} { }", Verify.Diagnostic().WithLocation(0).WithArguments("Bad").WithSeverity(DiagnosticSeverity.Error)),
        "Expected diagnostic severity to be \"Error\" was \"Warning\"");

    [Fact]
    public Task KeyThatIsNotThere() => Failure.SaysAsync(
        () => Verify.VerifyAnalyzerAsync("class [|Bad|] { }", Verify.Diagnostic().WithLocation(7)),
        "The markup location '#7' was not found in the input");

    [Theory]
    [InlineData("class {|#0:Bad|} { int {|#1:a|}, b; }", "Expected 1 additional locations but got 2")]
    [InlineData("class {|#0:Bad|} { int a, {|#1:b|}; }", "Expected 1 additional locations but got 2")]
    [InlineData("class {|#0:Bad|} { int a; {|#1:int|} c() => 1; int b => 2; }", "Expected 1 additional locations but got")]
    public Task AdditionalLocations(string source, string problem) => Failure.SaysAsync(
        () => Members.VerifyAnalyzerAsync(source, Members.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("Bad")),
        problem);

    [Fact]
    public Task AdditionalLocationsInOtherOrder() => Failure.SaysAsync(
        () => Members.VerifyAnalyzerAsync("class {|#0:Bad|} { int {|#1:a|}, {|#2:b|}; }", Members.Diagnostic().WithLocation(0).WithLocation(2).WithLocation(1).WithArguments("Bad")),
        "to start at line 1, column 20 was actually at line 1, column 17");

    [Fact]
    public Task UnnamedMarkupForOneOfTwoRules() => Failure.SaysAsync(
        () => TwoRules.VerifyAnalyzerAsync("class [|Bad|] { }"),
        "markup syntax can only omit the diagnostic ID if the first analyzer only supports a single diagnostic");

    [Fact]
    public void DiagnosticOfOneOfTwoRules() => Assert.Throws<InvalidOperationException>(() => TwoRules.Diagnostic());

    [Fact]
    public Task TheFailureCanBePastedIntoTheTest() => Failure.SaysAsync(
        () => Verify.VerifyAnalyzerAsync("\nclass Bad { }"),
        "Verify.Diagnostic().WithSpan(2, 7, 2, 10)",
        "//     class Bad { }\n//           ~~~");

    [Fact]
    public Task NothingToAnalyze() => Failure.SaysAsync(() => new Verify.Test().RunAsync(TestContext.Current.CancellationToken), "TestState.Sources");
}
