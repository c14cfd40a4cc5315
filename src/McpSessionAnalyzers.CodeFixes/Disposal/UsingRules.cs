using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>Where a using declaration can stand, and where it would dispose too early or change what happens.</summary>
internal static class UsingRules
{
    public static bool IsListed(StatementSyntax statement) => statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax;

    /// <summary>A list of statements that takes using declarations: not a switch section, and nothing jumps past them.</summary>
    public static bool CanStandBeside(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax block => !block.Statements.Any(sibling => sibling is LabeledStatementSyntax),
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => !unit.Members.OfType<GlobalStatementSyntax>().Any(sibling => sibling.Statement is LabeledStatementSyntax),
        _ => false,
    };

    /// <summary>A switch section that can be put into a block: what it declares is its own.</summary>
    public static bool CanBlock(StatementSyntax statement, Layout layout) =>
        statement.Parent is SwitchSectionSyntax { Parent: SwitchStatementSyntax whole } section
        && section.Statements.All(one => layout.StartsLine(one) && one is not LabeledStatementSyntax)
        && section.Statements.OfType<LocalDeclarationStatementSyntax>().SelectMany(declaration => declaration.Declaration.Variables).All(variable =>
            !whole.Sections.Where(other => other != section).SelectMany(other => other.DescendantTokens()).Any(token => token.ValueText == variable.Identifier.ValueText))
        && !section.DescendantTrivia().Any(trivia => trivia.IsDirective);

    /// <summary>The local of a using declaration can't be written again.</summary>
    public static bool IsWrite(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } => true,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } tuple => deconstruction.Target == tuple,
        IAddressOfOperation => true,
        _ => false,
    };

    /// <summary>
    /// Whether everything that uses the session is over when <paramref name="scope"/> ends: nothing uses it outside, and no delegate that stays
    /// behind, an event's handler for instance.
    /// </summary>
    public static bool EndsInTime(ValueTrace trace, SyntaxNode opening, SyntaxNode function, SyntaxNode scope, bool isProgram)
    {
        foreach (var happening in trace.Events)
        {
            var use = happening.Operation.Syntax;
            if (use.SyntaxTree == scope.SyntaxTree && !scope.Span.Contains(use.SpanStart))
            {
                return false;
            }

            var inner = use.Ancestors().TakeWhile(node => node != function)
                .LastOrDefault(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
            if (inner is not null && !inner.Span.Contains(opening.Span) && !isProgram && !IsRunWithin(inner))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether nothing that could matter happens in <paramref name="root"/> before the opening, and the opening happens for sure.</summary>
    public static bool IsEvaluatedFirst(ExpressionSyntax opening, SyntaxNode root)
    {
        for (SyntaxNode node = opening; node != root; node = node.Parent!)
        {
            if (IsConditionalIn(node.Parent!, node))
            {
                return false;
            }
        }

        return !root.DescendantNodes(node => node is not AnonymousFunctionExpressionSyntax)
            .Any(node => node.Span.End <= opening.SpanStart && HasEffect(node));
    }

    /// <summary>A lambda that is given to a call which is awaited has run when the call is over.</summary>
    private static bool IsRunWithin(SyntaxNode function) =>
        function is AnonymousFunctionExpressionSyntax
        && function.Ancestors().TakeWhile(node => node is not StatementSyntax).Any(node => node is AwaitExpressionSyntax);

    /// <summary>Whether <paramref name="node"/> is only perhaps evaluated when <paramref name="parent"/> is.</summary>
    public static bool IsConditionalIn(SyntaxNode parent, SyntaxNode node) => parent switch
    {
        ConditionalExpressionSyntax conditional => conditional.Condition != node,
        BinaryExpressionSyntax binary => binary.Right == node
            && binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression,
        ConditionalAccessExpressionSyntax access => access.WhenNotNull == node,
        AssignmentExpressionSyntax assignment => assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression),
        SwitchExpressionSyntax choice => choice.GoverningExpression != node,
        SwitchExpressionArmSyntax => true,
        IfStatementSyntax test => test.Condition != node,
        SwitchStatementSyntax choice => choice.Expression != node,
        ForEachStatementSyntax loop => loop.Expression != node,
        _ => false,
    };

    private static bool HasEffect(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax or AwaitExpressionSyntax or BaseObjectCreationExpressionSyntax or AssignmentExpressionSyntax => true,
        PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax =>
            node.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
        _ => false,
    };
}
