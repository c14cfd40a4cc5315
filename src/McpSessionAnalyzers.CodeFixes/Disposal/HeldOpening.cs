using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>An opening with what only unwraps it.</summary>
/// <param name="Whole">The opening with its await, parentheses and conversions: an expression that is the session.</param>
/// <param name="Blocking">The blocking call on the opening's task, if that is how it is unwrapped.</param>
internal sealed record HeldOpening(ExpressionSyntax Whole, ExpressionSyntax? Blocking)
{
    /// <summary>Null where the code has only a task.</summary>
    public static HeldOpening? Of(ExpressionSyntax opening, MemberBody body, SemanticModel model, CancellationToken cancellationToken)
    {
        var (held, blocking) = (opening, default(ExpressionSyntax));
        while (true)
        {
            switch (held.Parent)
            {
                case AwaitExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or PostfixUnaryExpressionSyntax:
                    held = (ExpressionSyntax)held.Parent;
                    continue;
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "AsTask", Parent: InvocationExpressionSyntax call } access
                    when access.Expression == held:
                    held = call;
                    continue;
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetAwaiter", Parent: InvocationExpressionSyntax { Parent: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetResult", Parent: InvocationExpressionSyntax call } } }:
                    held = call;
                    blocking = call;
                    continue;
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Result" } result when IsTask(held):
                    held = result;
                    blocking = result;
                    continue;

                // var opening = OpenAsync(); var client = await opening;
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } } } variable }
                    when IsTask(held) && model.GetDeclaredSymbol(variable, cancellationToken) is ILocalSymbol task
                        && body.ReferencesTo(task).ToList() is { Count: 1 } references
                        && references[0].Syntax is IdentifierNameSyntax awaited
                        && Functions.Around(awaited) == Functions.Around(opening):
                    held = awaited;
                    continue;
                default:
                    return IsTask(held) ? null : new HeldOpening(held, blocking);
            }
        }

        bool IsTask(ExpressionSyntax expression) => model.GetTypeInfo(expression, cancellationToken).Type is INamedTypeSymbol
        {
            Name: "Task" or "ValueTask" or "ConfiguredTaskAwaitable" or "ConfiguredValueTaskAwaitable",
        };
    }

    /// <summary>For a function that becomes async.</summary>
    public void AwaitInsteadOfBlocking(TextEdits text)
    {
        if (Blocking is null)
        {
            return;
        }

        var task = Blocking is InvocationExpressionSyntax getResult
            ? ((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)((MemberAccessExpressionSyntax)getResult.Expression).Expression).Expression).Expression
            : ((MemberAccessExpressionSyntax)Blocking).Expression;
        var isReceiver = Blocking.Parent is MemberAccessExpressionSyntax;
        text.Insert(Blocking.SpanStart, isReceiver ? "(await " : "await ");
        text.Replace(TextSpan.FromBounds(task.Span.End, Blocking.Span.End), isReceiver ? ")" : "");
    }
}
