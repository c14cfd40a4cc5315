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
    public sealed class Test : CSharpCodeFixTest<TAnalyzer, TCodeFix, DefaultVerifier>
    {
        /// <summary>Adds a file of global usings, so that sources stay short.</summary>
        public bool Prelude { get; init; } = true;

        protected override CompilationOptions CreateCompilationOptions() => RuleTest.CompilationOptions;

        protected override Task RunImplAsync(CancellationToken cancellationToken)
        {
            RuleTest.SetOutputKind(TestState);
            if (Prelude)
            {
                RuleTest.AddPrelude(TestState, ReferenceAssemblies);
                RuleTest.AddPrelude(FixedState, ReferenceAssemblies);
                RuleTest.AddPrelude(BatchFixedState, ReferenceAssemblies);
            }

            return base.RunImplAsync(cancellationToken);
        }
    }
}
