using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The registration that every rule about openings shares: pay only where sessions are, ask by symbols before tracing anything.</summary>
internal static class OpeningRule
{
    public delegate Diagnostic? Question(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken);

    public static void Register(CompilationStartAnalysisContext start, Question question)
    {
        var facts = CompilationFacts.Of(start.Compilation);
        if (!facts.Symbols.HasClients)
        {
            return;
        }

        start.RegisterOperationAction(
            context =>
            {
                if (!context.Operation.IsImplicit
                    && facts.Sessions.Openings.IsCandidate(context.Operation)
                    && facts.Sessions.Openings.Find(context.Operation, context.CancellationToken) is { } traced
                    && question(traced, facts, context.CancellationToken) is { } diagnostic)
                {
                    context.ReportDiagnostic(diagnostic);
                }
            },
            OperationKind.Invocation,
            OperationKind.ObjectCreation,
            OperationKind.PropertyReference);
    }
}
