using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>Fixes MSA1106: where a session was asked whether it is <c>IDisposable</c>, its <c>DisposeAsync</c> is awaited.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DisposalTestNeverSucceedsFix))]
public sealed class DisposalTestNeverSucceedsFix : SessionCodeFix
{
    /// <summary>Awaits <c>DisposeAsync</c>.</summary>
    public const string AwaitDisposal = RuleIds.DisposalTestNeverSucceeds + "_AwaitDisposal";

    /// <summary>Made by the host.</summary>
    public DisposalTestNeverSucceedsFix()
        : base(RuleIds.DisposalTestNeverSucceeds, AwaitDisposal)
    {
    }

    internal override string Title => "Await 'DisposeAsync' of the MCP session";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here)
        {
            return null;
        }

        var test = here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        return AwaitPlace.At(test, here, cancellationToken) is { } place && new DisposalTest(here, place, cancellationToken).TryReplace(test)
            ? Done(place)
            : null;

        string Done(AwaitPlace place)
        {
            place.MakeAsync(edits, cancellationToken);
            return Title;
        }
    }
}
