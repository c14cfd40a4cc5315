namespace McpSessionAnalyzers.Durations;

/// <summary>What becomes of a parameter or hole in a command's text.</summary>
internal enum SqlUse
{
    /// <summary>The text doesn't name it, or isn't SQL that stores anything.</summary>
    Absent,

    /// <summary>Only compared or selected.</summary>
    Read,

    /// <summary>Stored into a column as it is.</summary>
    Stored,

    /// <summary>Stored after rounding or conversion to an integer in the SQL.</summary>
    Converted,
}

/// <summary>Where a value goes.</summary>
/// <param name="Use">What is done with it.</param>
/// <param name="Table">The table that is written.</param>
/// <param name="Column">Null where the INSERT has no column list: then <paramref name="Index"/> counts.</param>
/// <param name="Index">Its place in the row.</param>
internal readonly record struct SqlTarget(SqlUse Use, SqlName Table, string? Column, int Index);
