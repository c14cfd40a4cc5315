using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Runs compiler and analyzers over a solution.</summary>
internal static class DiagnosticCollector
{
    /// <summary>What the analyzer driver reports for an analyzer that threw. No test can filter or expect it away.</summary>
    public const string AnalyzerThrew = "AD0001";

    /// <param name="compilerDiagnostics">Null: analyzers only, which leaves out what the compiler would report.</param>
    public static async Task<ImmutableArray<Diagnostic>> CollectAsync(
        Solution solution,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        CompilerDiagnostics? compilerDiagnostics,
        bool includeSuppressed,
        CancellationToken cancellationToken)
    {
        var all = new List<Diagnostic>();
        foreach (var project in solution.Projects)
        {
            var compilation = await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"No compilation for {project.Name}.");
            var driver = WithAnalyzers(compilation, analyzers, project.AnalyzerOptions);
            var diagnostics = compilerDiagnostics is null
                ? await driver.GetAnalyzerDiagnosticsAsync(cancellationToken).ConfigureAwait(false)
                : await driver.GetAllDiagnosticsAsync(cancellationToken).ConfigureAwait(false);
            all.AddRange(diagnostics.Where(diagnostic => !IsFromCompiler(diagnostic) || (compilerDiagnostics is { } level && IsIncluded(diagnostic, level))));
        }

        return Sort(all.Where(diagnostic => includeSuppressed || !diagnostic.IsSuppressed));
    }

    public static CompilationWithAnalyzers WithAnalyzers(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, AnalyzerOptions options, bool concurrent = true) =>
        compilation.WithAnalyzers(analyzers, new CompilationWithAnalyzersOptions(
            options,
            onAnalyzerException: null,
            concurrentAnalysis: concurrent,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: true));

    public static ImmutableArray<Diagnostic> Sort(IEnumerable<Diagnostic> diagnostics) =>
    [
        .. diagnostics
            .OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.End)
            .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.GetMessage(), StringComparer.Ordinal),
    ];

    public static bool IsFromCompiler(Diagnostic diagnostic) => diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.Compiler);

    private static bool IsIncluded(Diagnostic diagnostic, CompilerDiagnostics level) => level switch
    {
        CompilerDiagnostics.None => false,
        CompilerDiagnostics.Errors => diagnostic.Severity >= DiagnosticSeverity.Error,
        CompilerDiagnostics.Warnings => diagnostic.Severity >= DiagnosticSeverity.Warning,
        CompilerDiagnostics.Suggestions => diagnostic.Severity >= DiagnosticSeverity.Info,
        _ => true,
    };
}
