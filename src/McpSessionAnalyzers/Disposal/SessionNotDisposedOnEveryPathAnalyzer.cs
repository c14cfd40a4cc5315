using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Disposal;

/// <summary>
/// MSA1102: an opening whose session some paths dispose or hand on and another path loses: an exception or an early exit lies between.
/// <code>
/// var mcp = await McpClient.CreateAsync(transport); var tools = await mcp.ListToolsAsync(); return (mcp, tools);   // reported
/// _mcp = await McpClient.CreateAsync(transport); _tools = await _mcp.ListToolsAsync();                             // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionNotDisposedOnEveryPathAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SessionNotDisposedOnEveryPath);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => OpeningRule.Register(start, Analyze, withSelectors: true));
    }

    private static Diagnostic? Analyze(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (SessionLeaks.Find(traced, facts.Sessions, cancellationToken) is not { } leak)
        {
            return null;
        }

        var opening = traced.Opening;
        return Diagnostic.Create(
            Descriptors.SessionNotDisposedOnEveryPath,
            opening.Location,
            opening.Path.Select(inner => inner.Location).Prepend(leak.Location),
            ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.OpeningKind, opening.Kind.ToString()),
            SymbolNames.Of(opening.Callee),
            leak.What,
            Advice(leak, traced.Trace));
    }

    private static string Advice(SessionLeak leak, ValueTrace trace) => leak.Kind switch
    {
        SessionLeakKind.OpenedTogether => "catch in each opening, or dispose the ones that did open",
        _ when !trace.IsHandedOn => "dispose it with 'await using' or in a 'finally'",
        SessionLeakKind.Exception => "hand it on first, or dispose it in a 'catch' and rethrow",
        _ => "dispose it on this path too",
    };
}
