using System.Collections.Immutable;
using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Tests;

/// <summary>
/// The short form of a rule's tests: <c>using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier&lt;…Analyzer&gt;;</c>
/// </summary>
public static class AnalyzerVerifier<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    /// <summary>An expectation of the analyzer's only diagnostic.</summary>
    public static DiagnosticResult Diagnostic() => CSharpAnalyzerVerifier<TAnalyzer, DefaultVerifier>.Diagnostic();

    public static DiagnosticResult Diagnostic(string id) => CSharpAnalyzerVerifier<TAnalyzer, DefaultVerifier>.Diagnostic(id);

    public static DiagnosticResult Diagnostic(DiagnosticDescriptor descriptor) => new(descriptor);

    /// <summary>Silence, unless markup in the case says otherwise.</summary>
    public static Task VerifyAnalyzerAsync(Case row) => VerifyAnalyzerAsync(row.Code);

    /// <summary>Silence, unless <paramref name="expected"/> or markup in <paramref name="source"/> says otherwise.</summary>
    public static Task VerifyAnalyzerAsync(string source, params DiagnosticResult[] expected)
    {
        var test = new Test { TestCode = source };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The long form: other references, several files or projects, options.</summary>
    /// <remarks>
    /// On the newest host every case is also checked in generated code and under a pragma, emitted, analyzed in sequence over CRLF line endings, and cut off
    /// at some of its tokens.
    /// </remarks>
    public sealed class Test : CSharpAnalyzerTest<TAnalyzer, DefaultVerifier>
    {
        private const int CutsPerCase = 2;

        /// <summary>Adds a file of global usings, so that sources stay short.</summary>
        public bool Prelude { get; init; } = true;

        protected override CompilationOptions CreateCompilationOptions() => RuleTest.CompilationOptions;

        protected override Task RunImplAsync(CancellationToken cancellationToken)
        {
            RuleTest.SetOutputKind(TestState);
            TestBehaviors |= RuleTest.SkippedOnOlderHosts;
            if (Prelude)
            {
                RuleTest.AddPrelude(TestState, ReferenceAssemblies);
            }

            return RuleTest.WithHangLimit(() => VerifyAsync(cancellationToken), cancellationToken);
        }

        private async Task VerifyAsync(CancellationToken cancellationToken)
        {
            var observed = Observation.Of(this);
            await base.RunImplAsync(cancellationToken);
            if (!RuleTest.IsThorough || TestState.AdditionalProjects.Count > 0)
            {
                return;
            }

            if (observed.Compiles && CompilerDiagnostics != CompilerDiagnostics.None)
            {
                await Emission.VerifyAsync(observed.Before, cancellationToken);
            }

            var analyzers = GetDiagnosticAnalyzers().ToImmutableArray();
            await Analysis.VerifySameInSequenceAsync(observed.Before, analyzers, observed.OfAnalyzers, cancellationToken);
            await Fuzz.SampleAsync(observed.Before, analyzers, CutsPerCase, cancellationToken);
        }
    }
}
