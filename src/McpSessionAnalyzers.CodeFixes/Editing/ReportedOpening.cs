using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>The opening that a diagnostic speaks of, with all that is known of it.</summary>
internal sealed record ReportedOpening(TracedOpening Traced, CompilationFacts Facts, DocumentEdits Document)
{
    public static async Task<ReportedOpening?> FindAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here)
        {
            return null;
        }

        var facts = CompilationFacts.Of(here.Model.Compilation);
        var name = here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        foreach (var node in name.AncestorsAndSelf().TakeWhile(node => node is ExpressionSyntax))
        {
            if (here.Model.GetOperation(node, cancellationToken) is { } operation
                && facts.Sessions.Openings.Find(operation, cancellationToken) is { } traced
                && traced.Opening.Location.SourceSpan == diagnostic.Location.SourceSpan)
            {
                return new ReportedOpening(traced, facts, here);
            }
        }

        return null;
    }
}
