using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Fixes MSA1003: the session that is already there is used, and left to whoever keeps it; what only fed the other opening goes. Not offered where the kept
/// session may be null when the code comes to it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SessionOpenedBesideAnotherFix))]
public sealed class SessionOpenedBesideAnotherFix : SessionCodeFix
{
    /// <summary>Uses the session that is at hand.</summary>
    public const string UseSession = RuleIds.SessionOpenedBesideAnother + "_UseSession";

    /// <summary>Made by the host.</summary>
    public SessionOpenedBesideAnotherFix()
        : base(RuleIds.SessionOpenedBesideAnother, UseSession)
    {
    }

    internal override string Title => "Use the MCP session that is already there";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await ReportedOpening.FindAsync(edits, document, diagnostic, cancellationToken).ConfigureAwait(false) is not { Traced: var traced, Facts: var facts, Document: var here })
        {
            return null;
        }

        // What the fix of MSA1001 has begun, this one goes on with: one after the other must lead to the code that Fix All makes at once.
        if (await Sharing.TryWriteAsync(edits, document.Project, traced, facts, onlyIfThere: true, cancellationToken).ConfigureAwait(false))
        {
            return Title;
        }

        if (HeldSession.Of(traced.Opening) is not { IsUnused: false, HasComments: false } held
            || SessionAtHand.Find(traced, facts, cancellationToken) is not { Symbol: var kept }
            || !diagnostic.Properties.TryGetValue(DiagnosticProperties.SessionAtHand, out var name) || name != kept.Name
            || new KeptSession(traced, held, here.Model, facts, cancellationToken).AskFor(kept) is not { } session

            // Who gets it from here may close it.
            || traced.Trace.Has(TraceEventKind.Return) || traced.Trace.Has(TraceEventKind.LambdaResult) || traced.Trace.Has(TraceEventKind.Collect)
            || await Borrowers.OfAsync(traced, edits.Solution, facts, cancellationToken).ConfigureAwait(false) is not { Releases: var releases })
        {
            return null;
        }

        here.Text.Replace((session.StartsWith("await ", StringComparison.Ordinal) ? held.Expression : held.WithParentheses).Span, session);
        foreach (var release in releases)
        {
            await release.ApplyAsync(edits, cancellationToken).ConfigureAwait(false);
        }

        FoldedDeclaration.Fold(held.Opening, here);
        FeedingLocals.Drop(held.Opening, traced.Body, edits, here, facts);
        return $"Use '{kept.Name}'";
    }
}
