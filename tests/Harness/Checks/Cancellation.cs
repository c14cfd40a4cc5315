using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Harness;

/// <summary>
/// An IDE cancels analysis at every keystroke, and asks again about the same compilation. Analyzers let the cancellation pass, and keep nothing half done.
/// </summary>
public static class Cancellation
{
    /// <summary>
    /// Cancels an analysis at its first, second, … step and then asks it again, until one ends before it is cancelled. Steps are callbacks, and
    /// each time an analyzer asks for an option or an additional file: those come in the middle of its work.
    /// </summary>
    /// <exception cref="InvalidOperationException">An analyzer threw something else than the cancellation, or reports otherwise after one.</exception>
    public static async Task VerifyAsync(Project project, ImmutableArray<DiagnosticAnalyzer> analyzers, CancellationToken cancellationToken)
    {
        var expected = Analysis.Describe(await Analysis.RunAsync(project, analyzers, concurrent: false, cancellationToken).ConfigureAwait(false));

        // Every step at first, then at growing distances: late steps differ little from their neighbours.
        for (var steps = 1; await IsCancelledAsync(steps).ConfigureAwait(false); steps += 1 + (steps / 8))
        {
        }

        async Task<bool> IsCancelledAsync(int steps)
        {
            // Files of its own, of which no earlier run can have kept anything.
            var fresh = await Analysis.WithTextsAsync(project, text => text, cancellationToken).ConfigureAwait(false);
            using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var countdown = new Countdown(steps, source);
            var options = new AnalyzerOptions(
                [.. project.AnalyzerOptions.AdditionalFiles.Select(file => new CountedFile(file, countdown))],
                new CountedOptionsProvider(project.AnalyzerOptions.AnalyzerConfigOptionsProvider, countdown));
            var run = await Analysis.StartAsync(fresh, options, analyzers.Insert(0, new CountedCallbacks(countdown)), concurrent: false, cancellationToken).ConfigureAwait(false);
            try
            {
                await run(source.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
            }

            var after = Analysis.Describe(await run(cancellationToken).ConfigureAwait(false));
            return expected.SequenceEqual(after)
                ? source.IsCancellationRequested
                : throw new InvalidOperationException($"After a cancellation at step {steps} the analyzers report:\n{string.Join('\n', after)}\ninstead of:\n{string.Join('\n', expected)}");
        }
    }

    private sealed class Countdown(int steps, CancellationTokenSource source)
    {
        private int _left = steps;

        public void Step()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                source.Cancel();
            }
        }
    }

    private sealed class CountedFile(AdditionalText file, Countdown countdown) : AdditionalText
    {
        public override string Path => file.Path;

        public override SourceText? GetText(CancellationToken cancellationToken = default)
        {
            countdown.Step();
            return file.GetText(CancellationToken.None);
        }
    }

    private sealed class CountedOptionsProvider(AnalyzerConfigOptionsProvider provider, Countdown countdown) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions => new CountedOptions(provider.GlobalOptions, countdown);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new CountedOptions(provider.GetOptions(tree), countdown);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new CountedOptions(provider.GetOptions(textFile), countdown);
    }

    private sealed class CountedOptions(AnalyzerConfigOptions options, Countdown countdown) : AnalyzerConfigOptions
    {
        public override IEnumerable<string> Keys => options.Keys;

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            countdown.Step();
            return options.TryGetValue(key, out value);
        }
    }

#pragma warning disable RS1001, RS1036, RS1038, RS1041 // only ever run from here
    private sealed class CountedCallbacks(Countdown countdown) : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
            [new("COUNT", "Counts", "Counts", "Test", DiagnosticSeverity.Hidden, isEnabledByDefault: true)];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
            context.EnableConcurrentExecution();
            context.RegisterSymbolAction(_ => countdown.Step(), SymbolKind.NamedType, SymbolKind.Method, SymbolKind.Field);
            context.RegisterOperationBlockAction(_ => countdown.Step());
            context.RegisterOperationAction(_ => countdown.Step(), OperationKind.Invocation, OperationKind.ObjectCreation);
        }
    }
#pragma warning restore
}
