using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A test of analyzers and their fixes: diagnostics before, each fix, Fix All in three scopes, diagnostics after.</summary>
public abstract class CodeFixTest<TVerifier> : CodeActionTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    protected CodeFixTest()
    {
        FixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);
        BatchFixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);
    }

    public SolutionState FixedState { get; }

    public SolutionState BatchFixedState { get; }

    public string FixedCode
    {
        set
        {
            if (value is not null)
            {
                FixedState.Sources.Add(value);
            }
        }
    }

    public string BatchFixedCode
    {
        set
        {
            if (value is not null)
            {
                BatchFixedState.Sources.Add(value);
            }
        }
    }

    public CodeFixTestBehaviors CodeFixTestBehaviors { get; set; }

    /// <summary>How many fixes, one by one, lead to the fixed state. n: exactly; -n: at most n, but -1 means exactly one; 0: none is offered.</summary>
    public int? NumberOfIncrementalIterations { get; set; }

    /// <summary>How many passes of Fix All lead to the fixed state; signs as in <see cref="NumberOfIncrementalIterations"/>.</summary>
    public int? NumberOfFixAllIterations { get; set; }

    public int? NumberOfFixAllInDocumentIterations { get; set; }

    public int? NumberOfFixAllInProjectIterations { get; set; }

    protected abstract IEnumerable<CodeFixProvider> GetCodeFixProviders();

    protected override async Task RunImplAsync(CancellationToken cancellationToken)
    {
        Verify.NotEmpty($"{nameof(TestState)}.{nameof(SolutionState.Sources)}", TestState.Sources);
        var analyzers = GetDiagnosticAnalyzers().ToImmutableArray();
        var fixes = GetCodeFixProviders().ToImmutableArray();
        var fixable = fixes.SelectMany(fix => fix.FixableDiagnosticIds).Distinct().ToImmutableArray();

        var rawTest = TestState.WithInheritedValuesApplied(null, fixable);
        var rawFixed = FixedState.WithInheritedValuesApplied(rawTest, fixable);
        var rawBatchFixed = BatchFixedState.WithInheritedValuesApplied(rawFixed, fixable);
        var test = Process(rawTest, analyzers, fixable);
        var after = Process(rawFixed, analyzers, fixable);
        var batchAfter = Process(rawBatchFixed, analyzers, fixable);

        await VerifyDiagnosticsAsync(test, analyzers, Verify.PushContext("Diagnostics of test state"), cancellationToken).ConfigureAwait(false);
        await VerifyGeneratedCodeAndSuppressionAsync(test, analyzers, cancellationToken).ConfigureAwait(false);
        await VerifyFixesAsync(new Fixing(test, after, batchAfter, analyzers, fixes, fixable), cancellationToken).ConfigureAwait(false);
    }

    private async Task VerifyFixesAsync(Fixing fixing, CancellationToken cancellationToken)
    {
        var offersFix = !fixing.Test.HasSameContentAs(fixing.After);
        var fixableCount = fixing.Test.ExpectedDiagnostics.Count(expected => fixing.Fixable.Contains(expected.Id));
        var single = Verify.PushContext("Iterative code fix application");
        var iterations = NumberOfIncrementalIterations ?? (offersFix ? -fixableCount : 0);
        await VerifyFixAsync(fixing, fixing.After, iterations, scope: null, single, cancellationToken).ConfigureAwait(false);
        await VerifyDiagnosticsAsync(fixing.After, fixing.Analyzers, Verify.PushContext("Diagnostics of fixed state"), cancellationToken).ConfigureAwait(false);

        var offersFixAll = !fixing.Test.HasSameContentAs(fixing.BatchAfter);
        var files = fixing.Test.ExpectedDiagnostics.Where(expected => fixing.Fixable.Contains(expected.Id) && expected.HasLocation).Select(expected => expected.Spans[0].Span.Path).Distinct().ToArray();
        await VerifyFixAllAsync(FixAllScope.Document, CodeFixTestBehaviors.SkipFixAllInDocumentCheck, NumberOfFixAllInDocumentIterations ?? NumberOfFixAllIterations ?? (offersFixAll ? -files.Length : 0)).ConfigureAwait(false);
        await VerifyFixAllAsync(FixAllScope.Project, CodeFixTestBehaviors.SkipFixAllInProjectCheck, NumberOfFixAllInProjectIterations ?? NumberOfFixAllIterations ?? (offersFixAll ? -ProjectsWith(fixing.Test, files) : 0)).ConfigureAwait(false);
        await VerifyFixAllAsync(FixAllScope.Solution, CodeFixTestBehaviors.SkipFixAllInSolutionCheck, NumberOfFixAllIterations ?? (offersFixAll ? -1 : 0)).ConfigureAwait(false);
        if (!fixing.BatchAfter.HasSameContentAs(fixing.After))
        {
            await VerifyDiagnosticsAsync(fixing.BatchAfter, fixing.Analyzers, Verify.PushContext("Diagnostics of batch fixed state"), cancellationToken).ConfigureAwait(false);
        }

        async Task VerifyFixAllAsync(FixAllScope scope, CodeFixTestBehaviors skip, int expectedIterations)
        {
            if (!CodeFixTestBehaviors.HasFlag(skip) && fixing.Fixes.Any(fix => fix.GetFixAllProvider()?.GetSupportedFixAllScopes().Contains(scope) == true))
            {
                await VerifyFixAsync(fixing, fixing.BatchAfter, expectedIterations, scope, Verify.PushContext($"Fix all in {scope.ToString().ToLowerInvariant()}"), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static int ProjectsWith(SolutionState state, string[] files) =>
        Math.Max(1, state.AdditionalProjects.Values.Append(state).Count(project => project.Sources.Any(source => files.Contains(source.filename))));

    private async Task VerifyFixAsync(Fixing fixing, SolutionState expected, int iterations, FixAllScope? scope, IVerifier verifier, CancellationToken cancellationToken)
    {
        var before = CreateSolution(fixing.Test, fixing.Analyzers, cancellationToken);
        var (after, iterationError) = await FixAsync(before, fixing, iterations, scope, verifier, cancellationToken).ConfigureAwait(false);
        await SolutionComparer.VerifyAsync(after, CreateSolution(expected, fixing.Analyzers, cancellationToken), verifier, cancellationToken).ConfigureAwait(false);

        // The count is held back until here: where both are wrong, the texts say more.
        iterationError?.Throw();
    }

    private async Task<(Solution Solution, ExceptionDispatchInfo? IterationError)> FixAsync(Solution solution, Fixing fixing, int expected, FixAllScope? scope, IVerifier verifier, CancellationToken cancellationToken)
    {
        // FixOne ends after the first; otherwise one more than allowed is tried, to tell "just enough" from "doesn't end".
        var limit = CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne) ? 1 : Math.Abs(expected);
        var done = 0;
        var previous = ImmutableArray<Diagnostic>.Empty;
        while (true)
        {
            var diagnostics = await GetFixableAsync(solution, fixing, verifier, cancellationToken).ConfigureAwait(false);
            if (diagnostics.IsEmpty || Same(diagnostics, previous))
            {
                break;
            }

            previous = diagnostics;
            var isOffered = false;
            foreach (var diagnostic in diagnostics)
            {
                var (action, fix) = await GetActionAsync(solution, diagnostic, fixing, verifier, cancellationToken).ConfigureAwait(false);
                if (action is not null)
                {
                    CodeActionVerifier?.Invoke(action, verifier);
                }

                if (action is not null && scope is { } wide)
                {
                    action = await FixAllAction.CreateAsync(solution, diagnostic, fix!, wide, action.EquivalenceKey, fixing.Analyzers, cancellationToken).ConfigureAwait(false);
                }

                if (action is null)
                {
                    continue;
                }

                isOffered = true;
                verifier.True(expected != 0, $"Expected '0' iterations but found '1' iterations. A fix is offered where none may be: '{action.Title}' for {diagnostic}");
                if (done == limit)
                {
                    if (CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne))
                    {
                        return (solution, null);
                    }

                    verifier.Fail($"Expected '{limit}' iterations, but a fix is still offered after them ('{action.Title}' for {diagnostic}). Does it remove its diagnostic?");
                }

                var changed = await CodeActionApplier.ApplyAsync(solution, action, CodeActionValidationMode, verifier, cancellationToken).ConfigureAwait(false);
                if (changed != solution)
                {
                    solution = changed;
                    break;
                }
            }

            if (!isOffered)
            {
                break;
            }

            done++;
        }

        var isRight = expected < -1 ? done <= -expected : done == Math.Abs(expected);
        return isRight ? (solution, null) : (solution, Capture(() => verifier.Fail(
            $"Expected '{Math.Abs(expected)}' iterations but found '{done}' iterations.{(done == 0 ? " No fix is offered." : null)}")));
    }

    private async Task<ImmutableArray<Diagnostic>> GetFixableAsync(Solution solution, Fixing fixing, IVerifier verifier, CancellationToken cancellationToken)
    {
        var compilerIsFixable = fixing.Fixable.Any(id => id.StartsWith("CS", StringComparison.Ordinal));
        var all = await DiagnosticCollector.CollectAsync(solution, fixing.Analyzers, compilerIsFixable ? CompilerDiagnostics.All : null, includeSuppressed: false, cancellationToken).ConfigureAwait(false);
        var fixable = all.Where(diagnostic => fixing.Fixable.Contains(diagnostic.Id) && solution.GetDocument(diagnostic.Location.SourceTree) is not null).ToImmutableArray();
        if (!CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.SkipLocalDiagnosticCheck)
            && fixable.FirstOrDefault(diagnostic => diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.CompilationEnd)) is { } late)
        {
            verifier.Fail($"Code fixes can't be offered for diagnostics of a compilation end, which no IDE shows live: {late}");
        }

        return fixable;
    }

    private async Task<(CodeAction? Action, CodeFixProvider? Fix)> GetActionAsync(Solution solution, Diagnostic diagnostic, Fixing fixing, IVerifier verifier, CancellationToken cancellationToken)
    {
        var actions = new List<(CodeAction Action, CodeFixProvider Fix)>();
        foreach (var fix in fixing.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            var document = solution.GetDocument(diagnostic.Location.SourceTree)!;
            var registered = new List<CodeAction>();
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => registered.Add(action), cancellationToken)).ConfigureAwait(false);
            actions.AddRange(CodeActionApplier.Flatten(registered).Select(action => (action, fix)));
        }

        var chosen = Choose([.. actions.Select(offer => offer.Action)], verifier);
        return chosen is null ? default : actions.First(offer => offer.Action == chosen);
    }

    private static bool Same(ImmutableArray<Diagnostic> left, ImmutableArray<Diagnostic> right) =>
        left.Select(Key).SequenceEqual(right.Select(Key));

    private static (string, FileLinePositionSpan, string) Key(Diagnostic diagnostic) => (diagnostic.Id, diagnostic.Location.GetLineSpan(), diagnostic.GetMessage());

    private static ExceptionDispatchInfo Capture(Action failure)
    {
        try
        {
            failure();
        }
        catch (Exception e)
        {
            return ExceptionDispatchInfo.Capture(e);
        }

        throw new InvalidOperationException("The verifier did not throw.");
    }

    private sealed record Fixing(
        SolutionState Test,
        SolutionState After,
        SolutionState BatchAfter,
        ImmutableArray<DiagnosticAnalyzer> Analyzers,
        ImmutableArray<CodeFixProvider> Fixes,
        ImmutableArray<string> Fixable);
}
