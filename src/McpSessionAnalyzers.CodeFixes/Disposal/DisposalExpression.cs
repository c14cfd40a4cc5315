using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// A disposal that is all that a method does or returns: <c>ValueTask DisposeAsync() => _mcp.DisposeAsync();</c>. The method stays, for an interface
/// may ask for it, and does nothing.
/// </summary>
internal sealed class DisposalExpression
{
    private readonly ExpressionSyntax _whole;
    private readonly SyntaxNode _function;
    private readonly string? _completed;

    private DisposalExpression(ExpressionSyntax whole, SyntaxNode function, string? completed)
    {
        _whole = whole;
        _function = function;
        _completed = completed;
    }

    public static DisposalExpression? Around(InvocationExpressionSyntax disposal, DocumentEdits edits, CancellationToken cancellationToken)
    {
        var whole = WholeOf(disposal);
        if (whole.Parent is not (ArrowExpressionClauseSyntax or ReturnStatementSyntax)
            || Functions.Around(whole) is not { } function
            || function is not (MethodDeclarationSyntax or LocalFunctionStatementSyntax)
            || Functions.SymbolOf(function, edits.Model, cancellationToken) is not { } symbol)
        {
            return null;
        }

        var completed = LastAwait.CompletedTask(function, edits.Model, cancellationToken);
        return completed is not null || (symbol.ReturnsVoid && whole.Parent is ArrowExpressionClauseSyntax) ? new DisposalExpression(whole, function, completed) : null;
    }

    public void Remove(DocumentEdits edits)
    {
        if (_completed is not null)
        {
            edits.Text.Replace(_whole.Span, _completed);
        }
        else
        {
            edits.Text.Replace(TextSpan.FromBounds(_whole.Parent!.SpanStart, _whole.Parent.GetLastToken().GetNextToken().Span.End), "{ }");
        }

        if (Functions.IsAsync(_function))
        {
            LastAwait.RemoveAsync(_function, edits);
        }
    }

    /// <summary>The expression that is the disposal and nothing more.</summary>
    private static ExpressionSyntax WholeOf(InvocationExpressionSyntax disposal)
    {
        ExpressionSyntax whole = disposal;
        while (true)
        {
            switch (whole.Parent)
            {
                case AwaitExpressionSyntax or ParenthesizedExpressionSyntax:
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "AsTask" or "GetAwaiter" or "GetResult" or "Wait" or "Preserve" }:
                case InvocationExpressionSyntax invocation when invocation.Expression == whole:
                case ConditionalAccessExpressionSyntax access when access.WhenNotNull == whole:
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } coalesce when coalesce.Left == whole && BodyEdits.IsCompleted(coalesce.Right):
                case ConditionalExpressionSyntax choice when choice.Condition != whole && BodyEdits.IsCompleted(choice.WhenTrue == whole ? choice.WhenFalse : choice.WhenTrue):
                    whole = (ExpressionSyntax)whole.Parent;
                    break;
                default:
                    return whole;
            }
        }
    }
}
