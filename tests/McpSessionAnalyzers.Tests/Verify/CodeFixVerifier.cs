using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Tests;

/// <summary>
/// The short form of a fix's tests: <c>using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier&lt;…Analyzer, …Fix&gt;;</c>
/// </summary>
public static class CodeFixVerifier<TAnalyzer, TCodeFix>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TCodeFix : CodeFixProvider, new()
{
    /// <inheritdoc cref="AnalyzerVerifier{TAnalyzer}.Diagnostic()"/>
    public static DiagnosticResult Diagnostic() => AnalyzerVerifier<TAnalyzer>.Diagnostic();

    public static DiagnosticResult Diagnostic(string id) => AnalyzerVerifier<TAnalyzer>.Diagnostic(id);

    /// <summary>The fix turns the case's code into its fixed code; where it has none, no fix is offered.</summary>
    public static Task VerifyCodeFixAsync(Case row) => VerifyCodeFixAsync(row.Code, row.FixedCode ?? row.Code);

    /// <summary>The fix turns <paramref name="source"/> into <paramref name="fixedSource"/>; where they are equal, none is offered.</summary>
    public static Task VerifyCodeFixAsync(string source, string fixedSource) => VerifyCodeFixAsync(source, DiagnosticResult.EmptyDiagnosticResults, fixedSource);

    public static Task VerifyCodeFixAsync(string source, DiagnosticResult expected, string fixedSource) => VerifyCodeFixAsync(source, [expected], fixedSource);

    public static Task VerifyCodeFixAsync(string source, DiagnosticResult[] expected, string fixedSource)
    {
        var test = new Test { TestCode = source, FixedCode = fixedSource };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The long form: which action, other references, several files or projects, options, what Fix All leaves.</summary>
    /// <remarks>
    /// On the newest host the code before and after is also emitted, what a fix leaves is offered to it again, and cases of one file are repeated in a
    /// block namespace with CRLF line endings, and as three files at once.
    /// </remarks>
    public sealed class Test : CSharpCodeFixTest<TAnalyzer, TCodeFix, DefaultVerifier>
    {
        /// <summary>Adds a file of global usings, so that sources stay short.</summary>
        public bool Prelude { get; init; } = true;

        /// <summary>Repeats the case in other shapes. To be switched off only where a shape changes what the code means.</summary>
        public bool Variants { get; init; } = RuleTest.IsThorough;

        protected override CompilationOptions CreateCompilationOptions() => RuleTest.CompilationOptions;

        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => base.GetDiagnosticAnalyzers().Concat(Successors.AnalyzersOf<TAnalyzer>());

        protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => base.GetCodeFixProviders().Concat(Successors.FixesOf<TAnalyzer>());

        protected override Task RunImplAsync(CancellationToken cancellationToken)
        {
            RuleTest.SetOutputKind(TestState);
            TestBehaviors |= RuleTest.SkippedOnOlderHosts;

            // The library's default ignores markup of what is fixable, so that a source can serve for both states. Ours says what remains.
            FixedState.MarkupHandling ??= MarkupMode.Allow;
            BatchFixedState.MarkupHandling ??= MarkupMode.Allow;
            var variants = Variants ? CodeFixVariant.Of(this).ToArray() : [];
            if (Prelude)
            {
                RuleTest.AddPrelude(TestState, ReferenceAssemblies);
                RuleTest.AddPrelude(FixedState, ReferenceAssemblies);
                RuleTest.AddPrelude(BatchFixedState, ReferenceAssemblies);
            }

            return RuleTest.WithHangLimit(() => VerifyAsync(variants, cancellationToken), cancellationToken);
        }

        private async Task VerifyAsync(IReadOnlyList<CodeFixVariant> variants, CancellationToken cancellationToken)
        {
            FixProvider.Verify(new TCodeFix());
            var verifier = CodeActionVerifier;
            CodeActionVerifier = (action, context) =>
            {
                context.True(action.EquivalenceKey is not null, $"The code action '{action.Title}' has no equivalence key: Fix All can't tell it from others.");
                verifier?.Invoke(action, context);
            };

            var observed = Observation.Of(this);
            await base.RunImplAsync(cancellationToken);
            if (RuleTest.IsThorough && observed.Compiles && CompilerDiagnostics != CompilerDiagnostics.None)
            {
                await Emission.VerifyAsync(observed.Before, cancellationToken);
                await Emission.VerifyAsync(observed.After, cancellationToken);
            }

            foreach (var variant in variants)
            {
                await RunAsync(variant, cancellationToken);
            }
        }

        private async Task RunAsync(CodeFixVariant variant, CancellationToken cancellationToken)
        {
            var test = new Test
            {
                Prelude = Prelude,
                Variants = false,
                ReferenceAssemblies = ReferenceAssemblies,
                CodeActionIndex = CodeActionIndex,
                CodeActionEquivalenceKey = CodeActionEquivalenceKey,
                CodeActionValidationMode = CodeActionValidationMode,
                CompilerDiagnostics = CompilerDiagnostics,
                MarkupOptions = MarkupOptions,
                TestBehaviors = TestBehaviors.SkipGeneratedCodeCheck | TestBehaviors.SkipSuppressionCheck,
                CodeFixTestBehaviors = CodeFixTestBehaviors | variant.Skip,
                NumberOfIncrementalIterations = NumberOfIncrementalIterations * variant.Copies,
                NumberOfFixAllIterations = NumberOfFixAllIterations,
                NumberOfFixAllInProjectIterations = NumberOfFixAllInProjectIterations,
            };
            variant.Fill(test);
            test.DisabledDiagnostics.AddRange(DisabledDiagnostics);
            try
            {
                await test.RunAsync(cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"The case as it stands passes, but not {variant.Description}.\n{e.Message}", e);
            }
        }
    }
}
