using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>How a document is laid out: its line ends and its indentation. Code that a fix writes or moves follows them.</summary>
internal sealed class Layout
{
    private readonly SourceText _text;
    private readonly SyntaxNode _root;

    public Layout(SyntaxNode root, SourceText text)
    {
        _root = root;
        _text = text;
        EndOfLine = EndOfLineOf(text);
        Unit = UnitOf(root);
    }

    public string EndOfLine { get; }

    /// <summary>One step of indentation.</summary>
    public string Unit { get; }

    /// <summary>The white space at the start of the line on which <paramref name="node"/> begins.</summary>
    public string IndentationOf(SyntaxNode node) => IndentationAt(node.SpanStart);

    public string IndentationAt(int position)
    {
        var line = _text.Lines.GetLineFromPosition(position);
        return _text.ToString(TextSpan.FromBounds(line.Start, FirstNonBlank(line)));
    }

    /// <summary>Whether nothing but white space stands before <paramref name="piece"/> on its line.</summary>
    public bool StartsLine(SyntaxNodeOrToken piece) => FirstNonBlank(_text.Lines.GetLineFromPosition(piece.SpanStart)) == piece.SpanStart;

    /// <summary>Where a statement begins, with the comment that stands directly above it.</summary>
    public int StartWithComment(SyntaxNode statement)
    {
        var start = statement.SpanStart;
        var lines = 0;
        foreach (var trivia in statement.GetLeadingTrivia().Reverse())
        {
            if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
            {
                start = trivia.SpanStart;
                lines = 0;
            }
            else if (trivia.IsKind(SyntaxKind.EndOfLineTrivia) ? ++lines > 1 : !trivia.IsKind(SyntaxKind.WhitespaceTrivia))
            {
                break;
            }
        }

        return start;
    }

    public int LineStart(int position) => _text.Lines.GetLineFromPosition(position).Start;

    /// <summary>
    /// The text of <paramref name="node"/> as it reads where lines are indented by <paramref name="indentation"/>, with
    /// <paramref name="edits"/> to it. The lines of a string that spans several are its value: they are not touched.
    /// </summary>
    public string Render(SyntaxNode node, string indentation, IEnumerable<TextChange>? edits = null)
    {
        var moved = new TextEdits(_text);
        foreach (var edit in edits ?? Enumerable.Empty<TextChange>())
        {
            moved.Replace(edit.Span, edit.NewText ?? "");
        }

        Reindent(moved, node.Span, IndentationOf(node), indentation);
        return moved.Apply(node.Span);
    }

    /// <summary>Changes the indentation of the lines that begin within <paramref name="span"/>.</summary>
    public void Reindent(TextEdits edits, TextSpan span, string from, string to)
    {
        if (from == to)
        {
            return;
        }

        var first = _text.Lines.IndexOf(span.Start) + 1;
        for (var i = first; i < _text.Lines.Count && _text.Lines[i].Start < span.End; i++)
        {
            var line = _text.Lines[i];
            var indented = FirstNonBlank(line);
            if (indented == line.End || IsInsideToken(line.Start))
            {
                continue;
            }

            var old = TextSpan.FromBounds(line.Start, indented);
            var white = _text.ToString(old);
            edits.Replace(old, white.StartsWith(from, StringComparison.Ordinal) ? to + white.Substring(from.Length) : to);
        }
    }

    /// <summary>The indentation that members of <paramref name="type"/> have.</summary>
    public string MemberIndentation(TypeDeclarationSyntax type) =>
        type.Members.FirstOrDefault(member => StartsLine(member)) is { } member ? IndentationOf(member) : IndentationOf(type) + Unit;

    private static int FirstNonBlank(TextLine line)
    {
        var position = line.Start;
        while (position < line.End && line.Text![position] is ' ' or '\t')
        {
            position++;
        }

        return position;
    }

    private bool IsInsideToken(int position)
    {
        var token = _root.FindToken(position);
        return token.SpanStart < position && position < token.Span.End;
    }

    private static string EndOfLineOf(SourceText text)
    {
        var first = text.Lines[0];
        return first.End == first.EndIncludingLineBreak ? "\n" : text.ToString(TextSpan.FromBounds(first.End, first.EndIncludingLineBreak));
    }

    private static string UnitOf(SyntaxNode root)
    {
        foreach (var type in root.DescendantNodes(node => node is not MemberDeclarationSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax).OfType<TypeDeclarationSyntax>())
        {
            if (type.Members.FirstOrDefault() is { } member
                && WhiteSpaceBefore(member) is { Length: > 0 } inner
                && WhiteSpaceBefore(type) is { } outer
                && inner.Length > outer.Length
                && inner.StartsWith(outer, StringComparison.Ordinal))
            {
                return inner.Substring(outer.Length);
            }
        }

        return "    ";
    }

    private static string WhiteSpaceBefore(SyntaxNode node)
    {
        var trivia = node.GetLeadingTrivia();
        return trivia.Count > 0 && trivia[trivia.Count - 1].IsKind(SyntaxKind.WhitespaceTrivia) ? trivia[trivia.Count - 1].ToString() : "";
    }
}
