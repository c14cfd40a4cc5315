#if CSHARP12
using System.Text.RegularExpressions;
using McpSessionAnalyzers.Disposal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Tests.Documentation;

/// <summary>
/// The code in the documents compiles, and gets exactly the reports that its comments say: <c>// MSA1001</c> on a line means
/// the opening in it, <c>// MSA1103: _mcp</c> what is named.
/// </summary>
public sealed partial class SampleCodeTests
{
    public static TheoryData<string, int> Samples
    {
        get
        {
            var samples = new TheoryData<string, int>();
            foreach (var file in RulePages.Rules.Select(rule => $"docs/rules/{rule.Key}.md").Append("README.md"))
            {
                for (var i = 0; i < Block().Count(RulePages.Read(file.Split('/'))); i++)
                {
                    samples.Add(file, i);
                }
            }

            return samples;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public Task A_sample_is_reported_where_it_says_so(string file, int number)
    {
        var code = Block().Matches(RulePages.Read(file.Split('/')))[number].Groups["code"].Value;

        return new Test { TestCode = Place().Replace(Mark().Replace(code, "{|${id}:${opening}|}${rest}"), "${before}{|${id}:${place}|}${rest}") }.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Every_page_shows_code_that_is_reported()
    {
        Assert.All(RulePages.Rules, rule => Assert.Contains(
            Mark().Matches(RulePages.Page(rule.Key)).Concat(Place().Matches(RulePages.Page(rule.Key))),
            mark => mark.Groups["id"].Value == rule.Key));
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<opening>\w+)(?<rest>\(transport\);|\(new HttpClientTransport.*;) // (?<id>MSA[12]\d{3})$|(?<==\s)(?<opening>[^=;]+)(?<rest>;) // (?<id>MSA3\d{3})$", RegexOptions.Multiline)]
    private static partial Regex Mark();

    /// <summary><c>// MSA1103: _mcp</c> means the first <c>_mcp</c> in the line.</summary>
    [GeneratedRegex(@"^(?<before>.*?)(?<place>\S.*?)(?<rest>\b.*) // (?<id>MSA\d{4}): \k<place>$", RegexOptions.Multiline)]
    private static partial Regex Place();

    /// <summary>All rules at once: a sample of one must not be a mistake in another's eyes.</summary>
    private sealed class Test : CSharpAnalyzerTest<SessionNeverDisposedAnalyzer, DefaultVerifier>
    {
        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => RulePages.Analyzers;

        protected override CompilationOptions CreateCompilationOptions() => RuleTest.CompilationOptions;

        protected override Task RunImplAsync(CancellationToken cancellationToken)
        {
            RuleTest.AddPrelude(TestState, ReferenceAssemblies);
            return base.RunImplAsync(cancellationToken);
        }
    }
}
#endif
