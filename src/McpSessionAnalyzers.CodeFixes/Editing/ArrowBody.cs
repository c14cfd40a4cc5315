using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>Turns the expression of a method, local function or lambda into a block, with statements around it.</summary>
internal sealed class ArrowBody
{
    private bool _isReplaced;

    public List<string> Before { get; } = new();

    public List<string> After { get; } = new();

    public void Add(string statement) => Before.Add(statement);

    /// <summary>A statement that does all that the expression did.</summary>
    public void ReplaceBy(string statement)
    {
        Add(statement);
        _isReplaced = true;
    }

    /// <param name="function">The function.</param>
    /// <param name="returns">Its expression is its result.</param>
    /// <param name="edits">The document.</param>
    public void Write(SyntaxNode function, bool returns, DocumentEdits edits)
    {
        var layout = edits.Layout;
        var (arrow, expression, end) = function switch
        {
            MethodDeclarationSyntax { ExpressionBody: { } body } method => (body.ArrowToken, body.Expression, method.SemicolonToken),
            LocalFunctionStatementSyntax { ExpressionBody: { } body } local => (body.ArrowToken, body.Expression, local.SemicolonToken),
            LambdaExpressionSyntax { ExpressionBody: { } body } lambda => (lambda.ArrowToken, body, default),
            _ => throw new InvalidOperationException("No expression for a body."),
        };
        var outer = layout.IndentationOf(function);
        var inner = outer + layout.Unit;
        var eol = layout.EndOfLine;
        var isLambda = function is LambdaExpressionSyntax;
        var from = isLambda ? arrow.Span.End : arrow.GetPreviousToken().Span.End;
        var statements = string.Join(eol, Before.Select(statement => inner + statement));
        var last = isLambda ? expression.Span.End : end.Span.End;
        if (_isReplaced)
        {
            edits.Text.Replace(TextSpan.FromBounds(from, last), $"{eol}{outer}{{{eol}{statements}{eol}{outer}}}");
            return;
        }

        var head = $"{eol}{outer}{{{eol}{statements}{eol}{inner}{(returns ? "return " : "")}";
        edits.Text.Replace(TextSpan.FromBounds(from, expression.SpanStart), head);
        layout.Reindent(edits.Text, expression.Span, layout.IndentationAt(expression.SpanStart), inner);
        edits.Text.Replace(TextSpan.FromBounds(expression.Span.End, last), $";{string.Concat(After.Select(statement => eol + inner + statement))}{eol}{outer}}}");
    }
}
