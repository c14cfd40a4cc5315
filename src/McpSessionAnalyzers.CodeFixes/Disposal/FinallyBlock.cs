using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>A session that is disposed by a helper, or in a way that nothing awaits: what lies before that goes into a try, and the disposal into its finally.</summary>
internal static class FinallyBlock
{
    public static bool TryApply(SolutionEdits solution, DocumentEdits edits, TracedOpening traced, CancellationToken cancellationToken)
    {
        var opening = traced.Opening.Operation.Syntax;
        if (opening.FirstAncestorOrSelf<StatementSyntax>() is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } variables, Parent: BlockSyntax block } statement
            || variables[0].Initializer?.Value.Span.Contains(opening.Span) != true
            || edits.Model.GetDeclaredSymbol(variables[0], cancellationToken) is not ILocalSymbol local
            || edits.Model.GetTypeInfo(variables[0].Initializer!.Value, cancellationToken).Nullability.FlowState == NullableFlowState.MaybeNull
            || local.Type is { Name: "Task" or "ValueTask" }
            || Functions.Around(opening) is not { } function
            || Functions.IsIterator(function)
            || traced.Body.ReferencesTo(local).Any(UsingRules.IsWrite)
            || traced.Trace.Of(TraceEventKind.Dispose).ToList() is not { Count: 1 } disposals
            || disposals[0].Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax disposal
            || disposal.Parent != block
            || Functions.Around(disposals[0].Operation.Syntax) != function
            || disposal.ToString().Contains('\n')
            || !IsSure(disposals[0].Operation.Syntax, disposal)
            || !block.Statements.All(one => edits.Layout.StartsLine(one)))
        {
            return false;
        }

        var region = block.Statements.SkipWhile(one => one != statement).Skip(1).TakeWhile(one => one != disposal).ToList();
        var blocks = TryBlocks.In(solution, edits);
        if (region.Count == 0
            || region.Any(one => one.DescendantNodesAndSelf().Any(node => node is GotoStatementSyntax))
            || traced.Body.ReferencesTo(local).Any(reference => reference.Syntax.SpanStart > disposal.Span.End)
            || HoistedLocals.Of(region, block, edits, cancellationToken) is not { } hoisted
            || blocks.Crosses(region[0], region[region.Count - 1]))
        {
            return false;
        }

        hoisted.Write(edits);
        blocks.Add(region[0], region[region.Count - 1], hoisted.Lines.Append(_ => "try").ToList(), new[] { "finally", "{", edits.Layout.Unit + disposal, "}" });
        edits.Statements.Remove(disposal);
        return true;
    }

    private static bool IsSure(SyntaxNode disposal, StatementSyntax statement)
    {
        for (var node = disposal; node != statement && node.Parent is { } parent; node = parent)
        {
            if (parent is AnonymousFunctionExpressionSyntax || (parent is not ConditionalAccessExpressionSyntax && UsingRules.IsConditionalIn(parent, node)))
            {
                return false;
            }
        }

        return true;
    }
}
