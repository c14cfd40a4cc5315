using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary><c>return new Hub(await OpenAsync(), await CountAsync());</c>: the session gets a name, and what is left of the statement goes into a try.</summary>
internal static class UnnamedHandOver
{
    public static bool TryApply(
        ExpressionSyntax held, string configured, TracedOpening traced, SyntaxNode function, SessionFacts facts, SolutionEdits solution, DocumentEdits edits, CancellationToken cancellationToken)
    {
        if (!facts.Types.IsAsyncDisposable(edits.Model.GetTypeInfo(held, cancellationToken).Type))
        {
            return false;
        }

        var type = edits.Model.GetTypeInfo(held, cancellationToken).Type;
        var taken = solution.Memory<HashSet<string>>(traced.Body.Root.Syntax);
        var name = Scopes.UniqueName(type is { Name: "McpClient" or "IMcpClient" } ? "mcpClient" : "session", traced.Body.Root.Syntax, taken.Contains);
        var disposal = $"await {name}.DisposeAsync(){configured};";
        var tail = DisposeAndRethrow.Catch(disposal, edits.Layout.Unit);
        if (Functions.ExpressionOf(function) is { } expression && expression.Span.Contains(held.Span))
        {
            if (!UsingRules.IsEvaluatedFirst(held, expression) || !IsHandedOnIn(expression, traced) || function is LambdaExpressionSyntax && !edits.Layout.StartsLine(function.FirstAncestorOrSelf<StatementSyntax>() ?? function))
            {
                return false;
            }

            taken.Add(name);
            var returns = Functions.HasResult(function, edits.Model, cancellationToken) ? "return " : "";
            WriteBody(function, expression, edits, inner => new[]
            {
                $"var {name} = {edits.Layout.Render(held, inner)};",
                "try",
                "{",
                $"{edits.Layout.Unit}{returns}{edits.Layout.Render(expression, inner + edits.Layout.Unit, new[] { new TextChange(held.Span, name) })};",
                "}",
            }.Concat(tail));
            return true;
        }

        var blocks = TryBlocks.In(solution, edits);
        if (held.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } statement
            || statement is not (ReturnStatementSyntax or ExpressionStatementSyntax or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 })
            || !UsingRules.IsEvaluatedFirst(held, statement)
            || !IsHandedOnIn(statement, traced)
            || !TryBlocks.CanBreak(block, edits.Layout)
            || HoistedLocals.Of(new[] { statement }, block, edits, cancellationToken) is not { } hoisted
            || blocks.Crosses(statement, statement))
        {
            return false;
        }

        taken.Add(name);
        hoisted.Write(edits);
        blocks.Break(block);
        var head = new List<Func<string, string>> { indentation => $"var {name} = {edits.Layout.Render(held, indentation)};" };
        head.AddRange(hoisted.Lines);
        head.Add(_ => "try");
        blocks.Add(statement, statement, head, tail);
        edits.Text.Replace(held.Span, name);
        return true;
    }

    private static bool IsHandedOnIn(SyntaxNode node, TracedOpening traced) => traced.Trace.Events.Any(e =>
        e.Kind is TraceEventKind.Return or TraceEventKind.Store or TraceEventKind.Collect or TraceEventKind.LambdaResult
        && e.Operation.Syntax is var syntax && syntax.SyntaxTree == node.SyntaxTree && (node.Span.Contains(syntax.Span) || node.Parent!.Span == syntax.Span));

    /// <summary>Gives a function that is one expression a block instead.</summary>
    public static void WriteBody(SyntaxNode function, ExpressionSyntax expression, DocumentEdits edits, Func<string, IEnumerable<string>> lines)
    {
        var eol = edits.Layout.EndOfLine;
        var outer = edits.Layout.IndentationOf(function);
        var inner = outer + edits.Layout.Unit;
        var (from, to) = function switch
        {
            MethodDeclarationSyntax method => (method.ExpressionBody!.GetFirstToken().GetPreviousToken().Span.End, method.SemicolonToken.Span.End),
            LocalFunctionStatementSyntax local => (local.ExpressionBody!.GetFirstToken().GetPreviousToken().Span.End, local.SemicolonToken.Span.End),
            _ => (((LambdaExpressionSyntax)function).ArrowToken.Span.End, expression.Span.End),
        };
        edits.Text.Replace(TextSpan.FromBounds(from, to), $"{eol}{outer}{{{string.Concat(lines(inner).Select(line => eol + (line.Trim().Length == 0 ? "" : inner + line)))}{eol}{outer}}}");
    }
}
