using System.Globalization;

namespace McpSessionAnalyzers.Durations;

/// <summary>The columns that an INSERT, REPLACE, UPDATE or MERGE writes, with the expressions written to them.</summary>
internal sealed class SqlWrites
{
    private static readonly string[] ClauseEnds = { "WHERE", "FROM", "RETURNING", "OUTPUT", "ON", "WHEN", "GO", "LIMIT", "ORDER" };

    private readonly List<SqlToken> _tokens;
    private readonly List<(SqlName Table, string? Column, int Index, int Start, int End)> _writes = new();

    private SqlWrites(List<SqlToken> tokens)
    {
        _tokens = tokens;
        var cursor = new SqlCursor(tokens);
        while (!cursor.AtEnd)
        {
            if (cursor.Current.IsAny("INSERT", "REPLACE") && !cursor.Peek(1).Is('('))
            {
                Insert(cursor);
            }
            else if (cursor.Take("UPDATE"))
            {
                Update(cursor);
            }
            else if (cursor.Take("COPY"))
            {
                Copy(cursor);
            }
            else
            {
                cursor.Position++;
            }
        }
    }

    public bool IsEmpty => _writes.Count == 0;

    /// <summary>Table and columns of a COPY.</summary>
    public (SqlName Table, List<string> Columns)? Copied { get; private set; }

    public static SqlWrites Read(string text, CancellationToken cancellationToken) => new(SqlLexer.Read(text, cancellationToken));

    /// <summary>The targets of a parameter, by name; for anonymous and numbered ones by position, from 0.</summary>
    public IReadOnlyList<SqlTarget> TargetsOf(string? parameter, int position)
    {
        var anonymous = 0;
        return Targets(token =>
        {
            if (token.Kind != SqlTokenKind.Parameter)
            {
                return false;
            }

            if (token.Text.Length == 0)
            {
                return anonymous++ == position;
            }

            return parameter is null
                ? int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == position + 1
                : string.Equals(token.Text, parameter, StringComparison.OrdinalIgnoreCase);
        });
    }

    public IReadOnlyList<SqlTarget> TargetsOfHole(int hole)
    {
        var text = hole.ToString(CultureInfo.InvariantCulture);
        return Targets(token => token.Kind == SqlTokenKind.Hole && token.Text == text);
    }

    private List<SqlTarget> Targets(Func<SqlToken, bool> isIt)
    {
        var targets = new List<SqlTarget>();
        for (var i = 0; i < _tokens.Count; i++)
        {
            if (!isIt(_tokens[i]))
            {
                continue;
            }

            var write = _writes.FindIndex(w => w.Start <= i && i < w.End);
            targets.Add(write < 0
                ? new(SqlUse.Read, SqlName.Unknown, null, -1)
                : new(SqlConversions.StandAround(i, _tokens, _writes[write].Start, _writes[write].End) ? SqlUse.Converted : SqlUse.Stored, _writes[write].Table, _writes[write].Column, _writes[write].Index));
        }

        return targets;
    }

    private void Insert(SqlCursor cursor)
    {
        cursor.Position++;
        while (cursor.Current.IsAny("OR", "REPLACE", "IGNORE", "ABORT", "FAIL", "ROLLBACK", "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "INTO", "OVERWRITE"))
        {
            cursor.Position++;
        }

        // In a MERGE: WHEN NOT MATCHED THEN INSERT (…) VALUES (…), into the table of the MERGE.
        var table = cursor.Current.Is('(') ? MergedTable(cursor.Position) : cursor.Name();
        if (cursor.Take("AS"))
        {
            cursor.Position++;
        }

        var columns = cursor.Current.Is('(') && !cursor.Peek(1).Is("SELECT") ? Columns(cursor) : null;
        if (cursor.Current.Is("OUTPUT"))
        {
            while (!cursor.AtEnd && !cursor.Current.IsAny("VALUES", "SELECT"))
            {
                cursor.Position++;
            }
        }

        cursor.TakeAll("OVERRIDING", "SYSTEM", "VALUE");
        if (cursor.Current.IsAny("VALUES", "VALUE"))
        {
            cursor.Position++;
            do
            {
                if (!cursor.Take('('))
                {
                    break;
                }

                Expressions(cursor, table, columns, inParentheses: true);
                cursor.Take(')');
            }
            while (cursor.Take(','));
        }
        else if (cursor.Take("SELECT"))
        {
            Expressions(cursor, table, columns, inParentheses: false);
        }
        else if (cursor.Take("SET"))
        {
            Assignments(cursor, table);
        }

        while (!cursor.AtEnd && !cursor.Current.Is(';') && !cursor.Current.IsAny("INSERT", "UPDATE", "REPLACE", "GO"))
        {
            cursor.Position++;
        }

        // ON CONFLICT … DO UPDATE SET, ON DUPLICATE KEY UPDATE.
        if (cursor.Current.Is("UPDATE"))
        {
            var set = cursor.Peek(1).Is("SET");
            if (set || cursor.Position > 0 && cursor.Peek(-1).Is("KEY"))
            {
                cursor.Position += set ? 2 : 1;
                Assignments(cursor, table);
            }
        }
    }

    private SqlName MergedTable(int position)
    {
        for (var i = position - 1; i >= 0; i--)
        {
            if (_tokens[i].Is("MERGE"))
            {
                var cursor = new SqlCursor(_tokens) { Position = i + 1 };
                cursor.Take("INTO");
                return cursor.Name();
            }
        }

        return SqlName.Unknown;
    }

    private static List<string?> Columns(SqlCursor cursor)
    {
        var columns = new List<string?>();
        cursor.Take('(');
        while (!cursor.AtEnd && !cursor.Current.Is(')'))
        {
            columns.Add(cursor.Current.IsName ? cursor.Current.Text : null);
            while (!cursor.AtEnd && !cursor.Current.Is(',') && !cursor.Current.Is(')'))
            {
                cursor.Position++;
            }

            cursor.Take(',');
        }

        cursor.Take(')');
        return columns;
    }

    private void Expressions(SqlCursor cursor, SqlName table, List<string?>? columns, bool inParentheses)
    {
        for (var index = 0; ; index++)
        {
            var start = cursor.Position;
            SkipExpression(cursor, stopAtClauses: !inParentheses);
            var column = columns is not null && index < columns.Count ? columns[index] : null;
            if (columns is null || column is not null)
            {
                _writes.Add((table, column, index, start, cursor.Position));
            }

            if (!cursor.Take(','))
            {
                return;
            }
        }
    }

    private void Update(SqlCursor cursor)
    {
        while (cursor.Current.IsAny("OR", "REPLACE", "IGNORE", "ABORT", "FAIL", "ROLLBACK", "LOW_PRIORITY", "ONLY"))
        {
            cursor.Position++;
        }

        var table = cursor.Current.Is("SET") ? MergedTable(cursor.Position) : cursor.Name();
        for (var i = 0; i < 3 && !cursor.Current.Is("SET"); i++)
        {
            // An alias.
            cursor.Position++;
        }

        if (cursor.Take("SET"))
        {
            // UPDATE l SET … FROM request_log l: the alias names the table that FROM declares.
            Assignments(cursor, Aliased(table, cursor.Position));
        }
    }

    private SqlName Aliased(SqlName table, int position)
    {
        for (var i = position; i + 2 < _tokens.Count && table is { Schema: null, Table.Length: <= 3 }; i++)
        {
            if (_tokens[i].IsAny("FROM", "JOIN"))
            {
                var cursor = new SqlCursor(_tokens) { Position = i + 1 };
                var name = cursor.Name();
                cursor.Take("AS");
                if (cursor.Current.IsName && string.Equals(cursor.Current.Text, table.Table, StringComparison.OrdinalIgnoreCase))
                {
                    return name;
                }
            }
        }

        return table;
    }

    private void Assignments(SqlCursor cursor, SqlName table)
    {
        do
        {
            var column = default(string);
            while (cursor.Current.IsName)
            {
                column = cursor.Next().Text;
                if (!cursor.Take('.'))
                {
                    break;
                }
            }

            if (!cursor.Take('='))
            {
                // col += x, and what is not understood.
                cursor.Position += cursor.Current.IsAny(ClauseEnds) || cursor.AtEnd ? 0 : 1;
                if (!cursor.Take('='))
                {
                    return;
                }
            }

            var start = cursor.Position;
            SkipExpression(cursor, stopAtClauses: true);
            if (column is not null)
            {
                _writes.Add((table, column, -1, start, cursor.Position));
            }
        }
        while (cursor.Take(','));
    }

    private void Copy(SqlCursor cursor)
    {
        var table = cursor.Name();
        var columns = cursor.Current.Is('(') ? Columns(cursor) : null;
        if (cursor.Take("FROM"))
        {
            Copied = (table, columns?.Select(column => column ?? string.Empty).ToList() ?? new List<string>());
        }
    }

    private static void SkipExpression(SqlCursor cursor, bool stopAtClauses)
    {
        while (!cursor.AtEnd && !cursor.Current.Is(',') && !cursor.Current.Is(')') && !cursor.Current.Is(';')
            && !(stopAtClauses && cursor.Current.IsAny(ClauseEnds)))
        {
            if (cursor.Current.Is('('))
            {
                cursor.SkipParentheses();
            }
            else
            {
                cursor.Position++;
            }
        }
    }
}
