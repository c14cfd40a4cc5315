namespace McpSessionAnalyzers.Durations;

/// <summary>What SQL does to a value on its way into a column.</summary>
internal static class SqlConversions
{
    /// <summary>Whether rounding or a cast to an integer stands around the token, or behind it.</summary>
    public static bool StandAround(int token, IReadOnlyList<SqlToken> tokens, int start, int end)
    {
        for (var i = token + 1; i + 1 < end && (tokens[i].Is(')') || tokens[i].Text == "::"); i++)
        {
            if (tokens[i].Text == "::")
            {
                return SqlColumnKinds.OfSqlType(tokens[i + 1].Text).IsInteger();
            }
        }

        var depth = 0;
        for (var i = token - 1; i >= start; i--)
        {
            depth += tokens[i].Is(')') ? 1 : tokens[i].Is('(') ? -1 : 0;
            if (depth >= 0 || i == start)
            {
                continue;
            }

            depth = 0;
            var function = tokens[i - 1];
            if (function.IsAny("FLOOR", "CEIL", "CEILING", "TRUNC")
                || function.IsAny("ROUND", "TRUNCATE") && !HasDigits(tokens, i, end)
                || function.IsAny("CAST", "TRY_CAST", "CONVERT", "TRY_CONVERT") && NamesInteger(tokens, i, end))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasDigits(IReadOnlyList<SqlToken> tokens, int open, int end)
    {
        var depth = 0;
        for (var i = open; i < end; i++)
        {
            depth += tokens[i].Is('(') ? 1 : tokens[i].Is(')') ? -1 : 0;
            if (depth == 0)
            {
                return false;
            }

            if (depth == 1 && tokens[i].Is(',') && i + 1 < end)
            {
                return tokens[i + 1].Text != "0";
            }
        }

        return false;
    }

    private static bool NamesInteger(IReadOnlyList<SqlToken> tokens, int open, int end)
    {
        var depth = 0;
        for (var i = open; i < end; i++)
        {
            depth += tokens[i].Is('(') ? 1 : tokens[i].Is(')') ? -1 : 0;
            if (depth == 0)
            {
                return false;
            }

            if (depth == 1 && tokens[i].Kind == SqlTokenKind.Word && (SqlColumnKinds.OfSqlType(tokens[i].Text).IsInteger() || tokens[i].IsAny("SIGNED")))
            {
                return true;
            }
        }

        return false;
    }
}
