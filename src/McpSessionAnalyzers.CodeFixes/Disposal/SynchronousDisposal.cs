using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// A session's disposal where nothing can be awaited. <c>Dispose</c> of a type that nobody can dispose asynchronously waits for it: when it returns, the
/// session is closed. Where <c>DisposeAsync</c> stands beside it, <c>Dispose</c> is the way of those who can't wait, and closes in the background.
/// </summary>
internal static class SynchronousDisposal
{
    private const string Wait = "Wait for the disposal of the MCP session";
    private const string InBackground = "Close the MCP session in the background, and wait in 'DisposeAsync'";

    /// <summary>The title of what was done; null, and nothing done, where it can't be right.</summary>
    public static string? TryApply(InvocationExpressionSyntax call, DocumentEdits edits, SolutionEdits solution, SessionFacts facts, CancellationToken cancellationToken)
    {
        if (edits.Model.GetOperation(call, cancellationToken) is not IInvocationOperation disposal
            || facts.Bodies.Containing(call, cancellationToken) is not { Member: IMethodSymbol { IsAsync: false } method }
            || DisposalTask.Around(call, edits.Model, cancellationToken) is not { } task
            || task.Whole.FirstAncestorOrSelf<StatementSyntax>() is LocalDeclarationStatementSyntax
            || Functions.Around(call) is not { } function
            || !(function is MethodDeclarationSyntax || IsCancellation(function, edits.Model, cancellationToken)))
        {
            return null;
        }

        if (DisposalWait.Of(disposal, facts) == DisposalOutcome.Dropped)
        {
            if (!DisposalWait.MustBlock(disposal, method, facts, cancellationToken) || method.MethodKind == MethodKind.Destructor || IsEventHandler(method) || task.Suffix.Length > 0 || !HasAsTask(disposal))
            {
                return null;
            }

            edits.Text.Delete(TextSpan.FromBounds(task.Start, task.Whole.SpanStart));
            edits.Text.Replace(TextSpan.FromBounds(call.Span.End, task.Whole.Span.End), ".AsTask().GetAwaiter().GetResult()");
            return Wait;
        }

        if (function is not MethodDeclarationSyntax { Identifier.ValueText: "Dispose" } dispose
            || !facts.Types.IsAsyncDisposable(method.ContainingType)
            || call.Ancestors().Any(node => node is TryStatementSyntax or LockStatementSyntax)
            || task.Whole.Parent is not (ExpressionStatementSyntax or ArrowExpressionClauseSyntax)
            || !ClosesAsynchronously(call, disposal, dispose, method.ContainingType, edits.Model, cancellationToken))
        {
            return null;
        }

        var type = edits.Usings.NameOf("System.Threading.Tasks.Task", call.SpanStart);
        var isConditional = task.Whole is ConditionalAccessExpressionSyntax;
        edits.Text.Replace(TextSpan.FromBounds(task.Start, task.Whole.SpanStart), $"_ = {type}.Run(async () => await {(isConditional ? "(" : "")}");
        edits.Text.Replace(TextSpan.FromBounds(call.Span.End, task.Whole.Span.End), isConditional ? " ?? default))" : ")");
        return InBackground;
    }

    /// <summary>The type's own <c>DisposeAsync</c> closes the same session and doesn't leave it to <c>Dispose</c>, which keeps it in its member meanwhile.</summary>
    private static bool ClosesAsynchronously(
        InvocationExpressionSyntax call, IInvocationOperation disposal, MethodDeclarationSyntax dispose, INamedTypeSymbol type, SemanticModel model, CancellationToken cancellationToken)
    {
        var isSelf = disposal.Instance is IInstanceReferenceOperation;
        var receiver = disposal.Instance is IConditionalAccessInstanceOperation && call.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } access
            ? model.GetSymbolInfo(access.Expression, cancellationToken).Symbol
            : disposal.Instance switch { IFieldReferenceOperation field => field.Field, IPropertyReferenceOperation property => (ISymbol)property.Property, _ => null };
        if (!isSelf && (receiver is not (IFieldSymbol or IPropertySymbol) || dispose.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment => IsReceiver(assignment.Left))))
        {
            return false;
        }

        // What is closed in the background must not be pulled from under it.
        var block = dispose.Body;
        if (block is not null && block.Statements.SkipWhile(statement => !statement.Span.Contains(call.Span)).Skip(1).Any(statement => !IsSuppression(statement)))
        {
            return false;
        }

        return type.GetMembers().OfType<IMethodSymbol>().Where(method => method.Name is "DisposeAsync" or "DisposeAsyncCore" or "System.IAsyncDisposable.DisposeAsync")
            .SelectMany(method => method.DeclaringSyntaxReferences).Select(reference => reference.GetSyntax(cancellationToken)).ToList() is { Count: > 0 } closing
            && !closing.Any(method => Names(method, "Dispose"))
            && (isSelf || closing.Any(method => Names(method, receiver!.Name)));

        bool IsReceiver(ExpressionSyntax target) => !isSelf && target.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == receiver!.Name);

        static bool Names(SyntaxNode node, string name) => node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(one =>
            one.Identifier.ValueText == name && !(name == "Dispose" && one.Parent is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax }));

        static bool IsSuppression(StatementSyntax statement) => statement is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SuppressFinalize" } } };
    }

    /// <summary><c>stopping.Register(() => …)</c>: when it has returned, what waits for the end goes on.</summary>
    private static bool IsCancellation(SyntaxNode function, SemanticModel model, CancellationToken cancellationToken) =>
        function is LambdaExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax register } }
        && model.GetSymbolInfo(register, cancellationToken).Symbol is IMethodSymbol { Name: "Register", ContainingType: { Name: "CancellationToken", ContainingNamespace.Name: "Threading" } };

    /// <summary>It may run where a window is drawn: blocking there is worse.</summary>
    private static bool IsEventHandler(IMethodSymbol method) => method.Parameters.Any(parameter => parameter.Type.Name.EndsWith("EventArgs", StringComparison.Ordinal));

    private static bool HasAsTask(IInvocationOperation disposal) => disposal.TargetMethod.ReturnType is { Name: "ValueTask" } type && !type.GetMembers("AsTask").IsEmpty;
}
