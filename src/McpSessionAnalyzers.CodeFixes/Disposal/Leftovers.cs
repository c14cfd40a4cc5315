using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// What a function leaves behind that may call through a session when the function is over: a stream that calls tools while it is read, a
/// registry that was given them. Other people's code is not looked into, so whatever is given tools and is not awaited may.
/// </summary>
internal sealed class Leftovers
{
    private readonly SemanticModel _model;
    private readonly SessionFacts _facts;
    private readonly CancellationToken _cancellationToken;

    private Leftovers(SemanticModel model, SessionFacts facts, CancellationToken cancellationToken)
    {
        _model = model;
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    public static bool MayNeedSession(SyntaxNode function, SemanticModel model, SessionFacts facts, CancellationToken cancellationToken)
    {
        var leftovers = new Leftovers(model, facts, cancellationToken);
        if (Functions.ExpressionOf(function) is { } result)
        {
            return Functions.HasResult(function, model, cancellationToken) && leftovers.NeedsSession(result);
        }

        return function.DescendantNodes(node => node == function || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .Select(leftovers.Left)
            .Any(left => left is not null && leftovers.NeedsSession(left));
    }

    /// <summary>The expression that outlives the function at this node, or is given to somebody who may.</summary>
    private SyntaxNode? Left(SyntaxNode node) => node switch
    {
        ReturnStatementSyntax statement => statement.Expression,
        YieldStatementSyntax statement => statement.Expression,
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } when IsOutOfSight(call) => call.ArgumentList,
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Right: InvocationExpressionSyntax call } } when IsOutOfSight(call) => call.ArgumentList,
        _ => null,
    };

    private bool IsOutOfSight(InvocationExpressionSyntax call) =>
        _model.GetSymbolInfo(call, _cancellationToken).Symbol is IMethodSymbol method
        && !_facts.Openings.HasSource(method)
        && !_facts.Calls.OnlyLooks(method)
        && !KnownCalls.AddsToReceiver(method)
        && !_facts.Calls.Disposes(method);

    private bool NeedsSession(SyntaxNode node)
    {
        if (node is ExpressionSyntax expression)
        {
            var type = _model.GetTypeInfo(expression, _cancellationToken).Type;
            if (_facts.Types.NeedsSession(type) || _facts.Types.IsBuiltFromTools(type) || _facts.Types.IsSession(type))
            {
                return true;
            }

            // What was awaited is over, and data calls nothing.
            if (expression is AwaitExpressionSyntax || (type is not null && IsData(type)))
            {
                return false;
            }
        }

        return node.ChildNodes().Any(NeedsSession);
    }

    private static bool IsData(ITypeSymbol type) => type switch
    {
        { SpecialType: not SpecialType.None and not SpecialType.System_Object and not SpecialType.System_Collections_IEnumerable } when type is not INamedTypeSymbol { IsGenericType: true } => true,
        { IsValueType: true } => type is not INamedTypeSymbol { IsGenericType: true } generic || generic.TypeArguments.All(IsData),
        IArrayTypeSymbol array => IsData(array.ElementType),
        INamedTypeSymbol { IsGenericType: true, ContainingNamespace.Name: "Generic", Name: not "IAsyncEnumerable" } collection => collection.TypeArguments.All(IsData),
        _ => type.ContainingNamespace is { Name: "Protocol", ContainingNamespace: { Name: "ModelContextProtocol", ContainingNamespace.IsGlobalNamespace: true } },
    };
}
