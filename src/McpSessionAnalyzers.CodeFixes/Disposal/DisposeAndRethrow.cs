using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// For a session that is handed on: what lies between its opening and the statement that hands it on, that one included, goes into a try whose catch
/// disposes the session and rethrows, and it is disposed where a path leaves without it.
/// </summary>
internal static class DisposeAndRethrow
{
    public static bool TryApply(SolutionEdits solution, DocumentEdits edits, TracedOpening traced, SessionLeak leak, SessionFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening.Operation.Syntax;
        if (leak.Kind == SessionLeakKind.OpenedTogether
            || AwaitPlace.At(opening, edits, cancellationToken) is not { } place
            || Functions.IsIterator(place.Function)
            || HeldAt(opening) is not { } held)
        {
            return false;
        }

        var configured = opening.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax call } ? $".ConfigureAwait({call.ArgumentList.Arguments})" : "";
        var isWritten = LocalOf(held, edits, cancellationToken) is { } local
            ? Named(local, held, configured, traced, leak, place.Function, facts, solution, edits, cancellationToken)
            : leak.Kind == SessionLeakKind.Exception && UnnamedHandOver.TryApply(held, configured, traced, place.Function, facts, solution, edits, cancellationToken);
        if (isWritten)
        {
            place.MakeAsync(solution, cancellationToken);
        }

        return isWritten;
    }

    public static IReadOnlyList<string> Catch(string disposal, string unit) => new[] { "catch", "{", unit + disposal, unit + "throw;", "}" };

    private static bool Named(
        ILocalSymbol local, ExpressionSyntax held, string configured, TracedOpening traced, SessionLeak leak, SyntaxNode function, SessionFacts facts,
        SolutionEdits solution, DocumentEdits edits, CancellationToken cancellationToken)
    {
        var statement = held.FirstAncestorOrSelf<StatementSyntax>()!;
        var isDeclaredThere = statement is LocalDeclarationStatementSyntax;
        if (statement.Parent is not BlockSyntax block
            || !facts.Types.IsAsyncDisposable(local.Type)
            || traced.Body.ReferencesTo(local).Any(reference => UsingRules.IsWrite(reference) && !statement.Span.Contains(reference.Syntax.Span) && reference.Syntax.SpanStart > statement.SpanStart)
            || LivePaths.Find(traced, statement, block, function, facts.Types, edits, isDeclaredThere, cancellationToken) is not { } paths)
        {
            return false;
        }

        var blocks = TryBlocks.In(solution, edits);
        var region = paths.Region;
        var isThrownOut = leak.Throwing.Any(source => IsThrownOut(source, region, block) && !paths.Passed.Any(disposal => disposal.Span.Contains(source.Span)));
        var needsLines = isThrownOut || paths.Choices.Count > 0 || paths.Ends.Count > 0;
        if ((needsLines && !TryBlocks.CanBreak(block, edits.Layout))
            || paths.Choices.Any(choice => choice.Statement.Parent != block && !edits.Layout.StartsLine(choice.Statement))
            || !(isThrownOut || paths.Exits.Count + paths.Choices.Count + paths.Ends.Count > 0))
        {
            return false;
        }

        var mayBeNull = edits.Model.GetTypeInfo(held, cancellationToken).Nullability.FlowState == NullableFlowState.MaybeNull;
        var disposal = mayBeNull ? $"await ({local.Name}?.DisposeAsync() ?? default){configured};" : $"await {local.Name}.DisposeAsync(){configured};";
        if (isThrownOut)
        {
            if (!paths.CanCatch || HoistedLocals.Of(region, block, edits, cancellationToken) is not { } hoisted || blocks.Crosses(region[0], region[region.Count - 1]))
            {
                return false;
            }

            hoisted.Write(edits);
            blocks.Add(region[0], region[region.Count - 1], hoisted.Lines.Append(_ => "try").ToList(), Catch(disposal, edits.Layout.Unit));
        }

        if (needsLines)
        {
            blocks.Break(block);
        }

        foreach (var exit in paths.Exits)
        {
            blocks.Before(exit, disposal);
        }

        foreach (var end in paths.Ends)
        {
            blocks.AtEndOf(end, disposal);
        }

        foreach (var choice in paths.Choices)
        {
            blocks.Split(choice.Statement, choice.Expression, choice.IsSessionFirst, disposal);
        }

        return true;
    }

    /// <summary>Whether no handler within the region catches what is thrown there: those that do are paths that the session is disposed on.</summary>
    private static bool IsThrownOut(SyntaxNode source, IReadOnlyList<StatementSyntax> region, BlockSyntax block) =>
        region.Any(statement => statement.Span.Contains(source.Span))
        && !source.AncestorsAndSelf().TakeWhile(node => node != block).Any(node => node.Parent is TryStatementSyntax attempt && attempt.Block == node && attempt.Catches.Any(clause =>
            clause.Filter is null && clause.Declaration?.Type is null or IdentifierNameSyntax { Identifier.ValueText: "Exception" } or QualifiedNameSyntax { Right.Identifier.ValueText: "Exception" }));

    /// <summary>The opening with its await.</summary>
    private static ExpressionSyntax? HeldAt(SyntaxNode opening)
    {
        var held = opening;
        while (held.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax
            or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } })
        {
            held = held.Parent;
        }

        while (held is ParenthesizedExpressionSyntax inner && held.Parent is not (EqualsValueClauseSyntax or AssignmentExpressionSyntax))
        {
            held = inner.Expression;
        }

        return held as AwaitExpressionSyntax;
    }

    /// <summary>The local that gets the session, in a statement that does nothing else.</summary>
    private static ILocalSymbol? LocalOf(ExpressionSyntax held, DocumentEdits edits, CancellationToken cancellationToken) => held.Parent switch
    {
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } } } variable } =>
            edits.Model.GetDeclaredSymbol(variable, cancellationToken) as ILocalSymbol,
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: ExpressionStatementSyntax } assignment =>
            edits.Model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol as ILocalSymbol,
        _ => null,
    };
}
