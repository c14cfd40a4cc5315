using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Fixes MSA1106: where a session was asked whether it is <c>IDisposable</c>, its <c>DisposeAsync</c> is awaited. Where its whole life is in the member, a using
/// declaration takes the place of the test; in <c>Dispose</c> of a type that has no other way, it is waited for.
/// </summary>
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
        var sessions = CompilationFacts.Of(here.Model.Compilation).Sessions;
        if (sessions.Bodies.Containing(test, cancellationToken) is not { } body)
        {
            return null;
        }

        if (TestedDisposals.TryReplace(test, body, edits, here, sessions, cancellationToken))
        {
            return Title;
        }

        if (await AwaitPlace.AtAsync(test, here, edits, cancellationToken).ConfigureAwait(false) is { } place)
        {
            if (!new DisposalTest(here, place.Function, blocks: false, cancellationToken).TryReplace(test))
            {
                return null;
            }

            place.MakeAsync(edits, cancellationToken);
            return Title;
        }

        if (await MovedDisposal.TryApplyAsync(test, edits, here, sessions, cancellationToken).ConfigureAwait(false))
        {
            return "Dispose the MCP session in 'DisposeAsync'";
        }

        return Functions.Around(test) is MethodDeclarationSyntax method
            && test.AncestorsAndSelf().Select(node => here.Model.GetOperation(node, cancellationToken)).FirstOrDefault(one => one is not null) is { } operation
            && Functions.AllowsAwaitAt(test, method)
            && !test.Ancestors().Any(node => node is AnonymousFunctionExpressionSyntax)
            && !Functions.IsIterator(method)
            && DisposalWait.MustBlock(operation, body.Member, sessions, cancellationToken)
            && new DisposalTest(here, method, blocks: true, cancellationToken).TryReplace(test)
                ? "Close the MCP session with 'DisposeAsync', and wait for it"
                : null;
    }
}
