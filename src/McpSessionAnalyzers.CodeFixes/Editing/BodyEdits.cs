using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>Adds statements to methods that may have a block, an expression or a task instead of a body to add to.</summary>
internal static class BodyEdits
{
    /// <summary>Whether <see cref="Append"/> can add to <paramref name="method"/>.</summary>
    public static bool CanAppend(BaseMethodDeclarationSyntax method) =>
        method switch
        {
            { Body: not null } => !method.Body.DescendantTrivia(descendIntoTrivia: false).Any(IsConditional),
            { ExpressionBody: { Expression: not ThrowExpressionSyntax } arrow } => !arrow.DescendantTrivia().Any(trivia => trivia.IsDirective),
            _ => false,
        };

    /// <summary>
    /// Adds <paramref name="statements"/> to the end of <paramref name="method"/>, before a last call of its base; to its start where it may
    /// return before its end. A method that hands on a task becomes async if <paramref name="awaits"/>.
    /// </summary>
    public static void Append(BaseMethodDeclarationSyntax method, IReadOnlyList<string> statements, bool awaits, DocumentEdits edits)
    {
        var isAsync = method.Modifiers.Any(SyntaxKind.AsyncKeyword);
        var convert = awaits && !isAsync;
        if (convert)
        {
            AddAsync(method, edits.Text);
        }

        if (method.ExpressionBody is { } arrow)
        {
            ReplaceArrow(method, arrow, statements, convert, edits);
            return;
        }

        var body = method.Body!;
        var returns = Returns(body).ToList();
        var last = body.Statements.LastOrDefault() as ReturnStatementSyntax;
        if (convert)
        {
            foreach (var statement in returns)
            {
                ConvertReturn(statement, statement == last, edits);
            }
        }

        var early = returns.Any(statement => statement != last);
        var before = early ? body.Statements.First() : body.Statements.FirstOrDefault(IsBaseCall) ?? (convert && last?.Expression is { } tail && !IsCompleted(tail) ? null : last);
        Insert(body, before, statements, edits);
    }

    /// <summary>Puts <paramref name="statements"/> before one statement of <paramref name="body"/>, or at its end.</summary>
    public static void Insert(BlockSyntax body, StatementSyntax? before, IReadOnlyList<string> statements, DocumentEdits edits)
    {
        var eol = edits.Layout.EndOfLine;
        if (before is not null)
        {
            var indentation = edits.Layout.IndentationOf(before);
            var anchor = edits.Layout.StartWithComment(before);
            if (edits.Layout.IndentationAt(anchor).Length == anchor - edits.Layout.LineStart(anchor))
            {
                edits.Text.Insert(
                    edits.Layout.LineStart(anchor), string.Concat(statements.Select(statement => indentation + Indent(statement, indentation, eol) + eol)));
            }
            else
            {
                edits.Text.Insert(anchor, string.Concat(statements.Select(statement => Indent(statement, indentation, eol) + eol + indentation)));
            }

            return;
        }

        var inner = body.Statements.LastOrDefault() is { } last && edits.Layout.StartsLine(last)
            ? edits.Layout.IndentationOf(last)
            : edits.Layout.IndentationAt(body.SpanStart) + edits.Layout.Unit;
        var text = string.Concat(statements.Select(statement => inner + Indent(statement, inner, eol) + eol));
        if (edits.Layout.StartsLine(body.CloseBraceToken))
        {
            edits.Text.Insert(edits.Layout.LineStart(body.CloseBraceToken.SpanStart), text);
        }
        else
        {
            var outer = edits.Layout.IndentationAt(body.SpanStart);
            var open = body.OpenBraceToken;
            if (!edits.Layout.StartsLine(open))
            {
                edits.Text.Replace(TextSpan.FromBounds(open.GetPreviousToken().Span.End, open.SpanStart), eol + outer);
            }

            if (body.Statements.Count > 0)
            {
                edits.Text.Replace(TextSpan.FromBounds(open.Span.End, body.Statements[0].SpanStart), eol + inner);
            }

            var end = body.Statements.LastOrDefault()?.Span.End ?? open.Span.End;
            edits.Text.Replace(TextSpan.FromBounds(end, body.CloseBraceToken.SpanStart), eol + text + outer);
        }
    }

    public static void AddAsync(SyntaxNode function, TextEdits edits)
    {
        var position = function switch
        {
            MethodDeclarationSyntax method => method.ReturnType.SpanStart,
            LocalFunctionStatementSyntax local => local.ReturnType.SpanStart,
            ParenthesizedLambdaExpressionSyntax lambda => lambda.ReturnType?.SpanStart ?? lambda.ParameterList.SpanStart,
            SimpleLambdaExpressionSyntax lambda => lambda.Parameter.SpanStart,
            AnonymousMethodExpressionSyntax anonymous => anonymous.DelegateKeyword.SpanStart,
            _ => function.SpanStart,
        };
        edits.Insert(position, "async ");
    }

    /// <summary>The return statements of this function, not of those inside it.</summary>
    public static IEnumerable<ReturnStatementSyntax> Returns(SyntaxNode body) =>
        body.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>();

    /// <summary>A task that is done: an async method that ends says the same.</summary>
    public static bool IsCompleted(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.DefaultLiteralExpression),
        DefaultExpressionSyntax => true,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CompletedTask" } => true,
        BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 }, Initializer: null } => true,
        _ => false,
    };

    /// <summary>Whether <c>await x</c> would await only a part of this expression.</summary>
    public static bool BindsLooserThanAwait(ExpressionSyntax expression) =>
        expression is ConditionalExpressionSyntax or BinaryExpressionSyntax or SwitchExpressionSyntax or AssignmentExpressionSyntax;

    /// <summary>The task in <c>new ValueTask(task)</c>, and in <c>new(task)</c>, which can't be awaited as it stands.</summary>
    public static ExpressionSyntax TaskIn(ExpressionSyntax returned) =>
        returned is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments, Initializer: null } ? arguments[0].Expression : returned;

    /// <summary>In a function that has become async: awaits the task that it returned.</summary>
    public static void ConvertReturn(ReturnStatementSyntax statement, bool isLast, DocumentEdits edits)
    {
        if (statement.Expression is not { } task)
        {
            return;
        }

        if (IsCompleted(task))
        {
            if (isLast)
            {
                edits.Statements.Remove(statement);
            }
            else
            {
                edits.Text.Replace(TextSpan.FromBounds(statement.ReturnKeyword.Span.End, task.Span.End), "");
            }
        }
        else if (isLast)
        {
            edits.Text.Replace(statement.ReturnKeyword.Span, "await");
            Parenthesize(task, edits.Text);
        }
        else if (statement.Parent is BlockSyntax)
        {
            edits.Text.Replace(statement.ReturnKeyword.Span, "await");
            Parenthesize(task, edits.Text);
            edits.Text.Insert(statement.Span.End, edits.Layout.EndOfLine + edits.Layout.IndentationOf(statement) + "return;");
        }
        else
        {
            edits.Text.Replace(statement.ReturnKeyword.Span, "{ await");
            Parenthesize(task, edits.Text);
            edits.Text.Insert(statement.Span.End, " return; }");
        }
    }

    private static void ReplaceArrow(
        BaseMethodDeclarationSyntax method, ArrowExpressionClauseSyntax arrow, IReadOnlyList<string> statements, bool convert, DocumentEdits edits)
    {
        var layout = edits.Layout;
        var writer = new CodeWriter(layout, layout.IndentationOf(method));
        writer.Open();
        if (!(convert && IsCompleted(arrow.Expression)))
        {
            var task = convert ? TaskIn(arrow.Expression) : arrow.Expression;
            var expression = layout.Render(task, writer.Indentation);
            writer.Line(!convert ? expression + ";" : BindsLooserThanAwait(task) ? $"await ({expression});" : $"await {expression};");
        }

        foreach (var statement in statements)
        {
            writer.Line(Indent(statement, writer.Indentation, layout.EndOfLine));
        }

        writer.Close();
        var code = writer.ToString();
        var start = arrow.GetFirstToken().GetPreviousToken().Span.End;
        edits.Text.Replace(TextSpan.FromBounds(start, method.SemicolonToken.Span.End), layout.EndOfLine + code.Substring(0, code.Length - layout.EndOfLine.Length));
    }

    private static void Parenthesize(ExpressionSyntax awaited, TextEdits edits)
    {
        if (TaskIn(awaited) is var task && task != awaited)
        {
            edits.Delete(TextSpan.FromBounds(awaited.SpanStart, task.SpanStart));
            edits.Delete(TextSpan.FromBounds(task.Span.End, awaited.Span.End));
            awaited = task;
        }

        if (BindsLooserThanAwait(awaited))
        {
            edits.Insert(awaited.SpanStart, "(");
            edits.Insert(awaited.Span.End, ")");
        }
    }

    /// <summary>A statement of several lines, written without indentation, at its place.</summary>
    public static string Indent(string statement, string indentation, string eol) =>
        statement.Replace("\r\n", "\n").Replace("\n", eol + indentation);

    private static bool IsBaseCall(StatementSyntax statement) =>
        statement is ExpressionStatementSyntax or ReturnStatementSyntax
        && statement.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access =>
            access.Expression is BaseExpressionSyntax || (access.Name.Identifier.ValueText == "SuppressFinalize"));

    private static bool IsConditional(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.IfDirectiveTrivia) || trivia.IsKind(SyntaxKind.ElseDirectiveTrivia) || trivia.IsKind(SyntaxKind.ElifDirectiveTrivia);
}
