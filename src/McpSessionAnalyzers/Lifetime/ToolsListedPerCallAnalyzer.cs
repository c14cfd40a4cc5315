using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Lifetime;

/// <summary>
/// MSA1004: per-call code lists the tools of a session that outlives the call.
/// <code>
/// async Task&lt;string&gt; AskAsync(string question) { var tools = await _mcp.ListToolsAsync(); … }            // reported
/// async Task&lt;string&gt; AskAsync(string question) { var tools = await _mcpSession.ListToolsAsync(); … }     // silent: a shared session keeps the list
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ToolsListedPerCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.ToolsListedPerCall);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => SessionRule.Register(start, Analyze, OperationKind.Invocation));
    }

    private static void Analyze(SessionRuleContext context)
    {
        var (facts, body) = (context.Facts, context.Body);
        var call = (IInvocationOperation)context.Operation;
        if (ListedSessions.ListedBy(call, facts.Sessions) is not { } what || body.Find(call.Syntax) is not IInvocationOperation own)
        {
            return;
        }

        var listed = new ListedSessions(facts, context.CancellationToken);
        if (listed.Find(own, body) is not { } perCall)
        {
            return;
        }

        var isShared = what == "tools" && listed.IsOfSharedSession(ListedSessions.SessionOf(own)!, body);
        context.Report(Diagnostic.Create(
            Descriptors.ToolsListedPerCall,
            OpeningLocations.NameOf(call),
            perCall.Path,
            SymbolNames.Of(perCall.Member ?? body.Member),
            what,
            perCall.Reason,
            isShared ? "ask the shared session for them, which keeps the list" : "list them once and keep them"));
    }
}
