using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Takes whole lines out of a loop, with the comments that belong to them, and writes them in front of it.</summary>
internal sealed class HoistedStatements
{
    private readonly DocumentEdits _edits;
    private readonly SourceText _text;

    public HoistedStatements(DocumentEdits edits)
    {
        _edits = edits;
        _text = edits.Root.SyntaxTree.GetText();
    }

    /// <summary>Writes <paramref name="code"/> in front of <paramref name="target"/>, with the comments of <paramref name="statement"/>, from
    /// which it comes. The last one stands apart from a comment about the loop.</summary>
    public void Write(StatementSyntax target, StatementSyntax statement, string code, bool isLast)
    {
        foreach (var line in CommentsAbove(statement))
        {
            _edits.Statements.InsertBefore(target, line);
        }

        var behind = CommentBehind(statement) is { IsEmpty: false } comment ? " " + _text.ToString(comment) : "";
        var isApart = isLast && _edits.Layout.StartWithComment(target) < target.SpanStart;
        _edits.Statements.InsertBefore(target, code + behind + (isApart ? _edits.Layout.EndOfLine : ""));
    }

    /// <summary>Removes statements, and no more blank lines are left than there were.</summary>
    public void Remove(IReadOnlyList<StatementSyntax> statements)
    {
        var lines = new SortedSet<int>();
        foreach (var statement in statements)
        {
            var first = _text.Lines.IndexOf(_edits.Layout.StartWithComment(statement));
            var isUsing = statement is UsingStatementSyntax;
            var end = isUsing ? statement.SpanStart : CommentBehind(statement) is { IsEmpty: false } comment ? comment.End : statement.Span.End;
            var last = _text.Lines.IndexOf(end);
            if (!_edits.Layout.StartsLine(statement) || (!isUsing && _text.ToString(TextSpan.FromBounds(end, _text.Lines[last].End)).Trim().Length > 0))
            {
                // Something else is on the line.
                _edits.Statements.Remove(statement);
                continue;
            }

            if (!isUsing)
            {
                _edits.Statements.Remove(statement);
            }

            // The body of a using statement stays.
            lines.UnionWith(Enumerable.Range(first, last - first + (isUsing ? 0 : 1)));
        }

        foreach (var line in lines)
        {
            _edits.Text.Delete(_text.Lines[line].SpanIncludingLineBreak);
            if (lines.Contains(line + 1) || line + 1 >= _text.Lines.Count)
            {
                continue;
            }

            var before = line;
            while (lines.Contains(before))
            {
                before--;
            }

            var above = before < 0 ? "" : _text.Lines[before].ToString().Trim();
            if (above is "" or "{" || above.EndsWith("{", StringComparison.Ordinal))
            {
                if (_text.Lines[line + 1].ToString().Trim().Length == 0)
                {
                    _edits.Text.Delete(_text.Lines[line + 1].SpanIncludingLineBreak);
                }
            }
        }
    }

    private IEnumerable<string> CommentsAbove(StatementSyntax statement)
    {
        var span = TextSpan.FromBounds(_edits.Layout.StartWithComment(statement), statement.SpanStart);
        return _text.ToString(span).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
    }

    private static TextSpan CommentBehind(StatementSyntax statement) =>
        statement is UsingStatementSyntax ? default : statement.GetTrailingTrivia()
            .FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)).Span;
}
