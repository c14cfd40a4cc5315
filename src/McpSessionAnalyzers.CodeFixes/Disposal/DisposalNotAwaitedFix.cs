using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Fixes MSA1105: the disposal is awaited where its task was dropped or blocked on; where nothing can be awaited, see <see cref="SynchronousDisposal"/>.
/// </summary>
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
        if (ForEachAround(call, here.Model, cancellationToken) is { } each)
        {
            return await AwaitPlace.AtAsync(each, here, edits, cancellationToken, IsAwaitedThen).ConfigureAwait(false) is { } loop ? Done(loop, () => ToLoop(each, call, here)) : null;
        }

        if (await AwaitPlace.AtAsync(call, here, edits, cancellationToken, IsAwaitedThen).ConfigureAwait(false) is not { } place)
        {
            return SynchronousDisposal.TryApply(call, here, edits, sessions, cancellationToken);
        }

        if (WaitAllAround(call, here.Model, cancellationToken) is { } all)
        {
            return Done(place, () => ToWhenAll(all, edits, here));
        }

        var tasks = TasksOf(call, here, sessions, cancellationToken);
        return tasks.Count == 0 || tasks.Contains(null) ? null : Done(place, () => tasks.ToList().ForEach(task => Await(task!, here.Text)));

        bool IsAwaitedThen(InvocationExpressionSyntax other) =>
            other.SyntaxTree == here.Root.SyntaxTree && here.Model.GetOperation(other, cancellationToken) is IInvocationOperation disposal && DisposalWait.IsOfSession(disposal, sessions, cancellationToken);

        string Done(AwaitPlace at, Action edit)
        {
            edit();
            at.MakeAsync(edits, cancellationToken);
            return Title;
        }
    }

    /// <summary>The call itself, or the waits for the local that has its task.</summary>
    private static IReadOnlyList<DisposalTask?> TasksOf(InvocationExpressionSyntax call, DocumentEdits edits, SessionFacts sessions, CancellationToken cancellationToken)
    {
        if (call.FirstAncestorOrSelf<StatementSyntax>() is LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables }
            && variables[0].Initializer?.Value.Span.Contains(call.Span) == true
            && edits.Model.GetDeclaredSymbol(variables[0], cancellationToken) is ILocalSymbol local
            && sessions.Bodies.Containing(call, cancellationToken) is { } body
            && body.ReferencesTo(local).ToList() is { Count: > 0 } references)
        {
            return references.Where(reference => reference.Parent is not IPropertyReferenceOperation)
                .Select(reference => DisposalTask.Around((ExpressionSyntax)reference.Syntax, edits.Model, cancellationToken)).ToList();
        }

        return new[] { DisposalTask.Around(call, edits.Model, cancellationToken) };
    }

    private static void Await(DisposalTask task, TextEdits text)
    {
        var isConditional = task.Whole is ConditionalAccessExpressionSyntax;
        text.Replace(TextSpan.FromBounds(task.Start, task.Whole.SpanStart), isConditional ? "await (" : "await ");
        text.Replace(TextSpan.FromBounds(task.Call.Span.End, task.Whole.Span.End), (isConditional ? " ?? default)" : "") + task.Suffix);
    }

    private static void ToWhenAll(InvocationExpressionSyntax all, SolutionEdits edits, DocumentEdits here)
    {
        if (edits.Memory<HashSet<SyntaxNode>>(nameof(WaitAllAround)).Add(all))
        {
            here.Text.Insert(all.SpanStart, "await ");
            here.Text.Replace(OpeningLocations.NameSyntaxOf(all).Span, "WhenAll");
        }
    }

    /// <summary><c>Task.WaitAll(a.DisposeAsync().AsTask(), b.DisposeAsync().AsTask());</c>, without a limit or token.</summary>
    private static InvocationExpressionSyntax? WaitAllAround(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellationToken) =>
        call.Ancestors().TakeWhile(node => node is not StatementSyntax).OfType<InvocationExpressionSyntax>()
            .FirstOrDefault(outer => outer.Parent is ExpressionStatementSyntax
                && model.GetSymbolInfo(outer, cancellationToken).Symbol is IMethodSymbol { Name: "WaitAll", ContainingType.Name: "Task", Parameters.Length: 1 });

    /// <summary><c>sessions.ForEach(session => session.DisposeAsync());</c>, a statement of its own.</summary>
    private static InvocationExpressionSyntax? ForEachAround(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellationToken) =>
        call.Parent is SimpleLambdaExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Parent: ExpressionStatementSyntax, Expression: MemberAccessExpressionSyntax, ArgumentList.Arguments.Count: 1 } each } } lambda
        && lambda.ExpressionBody == call
        && model.GetSymbolInfo(each, cancellationToken).Symbol is IMethodSymbol { Name: "ForEach", ContainingType: { Name: "List", ContainingNamespace.Name: "Generic" } }
            ? each
            : null;

    private static void ToLoop(InvocationExpressionSyntax each, InvocationExpressionSyntax call, DocumentEdits edits)
    {
        var (layout, statement) = (edits.Layout, (StatementSyntax)each.Parent!);
        var list = ((MemberAccessExpressionSyntax)each.Expression).Expression;
        var head = $"foreach (var {((SimpleLambdaExpressionSyntax)call.Parent!).Parameter.Identifier} in ";
        edits.Text.Insert(statement.SpanStart, head);
        var outer = layout.IndentationOf(statement);
        var (open, close) = layout.StartsLine(statement)
            ? ($"){layout.EndOfLine}{outer}{{{layout.EndOfLine}{outer}{layout.Unit}await ", $";{layout.EndOfLine}{outer}}}")
            : (") { await ", "; }");
        edits.Text.Replace(TextSpan.FromBounds(list.Span.End, call.SpanStart), open);
        edits.Text.Replace(TextSpan.FromBounds(call.Span.End, statement.Span.End), close);
    }
}
