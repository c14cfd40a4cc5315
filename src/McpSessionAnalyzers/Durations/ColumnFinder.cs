namespace McpSessionAnalyzers.Durations;

/// <summary>Whether the column that a value goes to holds integers, by the strongest evidence in sight.</summary>
internal sealed class ColumnFinder
{
    private readonly SinkContext _context;

    public ColumnFinder(SinkContext context) => _context = context;

    /// <summary>A parameter of a command.</summary>
    /// <param name="parameter">What code says of it.</param>
    /// <param name="writes">What the command's text writes; null where the text can't be seen.</param>
    public ColumnEvidence? OfParameter(ParameterDescription parameter, SqlWrites? writes)
    {
        var name = parameter.Name?.TrimStart('@', ':', '$', '?');
        var targets = writes?.TargetsOf(name, parameter.Position) ?? Array.Empty<SqlTarget>();

        // What is only compared can have any fraction; what the SQL rounds is rounded.
        if (targets.Count > 0 && targets.All(target => target.Use is SqlUse.Read or SqlUse.Converted))
        {
            return null;
        }

        if (parameter.Kind.IsInteger())
        {
            return new(EvidenceStrength.Parameter, parameter.Kind, $"{Named(name)} is of the type {parameter.KindText}");
        }

        var stored = targets.Where(target => target.Use == SqlUse.Stored).ToList();
        if (stored.Count == 0)
        {
            return parameter.Kind == SqlColumnKind.Unknown && name is not null ? OfName(name, Named(name)) : null;
        }

        return OfTargets(stored, parameter.Kind == SqlColumnKind.Unknown);

        static string Named(string? name) => name is null ? "its parameter" : $"parameter '{name}'";
    }

    /// <summary>All columns that one value is stored into.</summary>
    public ColumnEvidence? OfTargets(IEnumerable<SqlTarget> targets, bool nameCounts = true)
    {
        foreach (var target in targets)
        {
            if (target.Use == SqlUse.Stored && OfColumn(target.Table, target.Column, target.Index, nameCounts) is { } evidence)
            {
                return evidence;
            }
        }

        return null;
    }

    public ColumnEvidence? OfColumn(SqlName table, string? column, int index = -1, bool nameCounts = true)
    {
        var integers = _context.Options.IntegerColumns;
        if (column is not null && (integers.Contains(column) || table.Table is not null && integers.Contains($"{table.Table}.{column}")))
        {
            return new(EvidenceStrength.Schema, SqlColumnKind.BigInteger, $"column '{column}' is configured as an integer");
        }

        var known = _context.Schema.Find(table, column, index);
        if (known.Kind.IsInteger())
        {
            return new(EvidenceStrength.Schema, known.Kind, $"column '{known.Name}' of table '{table.Table}' is declared as {known.Type.ToUpperInvariant()}");
        }

        return nameCounts && known.Kind == SqlColumnKind.Unknown && column is not null ? OfName(column, $"column '{column}'") : null;
    }

    private static ColumnEvidence? OfName(string name, string named) =>
        DurationNames.SaysWholeMilliseconds(name) ? new(EvidenceStrength.Name, SqlColumnKind.Unknown, $"the name of {named} says whole milliseconds") : null;
}
