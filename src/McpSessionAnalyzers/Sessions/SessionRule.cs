using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Sessions;

/// <summary>One operation that a rule is asked about.</summary>
internal readonly record struct SessionRuleContext(IOperation Operation, MemberBody Body, CompilationFacts Facts, Action<Diagnostic> Report, CancellationToken CancellationToken);

/// <summary>
/// The registration that rules about sessions share. Type by type and not operation by operation: the compiler then makes operations of no code but that
/// which mentions sessions, where it would have to bind all of it a second time.
/// </summary>
internal static class SessionRule
{
    public static void Register(CompilationStartAnalysisContext start, Action<SessionRuleContext> analyze, params OperationKind[] kinds) =>
        RegisterBodies(start, (body, facts, context) =>
        {
            foreach (var operation in body.Operations)
            {
                if (Array.IndexOf(kinds, operation.Kind) >= 0)
                {
                    context.CancellationToken.ThrowIfCancellationRequested();
                    analyze(new(operation, body, facts, context.ReportDiagnostic, context.CancellationToken));
                }
            }
        });

    /// <summary>Asks about each body that mentions sessions; never where the SDK is not referenced.</summary>
    public static void RegisterBodies(CompilationStartAnalysisContext start, Action<MemberBody, CompilationFacts, SymbolAnalysisContext> analyze)
    {
        var facts = CompilationFacts.Of(start.Compilation);
        if (!facts.Symbols.HasClients)
        {
            return;
        }

        start.RegisterSymbolAction(
            context =>
            {
                foreach (var body in facts.Sessions.Code.In((INamedTypeSymbol)context.Symbol, context.CancellationToken))
                {
                    analyze(body, facts, context);
                }
            },
            SymbolKind.NamedType);
    }
}
