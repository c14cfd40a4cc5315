using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Tests;

/// <summary>
/// A case of a fix in another shape: what is right in one file must be right in a namespace, in a Windows file, and in three files at once; and what a fix left
/// standing it may not offer to fix again.
/// </summary>
internal sealed class CodeFixVariant
{
    private readonly SolutionState _original;
    private readonly SolutionState _test;
    private readonly SolutionState _fixed;
    private readonly SolutionState _batchFixed;
    private readonly Func<string, int, string> _change;

    private CodeFixVariant(string description, int copies, CodeFixTestBehaviors skip, Func<string, int, string> change, SolutionState original, SolutionState test, SolutionState @fixed, SolutionState batchFixed)
    {
        Description = description;
        Copies = copies;
        Skip = skip;
        _change = change;
        _original = original;
        _test = test;
        _fixed = @fixed;
        _batchFixed = batchFixed;
    }

    public string Description { get; }

    public int Copies { get; }

    public CodeFixTestBehaviors Skip { get; }

    /// <summary>The variants that a test allows: it has one file before and after, and a fix.</summary>
    public static IEnumerable<CodeFixVariant> Of<TVerifier>(CodeFixTest<TVerifier> test)
        where TVerifier : IVerifier, new()
    {
        var (before, after, batch) = (test.TestState, test.FixedState, test.BatchFixedState);
        if (test.CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne)
            || before.AdditionalProjects.Count > 0
            || after.Sources.Count == 0
            || before.Sources.Select(Text).SequenceEqual(after.Sources.Select(Text)))
        {
            yield break;
        }

        // A count of its own says that the test stops on purpose before the fix has had enough.
        if (test.NumberOfIncrementalIterations is null && (after.ExpectedDiagnostics.Count > 0 || after.Sources.Exists(source => Code.HasMarkup(Text(source)))))
        {
            yield return new("where the fix meets what it left", 1, CodeFixTestBehaviors.SkipFixAllCheck, (text, _) => text, before, after, after, after);
        }

        if (before.Sources.Count > 1 || after.Sources.Count > 1 || batch.Sources.Count > 1 || before.ExpectedDiagnostics.Concat(after.ExpectedDiagnostics).Any(StatesPlace))
        {
            yield break;
        }

        const CodeFixTestBehaviors Wide = CodeFixTestBehaviors.SkipFixAllInProjectCheck | CodeFixTestBehaviors.SkipFixAllInSolutionCheck;
        var texts = before.Sources.Concat(after.Sources).Concat(batch.Sources).Select(Text).ToArray();
        if (!texts.All(SourceVariant.CanBeNested))
        {
            yield return new("with CRLF line endings", 1, Wide, (text, _) => SourceVariant.WithCrlf(text), before, before, after, batch);
            yield break;
        }

        yield return new("in a block namespace, with CRLF line endings", 1, Wide, (text, _) => SourceVariant.WithCrlf(SourceVariant.Nested(text, "Nested")), before, before, after, batch);

        // A keyed location can be in one file only.
        if (before.ExpectedDiagnostics.Count == 0 && !texts.Any(text => text.Contains("{|#", StringComparison.Ordinal)))
        {
            yield return new("in three files at once", 3, CodeFixTestBehaviors.SkipFixAllInDocumentCheck, (text, copy) => SourceVariant.Nested(text, $"Copy{copy}"), before, before, after, batch);
        }
    }

    /// <summary>Fills a new test with this variant's states.</summary>
    public void Fill<TVerifier>(CodeFixTest<TVerifier> test)
        where TVerifier : IVerifier, new()
    {
        Fill(_test, test.TestState);
        Inherit(test.TestState, _original);
        Fill(_fixed, test.FixedState);
        Fill(_batchFixed, test.BatchFixedState);
    }

    private void Fill(SolutionState from, SolutionState to)
    {
        foreach (var source in from.Sources.Where(source => source.filename != RuleTest.PreludePath))
        {
            for (var copy = 0; copy < Copies; copy++)
            {
                to.Sources.Add(_change(source.content.ToString(), copy));
            }
        }

        to.AdditionalFiles.AddRange(from.AdditionalFiles);
        to.AnalyzerConfigFiles.AddRange(from.AnalyzerConfigFiles);
        to.AdditionalReferences.AddRange(from.AdditionalReferences);
        to.OutputKind = from.OutputKind;
        to.MarkupHandling = from.MarkupHandling;
        to.InheritanceMode = from.InheritanceMode;

        // A message may name a namespace: the case itself has checked it.
        to.ExpectedDiagnostics.AddRange(from.ExpectedDiagnostics.Select(expected => expected.WithMessage(null)));
    }

    /// <summary>A fixed state leaves open what it has in common with the test state; as a test state it can't.</summary>
    private static void Inherit(SolutionState state, SolutionState original)
    {
        state.OutputKind ??= original.OutputKind;
        Inherit(state.AdditionalFiles, original.AdditionalFiles);
        Inherit(state.AnalyzerConfigFiles, original.AnalyzerConfigFiles);
        Inherit(state.AdditionalReferences, original.AdditionalReferences);
    }

    private static void Inherit<T>(List<T> files, List<T> original)
    {
        if (files.Count == 0)
        {
            files.AddRange(original);
        }
    }

    private static string Text((string Path, SourceText Content) source) => source.Content.ToString();

    private static bool StatesPlace(DiagnosticResult expected) =>
        expected.Spans.Any(location => !location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey));
}
