using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>The expression that is the opened session itself: the opening with its await, its <c>ConfigureAwait</c> and the parentheses around it.</summary>
internal sealed record HeldSession(ExpressionSyntax Opening, ExpressionSyntax Expression, string Configured)
{
    /// <summary>Null where the opening is not awaited on the spot: its task goes elsewhere first.</summary>
    public static HeldSession? Of(Opening opening)
    {
        if (opening is not { OutArgument: null, Operation.Syntax: ExpressionSyntax call })
        {
            return null;
        }

        var task = call;
        var configured = "";
        if (call.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax configure } && configure.Expression == call.Parent)
        {
            task = configure;
            configured = ".ConfigureAwait" + configure.ArgumentList.WithoutTrivia();
        }

        return task.Parent is AwaitExpressionSyntax awaited ? new HeldSession(call, awaited, configured) : null;
    }

    /// <summary>The expression with the parentheses that only the await needs.</summary>
    public ExpressionSyntax WithParentheses => Expression.Parent as ParenthesizedExpressionSyntax ?? Expression;

    /// <summary>Nobody asks for its value: <c>await McpClient.CreateAsync(…);</c></summary>
    public bool IsUnused => WithParentheses.Parent switch
    {
        ExpressionStatementSyntax or UsingStatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax => true,
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } => true,
        _ => false,
    };

    public bool HasComments => Expression.DescendantTrivia().Any(trivia =>
        (trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)) && Expression.Span.Contains(trivia.Span));
}
