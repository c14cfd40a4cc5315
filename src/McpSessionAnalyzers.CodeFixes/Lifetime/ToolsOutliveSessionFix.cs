using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Fixes MSA1006: the session moves up to where its tools live as long as it does. Where the code runs once, that may be the list of statements around its
/// <c>using</c>; elsewhere it is shared, as for MSA1001, and serves the tools itself.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ToolsOutliveSessionFix))]
public sealed class ToolsOutliveSessionFix : SessionCodeFix
{
    /// <summary>Keeps the session as long as its tools.</summary>
    public const string MoveSessionUp = RuleIds.ToolsOutliveSession + "_MoveSessionUp";

    /// <summary>Made by the host.</summary>
    public ToolsOutliveSessionFix()
        : base(RuleIds.ToolsOutliveSession, MoveSessionUp)
    {
    }

    internal override string Title => "Keep one MCP session as long as its tools";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here)
        {
            return null;
        }

        var facts = CompilationFacts.Of(here.Model.Compilation);
        var place = here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        if (facts.Sessions.Bodies.Containing(place, cancellationToken) is not { } body
            || facts.Sessions.OutlivingTools.In(body, cancellationToken).FirstOrDefault(one => one.Location.SourceSpan == diagnostic.Location.SourceSpan) is not { } tool)
        {
            return null;
        }

        if (WidenedScope.TryWrite(tool, body, here, facts, cancellationToken))
        {
            return "Keep the MCP session as long as its tools";
        }

        // All of the sessions that the tools need, or none.
        var openings = tool.Sessions.Select(session => facts.Sessions.Openings.Find(session.Syntax, body, cancellationToken)).ToList();
        var trial = new SolutionEdits(edits.Solution);
        foreach (var opening in openings)
        {
            if (opening is null
                || !await Sharing.TryWriteAsync(trial, document.Project, opening, facts, onlyIfThere: false, cancellationToken).ConfigureAwait(false)
                || !OutlivesTools(opening, trial, facts, cancellationToken))
            {
                return null;
            }
        }

        foreach (var opening in openings)
        {
            if (!await Sharing.TryWriteAsync(edits, document.Project, opening!, facts, onlyIfThere: false, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        return Title;
    }

    /// <summary>
    /// A session per key may be closed while another key's is used. Without McpSessions, each call would list the tools anew, of which MSA1004 speaks.
    /// </summary>
    private static bool OutlivesTools(TracedOpening opening, SolutionEdits edits, CompilationFacts facts, CancellationToken cancellationToken) =>
        edits.Memory<SharedOpening>(opening.Opening.Innermost.Operation.Syntax) is { Recipe: { } recipe }
            ? recipe.Keys.Count == 0
            : !facts.Calls.Of(opening.Opening.Operation, cancellationToken).IsPerCallByEvidence;
}
