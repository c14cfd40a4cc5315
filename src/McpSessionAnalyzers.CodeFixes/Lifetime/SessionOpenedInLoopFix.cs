using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Fixes MSA1002: the session is opened in front of the loop. In per-call code, and where the loop calls a method that opens and closes, it is shared
/// between calls instead, as for MSA1001.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SessionOpenedInLoopFix))]
public sealed class SessionOpenedInLoopFix : SessionCodeFix
{
    /// <summary>Opens the session once.</summary>
    public const string OpenOnce = RuleIds.SessionOpenedInLoop + "_OpenOnce";

    private const string Hoist = "Open the MCP session before the loop";

    /// <summary>Made by the host.</summary>
    public SessionOpenedInLoopFix()
        : base(RuleIds.SessionOpenedInLoop, OpenOnce)
    {
    }

    internal override string Title => "Open the MCP session once";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await ReportedOpening.FindAsync(edits, document, diagnostic, cancellationToken).ConfigureAwait(false) is not { Traced: var traced, Facts: var facts, Document: var here })
        {
            return await ShareInsideAsync(edits, document, diagnostic, cancellationToken).ConfigureAwait(false);
        }

        if (LoopedOpening.Find(traced, facts, cancellationToken) is not { } loop)
        {
            return null;
        }

        if (facts.Calls.OfMember(traced.Body.FunctionOf(loop), cancellationToken).IsPerCall)
        {
            return await Sharing.TryWriteAsync(edits, document.Project, traced, facts, onlyIfThere: false, cancellationToken).ConfigureAwait(false) ? Sharing.Title : null;
        }

        return LoopStatement.Of(traced, facts, cancellationToken) is { } statement
            && await HoistedOpening.TryWriteAsync(traced, statement, edits, here, facts, cancellationToken).ConfigureAwait(false)
                ? Hoist
                : null;
    }

    /// <summary>The loop calls a method that opens and closes: that method shares what it opens.</summary>
    private static async Task<string?> ShareInsideAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here)
        {
            return null;
        }

        var facts = CompilationFacts.Of(here.Model.Compilation);
        foreach (var node in here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).AncestorsAndSelf().TakeWhile(node => node is ExpressionSyntax))
        {
            if (here.Model.GetOperation(node, cancellationToken) is { } call
                && OpeningLocations.NameOf(call).SourceSpan == diagnostic.Location.SourceSpan
                && facts.RepeatedCalls.Find(call, cancellationToken) is var (_, inside))
            {
                return await Sharing.TryWriteAsync(edits, document.Project, inside, facts, onlyIfThere: false, cancellationToken).ConfigureAwait(false) ? Sharing.Title : null;
            }
        }

        return null;
    }
}
