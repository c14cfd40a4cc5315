using System.Collections.Immutable;

namespace McpSessionAnalyzers.Durations;

/// <summary>
/// The tables that all visible definitions together describe. The last word on a column wins; two tables of one name that disagree, and
/// were not dropped in between, leave the column unknown.
/// </summary>
internal sealed class SqlSchema
{
    private readonly Dictionary<string, List<Table>> _tables = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="sources">Definitions of each file or string, in the order in which they are applied.</param>
    public SqlSchema(IEnumerable<ImmutableArray<SqlDefinition>> sources)
    {
        // An ALTER speaks of a table that exists, wherever its file stands in the order.
        var alterations = new List<SqlDefinition>();
        foreach (var source in sources)
        {
            for (var i = 0; i < source.Length; i++)
            {
                var definition = source[i];
                switch (definition.Kind)
                {
                    case SqlDefinitionKind.CreateTable:
                        Create(definition);
                        break;
                    case SqlDefinitionKind.DropTable when CreatedLater(source, i):
                        // Dropped and made anew: a test's clean-up, which drops only, says nothing.
                        Remove(definition.Table);
                        alterations.RemoveAll(alteration => alteration.Table.Matches(definition.Table));
                        break;
                    case SqlDefinitionKind.DropTable:
                        break;
                    default:
                        alterations.Add(definition);
                        break;
                }
            }
        }

        foreach (var alteration in alterations)
        {
            Alter(alteration);
        }
    }

    public bool IsEmpty => _tables.Count == 0;

    public bool Knows(SqlName name) => Matching(name).Any();

    /// <summary>The column's kind and spelling; unknown where no definition, or more than one opinion, is in sight.</summary>
    public SqlColumn Find(SqlName table, string? column, int index = -1)
    {
        var found = default(SqlColumn?);
        foreach (var candidate in Matching(table))
        {
            var columns = candidate.Columns;
            var position = column is null ? index : columns.FindIndex(c => string.Equals(c.Name, column, StringComparison.OrdinalIgnoreCase));
            if (position < 0 || position >= columns.Count)
            {
                continue;
            }

            if (found is { } other && other.Kind.IsInteger() != columns[position].Kind.IsInteger())
            {
                return new(column ?? string.Empty, SqlColumnKind.Other, "contradictory");
            }

            found ??= columns[position];
        }

        return found ?? new(column ?? string.Empty, SqlColumnKind.Unknown, string.Empty);
    }

    private static bool CreatedLater(ImmutableArray<SqlDefinition> source, int index)
    {
        for (var i = index + 1; i < source.Length; i++)
        {
            if (source[i].Kind == SqlDefinitionKind.CreateTable && source[i].Table.Matches(source[index].Table))
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<Table> Matching(SqlName name) =>
        name.Table is { } table && _tables.TryGetValue(table, out var tables) ? tables.Where(candidate => candidate.Name.Matches(name)) : Enumerable.Empty<Table>();

    private void Create(SqlDefinition definition)
    {
        if (definition.Table.Table is not { } name)
        {
            return;
        }

        if (!_tables.TryGetValue(name, out var tables))
        {
            _tables.Add(name, tables = new List<Table>());
        }

        var known = tables.Find(table => string.Equals(table.Name.Schema, definition.Table.Schema, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            tables.Add(new Table(definition.Table, definition.Columns.ToList()));
            return;
        }

        foreach (var column in definition.Columns)
        {
            var index = known.IndexOf(column.Name);
            if (index < 0)
            {
                known.Columns.Add(column);
            }
            else if (known.Columns[index].Kind.IsInteger() != column.Kind.IsInteger())
            {
                known.Columns[index] = column with { Kind = SqlColumnKind.Other };
            }
        }
    }

    private void Remove(SqlName name)
    {
        if (name.Table is { } table && _tables.TryGetValue(table, out var tables))
        {
            tables.RemoveAll(candidate => candidate.Name.Matches(name));
        }
    }

    private void Alter(SqlDefinition alteration)
    {
        if (alteration.Table.Table is not { } name)
        {
            return;
        }

        var tables = Matching(alteration.Table).ToList();
        if (tables.Count == 0 && alteration.Kind == SqlDefinitionKind.SetColumn)
        {
            // The table was made elsewhere; this column is known all the same.
            Create(alteration);
            return;
        }

        foreach (var table in tables)
        {
            var index = alteration.Columns.IsEmpty ? -1 : table.IndexOf(alteration.Columns[0].Name);
            switch (alteration.Kind)
            {
                case SqlDefinitionKind.SetColumn when index < 0:
                    table.Columns.Add(alteration.Columns[0]);
                    break;
                case SqlDefinitionKind.SetColumn:
                    table.Columns[index] = alteration.Columns[0];
                    break;
                case SqlDefinitionKind.DropColumn when index >= 0:
                    table.Columns.RemoveAt(index);
                    break;
                case SqlDefinitionKind.RenameColumn when index >= 0 && alteration.NewName is { } renamed:
                    table.Columns[index] = table.Columns[index] with { Name = renamed };
                    break;
                case SqlDefinitionKind.RenameTable when alteration.NewName is { } newName:
                    if (!_tables.TryGetValue(newName, out var others))
                    {
                        _tables.Add(newName, others = new List<Table>());
                    }

                    others.Add(new Table(new(table.Name.Schema, newName), table.Columns));
                    break;
            }
        }
    }

    private sealed record Table(SqlName Name, List<SqlColumn> Columns)
    {
        public int IndexOf(string column) => Columns.FindIndex(known => string.Equals(known.Name, column, StringComparison.OrdinalIgnoreCase));
    }
}
