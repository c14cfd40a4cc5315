using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Disposal;

/// <summary>
/// MSA1104: a field that may hold a session is given another value, and nobody disposes the old one.
/// <code>
/// async Task ReconnectAsync() { _mcp = await McpClient.CreateAsync(transport); }                                          // reported at _mcp
/// async Task ReconnectAsync() { await _mcp.DisposeAsync(); _mcp = await McpClient.CreateAsync(transport); }               // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionReplacedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SessionReplaced);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => SessionRule.Register(start, Analyze, OperationKind.SimpleAssignment, OperationKind.DeconstructionAssignment, OperationKind.Invocation));
    }

    private static void Analyze(SessionRuleContext context)
    {
        var facts = context.Facts;
        if (ReplacementTargets.Of(context.Operation, context.Body, facts.Sessions) is not { } target
            || SessionReplacement.Find(target, facts, context.CancellationToken) is not { } replacement)
        {
            return;
        }

        context.Report(Diagnostic.Create(
            Descriptors.SessionReplaced,
            target.Syntax.GetLocation(),
            replacement.IsFirstConnection ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning,
            additionalLocations: null,
            properties: null,
            target.Member.Name,
            replacement.IsEmptied ? "set to null" : "replaced",
            replacement.IsFirstConnection ? "return early if it is set, or dispose it first" : "dispose it first"));
    }
}
