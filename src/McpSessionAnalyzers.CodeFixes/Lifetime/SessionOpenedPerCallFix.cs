using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Fixes MSA1001: one session, kept where it outlives the call and shared by all calls.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SessionOpenedPerCallFix))]
public sealed class SessionOpenedPerCallFix : SessionCodeFix
{
    /// <summary>Shares one session between calls.</summary>
    public const string ShareSession = RuleIds.SessionOpenedPerCall + "_ShareSession";

    /// <summary>Made by the host.</summary>
    public SessionOpenedPerCallFix()
        : base(RuleIds.SessionOpenedPerCall, ShareSession)
    {
    }

    internal override string Title => Sharing.Title;

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        return await ReportedOpening.FindAsync(edits, document, diagnostic, cancellationToken).ConfigureAwait(false) is { Traced: var traced, Facts: var facts }
            && await Sharing.TryWriteAsync(edits, document.Project, traced, facts, onlyIfThere: false, cancellationToken).ConfigureAwait(false)
                ? Title
                : null;
    }
}
