using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Diagnostics.Telemetry;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Harness;

/// <summary>What an analyzer registered, by the driver's own telemetry: the cost that every compilation pays.</summary>
public static class AnalyzerCost
{
    public static async Task<AnalyzerTelemetryInfo> OfAsync(DiagnosticAnalyzer analyzer, ReferenceAssemblies references, string source, CancellationToken cancellationToken)
    {
        var project = Code.Project(references, source);
        var compilation = (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false))!;
        var driver = compilation.WithAnalyzers([analyzer], project.AnalyzerOptions);
        var result = await driver.GetAnalysisResultAsync(cancellationToken).ConfigureAwait(false);
        return result.AnalyzerTelemetryInfo[analyzer];
    }

    /// <summary>Nothing beyond compilation start: what a compilation costs that has nothing to do with the analyzer.</summary>
    public static void VerifyStartsOnly(DiagnosticAnalyzer analyzer, AnalyzerTelemetryInfo telemetry) =>
        Verify(analyzer, ActionsBeyondStart(telemetry), "registers actions beyond compilation start");

    /// <summary>Runs concurrently and live: nothing at compilation end, which no IDE shows, and no syntax-node actions, which run for every node.</summary>
    public static void VerifyLive(DiagnosticAnalyzer analyzer, AnalyzerTelemetryInfo telemetry)
    {
        Verify(analyzer, telemetry.Concurrent ? [] : [("Concurrent", 0)], "does not enable concurrent execution");
        Verify(analyzer, [("CompilationEndActions", telemetry.CompilationEndActionsCount), ("CompilationActions", telemetry.CompilationActionsCount)], "reports too late for an IDE");
        Verify(analyzer, [("SyntaxNodeActions", telemetry.SyntaxNodeActionsCount), ("SyntaxTreeActions", telemetry.SyntaxTreeActionsCount)], "works on syntax");
    }

    private static IEnumerable<(string, int)> ActionsBeyondStart(AnalyzerTelemetryInfo telemetry) =>
    [
        ("CompilationEndActions", telemetry.CompilationEndActionsCount),
        ("CompilationActions", telemetry.CompilationActionsCount),
        ("SyntaxTreeActions", telemetry.SyntaxTreeActionsCount),
        ("AdditionalFileActions", telemetry.AdditionalFileActionsCount),
        ("SemanticModelActions", telemetry.SemanticModelActionsCount),
        ("SymbolActions", telemetry.SymbolActionsCount),
        ("SymbolStartActions", telemetry.SymbolStartActionsCount),
        ("SymbolEndActions", telemetry.SymbolEndActionsCount),
        ("SyntaxNodeActions", telemetry.SyntaxNodeActionsCount),
        ("CodeBlockStartActions", telemetry.CodeBlockStartActionsCount),
        ("CodeBlockEndActions", telemetry.CodeBlockEndActionsCount),
        ("CodeBlockActions", telemetry.CodeBlockActionsCount),
        ("OperationActions", telemetry.OperationActionsCount),
        ("OperationBlockStartActions", telemetry.OperationBlockStartActionsCount),
        ("OperationBlockEndActions", telemetry.OperationBlockEndActionsCount),
        ("OperationBlockActions", telemetry.OperationBlockActionsCount),
    ];

    private static void Verify(DiagnosticAnalyzer analyzer, IEnumerable<(string Name, int Count)> counts, string problem)
    {
        var found = counts.Where(count => count.Count > 0 || count.Name == "Concurrent").ToArray();
        if (found.Length > 0)
        {
            throw new InvalidOperationException($"{analyzer.GetType().Name} {problem}: {string.Join(", ", found.Select(count => $"{count.Count} {count.Name}"))}");
        }
    }
}
