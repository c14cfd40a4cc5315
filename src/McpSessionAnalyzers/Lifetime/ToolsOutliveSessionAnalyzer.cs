using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Lifetime;

/// <summary>
/// MSA1006: something that calls through a session leaves the scope that closes the session.
/// <code>
/// await using var mcp = await McpClient.CreateAsync(transport); return await mcp.ListToolsAsync();                      // reported at return
/// await using var mcp = await McpClient.CreateAsync(transport); return (await mcp.ListToolsAsync()).Select(t => t.Name); // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ToolsOutliveSessionAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.ToolsOutliveSession);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => SessionRule.Register(start, Analyze, OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.PropertyReference));
    }

    private static void Analyze(SessionRuleContext context)
    {
        var call = context.Operation;
        var facts = context.Facts.Sessions;
        if (!facts.OutlivingTools.IsCandidate(call))
        {
            return;
        }

        // Tools of several sessions may leave together: the first session speaks for all.
        foreach (var tool in facts.OutlivingTools.In(context.Body, context.CancellationToken).Where(tool => tool.Sessions[0].Syntax == call.Syntax))
        {
            context.Report(Diagnostic.Create(
                Descriptors.ToolsOutliveSession,
                tool.Location,
                tool.Sessions.Select(session => OpeningLocations.NameOf(session)),
                What(tool)));
        }
    }

    private static string What(OutlivingTool tool) => tool.Kind switch
    {
        OutlivingToolKind.Returned => $"'{SymbolNames.Of(tool.Target!)}' returns",
        OutlivingToolKind.Yielded => $"'{SymbolNames.Of(tool.Target!)}' yields",
        OutlivingToolKind.Stored when tool.Target is IFieldSymbol or IPropertySymbol => $"'{SymbolNames.Of(tool.Target)}' keeps",
        OutlivingToolKind.CarriedOut => $"'{tool.Target!.Name}' carries out",
        _ => "this call keeps",
    };
}
