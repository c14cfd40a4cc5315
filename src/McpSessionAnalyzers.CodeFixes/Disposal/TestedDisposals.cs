using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// A session that is opened in the member and tested at its end, and that nobody else gets: a using declaration closes it, also where something fails
/// before the test. A plain <c>await</c> in its place would only be right when nothing does.
/// </summary>
internal static class TestedDisposals
{
    public static bool TryReplace(SyntaxNode test, MemberBody body, SolutionEdits solution, DocumentEdits edits, SessionFacts facts, CancellationToken cancellationToken)
    {
        if (SessionOf(test, edits, cancellationToken) is not { } local
            || body.Declarators(local).ToList() is not { Count: 1 } declarators
            || declarators[0].Syntax is not VariableDeclaratorSyntax { Initializer.Value: { } value } declarator
            || Functions.Around(declarator) != Functions.Around(test)
            || Opened(value, edits, facts, cancellationToken) is not { } traced
            || traced.Trace.IsHandedOn
            || traced.Trace.Has(TraceEventKind.Collect)
            || traced.Trace.Has(TraceEventKind.DependentLeaves)
            || declarator.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax scope })
        {
            return false;
        }

        var statements = new List<StatementSyntax>();
        foreach (var disposal in traced.Trace.Of(TraceEventKind.Dispose))
        {
            if (disposal.Operation is not IInvocationOperation { TargetMethod: { Name: "Dispose", ContainingType.SpecialType: SpecialType.System_IDisposable } }
                || WholeOf(disposal.Operation.Syntax) is not { } whole
                || !ExplicitDisposals.IsAtEnd(whole, scope))
            {
                return false;
            }

            statements.Add(whole);
        }

        if (statements.Count == 0 || !statements.Any(statement => statement.Span.Contains(test.Span)))
        {
            return false;
        }

        // Each of its tests is reported; one declaration is for all of them.
        if (!solution.Memory<HashSet<SyntaxNode>>(nameof(TestedDisposals)).Contains(declarator) && !AwaitUsing.TryApply(solution, edits, traced, cancellationToken))
        {
            return false;
        }

        solution.Memory<HashSet<SyntaxNode>>(nameof(TestedDisposals)).Add(declarator);
        statements.ForEach(edits.Statements.Remove);
        return true;
    }

    private static ILocalSymbol? SessionOf(SyntaxNode test, DocumentEdits edits, CancellationToken cancellationToken)
    {
        var tested = test switch
        {
            IsPatternExpressionSyntax pattern => pattern.Expression,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression or (int)SyntaxKind.AsExpression } type => type.Left,
            _ => null,
        };
        return tested is IdentifierNameSyntax ? edits.Model.GetSymbolInfo(tested, cancellationToken).Symbol as ILocalSymbol : null;
    }

    private static TracedOpening? Opened(ExpressionSyntax value, DocumentEdits edits, SessionFacts facts, CancellationToken cancellationToken)
    {
        foreach (var node in value.DescendantNodesAndSelf().OfType<ExpressionSyntax>())
        {
            if (edits.Model.GetOperation(node, cancellationToken) is { } operation && facts.Openings.Find(operation, cancellationToken) is { } traced)
            {
                return traced;
            }
        }

        return null;
    }

    /// <summary>The statement that only tests and disposes.</summary>
    public static StatementSyntax? WholeOf(SyntaxNode disposal)
    {
        if (disposal.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax statement)
        {
            return null;
        }

        SyntaxNode around = statement.Parent is BlockSyntax { Statements.Count: 1 } block ? block : statement;
        var isTested = around.Parent is IfStatementSyntax { Else: null } test && test.Condition is IsPatternExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression };
        return isTested && !HasComments(around.Parent!) ? (StatementSyntax)around.Parent!
            : statement.DescendantNodes().Any(node => node.IsKind(SyntaxKind.AsExpression)) ? statement
            : null;
    }

    private static bool HasComments(SyntaxNode node) =>
        node.DescendantTrivia().Any(trivia => node.Span.Contains(trivia.Span) && (trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)));
}
