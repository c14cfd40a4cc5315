namespace McpSessionAnalyzers.Durations;

/// <summary>What one of a number of time stands for.</summary>
internal enum DurationUnit
{
    Unknown,
    Ticks,
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
}

internal static class DurationUnits
{
    /// <summary>"milliseconds"; "time" where the unit is not known.</summary>
    public static string Plural(this DurationUnit unit) => unit == DurationUnit.Unknown ? "time units" : unit.ToString().ToLowerInvariant();

    /// <summary>The unit that a property of <see cref="TimeSpan"/> counts in.</summary>
    public static DurationUnit OfTotal(string property) => property switch
    {
        "TotalNanoseconds" => DurationUnit.Nanoseconds,
        "TotalMicroseconds" => DurationUnit.Microseconds,
        "TotalMilliseconds" => DurationUnit.Milliseconds,
        "TotalSeconds" => DurationUnit.Seconds,
        "TotalMinutes" => DurationUnit.Minutes,
        "TotalHours" => DurationUnit.Hours,
        "TotalDays" => DurationUnit.Days,
        _ => DurationUnit.Unknown,
    };

    /// <summary>The unit after multiplying by <paramref name="factor"/>, a thousand or a power of it as code writes it; unknown for any other factor.</summary>
    public static DurationUnit Times(this DurationUnit unit, double factor)
    {
        var nanoseconds = unit switch
        {
            DurationUnit.Nanoseconds => 1d,
            DurationUnit.Ticks => 100,
            DurationUnit.Microseconds => 1e3,
            DurationUnit.Milliseconds => 1e6,
            DurationUnit.Seconds => 1e9,
            DurationUnit.Minutes => 6e10,
            DurationUnit.Hours => 3.6e12,
            DurationUnit.Days => 8.64e13,
            _ => 0,
        } / factor;
        return Math.Round(nanoseconds, 3) switch
        {
            1 => DurationUnit.Nanoseconds,
            100 => DurationUnit.Ticks,
            1e3 => DurationUnit.Microseconds,
            1e6 => DurationUnit.Milliseconds,
            1e9 => DurationUnit.Seconds,
            6e10 => DurationUnit.Minutes,
            3.6e12 => DurationUnit.Hours,
            8.64e13 => DurationUnit.Days,
            _ => DurationUnit.Unknown,
        };
    }
}
