using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Fixes MSA1102: a session that ends in the member gets a using declaration or block in place of its explicit disposal; one that is handed on is
/// disposed where something fails before that, and where a path leaves without it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SessionNotDisposedOnEveryPathFix))]
public sealed class SessionNotDisposedOnEveryPathFix : SessionCodeFix
{
    /// <summary>Disposes the session on every path.</summary>
    public const string DisposeOnEveryPath = RuleIds.SessionNotDisposedOnEveryPath + "_DisposeOnEveryPath";

    /// <summary>Made by the host.</summary>
    public SessionNotDisposedOnEveryPathFix()
        : base(RuleIds.SessionNotDisposedOnEveryPath, DisposeOnEveryPath)
    {
    }

    internal override string Title => "Dispose the MCP session on every path";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await ReportedOpening.FindAsync(edits, document, diagnostic, cancellationToken).ConfigureAwait(false) is not { Traced: var traced } reported
            || SessionLeaks.Find(traced, reported.Facts.Sessions, cancellationToken) is not { } leak)
        {
            return null;
        }

        var (here, sessions) = (reported.Document, reported.Facts.Sessions);
        var isFixed = leak.Kind == SessionLeakKind.OpenedTogether ? OpenedTogetherCatch.TryApply(edits, here, traced, leak, sessions, cancellationToken)
            : traced.Trace.IsHandedOn || traced.Trace.Has(TraceEventKind.Collect) ? DisposeAndRethrow.TryApply(edits, here, traced, leak, sessions, cancellationToken)
            : ExplicitDisposals.Of(traced, here.Root) is { } disposals ? AwaitUsing.TryApply(edits, here, traced, cancellationToken) && disposals.Remove(here)
            : UsingBlock.TryApply(edits, here, traced, sessions, cancellationToken) || FinallyBlock.TryApply(edits, here, traced, cancellationToken);
        return isFixed ? Title : null;
    }
}
