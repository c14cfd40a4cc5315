namespace McpSessionAnalyzers.Durations;

/// <summary>A table's name as SQL writes it: qualified or not, and, for a hole or a broken text, not known at all.</summary>
internal readonly record struct SqlName(string? Schema, string? Table)
{
    public static readonly SqlName Unknown = new(null, null);

    public override string ToString() => Schema is null ? Table ?? "?" : $"{Schema}.{Table}";

    /// <summary>From an attribute, a mapping or an address, which name one thing without quotes.</summary>
    public static SqlName Parse(string text)
    {
        var parts = text.Split('.').Select(part => part.Trim('"', '`', '[', ']', ' ')).Where(part => part.Length > 0).ToArray();
        return parts.Length == 0 ? Unknown : new(parts.Length > 1 ? parts[parts.Length - 2] : null, parts[parts.Length - 1]);
    }

    /// <summary>Whether both may mean one table; what carries no schema may be in any.</summary>
    public bool Matches(SqlName other) =>
        Table is not null
        && string.Equals(Table, other.Table, StringComparison.OrdinalIgnoreCase)
        && (Schema is null || other.Schema is null || string.Equals(Schema, other.Schema, StringComparison.OrdinalIgnoreCase));
}
