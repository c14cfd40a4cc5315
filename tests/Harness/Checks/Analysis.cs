using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Harness;

/// <summary>Runs analyzers as the compiler (concurrently) or one after the other, and takes no exception of theirs.</summary>
public static class Analysis
{
    /// <exception cref="InvalidOperationException">An analyzer threw.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<ImmutableArray<Diagnostic>> RunAsync(Project project, ImmutableArray<DiagnosticAnalyzer> analyzers, bool concurrent, CancellationToken cancellationToken)
    {
        var run = await StartAsync(project, project.AnalyzerOptions, analyzers, concurrent, cancellationToken).ConfigureAwait(false);
        return await run(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An analysis that can be asked again, as an IDE does: what analyzers keep for a compilation or a file may be kept between the calls.</summary>
    internal static async Task<Func<CancellationToken, Task<ImmutableArray<Diagnostic>>>> StartAsync(
        Project project,
        AnalyzerOptions options,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        bool concurrent,
        CancellationToken cancellationToken)
    {
        var thrown = new ConcurrentQueue<Exception>();
        var compilation = (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false))!;
        var driver = compilation.WithAnalyzers(analyzers, new CompilationWithAnalyzersOptions(
            options,
            onAnalyzerException: (exception, _, _) => thrown.Enqueue(exception),
            concurrentAnalysis: concurrent,
            logAnalyzerExecutionTime: false));
        return async token =>
        {
            var diagnostics = await driver.GetAnalyzerDiagnosticsAsync(token).ConfigureAwait(false);
            return thrown.TryPeek(out var first)
                ? throw new InvalidOperationException($"An analyzer threw: {first}\nover:\n{string.Join("\n---\n", compilation.SyntaxTrees)}")
                : diagnostics;
        };
    }

    /// <summary>
    /// The same diagnostics when the sources have CRLF line endings and the analyzers run one after the other: neither line endings nor the order of
    /// callbacks may count.
    /// </summary>
    public static async Task VerifySameInSequenceAsync(
        Project project,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        IEnumerable<Diagnostic> concurrent,
        CancellationToken cancellationToken)
    {
        var withCrlf = await WithTextsAsync(project, text => text.ReplaceLineEndings("\r\n"), cancellationToken).ConfigureAwait(false);
        var expected = Describe(concurrent);
        var sequential = Describe(await RunAsync(withCrlf, analyzers, concurrent: false, cancellationToken).ConfigureAwait(false));
        if (!expected.SequenceEqual(sequential))
        {
            throw new InvalidOperationException($"Run in sequence, over CRLF line endings, the analyzers report:\n{string.Join('\n', sequential)}\ninstead of:\n{string.Join('\n', expected)}");
        }
    }

    internal static async Task<Project> WithTextsAsync(Project project, Func<string, string> change, CancellationToken cancellationToken)
    {
        var solution = project.Solution;
        foreach (var document in project.Documents)
        {
            var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
            solution = solution.WithDocumentText(document.Id, SourceText.From(change(text.ToString()), text.Encoding));
        }

        return solution.GetProject(project.Id)!;
    }

    /// <summary>Line and column, id, message and all locations: what a user sees of a diagnostic.</summary>
    internal static ImmutableArray<string> Describe(IEnumerable<Diagnostic> diagnostics) =>
    [
        .. diagnostics
            .Select(diagnostic => $"{diagnostic} [{string.Join(", ", diagnostic.AdditionalLocations.Select(location => location.GetLineSpan()))}]")
            .Order(StringComparer.Ordinal),
    ];
}
