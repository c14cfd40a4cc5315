using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Fixes MSA1102: a session that ends in the member gets a using declaration in place of its explicit disposal; one that is handed on is disposed where
/// something fails before that.
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
            || SessionLeaks.Find(traced, reported.Facts.Sessions, cancellationToken) is not { } leak
            || leak.Kind == SessionLeakKind.OpenedTogether)
        {
            return null;
        }

        var isFixed = traced.Trace.IsHandedOn || traced.Trace.Has(TraceEventKind.Collect)
            ? leak.Kind == SessionLeakKind.Exception && DisposeAndRethrow.TryApply(edits, reported.Document, traced, reported.Facts.Sessions, cancellationToken)
            : ExplicitDisposals.Of(traced, reported.Document.Root) is { } disposals
                && AwaitUsing.TryApply(edits, reported.Document, traced, cancellationToken)
                && disposals.Remove(reported.Document);
        return isFixed ? Title : null;
    }
}
