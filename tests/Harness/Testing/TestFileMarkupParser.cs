using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// Reads <c>[|text|]</c>, <c>{|ID:text|}</c>, <c>{|#0:text|}</c> and <c>$$</c> out of a test source. An unnamed span has the name "".
/// </summary>
public static class TestFileMarkupParser
{
    /// <exception cref="ArgumentException">A marker without its partner, or a key that is used twice.</exception>
    public static void GetPositionsAndSpans(string input, out string output, out ImmutableArray<int> positions, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans) =>
        Parse(input, treatPositionIndicatorsAsCode: false, out output, out positions, out spans);

    /// <inheritdoc cref="GetPositionsAndSpans"/>
    public static void GetSpans(string input, bool treatPositionIndicatorsAsCode, out string output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans) =>
        Parse(input, treatPositionIndicatorsAsCode, out output, out _, out spans);

    /// <inheritdoc cref="GetPositionsAndSpans"/>
    public static void GetSpans(string input, out string output, out ImmutableArray<TextSpan> spans)
    {
        Parse(input, treatPositionIndicatorsAsCode: false, out output, out _, out var named);
        spans = named.GetValueOrDefault(string.Empty, []);
    }

    internal static void Parse(
        string input,
        bool treatPositionIndicatorsAsCode,
        out string output,
        out ImmutableArray<int> positions,
        out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
    {
        var text = new StringBuilder(input.Length);
        var found = new List<int>();
        var closed = new List<(string Name, TextSpan Span)>();
        var open = new List<(string Name, char Kind, int Start)>();
        var index = 0;
        while (index < input.Length)
        {
            var rest = input.AsSpan(index);
            if (!treatPositionIndicatorsAsCode && rest.StartsWith("$$"))
            {
                found.Add(text.Length);
                index += 2;
            }
            else if (rest.StartsWith("[|") && !(rest.StartsWith("[|]") && open.Exists(span => span.Kind == '[')))
            {
                open.Add((string.Empty, '[', text.Length));
                index += 2;
            }
            else if (rest.StartsWith("|]"))
            {
                Close(open.FindLastIndex(span => span.Kind == '['), "|]");
                index += 2;
            }
            else if (rest.StartsWith("{|") && NameLength(rest[2..]) is > 0 and var length && rest[2 + length] == ':')
            {
                open.Add((rest.Slice(2, length).ToString(), '{', text.Length));
                index += length + 3;
            }
            else if (rest.StartsWith("|}"))
            {
                Close(open.FindLastIndex(span => span.Kind == '{'), "|}");
                index += 2;
            }
            else if (rest.StartsWith("|#") && NameLength(rest[1..]) is > 1 and var keyLength && rest[1 + keyLength] == '}')
            {
                var key = rest.Slice(1, keyLength).ToString();
                Close(open.FindLastIndex(span => span.Kind == '{' && span.Name == key), $"|{key}}}");
                index += keyLength + 2;
            }
            else
            {
                text.Append(input[index++]);
            }
        }

        if (open.Count > 0)
        {
            throw new ArgumentException($"The input contained an unmatched '{(open[^1].Kind == '[' ? "[|" : $"{{|{open[^1].Name}:")}' marker.", nameof(input));
        }

        output = text.ToString();
        positions = [.. found];
        spans = closed.OrderBy(span => span.Span.Start).ThenByDescending(span => span.Span.End)
            .GroupBy(span => span.Name, span => span.Span)
            .ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());
        if (spans.FirstOrDefault(group => group.Key.StartsWith('#') && group.Value.Length > 1).Key is { } twice)
        {
            throw new ArgumentException($"The input contained more than one '{{|{twice}:' marker.", nameof(input));
        }

        void Close(int innermost, string marker)
        {
            if (innermost < 0)
            {
                throw new ArgumentException($"The input contained an unmatched '{marker}' marker.", nameof(input));
            }

            closed.Add((open[innermost].Name, TextSpan.FromBounds(open[innermost].Start, text.Length)));
            open.RemoveAt(innermost);
        }
    }

    /// <summary>The length of the name that starts here, 0 where what follows it can't end a name.</summary>
    private static int NameLength(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(":|[]{}");
        return end < 0 ? 0 : end;
    }
}
