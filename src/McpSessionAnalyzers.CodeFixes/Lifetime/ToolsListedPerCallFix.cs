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

    /// <summary>The shared session's list is everybody's, and read-only.</summary>
    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal) { "Add", "AddRange", "Insert", "Remove", "RemoveAt", "RemoveAll", "Clear", "Sort" };

    /// <summary>Made by the host.</summary>
    public ToolsListedPerCallFix()
        : base(RuleIds.ToolsListedPerCall, AskSharedSession)
    {
    }

    internal override string Title => "Ask the shared MCP session for its tools";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here
            || here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not
                { Expression: MemberAccessExpressionSyntax { Expression: var receiver } } listing)
        {
            return null;
        }

        // Prompts and resources are kept by nobody.
        var facts = CompilationFacts.Of(here.Model.Compilation);
        if (facts.Sessions.Bodies.Containing(listing, cancellationToken) is not { } body
            || body.Find(listing) is not IInvocationOperation { TargetMethod.Name: "ListToolsAsync", Instance: { } client } call
            || SharedClient.Of(client, body, here.Model, facts, cancellationToken) is not { } shared
            || shared.Counterpart(call.TargetMethod) is null
            || IsChanged(call, body))
        {
            return null;
        }

        var arguments = call.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).ToList();
        var token = arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "CancellationToken");
        if (arguments.Any(argument => argument != token && argument.Value.ConstantValue is not { HasValue: true, Value: null }))
        {
            return null;
        }

        here.Text.Replace(receiver.Span, shared.Session.ToString());
        here.Text.Replace(
            listing.ArgumentList.Span, "(" + string.Join(", ", new[] { shared.Key, token?.Value.Syntax ?? shared.Token }.Where(argument => argument is not null)) + ")");
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

    /// <summary>The code adds to the list that it gets, or wants the class that it is made of.</summary>
    private static bool IsChanged(IInvocationOperation call, MemberBody body)
    {
        IOperation value = call;
        while (value.Parent is IAwaitOperation or IParenthesizedOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
        {
            value = value.Parent;
        }

        if (value.Parent is IConversionOperation { IsImplicit: false } or IConversionOperation { IsImplicit: true, Type.TypeKind: TypeKind.Class })
        {
            return true;
        }

        var local = value.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } => target.Local,
            _ => null,
        };
        return local is not null && body.ReferencesTo(local).Any(reference => reference.Parent switch
        {
            IInvocationOperation { TargetMethod.Name: var name } used when used.Instance == reference => Changes.Contains(name),
            IConversionOperation { Parent: IInvocationOperation { TargetMethod.Name: var name } used } conversion when used.Instance == conversion => Changes.Contains(name),
            IPropertyReferenceOperation { Property.IsIndexer: true, Parent: IAssignmentOperation assignment } element => assignment.Target == element,
            IConversionOperation { IsImplicit: false } => true,
            _ => false,
        });
    }
}
