namespace McpSessionAnalyzers.Durations;

/// <summary>A number that measures time.</summary>
/// <param name="Unit">What it counts, as far as it can be followed.</param>
/// <param name="IsMeasured">It comes from a clock, not only from something named like a duration.</param>
/// <param name="IsWhole">It has no fraction, whatever its type: rounded, or an integer to begin with.</param>
internal sealed record DurationValue(DurationUnit Unit, bool IsMeasured, bool IsWhole)
{
    public DurationValue Whole => IsWhole ? this : this with { IsWhole = true };
}
