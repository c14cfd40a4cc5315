using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// Puts statements into blocks with a head and a tail, and lines in front of statements. Blocks of several fixes may lie in each other, so that how far
/// a line is indented is known only when all are: written at the end.
/// </summary>
internal sealed class TryBlocks
{
    private readonly List<Block> _blocks = new();
    private readonly List<(StatementSyntax Statement, List<string> Lines)> _before = new();
    private readonly List<(StatementSyntax Place, List<string> Lines)> _ends = new();
    private readonly List<(ReturnStatementSyntax Statement, ConditionalExpressionSyntax Choice, bool IsFirst, List<string> Lines)> _splits = new();
    private readonly HashSet<BlockSyntax> _broken = new();
    private DocumentEdits _edits = null!;

    public static TryBlocks In(SolutionEdits solution, DocumentEdits edits)
    {
        var blocks = solution.Memory<TryBlocks>(edits.Document.Id);
        blocks._edits = edits;
        solution.AtEnd((nameof(TryBlocks), edits.Document.Id), _ =>
        {
            blocks.Write();
            return Task.CompletedTask;
        });
        return blocks;
    }

    /// <summary>Whether blocks from here to there would cross others.</summary>
    public bool Crosses(StatementSyntax first, StatementSyntax last) => _blocks.Any(block =>
        (first.SpanStart < block.First.SpanStart && block.First.SpanStart <= last.SpanStart && last.SpanStart < block.Last.SpanStart)
        || (block.First.SpanStart < first.SpanStart && first.SpanStart <= block.Last.SpanStart && block.Last.SpanStart < last.SpanStart)
        || block.First == first);

    /// <param name="first">The first statement that goes into the block.</param>
    /// <param name="last">The last one, of the same list.</param>
    /// <param name="head">Lines in front of the opening brace, written for an indentation.</param>
    /// <param name="tail">Lines behind the closing brace.</param>
    /// <param name="opener">A declaration in front of the first one that becomes that of a using block.</param>
    public void Add(StatementSyntax first, StatementSyntax last, IReadOnlyList<Func<string, string>> head, IReadOnlyList<string> tail, LocalDeclarationStatementSyntax? opener = null) =>
        _blocks.Add(new Block(first, last, head, tail, opener));

    /// <summary>In front of what was put there before: what was opened last is closed first.</summary>
    public void Before(StatementSyntax statement, string line) => Lines(_before, statement).Insert(0, line);

    /// <summary>At the end of a block, or in an else that an if statement gets.</summary>
    public void AtEndOf(StatementSyntax place, string line) => Lines(_ends, place).Add(line);

    /// <summary>
    /// Makes <c>return ok ? first : second;</c> an if statement and a return: <paramref name="line"/> stands in front of the result that is not the
    /// <paramref name="isFirst">first</paramref>.
    /// </summary>
    public void Split(ReturnStatementSyntax statement, ConditionalExpressionSyntax choice, bool isFirst, string line)
    {
        if (_splits.FirstOrDefault(one => one.Statement == statement) is { Lines: { } lines })
        {
            lines.Insert(0, line);
        }
        else
        {
            _splits.Add((statement, choice, isFirst, new List<string> { line }));
        }
    }

    /// <summary>Whether <see cref="Break"/> can give each of its statements a line, or they have them already.</summary>
    public static bool CanBreak(BlockSyntax block, Layout layout) =>
        block.Statements.All(statement => layout.StartsLine(statement))
        || (!block.Statements.Any(statement => layout.StartsLine(statement))
            && !block.DescendantTrivia().Any(trivia => trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
            && block.Statements.All(statement => !statement.ToString().Contains('\n')));

    /// <summary>Gives each statement of a block that stands on one line a line of its own.</summary>
    public void Break(BlockSyntax block)
    {
        if (!block.Statements.All(statement => _edits.Layout.StartsLine(statement)))
        {
            _broken.Add(block);
        }
    }

    private static List<string> Lines(List<(StatementSyntax, List<string>)> all, StatementSyntax statement)
    {
        foreach (var (known, lines) in all)
        {
            if (known == statement)
            {
                return lines;
            }
        }

        var added = new List<string>();
        all.Add((statement, added));
        return added;
    }

    private void Write()
    {
        var layout = _edits.Layout;
        var eol = layout.EndOfLine;
        Reindent();
        foreach (var block in _broken)
        {
            WriteBroken(block);
        }

        foreach (var (statement, lines) in _before)
        {
            WriteBefore(statement, lines);
        }

        foreach (var (place, lines) in _ends)
        {
            WriteEnd(place, lines);
        }

        foreach (var (statement, choice, isFirst, lines) in _splits)
        {
            WriteSplit(statement, choice, isFirst, lines);
        }

        foreach (var block in _blocks.OrderBy(one => one.Last.Span.End - one.First.SpanStart))
        {
            var outer = Indentation(block.First, block);
            var head = string.Concat(block.Head.Select(line => line(outer) + eol + outer));
            if (block.Opener is { } opener)
            {
                _edits.Text.Insert(opener.SpanStart, head + "await using (");
                _edits.Text.Replace(opener.SemicolonToken.Span, ")");
                var brace = TextSpan.FromBounds(EndOf(opener), layout.LineStart(NextText(EndOf(opener))));
                _edits.Text.Replace(brace, $"{eol}{outer}{{{eol}");
            }
            else if (HasOwnLine(block))
            {
                // In front of the line, for others may write in front of the statement.
                _edits.Text.Insert(layout.LineStart(StartOf(block.First)), $"{outer}{head}{{{eol}");
            }
            else
            {
                _edits.Text.Insert(StartOf(block.First), $"{head}{{{eol}{outer}{layout.Unit}");
            }

            var isLast = !_blocks.Any(other => other != block && other.Last == block.Last && other.First.SpanStart < block.First.SpanStart);
            _edits.Text.Insert(EndOf(block.Last), $"{eol}{outer}}}" + string.Concat(block.Tail.SelectMany(line => line.Split('\n')).Select(line => eol + (line.Trim().Length == 0 ? "" : outer + line))) + (isLast && IsFollowed(block.Last) ? eol : ""));
        }
    }

    private void Reindent()
    {
        var text = _edits.Root.GetText();
        foreach (var line in text.Lines)
        {
            var depth = _blocks.Count(block => InnerStart(block) <= line.Start && line.Start < EndOf(block.Last));
            var blank = 0;
            while (line.Start + blank < line.End && text[line.Start + blank] is ' ' or '\t')
            {
                blank++;
            }

            if (depth > 0 && line.Start + blank < line.End && !IsInsideToken(line.Start))
            {
                var span = new TextSpan(line.Start, blank);
                _edits.Text.Replace(span, text.ToString(span) + Repeat(depth));
            }
        }
    }

    private bool HasOwnLine(Block block) =>
        _edits.Layout.IndentationAt(StartOf(block.First)).Length == StartOf(block.First) - _edits.Layout.LineStart(StartOf(block.First));

    /// <summary>The lines from here on are within the block.</summary>
    private int InnerStart(Block block) =>
        block.Opener is { } opener ? EndOf(opener) + 1
        : HasOwnLine(block) ? _edits.Layout.LineStart(StartOf(block.First))
        : StartOf(block.First) + 1;

    private void WriteBroken(BlockSyntax block)
    {
        var layout = _edits.Layout;
        var eol = layout.EndOfLine;
        var outer = layout.IndentationOf(block) + Repeat(Depth(block.SpanStart));
        if (!layout.StartsLine(block.OpenBraceToken))
        {
            _edits.Text.Replace(TextSpan.FromBounds(block.OpenBraceToken.GetPreviousToken().Span.End, block.OpenBraceToken.SpanStart), eol + outer);
        }

        foreach (var statement in block.Statements)
        {
            var isFirst = _blocks.FirstOrDefault(one => one.First == statement);
            _edits.Text.Replace(TextSpan.FromBounds(statement.GetFirstToken().GetPreviousToken().Span.End, statement.SpanStart), eol + Indentation(statement, isFirst));
        }

        _edits.Text.Replace(TextSpan.FromBounds(block.Statements.Last().Span.End, block.CloseBraceToken.SpanStart), eol + outer);
    }

    private void WriteBefore(StatementSyntax statement, IReadOnlyList<string> lines)
    {
        var layout = _edits.Layout;
        var eol = layout.EndOfLine;
        var indentation = Indentation(statement, null);
        if (statement.Parent is BlockSyntax or SwitchSectionSyntax)
        {
            var hasLine = layout.StartsLine(statement) || (statement.Parent is BlockSyntax block && _broken.Contains(block));
            _edits.Text.Insert(statement.SpanStart, string.Concat(lines.Select(line => line + (hasLine ? eol + indentation : " "))));
            return;
        }

        // It stands alone after an if or an else.
        var outer = Indentation((statement.Parent as ElseClauseSyntax)?.FirstAncestorOrSelf<IfStatementSyntax>() ?? statement.Parent!, null);
        var inner = outer + layout.Unit;
        var between = TextSpan.FromBounds(statement.GetFirstToken().GetPreviousToken().Span.End, statement.SpanStart);
        var all = string.Concat(lines.Select(line => line + eol + inner));
        _edits.Text.Replace(between, $"{eol}{outer}{{{eol}{inner}{all}");
        var isElse = statement.GetLastToken().GetNextToken().IsKind(SyntaxKind.ElseKeyword);
        _edits.Text.Insert(EndOf(statement), $"{eol}{outer}}}{(!isElse && IsFollowed(statement) ? eol : "")}");
        if (isElse && EndsLine(statement))
        {
            return;
        }

        if (isElse)
        {
            _edits.Text.Replace(TextSpan.FromBounds(statement.Span.End, statement.GetLastToken().GetNextToken().SpanStart), eol + outer);
        }
    }

    private void WriteEnd(StatementSyntax place, IReadOnlyList<string> lines)
    {
        var layout = _edits.Layout;
        var eol = layout.EndOfLine;
        if (place is BlockSyntax block)
        {
            var outer = layout.IndentationOf(block) + Repeat(Depth(block.SpanStart));
            var last = block.Statements.LastOrDefault();
            var inner = last is not null && layout.StartsLine(last) ? Indentation(last, null) : outer + layout.Unit;
            var text = string.Concat(lines.Select(line => eol + inner + line));
            if (_broken.Contains(block) || (last is not null && layout.StartsLine(last) && layout.StartsLine(block.CloseBraceToken)))
            {
                _edits.Text.Insert(EndOf(last!), text);
            }
            else if (layout.StartsLine(block.CloseBraceToken))
            {
                _edits.Text.Insert(layout.LineStart(block.CloseBraceToken.SpanStart), text.Substring(eol.Length) + eol);
            }
            else
            {
                _edits.Text.Insert(block.CloseBraceToken.SpanStart, string.Concat(lines.Select(line => line + " ")));
            }

            return;
        }

        var indentation = Indentation(place, null);
        _edits.Text.Insert(EndOf(place), $"{eol}{indentation}else{eol}{indentation}{{{string.Concat(lines.Select(line => eol + indentation + layout.Unit + line))}{eol}{indentation}}}");
    }

    private void WriteSplit(ReturnStatementSyntax statement, ConditionalExpressionSyntax choice, bool isFirst, IReadOnlyList<string> lines)
    {
        var layout = _edits.Layout;
        var eol = layout.EndOfLine;
        var outer = Indentation(statement, null);
        var inner = outer + layout.Unit;
        var (with, without) = isFirst ? (choice.WhenTrue, choice.WhenFalse) : (choice.WhenFalse, choice.WhenTrue);
        var condition = isFirst ? Conditions.Negated(choice.Condition) : Conditions.Bare(choice.Condition).ToString();
        _edits.Text.Replace(statement.Span,
            $"if ({condition}){eol}{outer}{{{string.Concat(lines.Select(line => eol + inner + line))}{eol}{inner}return {layout.Render(without, inner)};{eol}{outer}}}{eol}{eol}{outer}return {layout.Render(with, outer)};");
    }

    private int Depth(int position) => _blocks.Count(block => block.First.SpanStart <= position && position < block.Last.Span.End);

    /// <summary>How the line of a statement is indented in the end, around <paramref name="except"/>.</summary>
    private string Indentation(SyntaxNode node, Block? except)
    {
        var broken = node.Ancestors().OfType<BlockSyntax>().FirstOrDefault(_broken.Contains);
        return _edits.Layout.IndentationOf(node) + (broken is null ? "" : _edits.Layout.Unit) + Repeat(Depth(node.SpanStart) - (except is null ? 0 : 1));
    }

    private string Repeat(int count) => string.Concat(Enumerable.Repeat(_edits.Layout.Unit, count));

    private int StartOf(StatementSyntax statement) =>
        statement.Parent is BlockSyntax block && _broken.Contains(block) ? statement.SpanStart : _edits.Layout.StartWithComment(statement);

    private static int EndOf(StatementSyntax statement) => statement.GetLastToken().TrailingTrivia
        .Where(trivia => !trivia.IsKind(SyntaxKind.EndOfLineTrivia) && !trivia.IsKind(SyntaxKind.WhitespaceTrivia))
        .Select(trivia => trivia.Span.End).DefaultIfEmpty(statement.Span.End).Last();

    private int NextText(int position)
    {
        var text = _edits.Root.GetText();
        while (char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position;
    }

    private static bool EndsLine(StatementSyntax statement) => statement.GetLastToken().TrailingTrivia.Any(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));

    /// <summary>By something that is to stand off from a closing brace.</summary>
    private bool IsFollowed(StatementSyntax statement)
    {
        var next = statement.GetLastToken().GetNextToken();
        if (statement.Parent is BlockSyntax block
            && block.Statements.SkipWhile(one => one != statement).Skip(1).ToList() is { Count: > 0 } behind
            && behind.All(_edits.Statements.IsRemoved)
            && !block.CloseBraceToken.LeadingTrivia.Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)))
        {
            return false;
        }

        return next.Kind() is not (SyntaxKind.CloseBraceToken or SyntaxKind.CaseKeyword or SyntaxKind.DefaultKeyword)
            && !next.LeadingTrivia.FirstOrDefault().IsKind(SyntaxKind.EndOfLineTrivia);
    }

    private bool IsInsideToken(int position)
    {
        var token = _edits.Root.FindToken(position);
        return token.SpanStart < position && position < token.Span.End;
    }

    private sealed record Block(StatementSyntax First, StatementSyntax Last, IReadOnlyList<Func<string, string>> Head, IReadOnlyList<string> Tail, LocalDeclarationStatementSyntax? Opener);
}
