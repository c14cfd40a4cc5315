using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The registration that every rule about openings shares: pay only where sessions are, ask by symbols before tracing anything.</summary>
internal static class OpeningRule
{
    public delegate Diagnostic? Question(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken);

    public static void Register(CompilationStartAnalysisContext start, Question question) =>
        SessionRule.RegisterBodies(start, (body, facts, context) =>
        {
            foreach (var call in body.Calls)
            {
                if (!call.IsImplicit
                    && facts.Sessions.Openings.IsCandidate(call)
                    && facts.Sessions.Openings.Find(call.Syntax, body, context.CancellationToken) is { } traced
                    && question(traced, facts, context.CancellationToken) is { } diagnostic)
                {
                    context.ReportDiagnostic(diagnostic);
                }
            }
        });
}
