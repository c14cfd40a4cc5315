namespace McpSessionAnalyzers.Durations;

/// <summary>
/// Cuts SQL of any of the four dialects into tokens. Never fails: what is broken becomes symbols, what is not closed ends with the text.
/// </summary>
internal static class SqlLexer
{
    /// <summary>Marks a hole in a text: this character, the hole's number, this character.</summary>
    public const char HoleMark = '\u0001';

    public static List<SqlToken> Read(string text, CancellationToken cancellationToken)
    {
        var tokens = new List<SqlToken>();
        var i = 0;
        while (i < text.Length)
        {
            if ((tokens.Count & 0xfff) == 0xfff)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var c = text[i];
            if (char.IsWhiteSpace(c) || c == '\0' || c == '\ufeff')
            {
                i++;
            }
            else if (c == '-' && At(text, i + 1) == '-')
            {
                i = LineEnd(text, i);
            }
            else if (c == '/' && At(text, i + 1) == '*')
            {
                i = CommentEnd(text, i + 2);
            }
            else if (c == '\'')
            {
                i = Quoted(text, i, '\'', SqlTokenKind.Text, tokens);
            }
            else if (c is '"' or '`')
            {
                i = Quoted(text, i, c, SqlTokenKind.Quoted, tokens);
            }
            else if (c == '[' && IsNameStart(At(text, i + 1)))
            {
                i = Quoted(text, i, ']', SqlTokenKind.Quoted, tokens);
            }
            else if (c == HoleMark)
            {
                var end = text.IndexOf(HoleMark, i + 1);
                end = end < 0 ? text.Length : end;
                tokens.Add(new(SqlTokenKind.Hole, text.Substring(i + 1, end - i - 1)));
                i = Math.Min(end + 1, text.Length);
            }
            else if (c == '$' && DollarQuote(text, i) is { } tag)
            {
                var end = text.IndexOf(tag, i + tag.Length, StringComparison.Ordinal);
                tokens.Add(new(SqlTokenKind.Text, string.Empty));
                i = end < 0 ? text.Length : end + tag.Length;
            }
            else if (c == ':' && At(text, i + 1) == ':')
            {
                tokens.Add(new(SqlTokenKind.Symbol, "::"));
                i += 2;
            }
            else if (c is '@' or ':' or '$' && IsNamePart(At(text, i + 1)))
            {
                var end = NameEnd(text, i + 1);
                tokens.Add(new(SqlTokenKind.Parameter, text.Substring(i + 1, end - i - 1)));
                i = end;
            }
            else if (c == '?')
            {
                tokens.Add(new(SqlTokenKind.Parameter, string.Empty));
                i++;
            }
            else if (IsNameStart(c) || c == '#' && IsNameStart(At(text, i + 1)))
            {
                var end = NameEnd(text, i + 1);
                tokens.Add(new(SqlTokenKind.Word, text.Substring(i, end - i)));
                i = end;
            }
            else if (char.IsDigit(c))
            {
                var end = i + 1;
                while (end < text.Length && (IsNamePart(text[end]) || text[end] == '.'))
                {
                    end++;
                }

                tokens.Add(new(SqlTokenKind.Number, text.Substring(i, end - i)));
                i = end;
            }
            else
            {
                tokens.Add(new(SqlTokenKind.Symbol, c.ToString()));
                i++;
            }
        }

        return tokens;
    }

    private static char At(string text, int index) => index < text.Length ? text[index] : '\0';

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static int NameEnd(string text, int index)
    {
        while (index < text.Length && IsNamePart(text[index]))
        {
            index++;
        }

        return index;
    }

    private static int LineEnd(string text, int index)
    {
        var end = text.IndexOf('\n', index);
        return end < 0 ? text.Length : end + 1;
    }

    /// <summary>PostgreSQL nests comments, and no dialect minds.</summary>
    private static int CommentEnd(string text, int index)
    {
        for (var depth = 1; index < text.Length; index++)
        {
            if (text[index] == '*' && At(text, index + 1) == '/')
            {
                index++;
                if (--depth == 0)
                {
                    return index + 1;
                }
            }
            else if (text[index] == '/' && At(text, index + 1) == '*')
            {
                index++;
                depth++;
            }
        }

        return index;
    }

    private static int Quoted(string text, int start, char close, SqlTokenKind kind, List<SqlToken> tokens)
    {
        var i = start + 1;
        while (i < text.Length)
        {
            if (text[i] == close)
            {
                if (At(text, i + 1) != close)
                {
                    break;
                }

                i++;
            }

            i++;
        }

        var body = text.Substring(start + 1, Math.Min(i, text.Length) - start - 1);

        // A quoted hole is a hole: '{x}' writes the value too.
        var isHole = body.Length > 2 && body[0] == HoleMark && body.IndexOf(HoleMark, 1) == body.Length - 1;
        tokens.Add(isHole ? new(SqlTokenKind.Hole, body.Substring(1, body.Length - 2)) : new(kind, body));
        return Math.Min(i + 1, text.Length);
    }

    private static string? DollarQuote(string text, int start)
    {
        var end = start + 1;
        while (end < text.Length && (char.IsLetter(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return At(text, end) == '$' ? text.Substring(start, end - start + 1) : null;
    }
}
