using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// A test of analyzers over a state. Names, markup and semantics are those of Microsoft.CodeAnalysis.Testing, which the registry of this project doesn't
/// have: a test compiles unchanged against it.
/// </summary>
public abstract class AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    protected AnalyzerTest() => TestState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);

    public abstract string Language { get; }

    public SolutionState TestState { get; }

    public string TestCode
    {
        set
        {
            if (value is not null)
            {
                TestState.Sources.Add(value);
            }
        }
    }

    public List<DiagnosticResult> ExpectedDiagnostics => TestState.ExpectedDiagnostics;

    public CompilerDiagnostics CompilerDiagnostics { get; set; } = CompilerDiagnostics.Errors;

    public MarkupOptions MarkupOptions { get; set; }

    public TestBehaviors TestBehaviors { get; set; }

    public List<string> DisabledDiagnostics { get; } = [];

    public List<Func<Solution, ProjectId, Solution>> SolutionTransforms { get; } = [];

    public abstract ReferenceAssemblies ReferenceAssemblies { get; set; }

    /// <summary>Called with each diagnostic and the expectation that it met, to check what an expectation can't say.</summary>
    public Action<Diagnostic, DiagnosticResult, IVerifier>? DiagnosticVerifier { get; set; }

    protected virtual string DefaultTestProjectName => "TestProject";

    protected virtual string DefaultFilePathPrefix => "/0/Test";

    protected abstract string DefaultFileExt { get; }

    protected string DefaultFilePath => $"{DefaultFilePathPrefix}0.{DefaultFileExt}";

    protected IVerifier Verify { get; } = new TVerifier();

    /// <exception cref="InvalidOperationException">The code doesn't do what the test says; the message says where, and what it did.</exception>
    public Task RunAsync(CancellationToken cancellationToken = default) => RunImplAsync(cancellationToken);

    protected abstract IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers();

    protected abstract CompilationOptions CreateCompilationOptions();

    protected abstract ParseOptions CreateParseOptions();

    protected virtual async Task RunImplAsync(CancellationToken cancellationToken)
    {
        Verify.NotEmpty($"{nameof(TestState)}.{nameof(SolutionState.Sources)}", TestState.Sources);
        var analyzers = GetDiagnosticAnalyzers().ToImmutableArray();
        var state = Process(TestState.WithInheritedValuesApplied(null, []), analyzers, []);
        await VerifyDiagnosticsAsync(state, analyzers, Verify.PushContext("Diagnostics of test state"), cancellationToken).ConfigureAwait(false);
        await VerifyGeneratedCodeAndSuppressionAsync(state, analyzers, cancellationToken).ConfigureAwait(false);
    }

    private protected SolutionState Process(SolutionState state, ImmutableArray<DiagnosticAnalyzer> analyzers, ImmutableArray<string> fixable) =>
        state.WithProcessedMarkup(MarkupOptions, GetDefaultDiagnostic(analyzers), Supported(analyzers), fixable, DefaultFilePath);

    private protected static ImmutableArray<DiagnosticDescriptor> Supported(ImmutableArray<DiagnosticAnalyzer> analyzers) =>
        [.. analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics)];

    private protected async Task VerifyDiagnosticsAsync(SolutionState state, ImmutableArray<DiagnosticAnalyzer> analyzers, IVerifier verifier, CancellationToken cancellationToken)
    {
        var solution = CreateSolution(state, analyzers, cancellationToken);
        var includeSuppressed = state.ExpectedDiagnostics.Exists(expected => expected.IsSuppressed == true);
        var actual = await DiagnosticCollector.CollectAsync(solution, analyzers, CompilerDiagnostics, includeSuppressed, cancellationToken).ConfigureAwait(false);
        VerifyDiagnosticResults(actual, state.ExpectedDiagnostics, analyzers, verifier);
    }

    private protected void VerifyDiagnosticResults(ImmutableArray<Diagnostic> actual, IReadOnlyList<DiagnosticResult> expected, ImmutableArray<DiagnosticAnalyzer> analyzers, IVerifier verifier)
    {
        var pairs = DiagnosticMatcher.Match(expected, actual);
        var problems = new StringBuilder();
        foreach (var (result, diagnostic) in pairs)
        {
            var problem =
                diagnostic is null ? "Expected, not reported:"
                : result is null ? "Reported, not expected:"
                : DiagnosticMatcher.Mismatch(result.Value, diagnostic);
            if (problem is not null)
            {
                problems.AppendLine().AppendLine(problem);
                problems.Append(result is null ? null : DiagnosticFormatter.Format(analyzers, [result.Value]));
                problems.Append(diagnostic is null ? null : DiagnosticFormatter.Format(analyzers, [diagnostic]));
            }
        }

        if (problems.Length > 0)
        {
            var count = expected.Count == actual.Length
                ? "Diagnostics differ from what is expected"
                : $"Mismatch between number of diagnostics returned, expected \"{expected.Count}\" actual \"{actual.Length}\"";
            verifier.Fail($"{count}\n{problems}\nAll diagnostics:\n{(actual.IsEmpty ? "    NONE.\n" : DiagnosticFormatter.Format(analyzers, actual))}");
        }

        foreach (var (result, diagnostic) in pairs)
        {
            DiagnosticVerifier?.Invoke(diagnostic!, result!.Value, verifier);
        }
    }

    /// <summary>
    /// What is reported in the user's own code must not be in generated code, and must go away with a pragma. Silent code has nothing to show here.
    /// </summary>
    private protected async Task VerifyGeneratedCodeAndSuppressionAsync(SolutionState state, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellationToken)
    {
        var supported = Supported(analyzers);
        if (!state.ExpectedDiagnostics.Exists(expected => supported.Any(descriptor => descriptor.Id == expected.Id)))
        {
            return;
        }

        if (!TestBehaviors.HasFlag(TestBehaviors.SkipGeneratedCodeCheck))
        {
            await VerifySilentAsync(state, "// <auto-generated>\n", _ => false, analyzers, Verify.PushContext("Diagnostics in generated code"), cancellationToken).ConfigureAwait(false);
        }

        if (!TestBehaviors.HasFlag(TestBehaviors.SkipSuppressionCheck))
        {
            var ids = string.Join(", ", supported.Select(descriptor => descriptor.Id).Distinct());
            await VerifySilentAsync(
                state,
                $"#pragma warning disable {ids}\n",
                diagnostic => diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable),
                analyzers,
                Verify.PushContext("Diagnostics under #pragma warning disable"),
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task VerifySilentAsync(
        SolutionState state,
        string prefix,
        Func<Diagnostic, bool> isAllowed,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        IVerifier verifier,
        CancellationToken cancellationToken)
    {
        var prefixed = state.WithSources(text => text.Replace(new TextSpan(0, 0), prefix));
        var solution = CreateSolution(prefixed, analyzers, cancellationToken);
        var actual = await DiagnosticCollector.CollectAsync(solution, analyzers, compilerDiagnostics: null, includeSuppressed: false, cancellationToken).ConfigureAwait(false);
        var unexpected = actual.Where(diagnostic => diagnostic.Location.IsInSource && !isAllowed(diagnostic)).ToImmutableArray();
        VerifyDiagnosticResults(unexpected, [], analyzers, verifier);
    }

    private protected Solution CreateSolution(SolutionState state, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellationToken)
    {
        var options = CreateCompilationOptions();
        options = options.WithSpecificDiagnosticOptions(options.SpecificDiagnosticOptions.SetItems(SpecificOptions(analyzers)));
        var solution = TestSolution.Create(state, ReferenceAssemblies, options, CreateParseOptions(), DefaultTestProjectName, cancellationToken);
        return SolutionTransforms.Aggregate(solution, (current, transform) => transform(current, current.Projects.First(project => project.Name == DefaultTestProjectName).Id));
    }

    /// <summary>A rule that is off by default is still tested; an analyzer that throws is an error.</summary>
    private IEnumerable<KeyValuePair<string, ReportDiagnostic>> SpecificOptions(ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        yield return new(DiagnosticCollector.AnalyzerThrew, ReportDiagnostic.Error);

        // As the SDK's own targets do: a library compiled against an older one of its dependencies is no news.
        yield return new("CS1701", ReportDiagnostic.Suppress);
        yield return new("CS1702", ReportDiagnostic.Suppress);
        foreach (var descriptor in Supported(analyzers).Where(descriptor => !descriptor.IsEnabledByDefault))
        {
            yield return new(descriptor.Id, descriptor.DefaultSeverity switch
            {
                DiagnosticSeverity.Error => ReportDiagnostic.Error,
                DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
                DiagnosticSeverity.Info => ReportDiagnostic.Info,
                _ => ReportDiagnostic.Hidden,
            });
        }

        foreach (var id in DisabledDiagnostics.Where(id => id != DiagnosticCollector.AnalyzerThrew))
        {
            yield return new(id, ReportDiagnostic.Suppress);
        }
    }

    private DiagnosticDescriptor? GetDefaultDiagnostic(ImmutableArray<DiagnosticAnalyzer> analyzers) =>
        MarkupOptions.HasFlag(MarkupOptions.UseFirstDescriptor) ? Supported(analyzers).FirstOrDefault()
        : analyzers is [{ SupportedDiagnostics: [var only] }, ..] ? only
        : null;
}
