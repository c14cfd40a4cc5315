using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// A session that is disposed in the middle of a list of statements: from its opening to there it gets a using block, so that what follows still finds
/// it closed.
/// </summary>
internal static class UsingBlock
{
    public static bool TryApply(SolutionEdits solution, DocumentEdits edits, TracedOpening traced, SessionFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening.Operation.Syntax;
        if (opening.FirstAncestorOrSelf<StatementSyntax>() is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } variables, Parent: BlockSyntax block } statement
            || variables[0].Initializer is not { Value: AwaitExpressionSyntax held }
            || !held.Span.Contains(opening.Span)
            || edits.Model.GetDeclaredSymbol(variables[0], cancellationToken) is not ILocalSymbol local
            || !facts.Types.IsAsyncDisposable(local.Type)
            || Functions.Around(opening) is not { } function
            || !Functions.AllowsAwaitAt(opening, function)
            || traced.Body.ReferencesTo(local).Any(UsingRules.IsWrite)
            || !UsingRules.CanStandBeside(statement)
            || !block.Statements.All(one => edits.Layout.StartsLine(one))
            || traced.Trace.Has(TraceEventKind.DependentLeaves))
        {
            return false;
        }

        var behind = block.Statements.SkipWhile(one => one != statement).Skip(1).ToList();
        var end = behind.FindIndex(one => IsDisposal(one, traced));
        if (end < 1 || traced.Trace.Events.Any(e => !IsWithin(e.Operation.Syntax, statement, behind[end])) || traced.Body.ReferencesTo(local).Any(reference => reference.Syntax.SpanStart > behind[end].Span.End))
        {
            return false;
        }

        // Another disposal on the way is one before an exit, which the block makes superfluous, or something that is not understood.
        var region = behind.Take(end).ToList();
        var early = traced.Trace.Of(TraceEventKind.Dispose).Select(e => e.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>()!).Where(one => one != behind[end]).Distinct().ToList();
        var blocks = TryBlocks.In(solution, edits);
        if (early.Any(one => !IsDisposal(one, traced) || !ExplicitDisposals.IsBeforeExit(one))
            || HoistedLocals.Of(region, block, edits, cancellationToken) is not { } hoisted

            // Another session that is opened there goes on to live behind it: nothing within the block disposes that.
            || hoisted.Types.Any(facts.Types.MayCarry)
            || blocks.Crosses(region[0], region[end - 1]))
        {
            return false;
        }

        hoisted.Write(edits);
        blocks.Add(region[0], region[end - 1], hoisted.Lines.ToList(), Array.Empty<string>(), opener: statement);
        foreach (var one in early.Append(behind[end]))
        {
            edits.Statements.Remove(one);
        }

        return true;
    }

    private static bool IsDisposal(StatementSyntax statement, TracedOpening traced) =>
        statement is ExpressionStatementSyntax { Expression: AwaitExpressionSyntax }
        && ExplicitDisposals.IsNothingElse(statement)
        && traced.Trace.Of(TraceEventKind.Dispose).Any(e => statement.Span.Contains(e.Operation.Syntax.Span));

    private static bool IsWithin(SyntaxNode syntax, StatementSyntax first, StatementSyntax last) =>
        syntax.SyntaxTree == first.SyntaxTree && syntax.SpanStart >= first.SpanStart && syntax.Span.End <= last.Span.End;
}
