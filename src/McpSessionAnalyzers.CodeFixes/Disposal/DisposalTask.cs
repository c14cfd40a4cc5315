using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>A <c>DisposeAsync()</c> with what wraps its task, up to the statement or body that is nothing else.</summary>
/// <param name="Call">The call of <c>DisposeAsync</c>, or a local that has its task.</param>
/// <param name="Whole">The call with <c>AsTask</c>, <c>GetAwaiter().GetResult()</c>, <c>Wait()</c>, and the <c>x?.</c> in front of it.</param>
/// <param name="Start">Where the statement begins: a discard may stand in front of it.</param>
/// <param name="Suffix">What must follow the awaited task: how it is configured, or what ends the wait.</param>
internal sealed record DisposalTask(ExpressionSyntax Call, ExpressionSyntax Whole, int Start, string Suffix)
{
    public static DisposalTask? Around(ExpressionSyntax call, SemanticModel model, CancellationToken cancellationToken)
    {
        ExpressionSyntax whole = call;
        var suffix = "";
        while (true)
        {
            switch (whole.Parent)
            {
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax outer } access when access.Expression == whole:
                    switch (access.Name.Identifier.ValueText)
                    {
                        case "AsTask" or "Preserve" or "GetAwaiter" or "GetResult":
                            break;
                        case "ConfigureAwait":
                            suffix = $".ConfigureAwait({outer.ArgumentList.Arguments})";
                            break;
                        case "Wait" when outer.ArgumentList.Arguments.Count == 0:
                            break;

                        // A wait with a limit tells by its result whether the time was enough; what is awaited would throw.
                        case "Wait" when suffix.Length == 0 && WaitsForToken(outer, model, cancellationToken):
                            suffix = $".AsTask().WaitAsync({outer.ArgumentList.Arguments})";
                            break;
                        default:
                            return null;
                    }

                    whole = outer;
                    continue;
                case ConditionalAccessExpressionSyntax conditional when conditional.WhenNotNull == whole:
                    whole = conditional;
                    continue;
                case ExpressionStatementSyntax:
                    return new DisposalTask(call, whole, whole.SpanStart, suffix);
                case AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } discard when discard.Right == whole:
                    return new DisposalTask(call, whole, discard.SpanStart, suffix);
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } dropped } } }:
                    return new DisposalTask(call, whole, dropped.SpanStart, suffix);
                case ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax when Functions.Around(whole) is { } function && IsNotResult(function):
                    return new DisposalTask(call, whole, whole.SpanStart, suffix);
                default:
                    return null;
            }
        }

        bool IsNotResult(SyntaxNode function) => !Functions.HasResult(function, model, cancellationToken);
    }

    private static bool WaitsForToken(InvocationExpressionSyntax wait, SemanticModel model, CancellationToken cancellationToken) =>
        model.GetSymbolInfo(wait, cancellationToken).Symbol is IMethodSymbol { Parameters: { Length: 1 } parameters, ContainingType: var task }
        && parameters[0].Type.Name == "CancellationToken"
        && task.GetMembers("WaitAsync").Length > 0;
}
