using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace McpSessionAnalyzers.Durations;

/// <summary>
/// Reads CREATE TABLE, ALTER TABLE and DROP TABLE in the spellings of PostgreSQL, SQL Server, SQLite and MySQL, and passes over everything else.
/// A reader of our own: no kept library that reads all four can be restored, and none of them passes over what it doesn't know.
/// </summary>
internal static class SqlDefinitionReader
{
    private static readonly string[] TableConstraints =
        { "CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "KEY", "INDEX", "LIKE", "EXCLUDE", "PERIOD", "FULLTEXT", "SPATIAL" };

    private static readonly string[] TypeEnds =
    {
        "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK", "GENERATED", "COLLATE", "AUTO_INCREMENT", "AUTOINCREMENT", "IDENTITY", "CONSTRAINT",
        "COMMENT", "ON", "AS", "KEY", "STORED", "VIRTUAL", "SPARSE", "USING", "FIRST", "AFTER", "ENCODE", "COMPRESSION", "STORAGE", "WITH", "GO", "CHARACTER_SET",
    };

    /// <summary>What a migration tool runs to undo a change is no part of the schema.</summary>
    private static readonly Regex UndoSection = new(
        @"^\s*--\s*(\+goose\s+down|migrate:down|\+migrate\s+down|@undo|down)\b.*",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(5));

    public static ImmutableArray<SqlDefinition> Read(string text, CancellationToken cancellationToken)
    {
        if (text.IndexOf("table", StringComparison.OrdinalIgnoreCase) < 0)
        {
            return ImmutableArray<SqlDefinition>.Empty;
        }

        if (text.IndexOf("down", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("@undo", StringComparison.OrdinalIgnoreCase) >= 0)
        {
            text = UndoSection.Replace(text, string.Empty);
        }

        var definitions = ImmutableArray.CreateBuilder<SqlDefinition>();
        var cursor = new SqlCursor(SqlLexer.Read(text, cancellationToken));
        while (!cursor.AtEnd)
        {
            if ((cursor.Position & 0xfff) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (cursor.Take("CREATE"))
            {
                Create(cursor, definitions);
            }
            else if (cursor.TakeAll("ALTER", "TABLE"))
            {
                Alter(cursor, definitions);
            }
            else if (cursor.TakeAll("DROP", "TABLE"))
            {
                cursor.TakeAll("IF", "EXISTS");
                do
                {
                    definitions.Add(new(SqlDefinitionKind.DropTable, cursor.Name(), ImmutableArray<SqlColumn>.Empty));
                }
                while (cursor.Take(','));
            }
            else
            {
                cursor.Position++;
            }
        }

        return definitions.ToImmutable();
    }

    private static void Create(SqlCursor cursor, ImmutableArray<SqlDefinition>.Builder definitions)
    {
        cursor.TakeAll("OR", "REPLACE");
        while (cursor.Current.IsAny("GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "EXTERNAL", "FOREIGN"))
        {
            cursor.Position++;
        }

        if (!cursor.Take("TABLE"))
        {
            return;
        }

        cursor.TakeAll("IF", "NOT", "EXISTS");
        var table = cursor.Name();
        if (!cursor.Take('('))
        {
            return;
        }

        var columns = ImmutableArray.CreateBuilder<SqlColumn>();
        while (!cursor.AtEnd && !cursor.Current.Is(')') && !cursor.Current.Is(';'))
        {
            if (Column(cursor) is { } column)
            {
                columns.Add(column);
            }

            SkipElement(cursor);
            cursor.Take(',');
        }

        cursor.Take(')');
        definitions.Add(new(SqlDefinitionKind.CreateTable, table, columns.ToImmutable()));
    }

    /// <summary>Up to the comma or parenthesis that ends it.</summary>
    private static void SkipElement(SqlCursor cursor)
    {
        while (!cursor.AtEnd && !cursor.Current.Is(',') && !cursor.Current.Is(')') && !cursor.Current.Is(';'))
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

    private static SqlColumn? Column(SqlCursor cursor)
    {
        if (!cursor.Current.IsName || cursor.Current.IsAny(TableConstraints) && !IsType(cursor.Peek(1)))
        {
            return null;
        }

        var name = cursor.Next().Text;
        var type = Type(cursor);
        return new(name, SqlColumnKinds.OfSqlType(type), type);
    }

    private static bool IsType(SqlToken token) => token.Kind == SqlTokenKind.Word && SqlColumnKinds.OfSqlType(token.Text) != SqlColumnKind.Unknown;

    private static string Type(SqlCursor cursor)
    {
        var words = new List<string>();
        while (true)
        {
            var token = cursor.Current;
            if (token.IsName && !(token.IsAny(TypeEnds) && !(words.Count == 0 && token.Is("character"))))
            {
                words.Add(token.Text);
                cursor.Position++;
            }
            else if (token.Is('(') && words.Count > 0)
            {
                cursor.SkipParentheses();
            }
            else if (token.Is('[') && words.Count > 0)
            {
                words.Add("[]");
                cursor.Position++;
            }
            else if (token.Is('.') && words.Count > 0)
            {
                // A schema-qualified type: its own name counts.
                words.RemoveAt(words.Count - 1);
                cursor.Position++;
            }
            else
            {
                return string.Join(" ", words);
            }
        }
    }

    private static void Alter(SqlCursor cursor, ImmutableArray<SqlDefinition>.Builder definitions)
    {
        cursor.TakeAll("IF", "EXISTS");
        cursor.Take("ONLY");
        var table = cursor.Name();
        cursor.TakeAll("WITH", "NOCHECK");
        do
        {
            Action(cursor, table, definitions);
            SkipElement(cursor);
        }
        while (cursor.Take(','));
    }

    private static void Action(SqlCursor cursor, SqlName table, ImmutableArray<SqlDefinition>.Builder definitions)
    {
        void Set(SqlColumn? column)
        {
            if (column is { } set)
            {
                definitions.Add(new(SqlDefinitionKind.SetColumn, table, ImmutableArray.Create(set)));
            }
        }

        if (cursor.Take("ADD"))
        {
            cursor.Take("COLUMN");
            cursor.TakeAll("IF", "NOT", "EXISTS");
            if (!cursor.Take('('))
            {
                Set(Column(cursor));
                return;
            }

            do
            {
                Set(Column(cursor));
                SkipElement(cursor);
            }
            while (cursor.Take(','));
            cursor.Take(')');
        }
        else if (cursor.Take("ALTER"))
        {
            cursor.Take("COLUMN");
            if (!cursor.Current.IsName)
            {
                return;
            }

            var name = cursor.Next().Text;
            cursor.TakeAll("SET", "DATA");
            if (cursor.Current.IsAny("SET", "DROP", "ADD", "RESTART"))
            {
                return;
            }

            cursor.Take("TYPE");
            var type = Type(cursor);
            Set(new SqlColumn(name, SqlColumnKinds.OfSqlType(type), type));
        }
        else if (cursor.Take("MODIFY"))
        {
            cursor.Take("COLUMN");
            Set(Column(cursor));
        }
        else if (cursor.Take("CHANGE"))
        {
            cursor.Take("COLUMN");
            if (cursor.Current.IsName)
            {
                var old = cursor.Next().Text;
                var changed = Column(cursor);
                if (changed is { } column && !string.Equals(column.Name, old, StringComparison.OrdinalIgnoreCase))
                {
                    definitions.Add(new(SqlDefinitionKind.DropColumn, table, ImmutableArray.Create(new SqlColumn(old, SqlColumnKind.Unknown, string.Empty))));
                }

                Set(changed);
            }
        }
        else if (cursor.Take("DROP"))
        {
            cursor.Take("COLUMN");
            cursor.TakeAll("IF", "EXISTS");
            if (cursor.Current.IsName && !cursor.Current.IsAny("CONSTRAINT", "PRIMARY", "FOREIGN", "INDEX", "KEY", "CHECK"))
            {
                definitions.Add(new(SqlDefinitionKind.DropColumn, table, ImmutableArray.Create(new SqlColumn(cursor.Next().Text, SqlColumnKind.Unknown, string.Empty))));
            }
        }
        else if (cursor.Take("RENAME"))
        {
            if (cursor.Take("TO"))
            {
                definitions.Add(new(SqlDefinitionKind.RenameTable, table, ImmutableArray<SqlColumn>.Empty, cursor.Name().Table));
                return;
            }

            cursor.Take("COLUMN");
            if (cursor.Current.IsName && cursor.Peek(1).Is("TO") && cursor.Peek(2).IsName)
            {
                definitions.Add(new(
                    SqlDefinitionKind.RenameColumn,
                    table,
                    ImmutableArray.Create(new SqlColumn(cursor.Current.Text, SqlColumnKind.Unknown, string.Empty)),
                    cursor.Peek(2).Text));
                cursor.Position += 3;
            }
        }
    }
}
