using System.Collections.Immutable;

namespace McpSessionAnalyzers.Durations;

/// <summary>What names say of numbers: the weakest evidence that a number measures time, and that a column holds whole milliseconds.</summary>
internal static class DurationNames
{
    private static readonly ImmutableHashSet<string> Measures = ImmutableHashSet.Create(
        "duration", "durations", "elapsed", "latency", "latencies", "took", "rtt", "ttfb", "runtime", "roundtrip");

    private static readonly ImmutableHashSet<string> MeasuredTimes = ImmutableHashSet.Create(
        "response", "execution", "processing", "handling", "run", "wait", "waiting", "total", "wall", "cpu", "query", "load", "inference", "generation", "queue", "spent", "taken");

    private static readonly ImmutableHashSet<string> Milliseconds = ImmutableHashSet.Create("ms", "msec", "msecs", "millis", "millisecond", "milliseconds");

    private static readonly ImmutableHashSet<string> Seconds = ImmutableHashSet.Create("seconds", "secs", "second");

    /// <summary>Settings, points in time and ratios carry units too, and are no measure of time.</summary>
    private static readonly ImmutableHashSet<string> NoMeasures = ImmutableHashSet.Create(
        "timeout", "timeouts", "delay", "delays", "interval", "intervals", "period", "periods", "ttl", "expiry", "expiration", "backoff", "throttle", "debounce",
        "rate", "ratio", "percent", "percentage", "pct", "count", "score", "cost", "price", "factor", "multiplier", "weight", "per",
        "start", "started", "begin", "end", "ended", "timestamp", "epoch", "unix", "at", "now", "offset", "position", "distance");

    private static readonly ImmutableHashSet<string> Settings = ImmutableHashSet.Create(
        "timeout", "timeouts", "delay", "delays", "interval", "intervals", "period", "periods", "ttl", "backoff", "expiry", "expiration", "expires", "throttle", "debounce", "cooldown");

    /// <summary>Whether a number of this name is a measure of time: duration, elapsed, latencyMs, response_time.</summary>
    public static bool IsMeasure(string name, ImmutableHashSet<string> extra)
    {
        var words = Words(name);
        for (var i = 0; i < words.Count; i++)
        {
            if (NoMeasures.Contains(words[i]))
            {
                return false;
            }
        }

        if (extra.Contains(name) || words.Any(Measures.Contains))
        {
            return true;
        }

        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] is "time" or "times" && MeasuredTimes.Contains(words[i - 1])
                || i == words.Count - 1 && (Milliseconds.Contains(words[i]) || Seconds.Contains(words[i])))
            {
                return true;
            }
        }

        return words.Count == 1 && Milliseconds.Contains(words[0]);
    }

    /// <summary>Whether the name is one of a setting: a timeout, delay, interval or period.</summary>
    public static bool IsSetting(string name) => Words(name).Any(Settings.Contains);

    /// <summary>Whether a column or parameter of this name holds whole milliseconds: <c>…_ms</c>, or <c>…Ms</c> after a lower-case letter.</summary>
    public static bool SaysWholeMilliseconds(string name)
    {
        name = name.TrimStart('@', ':', '$', '?');
        return name.Length > 3 && name.EndsWith("_ms", StringComparison.OrdinalIgnoreCase)
            || name.Length > 2 && name.EndsWith("Ms", StringComparison.Ordinal) && char.IsLower(name[name.Length - 3]);
    }

    public static DurationUnit UnitOf(string name)
    {
        var words = Words(name);
        return words.Any(Milliseconds.Contains) ? DurationUnit.Milliseconds
            : words.Any(Seconds.Contains) ? DurationUnit.Seconds
            : words.Contains("ticks") ? DurationUnit.Ticks
            : words.Contains("minutes") ? DurationUnit.Minutes
            : DurationUnit.Unknown;
    }

    /// <summary>The lower-case words of an identifier: durationMs, DurationMS, duration_ms and _durationMs have the same two.</summary>
    public static List<string> Words(string name)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            var ends = i == name.Length
                || !char.IsLetter(name[i])
                || i > start && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || i + 1 < name.Length && char.IsLower(name[i + 1]));
            if (!ends)
            {
                continue;
            }

            if (i > start)
            {
                words.Add(name.Substring(start, i - start).ToLowerInvariant());
            }

            start = i < name.Length && char.IsLetter(name[i]) ? i : i + 1;
        }

        return words;
    }
}
