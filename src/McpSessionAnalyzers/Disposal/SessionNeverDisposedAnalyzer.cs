using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Disposal;

/// <summary>
/// MSA1101: an opening whose session is dropped: nothing disposes it or hands it on.
/// <code>
/// var mcp = await McpClient.CreateAsync(transport); await mcp.PingAsync();               // reported
/// await using var mcp = await McpClient.CreateAsync(transport); await mcp.PingAsync();   // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionNeverDisposedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SessionNeverDisposed);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => OpeningRule.Register(start, Analyze, withSelectors: true));
    }

    private static Diagnostic? Analyze(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (!NeverDisposed.Is(traced, facts, cancellationToken))
        {
            return null;
        }

        var opening = traced.Opening;
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.OpeningKind, opening.Kind.ToString());

        // Tools call through the session that listed them: to dispose it here would kill what leaves.
        var toolsLeave = traced.Trace.Has(TraceEventKind.DependentLeaves);
        var toolsMayLeave = traced.Trace.Has(TraceEventKind.DependentMayLeave);
        if (toolsLeave || toolsMayLeave)
        {
            properties = properties.Add(DiagnosticProperties.OnlyToolsSurvive, "");
        }

        return Diagnostic.Create(
            Descriptors.SessionNeverDisposed,
            opening.Location,
            opening.Path.Select(inner => inner.Location),
            properties,
            SymbolNames.Of(opening.Callee),
            toolsLeave ? "only what needs it leaves, so hand the session on together with its tools and dispose it when they are done"
            : toolsMayLeave ? "dispose it when its tools are done"
            : "dispose it with 'await using'");
    }
}
