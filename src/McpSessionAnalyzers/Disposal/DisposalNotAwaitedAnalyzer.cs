using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Disposal;

/// <summary>
/// MSA1105: the task of a session's <c>DisposeAsync</c> is dropped or blocked on.
/// <code>
/// _ = mcp.DisposeAsync(); mcp.DisposeAsync().AsTask().Wait();     // reported
/// await mcp.DisposeAsync();                                       // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DisposalNotAwaitedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.DisposalNotAwaited);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => SessionRule.Register(start, Analyze, OperationKind.Invocation));
    }

    private static void Analyze(SessionRuleContext context)
    {
        var facts = context.Facts.Sessions;
        var call = (IInvocationOperation)context.Operation;
        if (!DisposalWait.IsOfSession(call, facts, context.CancellationToken))
        {
            return;
        }

        var outcome = DisposalWait.Of(call, facts);
        if (outcome == DisposalOutcome.Awaited
            || (outcome == DisposalOutcome.Blocked && DisposalWait.MustBlock(call, context.Body.Member, facts, context.CancellationToken)))
        {
            return;
        }

        context.Report(Diagnostic.Create(
            Descriptors.DisposalNotAwaited,
            OpeningLocations.NameOf(call),
            outcome == DisposalOutcome.Dropped
                ? "nobody waits for the session to close or sees that it failed"
                : "blocking on it can deadlock and holds a thread while the server answers"));
    }
}
