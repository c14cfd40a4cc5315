using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Lifetime;

/// <summary>
/// MSA1003: an opening for one call where the type keeps a session with the same server, or the function was given one.
/// <code>
/// async Task&lt;string&gt; AskAsync(string question) { await using var mcp = await McpClient.CreateAsync(_transport); … }   // reported: there is _client
/// async Task ReconnectAsync() { _client = await McpClient.CreateAsync(_transport); }                                    // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionOpenedBesideAnotherAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SessionOpenedBesideAnother);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => OpeningRule.Register(start, Analyze));
    }

    private static Diagnostic? Analyze(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (SessionAtHand.Find(traced, facts, cancellationToken) is not { Symbol: var other } atHand)
        {
            return null;
        }

        var opening = traced.Opening;
        return Diagnostic.Create(
            Descriptors.SessionOpenedBesideAnother,
            opening.Location,
            opening.Path.Select(inner => inner.Location).Concat(other.Locations.Where(location => location.IsInSource)),
            ImmutableDictionary<string, string?>.Empty
                .Add(DiagnosticProperties.OpeningKind, opening.Kind.ToString())
                .Add(DiagnosticProperties.SessionAtHand, other.Name),
            SymbolNames.Of(traced.Body.Member),
            other.Name,
            atHand.IsSameServer ? "a session with the same server" : other is IParameterSymbol ? "a session that it was given" : "a session that its type keeps");
    }
}
