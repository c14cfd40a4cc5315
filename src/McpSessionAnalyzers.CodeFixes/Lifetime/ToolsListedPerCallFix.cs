using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Fixes MSA1004: the tools come from the shared session, which keeps the list, instead of from the client that it hands out.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ToolsListedPerCallFix))]
public sealed class ToolsListedPerCallFix : SessionCodeFix
{
    /// <summary>Lists the tools of the shared session.</summary>
    public const string AskSharedSession = RuleIds.ToolsListedPerCall + "_AskSharedSession";

    /// <summary>Made by the host.</summary>
    public ToolsListedPerCallFix()
        : base(RuleIds.ToolsListedPerCall, AskSharedSession)
    {
    }

    internal override string Title => "Ask the shared MCP session for its tools";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here
            || here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } listing)
        {
            return null;
        }

        var facts = CompilationFacts.Of(here.Model.Compilation);
        if (facts.Sessions.Bodies.Containing(listing, cancellationToken) is not { } body
            || body.Find(listing) is not IInvocationOperation { Instance: { } client } call
            || SharedClient.Of(client, body, here.Model, facts, cancellationToken) is not { } shared
            || SharedToolList.Of(call, shared.Call.TargetMethod.ContainingType, body) is not { } list)
        {
            return null;
        }

        list.Ask(shared.Session.ToString(), shared.Key?.ToString(), shared.Token?.ToString(), here);
        if (shared is { Local: { } local, Declaration: { UsingKeyword.RawKind: 0 } declaration })
        {
            edits.Memory<HashSet<SyntaxNode>>(local).Add(client.Syntax);
            edits.AtEnd((nameof(SharedClient), local), _ =>
            {
                if (body.ReferencesTo(local).All(reference => edits.Memory<HashSet<SyntaxNode>>(local).Contains(reference.Syntax)))
                {
                    here.Statements.Remove(declaration);
                }

                return Task.CompletedTask;
            });
        }

        return Title;
    }
}
