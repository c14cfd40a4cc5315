using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>Fixes MSA1105: the disposal is awaited where its task was dropped or blocked on.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DisposalNotAwaitedFix))]
public sealed class DisposalNotAwaitedFix : SessionCodeFix
{
    /// <summary>Awaits <c>DisposeAsync</c>.</summary>
    public const string AwaitDisposal = RuleIds.DisposalNotAwaited + "_AwaitDisposal";

    /// <summary>Made by the host.</summary>
    public DisposalNotAwaitedFix()
        : base(RuleIds.DisposalNotAwaited, AwaitDisposal)
    {
    }

    internal override string Title => "Await the disposal of the MCP session";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here
            || here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call)
        {
            return null;
        }

        // What else is dropped in the same function is fixed there as well: this rule speaks of it.
        var sessions = CompilationFacts.Of(here.Model.Compilation).Sessions;
        if (AwaitPlace.At(call, here, cancellationToken, IsAwaitedThen) is not { } place)
        {
            return null;
        }

        if (DisposalTask.Around(call, here.Model, cancellationToken) is { } task)
        {
            Await(task, here.Text);
        }
        else if (WaitAllAround(call, here.Model, cancellationToken) is { } all)
        {
            if (edits.Memory<HashSet<SyntaxNode>>(nameof(WaitAllAround)).Add(all))
            {
                here.Text.Insert(all.SpanStart, "await ");
                here.Text.Replace(OpeningLocations.NameSyntaxOf(all).Span, "WhenAll");
            }
        }
        else
        {
            return null;
        }

        place.MakeAsync(edits, cancellationToken);
        return Title;

        bool IsAwaitedThen(InvocationExpressionSyntax other) =>
            here.Model.GetOperation(other, cancellationToken) is IInvocationOperation disposal && DisposalWait.IsOfSession(disposal, sessions, cancellationToken);
    }

    private static void Await(DisposalTask task, TextEdits text)
    {
        var isConditional = task.Whole is ConditionalAccessExpressionSyntax;
        text.Replace(TextSpan.FromBounds(task.Start, task.Whole.SpanStart), isConditional ? "await (" : "await ");
        text.Replace(TextSpan.FromBounds(task.Call.Span.End, task.Whole.Span.End), (isConditional ? " ?? default)" : "") + task.Suffix);
    }

    /// <summary><c>Task.WaitAll(a.DisposeAsync().AsTask(), b.DisposeAsync().AsTask());</c>, without a limit or token.</summary>
    private static InvocationExpressionSyntax? WaitAllAround(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellationToken) =>
        call.Ancestors().TakeWhile(node => node is not StatementSyntax).OfType<InvocationExpressionSyntax>()
            .FirstOrDefault(outer => outer.Parent is ExpressionStatementSyntax
                && model.GetSymbolInfo(outer, cancellationToken).Symbol is IMethodSymbol { Name: "WaitAll", ContainingType.Name: "Task", Parameters.Length: 1 });
}
