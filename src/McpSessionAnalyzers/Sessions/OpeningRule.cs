using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The registration that every rule about openings shares: pay only where sessions are, ask by symbols before tracing anything.</summary>
internal static class OpeningRule
{
    public delegate Diagnostic? Question(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken);

    /// <param name="start">The compilation.</param>
    /// <param name="question">Asked of each opening.</param>
    /// <param name="withSelectors">Also of method groups that open for each element of a sequence. Rules about how often code runs know those by themselves.</param>
    public static void Register(CompilationStartAnalysisContext start, Question question, bool withSelectors = false) =>
        SessionRule.RegisterBodies(start, (body, facts, context) =>
        {
            foreach (var call in withSelectors ? body.Calls.Concat(body.Selectors) : body.Calls)
            {
                if (!call.IsImplicit
                    && facts.Sessions.Openings.IsCandidate(call)
                    && (call is IMethodReferenceOperation ? facts.Sessions.Openings.Find(call, body, context.CancellationToken) : facts.Sessions.Openings.Find(call.Syntax, body, context.CancellationToken)) is { } traced
                    && question(traced, facts, context.CancellationToken) is { } diagnostic)
                {
                    context.ReportDiagnostic(diagnostic);
                }
            }
        });
}
