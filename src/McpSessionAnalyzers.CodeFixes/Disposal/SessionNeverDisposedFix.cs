using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>Fixes MSA1101: the session is disposed at the end of the block that opens it, by a using declaration.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SessionNeverDisposedFix))]
public sealed class SessionNeverDisposedFix : SessionCodeFix
{
    /// <summary>Disposes the session with <c>await using</c>.</summary>
    public const string AwaitUsing = RuleIds.SessionNeverDisposed + "_AwaitUsing";

    /// <summary>Made by the host.</summary>
    public SessionNeverDisposedFix()
        : base(RuleIds.SessionNeverDisposed, AwaitUsing)
    {
    }

    internal override string Title => "Dispose the MCP session with 'await using'";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await ReportedOpening.FindAsync(edits, document, diagnostic, cancellationToken).ConfigureAwait(false) is not { Traced: var traced } reported
            || !traced.Trace.IsDropped

            // The tools that leave would die with the session; one of several in a collection is the collection's to dispose.
            || traced.Trace.Has(TraceEventKind.DependentLeaves)
            || traced.Trace.Has(TraceEventKind.Collect)
            || traced.Trace.Of(TraceEventKind.DependentMayLeave).Any(IsOutOfSight)
            || (Functions.Around(traced.Opening.Operation.Syntax) is { } function
                && Leftovers.MayNeedSession(function, reported.Document.Model, reported.Facts.Sessions, cancellationToken)))
        {
            return null;
        }

        var place = await AwaitPlace.AtAsync(traced.Opening.Operation.Syntax, reported.Document, edits, cancellationToken).ConfigureAwait(false);
        return Disposal.AwaitUsing.TryApply(edits, reported.Document, traced, place, cancellationToken) ? Title : null;
    }

    /// <summary>
    /// Tools that a call is given, and that is awaited, are used while it runs; those that a local holds are followed. Given to anything else
    /// they may be called when the session is gone.
    /// </summary>
    private static bool IsOutOfSight(TraceEvent leaving)
    {
        foreach (var node in leaving.Operation.Syntax.AncestorsAndSelf())
        {
            switch (node)
            {
                case AwaitExpressionSyntax or LocalDeclarationStatementSyntax or ForEachStatementSyntax:
                    return false;
                case StatementSyntax or AnonymousFunctionExpressionSyntax or ArrowExpressionClauseSyntax:
                    return true;
            }
        }

        return true;
    }
}
