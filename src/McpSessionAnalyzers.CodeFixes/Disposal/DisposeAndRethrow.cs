using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Puts what lies between the opening of a session and the statement that hands it on, that one included, into a try whose catch disposes the session and
/// rethrows.
/// </summary>
internal sealed class DisposeAndRethrow
{
    private readonly DocumentEdits _edits;
    private readonly LocalDeclarationStatementSyntax _declaration;
    private readonly IReadOnlyList<StatementSyntax> _between;
    private readonly string _disposal;

    private DisposeAndRethrow(DocumentEdits edits, LocalDeclarationStatementSyntax declaration, IReadOnlyList<StatementSyntax> between, string disposal)
    {
        _edits = edits;
        _declaration = declaration;
        _between = between;
        _disposal = disposal;
    }

    public static bool TryApply(SolutionEdits solution, DocumentEdits edits, TracedOpening traced, SessionFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening.Operation.Syntax;
        if (traced.Trace.IsDisposed
            || traced.Trace.Has(TraceEventKind.Escape)
            || opening.FirstAncestorOrSelf<StatementSyntax>() is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration.Variables: { Count: 1 } variables, Parent: BlockSyntax block } declaration
            || !IsHeldBy(variables[0], opening)
            || edits.Model.GetDeclaredSymbol(variables[0], cancellationToken) is not ILocalSymbol local
            || !facts.Types.IsAsyncDisposable(local.Type)
            || AwaitPlace.At(opening, edits, cancellationToken) is not { } place
            || Functions.IsIterator(place.Function)
            || Between(traced, declaration, block) is not { Count: > 0 } between
            || !CanMove(between, block, edits, cancellationToken)

            // Two that overlap are fixed one after the other.
            || solution.Memory<List<StatementSyntax>>(place.Function).Intersect(between).Any())
        {
            return false;
        }

        solution.Memory<List<StatementSyntax>>(place.Function).AddRange(between.SelectMany(statement => statement.DescendantNodesAndSelf()).OfType<StatementSyntax>());
        var configured = opening.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax call } ? $".ConfigureAwait({call.ArgumentList.Arguments})" : "";
        new DisposeAndRethrow(edits, declaration, between, $"await {variables[0].Identifier}.DisposeAsync(){configured};").Write();
        place.MakeAsync(solution, cancellationToken);
        return true;
    }

    /// <summary>The statements behind the declaration, up to the first that hands the session on.</summary>
    private static IReadOnlyList<StatementSyntax>? Between(TracedOpening traced, StatementSyntax declaration, BlockSyntax block)
    {
        var handingOn = traced.Trace.Events
            .Where(happening => happening.Kind is TraceEventKind.Return or TraceEventKind.Store or TraceEventKind.Collect)
            .Select(happening => happening.Operation.Syntax)
            .ToList();
        var behind = block.Statements.SkipWhile(statement => statement != declaration).Skip(1).ToList();
        var last = behind.FindIndex(statement => handingOn.Any(syntax => statement.Span.Contains(syntax.Span)));
        return last < 0 || behind[last] is not (ReturnStatementSyntax or ExpressionStatementSyntax or LocalDeclarationStatementSyntax) ? null : behind.Take(last + 1).ToList();
    }

    private static bool CanMove(IReadOnlyList<StatementSyntax> between, BlockSyntax block, DocumentEdits edits, CancellationToken cancellationToken)
    {
        var last = between[between.Count - 1];
        if (!between.All(statement => edits.Layout.StartsLine(statement))
            || between.Any(statement => statement is LabeledStatementSyntax || statement.DescendantTrivia().Any(trivia => trivia.IsDirective))
            || between.SelectMany(Exits).Any(exit => exit != last))
        {
            return false;
        }

        // What is declared here and used further down must stay where it is; what a using declaration holds lives to the end of the block.
        var after = block.Statements.SkipWhile(statement => statement != last).Skip(1).ToList();
        return after.Count == 0
            || (!between.Any(statement => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } or LocalFunctionStatementSyntax)
                && edits.Model.AnalyzeDataFlow(between[0], last) is { Succeeded: true } flow
                && !after.SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>().Any(name =>
                    edits.Model.GetSymbolInfo(name, cancellationToken).Symbol is ILocalSymbol used && flow.VariablesDeclared.Contains(used, SymbolEqualityComparer.Default)));
    }

    /// <summary>Ways out of the statement that no exception takes: what leaves there without the session is not caught.</summary>
    private static IEnumerable<StatementSyntax> Exits(StatementSyntax statement) =>
        statement.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<StatementSyntax>().Where(inner => inner switch
        {
            ReturnStatementSyntax or GotoStatementSyntax or YieldStatementSyntax => true,
            BreakStatementSyntax or ContinueStatementSyntax => !inner.Ancestors().TakeWhile(node => node != statement.Parent).Any(node =>
                node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or SwitchStatementSyntax),
            _ => false,
        });

    private static bool IsHeldBy(VariableDeclaratorSyntax variable, SyntaxNode opening)
    {
        var held = opening;
        while (held.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax
            or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } })
        {
            held = held.Parent;
        }

        return variable.Initializer?.Value == held && held is AwaitExpressionSyntax;
    }

    private void Write()
    {
        var layout = _edits.Layout;
        var eol = layout.EndOfLine;
        var outer = layout.IndentationOf(_declaration);
        var inner = outer + layout.Unit;
        var start = layout.StartWithComment(_between[0]);
        var last = _between[_between.Count - 1];
        var end = last.GetLastToken().TrailingTrivia
            .Where(trivia => !trivia.IsKind(SyntaxKind.EndOfLineTrivia) && !trivia.IsKind(SyntaxKind.WhitespaceTrivia))
            .Select(trivia => trivia.Span.End).DefaultIfEmpty(last.Span.End).Last();
        _edits.Text.Insert(start, $"try{eol}{outer}{{{eol}{inner}");
        layout.Reindent(_edits.Text, TextSpan.FromBounds(start, end), outer, inner);
        var isFollowed = last.GetLastToken().GetNextToken() is { RawKind: not (int)SyntaxKind.CloseBraceToken } next
            && !next.LeadingTrivia.FirstOrDefault().IsKind(SyntaxKind.EndOfLineTrivia);
        _edits.Text.Insert(end, $"{eol}{outer}}}{eol}{outer}catch{eol}{outer}{{{eol}{inner}{_disposal}{eol}{inner}throw;{eol}{outer}}}{(isFollowed ? eol : "")}");
    }
}
