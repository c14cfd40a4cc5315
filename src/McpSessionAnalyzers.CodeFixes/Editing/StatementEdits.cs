using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// Removes statements together with their lines, and what is left empty by that: a null test around a disposal, a <c>finally</c>, a <c>catch</c>
/// that only rethrows. Comments stay. What became empty is known only when everything has been removed, so it is settled at the end.
/// </summary>
internal sealed class StatementEdits
{
    private readonly SourceText _text;
    private readonly Layout _layout;
    private readonly TextEdits _edits;
    private readonly HashSet<StatementSyntax> _removed = new();
    private readonly Dictionary<StatementSyntax, Func<string>?> _unwrapped = new();
    private readonly List<(StatementSyntax Statement, Action Action)> _whenUnwrapped = new();

    public StatementEdits(SourceText text, Layout layout, TextEdits edits)
    {
        _text = text;
        _layout = layout;
        _edits = edits;
    }

    public void Remove(StatementSyntax statement) => _removed.Add(statement);

    public bool IsRemoved(StatementSyntax statement) => _removed.Contains(statement);

    /// <summary>
    /// Puts the body of <paramref name="statement"/> (a using or try statement) in its place, after <paramref name="first"/>, which is asked for
    /// when everything else is known.
    /// </summary>
    public void Unwrap(StatementSyntax statement, Func<string>? first = null) => _unwrapped[statement] = first;

    /// <summary>What else to do if <paramref name="statement"/> turns out to be unwrapped.</summary>
    public void WhenUnwrapped(StatementSyntax statement, Action action) => _whenUnwrapped.Add((statement, action));

    /// <summary>Puts lines of code before a statement that stands in a list of statements.</summary>
    public void InsertBefore(StatementSyntax statement, string line)
    {
        if (_layout.StartsLine(statement) || line.Contains('\n'))
        {
            _edits.Insert(_layout.StartWithComment(statement), line + _layout.EndOfLine + _layout.IndentationOf(statement));
        }
        else
        {
            // A statement among others on one line stays on it.
            _edits.Insert(statement.SpanStart, line + " ");
        }
    }

    /// <summary>Gives a statement that stands alone after an if, an else or a loop a block of its own, with <paramref name="first"/> in front of it.</summary>
    public void Brace(StatementSyntax statement, string? first = null)
    {
        var outer = _layout.IndentationOf(statement.Parent!);
        var inner = outer + _layout.Unit;
        var eol = _layout.EndOfLine;
        var start = statement.GetFirstToken().GetPreviousToken().Span.End;
        var between = TextSpan.FromBounds(start, statement.SpanStart);
        var lines = first is null ? "" : first + eol + inner;
        if (IsBlank(between))
        {
            _edits.Replace(between, $"{eol}{outer}{{{eol}{inner}{lines}");
        }
        else
        {
            _edits.Insert(start, $"{eol}{outer}{{");
            _edits.Insert(statement.SpanStart, lines);
        }

        _edits.Insert(statement.Span.End, $"{eol}{outer}}}");
    }

    public void Settle()
    {
        RemoveWhatIsLeftEmpty();
        foreach (var (statement, action) in _whenUnwrapped)
        {
            if (_unwrapped.ContainsKey(statement))
            {
                action();
            }
        }

        foreach (var pair in _unwrapped)
        {
            if (!_removed.Contains(pair.Key))
            {
                WriteUnwrapped(pair.Key, pair.Value?.Invoke() ?? "");
            }
        }

        foreach (var statement in _removed)
        {
            WriteRemoved(statement);
        }
    }

    private void RemoveWhatIsLeftEmpty()
    {
        var pending = new Queue<StatementSyntax>(_removed);
        while (pending.Count > 0)
        {
            var parent = pending.Dequeue().Parent;
            if (parent is BlockSyntax block)
            {
                if (!block.Statements.All(_removed.Contains) || HasComments(block))
                {
                    if (block.Parent is CatchClauseSyntax rethrowing)
                    {
                        DropIfOnlyRethrows(rethrowing);
                    }

                    continue;
                }

                parent = block.Parent;
            }

            switch (parent)
            {
                case IfStatementSyntax { Else: null } test when NullTests.IsPure(test.Condition):
                    if (_removed.Add(test))
                    {
                        pending.Enqueue(test);
                    }

                    break;
                case ForEachStatementSyntax { Expression: IdentifierNameSyntax } loop:
                    if (_removed.Add(loop))
                    {
                        pending.Enqueue(loop);
                    }

                    break;
                case FinallyClauseSyntax { Parent: TryStatementSyntax attempt } empty:
                    DropFinally(attempt, empty);
                    break;
                case CatchClauseSyntax:
                    // An empty catch was not empty before: it swallows the exception after disposing. It still has to.
                    break;
            }
        }
    }

    private void DropFinally(TryStatementSyntax attempt, FinallyClauseSyntax empty)
    {
        if (attempt.Catches.Count == 0)
        {
            Unwrap(attempt);
        }
        else
        {
            _edits.Delete(TextSpan.FromBounds(attempt.Catches.Last().Span.End, empty.Span.End));
        }
    }

    private void DropIfOnlyRethrows(CatchClauseSyntax clause)
    {
        var left = clause.Block.Statements.Where(statement => !_removed.Contains(statement)).ToList();
        if (left.Count == 1
            && left[0] is ThrowStatementSyntax { Expression: null }
            && clause is { Filter: null, Parent: TryStatementSyntax { Catches.Count: 1, Finally: null } attempt }
            && !HasComments(clause.Block))
        {
            Unwrap(attempt);
        }
    }

    private void WriteUnwrapped(StatementSyntax statement, string first)
    {
        var body = BodyOf(statement);
        if (body is not BlockSyntax block)
        {
            // The next of several stacked using statements: it keeps its place, only the head goes.
            var head = TextSpan.FromBounds(statement.SpanStart, body.SpanStart);
            _edits.Replace(head, first.Length == 0 ? "" : first + _layout.EndOfLine + _layout.IndentationOf(statement));
            return;
        }

        // What was said of the head is said of what takes its place.
        var comments = statement.DescendantTrivia().Where(trivia => IsComment(trivia) && trivia.SpanStart < block.SpanStart && trivia.SpanStart > statement.SpanStart);
        first = string.Join(" ", new[] { first }.Concat(comments.Select(comment => comment.ToString())).Where(text => text.Length > 0));
        if (!IsInList(statement) || Scopes.WouldClash(statement, block, IsGone))
        {
            WriteBareBlock(statement, block, first);
            return;
        }

        var content = ContentOf(block);
        if (content.IsEmpty)
        {
            _edits.Replace(statement.Span, first.Length == 0 ? "{ }" : first);
            return;
        }

        // A statement among others on one line stays on it.
        var outer = _layout.IndentationOf(statement);
        var parting = _layout.StartsLine(statement) || comments.Any() ? _layout.EndOfLine + outer : " ";
        _edits.Replace(TextSpan.FromBounds(statement.SpanStart, content.Start), first.Length == 0 ? "" : first + parting);
        _edits.Delete(TextSpan.FromBounds(content.End, statement.Span.End));
        _layout.Reindent(_edits, content, _layout.IndentationAt(content.Start), outer);
    }

    private void WriteBareBlock(StatementSyntax statement, BlockSyntax block, string first)
    {
        var inner = _layout.IndentationOf(statement);
        var outer = statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax ? inner : _layout.IndentationOf(statement.Parent!);
        var start = _layout.StartsLine(statement) ? _layout.LineStart(statement.SpanStart) : statement.SpanStart;
        _edits.Replace(TextSpan.FromBounds(start, block.SpanStart), start == statement.SpanStart ? "" : outer);
        _layout.Reindent(_edits, block.Span, inner, outer);
        _edits.Delete(TextSpan.FromBounds(block.Span.End, statement.Span.End));
        if (first.Length > 0)
        {
            _edits.Insert(block.OpenBraceToken.Span.End, _layout.EndOfLine + outer + _layout.Unit + first);
        }
    }

    /// <summary>Whether a variable's declaration is taken out.</summary>
    private bool IsGone(VariableDeclaratorSyntax variable) => variable.Parent?.Parent switch
    {
        LocalDeclarationStatementSyntax declaration => _removed.Contains(declaration),
        UsingStatementSyntax head => _unwrapped.TryGetValue(head, out var first) && first is null,
        _ => false,
    };

    private bool IsInList(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax or GlobalStatementSyntax => true,
        SwitchSectionSyntax => true,
        UsingStatementSyntax stacked => _unwrapped.ContainsKey(stacked) && IsInList(stacked),
        _ => false,
    };

    private static StatementSyntax BodyOf(StatementSyntax statement) => statement switch
    {
        UsingStatementSyntax @using => @using.Statement,
        TryStatementSyntax attempt => attempt.Block,
        _ => statement,
    };

    /// <summary>From the first to the last thing in a block that is still there.</summary>
    private TextSpan ContentOf(BlockSyntax block)
    {
        var spans = block.DescendantTrivia(node => node == block || node is not StatementSyntax)
            .Where(IsComment)
            .Select(trivia => trivia.Span)
            .Concat(block.Statements.SelectMany(statement => statement.GetLeadingTrivia().Concat(statement.GetTrailingTrivia())).Where(IsComment).Select(trivia => trivia.Span))
            .Concat(block.Statements.Where(statement => !_removed.Contains(statement)).Select(statement => statement.Span))
            .Where(span => block.Span.Contains(span))
            .ToList();
        return spans.Count == 0
            ? new TextSpan(block.SpanStart, 0)
            : TextSpan.FromBounds(spans.Min(span => span.Start), spans.Max(span => span.End));
    }

    private void WriteRemoved(StatementSyntax statement)
    {
        if (statement.Parent is not (BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax))
        {
            _edits.Replace(statement.Span, "{ }");
            return;
        }

        var first = _text.Lines.IndexOf(statement.SpanStart);
        var last = _text.Lines.IndexOf(statement.Span.End);
        var after = TextSpan.FromBounds(statement.Span.End, _text.Lines[last].End);
        if (!_layout.StartsLine(statement) || !IsBlank(after))
        {
            // Something else is on the line, a comment perhaps: it stays.
            _edits.Delete(TextSpan.FromBounds(statement.SpanStart, statement.Span.End + LeadingBlanks(after)));
            return;
        }

        _edits.Delete(TextSpan.FromBounds(_text.Lines[first].Start, _text.Lines[last].EndIncludingLineBreak));
        CollapseBlankLines(statement, first, last);
    }

    /// <summary>A removed statement leaves no double blank line, and none next to a brace.</summary>
    private void CollapseBlankLines(StatementSyntax statement, int first, int last)
    {
        var removed = RemovedLines(statement);
        var before = first - 1;
        while (before >= 0 && removed.Contains(before))
        {
            before--;
        }

        var next = last + 1;
        while (next < _text.Lines.Count && removed.Contains(next))
        {
            next++;
        }

        if (before < 0 || next >= _text.Lines.Count)
        {
            return;
        }

        var above = _text.Lines[before].ToString().Trim();
        var below = _text.Lines[next].ToString().Trim();
        if (below.Length == 0 && (above.Length == 0 || above == "{"))
        {
            _edits.Delete(_text.Lines[next].SpanIncludingLineBreak);
        }
        else if (above.Length == 0 && below.StartsWith("}", StringComparison.Ordinal))
        {
            _edits.Delete(_text.Lines[before].SpanIncludingLineBreak);
        }
    }

    private HashSet<int> RemovedLines(StatementSyntax statement)
    {
        var lines = new HashSet<int>();
        foreach (var sibling in _removed.Where(other => other.Parent == statement.Parent || other.Parent is GlobalStatementSyntax))
        {
            var from = _text.Lines.IndexOf(sibling.SpanStart);
            var to = _text.Lines.IndexOf(sibling.Span.End);
            if (_layout.StartsLine(sibling) && IsBlank(TextSpan.FromBounds(sibling.Span.End, _text.Lines[to].End)))
            {
                lines.UnionWith(Enumerable.Range(from, to - from + 1));
            }
        }

        return lines;
    }

    private bool IsBlank(TextSpan span) => LeadingBlanks(span) == span.Length;

    private int LeadingBlanks(TextSpan span)
    {
        var count = 0;
        while (count < span.Length && char.IsWhiteSpace(_text[span.Start + count]))
        {
            count++;
        }

        return count;
    }

    private static bool HasComments(BlockSyntax block) =>
        block.CloseBraceToken.LeadingTrivia.Any(IsComment)
        || block.Statements.Any(statement => statement.GetLeadingTrivia().Any(IsComment) || statement.GetTrailingTrivia().Any(IsComment));

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) || trivia.IsDirective;
}
