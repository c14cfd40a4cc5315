using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Disposal;

/// <summary>
/// MSA1107: a session is disposed by somebody who only borrows it.
/// <code>
/// await using var mcp = await _shared.GetClientAsync();                                    // reported at using
/// var mcp = await _shared.GetClientAsync();                                                // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BorrowedSessionDisposedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.BorrowedSessionDisposed);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => SessionRule.Register(start, Analyze, OperationKind.Invocation, OperationKind.Using, OperationKind.UsingDeclaration));
    }

    private static void Analyze(SessionRuleContext context)
    {
        var (facts, body) = (context.Facts, context.Body);
        foreach (var disposal in SessionDisposals.Of(context.Operation, facts.Sessions))
        {
            if (SessionDisposals.Find(disposal, body) is not { } value
                || new BorrowedSessions(facts, context.CancellationToken).Find(value, body) is not { } borrowed
                || OwnedDisposals.Contain(value, body, borrowed, facts, context.CancellationToken))
            {
                continue;
            }

            context.Report(Diagnostic.Create(
                Descriptors.BorrowedSessionDisposed,
                disposal.Location,
                SymbolNames.Of(body.Member),
                borrowed.Lender switch
                {
                    SessionLender.SharedSession => "the shared session that handed it out keeps it for every caller",
                    SessionLender.Container => "the service container hands the same one to others and closes it",
                    _ => $"'{borrowed.Member!.Name}' keeps it for every call",
                }));
        }
    }
}
