using System.Collections.Immutable;

namespace McpSessionAnalyzers.Durations;

internal enum SqlDefinitionKind
{
    CreateTable,
    DropTable,
    SetColumn,
    DropColumn,
    RenameColumn,
    RenameTable,
}

/// <summary>One thing that a schema's text says of a table.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Table">To which table.</param>
/// <param name="Columns">The columns of a created table in their order; the column that is set, dropped or renamed.</param>
/// <param name="NewName">For renaming.</param>
internal sealed record SqlDefinition(SqlDefinitionKind Kind, SqlName Table, ImmutableArray<SqlColumn> Columns, string? NewName = null);

internal readonly record struct SqlColumn(string Name, SqlColumnKind Kind, string Type);
