namespace McpSessionAnalyzers.Durations;

/// <summary>Keys of <c>Diagnostic.Properties</c> for the rules about durations: what the fix must not find out again.</summary>
public static class DurationProperties
{
    /// <summary>"start+length" of each number to convert, comma-separated, in the reported file.</summary>
    public const string Numbers = nameof(Numbers);

    /// <summary>"int" or "long": what the column holds; absent where only a name speaks.</summary>
    public const string Integer = nameof(Integer);

    /// <summary>Present where the target must stay floating: then the fix can only round.</summary>
    public const string KeepsType = nameof(KeepsType);

    /// <summary>The unit, as <c>DurationUnit</c> names it.</summary>
    public const string Unit = nameof(Unit);

    /// <summary>Present where no fix can be right: the report stands at a member, or the target's type refuses integers.</summary>
    public const string NoFix = nameof(NoFix);
}
