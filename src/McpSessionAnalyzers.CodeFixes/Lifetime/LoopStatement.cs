using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>The outermost loop in which an opening is the same in each round, as a statement in front of which it can stand.</summary>
internal sealed class LoopStatement
{
    private readonly IReadOnlyList<IOperation> _loops;
    private readonly HashSet<SyntaxNode> _lambdas;

    private LoopStatement(StatementSyntax statement, IReadOnlyList<IOperation> loops, IOperation opening)
    {
        Statement = statement;
        _loops = loops;
        _lambdas = new(loops.Where(loop => loop is not ILoopOperation).Select(loop => LoopDependence.LambdaOf(loop, opening)?.Syntax).OfType<SyntaxNode>());
    }

    public StatementSyntax Statement { get; }

    public IOperation Outermost => _loops[_loops.Count - 1];

    /// <summary>Null where nothing can stand in front of it, or where it is a lambda that nobody waits for there.</summary>
    public static LoopStatement? Of(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var inputs = LoopedOpening.InputsOf(traced);
        var opening = traced.Opening.Operation;
        var loops = facts.Calls.LoopsOf(opening, cancellationToken)
            .TakeWhile(loop => LoopedOpening.Repeats(loop, opening, inputs, traced.Body, traced.Trace.Holders, facts, cancellationToken) == true)
            .ToList();
        if (loops.Count == 0 || loops.Any(loop => loop is not ILoopOperation && !IsAwaited(loop.Syntax)))
        {
            return null;
        }

        var statement = loops[loops.Count - 1].Syntax.FirstAncestorOrSelf<StatementSyntax>();
        return statement is not null && Disposal.UsingRules.CanStandBeside(statement) && Functions.Around(statement) is { } function
            && function == Functions.Around(loops[loops.Count - 1].Syntax) && Functions.IsAsync(function) && Functions.AllowsAwaitAt(statement, function)
                ? new LoopStatement(statement, loops, opening)
                : null;
    }

    public bool Contains(ISymbol symbol) =>
        symbol.Locations.Any(location => location.SourceTree == Statement.SyntaxTree && Statement.Span.Contains(location.SourceSpan));

    /// <summary>
    /// Whether each round comes to <paramref name="node"/>: behind a condition it may never be needed, and in a try that catches, a failure is one
    /// round's, not the whole loop's.
    /// </summary>
    public bool IsStraightTo(SyntaxNode node)
    {
        for (; node != Statement; node = node.Parent!)
        {
            var isStraight = node.Parent switch
            {
                BlockSyntax or CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax => node is StatementSyntax,
                UsingStatementSyntax @using => node == @using.Statement,
                TryStatementSyntax attempt => node == attempt.Block && attempt.Catches.Count == 0,
                AnonymousFunctionExpressionSyntax lambda => _lambdas.Contains(lambda),
                ArgumentSyntax or ArgumentListSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax or AwaitExpressionSyntax => true,
                EqualsValueClauseSyntax or VariableDeclaratorSyntax or VariableDeclarationSyntax or LocalDeclarationStatementSyntax or ExpressionStatementSyntax or ReturnStatementSyntax => true,
                _ => false,
            };
            if (!isStraight)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The token that the loop itself was given, where its rounds get one from it: <c>Parallel.ForEachAsync(items, ct, …)</c>.</summary>
    public string? Token() => Outermost is IInvocationOperation call
        ? call.Arguments.FirstOrDefault(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Value.Type.Name: nameof(CancellationToken) })?.Value.Syntax.ToString()
        : null;

    private static bool IsAwaited(SyntaxNode call)
    {
        if (call.FirstAncestorOrSelf<StatementSyntax>() is not { } statement)
        {
            return false;
        }

        if (call.Ancestors().TakeWhile(node => node != statement).Any(node => node is AwaitExpressionSyntax))
        {
            return true;
        }

        // var tasks = items.Select(…); await Task.WhenAll(tasks);
        return statement is LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables }
            && (statement.Parent is GlobalStatementSyntax ? statement.Parent.Parent : statement.Parent)!.DescendantNodes().OfType<AwaitExpressionSyntax>()
                .Any(awaited => awaited.SpanStart > statement.Span.End && awaited.Ancestors().OfType<StatementSyntax>().First().Parent?.GetType() == statement.Parent!.GetType()
                    && awaited.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == variables[0].Identifier.ValueText));
    }
}
