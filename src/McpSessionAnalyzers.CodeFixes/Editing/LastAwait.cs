using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// A function that only awaited what a fix has taken out is async no more: it returns a task that is done. What is left of it is known only when
/// every diagnostic has had its say.
/// </summary>
internal static class LastAwait
{
    /// <summary>To be called for each piece of code that goes.</summary>
    public static void Gone(SyntaxNode place, TextSpan gone, SolutionEdits edits, DocumentEdits here)
    {
        if (Functions.Around(place) is not { } function || !Functions.IsAsync(function))
        {
            return;
        }

        edits.Memory<List<TextSpan>>(function).Add(gone);
        edits.AtEnd((nameof(LastAwait), function), cancellationToken =>
        {
            if (!IsAnyLeft(function, edits.Memory<List<TextSpan>>(function)))
            {
                MakeSynchronous(function, here, cancellationToken);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>A task of the function's type that is done; null where its callers get a value, or no task.</summary>
    public static string? CompletedTask(SyntaxNode function, SemanticModel model, CancellationToken cancellationToken)
    {
        var written = function switch
        {
            MethodDeclarationSyntax method => method.ReturnType,
            LocalFunctionStatementSyntax local => local.ReturnType,
            _ => null,
        };
        return written is null ? null : Functions.SymbolOf(function, model, cancellationToken)?.ReturnType switch
        {
            INamedTypeSymbol { Name: "ValueTask", IsGenericType: false } => "default",
            INamedTypeSymbol { Name: "Task", IsGenericType: false } => written + ".CompletedTask",
            _ => null,
        };
    }

    public static void RemoveAsync(SyntaxNode function, DocumentEdits edits)
    {
        var modifiers = function is MethodDeclarationSyntax method ? method.Modifiers : ((LocalFunctionStatementSyntax)function).Modifiers;
        foreach (var modifier in modifiers.Where(modifier => modifier.IsKind(SyntaxKind.AsyncKeyword)))
        {
            edits.Text.Delete(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart));
        }
    }

    private static bool IsAnyLeft(SyntaxNode function, IReadOnlyList<TextSpan> gone) =>
        function.DescendantTokens(node => node == function || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .Any(token => token.IsKind(SyntaxKind.AwaitKeyword) && !gone.Any(span => span.Contains(token.Span)));

    private static void MakeSynchronous(SyntaxNode function, DocumentEdits edits, CancellationToken cancellationToken)
    {
        if (Functions.BodyOf(function) is not BlockSyntax body || CompletedTask(function, edits.Model, cancellationToken) is not { } completed)
        {
            return;
        }

        RemoveAsync(function, edits);
        if (body.Statements.All(statement => IsGone(statement, edits)) && !body.DescendantTrivia().Any(trivia => trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)))
        {
            edits.Text.Replace(TextSpan.FromBounds(body.OpenBraceToken.GetPreviousToken().Span.End, body.Span.End), $" => {completed};");
            return;
        }

        foreach (var statement in BodyEdits.Returns(body))
        {
            edits.Text.Insert(statement.ReturnKeyword.Span.End, " " + completed);
        }

        if (body.Statements.LastOrDefault() is not (ReturnStatementSyntax or ThrowStatementSyntax))
        {
            BodyEdits.Insert(body, null, new[] { $"return {completed};" }, edits);
        }
    }

    private static bool IsGone(StatementSyntax statement, DocumentEdits edits) => edits.Statements.IsRemoved(statement) || statement switch
    {
        BlockSyntax block => block.Statements.All(inner => IsGone(inner, edits)),
        IfStatementSyntax { Else: null } test => NullTests.IsPure(test.Condition) && IsGone(test.Statement, edits),
        _ => false,
    };
}
