using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// Edits to one text, gathered in any order and applied at once. Edits say only what changes, so everything that they don't name, comments and
/// layout included, stays as it was; and edits of nested pieces never disturb each other, whichever came first.
/// </summary>
internal sealed class TextEdits
{
    private readonly SourceText _text;
    private readonly List<Edit> _edits = new();

    public TextEdits(SourceText text) => _text = text;

    public bool IsEmpty => _edits.Count == 0;

    public void Insert(int position, string text) => Replace(new TextSpan(position, 0), text);

    /// <summary>In front of everything else that is inserted at the same place.</summary>
    public void InsertFirst(int position, string text) => _edits.Add(new Edit(new TextSpan(position, 0), text, -1));

    public void Delete(TextSpan span) => Replace(span, "");

    public void Replace(TextSpan span, string text) => _edits.Add(new Edit(span, text, _edits.Count));

    /// <summary>The whole text with all edits.</summary>
    public SourceText Apply() => _text.WithChanges(Settled().Select(edit => new TextChange(edit.Span, edit.Text)));

    /// <summary>The part of the text at <paramref name="span"/>, with the edits that lie within it.</summary>
    public string Apply(TextSpan span)
    {
        var result = new StringBuilder();
        var position = span.Start;
        foreach (var edit in Settled().Where(edit => span.Contains(edit.Span)))
        {
            result.Append(_text.ToString(TextSpan.FromBounds(position, edit.Span.Start))).Append(edit.Text);
            position = edit.Span.End;
        }

        return result.Append(_text.ToString(TextSpan.FromBounds(position, span.End))).ToString();
    }

    /// <summary>
    /// What is left once edits within a removed or replaced piece have gone with it: in order, without overlaps. Two fixes may both remove
    /// the same line; that is one removal.
    /// </summary>
    private IEnumerable<Edit> Settled()
    {
        var end = 0;
        var kept = new List<Edit>();
        foreach (var edit in _edits.OrderBy(e => e.Span.Start).ThenBy(e => !e.Span.IsEmpty).ThenByDescending(e => e.Span.Length).ThenBy(e => e.Order))
        {
            if (edit.Span.Start >= end || kept.Count == 0)
            {
                kept.Add(edit);
                end = Math.Max(end, edit.Span.End);
            }
            else if (edit.Span.End > end && edit.Text.Length == 0)
            {
                kept.Add(edit with { Span = TextSpan.FromBounds(end, edit.Span.End) });
                end = edit.Span.End;
            }
        }

        return kept;
    }

    private sealed record Edit(TextSpan Span, string Text, int Order);
}
