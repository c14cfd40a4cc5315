namespace McpSessionAnalyzers.Durations;

/// <summary>What one fluent call says of a member.</summary>
/// <param name="Scope">The method that says it.</param>
/// <param name="Kind">By column type or converter; unknown where the call says nothing of it.</param>
/// <param name="Text">The kind in a message's words.</param>
/// <param name="IsConverter">A converter decides what the provider gets, whatever the column type.</param>
/// <param name="IsIgnored">The member is not mapped at all.</param>
/// <param name="ColumnName">The column's own name.</param>
internal sealed record FluentMapping(string Scope, SqlColumnKind Kind, string Text, bool IsConverter = false, bool IsIgnored = false, string? ColumnName = null)
{
    public static FluentMapping Merge(IEnumerable<FluentMapping> mappings) => mappings.Aggregate((known, next) =>
    {
        var decides = next.Kind != SqlColumnKind.Unknown && (next.IsConverter || !known.IsConverter);
        return known with
        {
            Kind = decides ? next.Kind : known.Kind,
            Text = decides ? next.Text : known.Text,
            IsConverter = known.IsConverter || next.IsConverter,
            IsIgnored = known.IsIgnored || next.IsIgnored,
            ColumnName = next.ColumnName ?? known.ColumnName,
        };
    });
}
