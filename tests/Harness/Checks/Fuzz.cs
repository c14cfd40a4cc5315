using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Harness;

/// <summary>
/// Half-typed code: sources cut off at a token, or missing one. What analyzers report there doesn't matter; that they don't throw does.
/// </summary>
public static class Fuzz
{
    /// <summary>At each token of the source: without what follows, and without the token.</summary>
    /// <exception cref="InvalidOperationException">An analyzer threw; the message carries the exception and the code.</exception>
    public static Task TruncateAsync(string source, params DiagnosticAnalyzer[] analyzers) => TruncateAsync(source, References.Default, analyzers);

    /// <inheritdoc cref="TruncateAsync(string, DiagnosticAnalyzer[])"/>
    public static Task TruncateAsync(string source, ReferenceAssemblies references, params DiagnosticAnalyzer[] analyzers) => MutateAsync(
        Code.Project(references, source),
        [.. analyzers],
        (_, count) => Enumerable.Range(0, count).SelectMany(token => new[] { (token, true), (token, false) }),
        CancellationToken.None);

    /// <summary>
    /// A few cuts per source, alternately of the two kinds, at places that differ from source to source but not from run to run: many sources together cover
    /// what one alone can't.
    /// </summary>
    /// <inheritdoc cref="TruncateAsync(string, DiagnosticAnalyzer[])" path="/exception"/>
    public static Task SampleAsync(Project project, ImmutableArray<DiagnosticAnalyzer> analyzers, int cuts, CancellationToken cancellationToken) => MutateAsync(
        project,
        analyzers,
        (text, count) =>
        {
            var stride = Math.Max(1, count / cuts);
            return Enumerable.Range(0, Math.Min(cuts, count)).Select(cut => ((cut * stride) + (Hash(text) % stride), cut % 2 == 0));
        },
        cancellationToken);

    private static async Task MutateAsync(
        Project project,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        Func<string, int, IEnumerable<(int Token, bool WithoutRest)>> choose,
        CancellationToken cancellationToken)
    {
        var document = project.Documents.First();
        var root = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
        var tokens = root.DescendantTokens().ToArray();
        var text = root.ToFullString();
        foreach (var (token, withoutRest) in choose(text, tokens.Length))
        {
            var span = tokens[token].Span;
            var mutated = withoutRest ? text[..span.Start] : text.Remove(span.Start, span.Length);
            var changed = document.WithText(SourceText.From(mutated, Encoding.UTF8)).Project;
            await Analysis.RunAsync(changed, analyzers, concurrent: true, cancellationToken).ConfigureAwait(false);
        }
    }

    // string.GetHashCode differs from process to process.
    private static int Hash(string text) => text.Aggregate(17, static (hash, character) => unchecked((hash * 31) + character) & 0xffff);
}
