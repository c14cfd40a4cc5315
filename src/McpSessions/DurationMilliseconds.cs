using System.Diagnostics;

namespace McpSessions;

/// <summary>What to do with a duration that the wanted integer type can't hold.</summary>
public enum DurationOverflow
{
    /// <summary>Throw <see cref="OverflowException"/>: a wrong number is worse than none.</summary>
    Throw,

    /// <summary>Take the nearest value that the type can hold: a row with a capped duration is better than no row.</summary>
    Saturate,
}

/// <summary>
/// Durations as whole milliseconds, for columns and fields that hold integers. A measured duration such as 642.0392990112305 ms is a
/// floating-point number: PostgreSQL refuses it in an INTEGER column when it arrives as text or JSON (SQLSTATE 22P02), SQLite stores the
/// fraction in silence, and a cast (<c>(int)x.TotalMilliseconds</c>) truncates, and beyond 24.8 days gives another number.
/// </summary>
/// <remarks>
/// Every method rounds half away from zero: 0.5 ms is 1, -0.5 ms is -1. Doubles are milliseconds. Null stays null, and in the nullable
/// forms NaN, which no integer can express, becomes null too; the others throw <see cref="OverflowException"/> for it.
/// Pure functions: safe to call from any thread, without allocation.
/// </remarks>
public static class DurationMilliseconds
{
    /// <summary>A duration in milliseconds. Every <see cref="TimeSpan"/> fits.</summary>
    public static long ToInt64(TimeSpan duration)
    {
        var whole = duration.Ticks / TimeSpan.TicksPerMillisecond;
        var rest = duration.Ticks % TimeSpan.TicksPerMillisecond;
        return whole + (rest >= TimeSpan.TicksPerMillisecond / 2 ? 1 : rest <= -TimeSpan.TicksPerMillisecond / 2 ? -1 : 0);
    }

    /// <inheritdoc cref="ToInt64(TimeSpan)"/>
    public static long? ToInt64(TimeSpan? duration) => duration is { } value ? ToInt64(value) : null;

    /// <summary>What a stopwatch shows, in milliseconds; the watch may go on running.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="stopwatch"/> is null.</exception>
    public static long ToInt64(Stopwatch stopwatch)
    {
        ArgumentNullException.ThrowIfNull(stopwatch);
        return ToInt64(stopwatch.Elapsed);
    }

    /// <summary>A number of milliseconds, such as <see cref="TimeSpan.TotalMilliseconds"/>.</summary>
    /// <exception cref="OverflowException">
    /// <paramref name="milliseconds"/> is NaN; or it doesn't fit and <paramref name="overflow"/> is <see cref="DurationOverflow.Throw"/>.
    /// </exception>
    public static long ToInt64(double milliseconds, DurationOverflow overflow = DurationOverflow.Throw)
    {
        var rounded = Round(milliseconds);

        // 2^63 is a double, the largest long is not: the comparison must leave it out.
        if (rounded >= -9223372036854775808.0 && rounded < 9223372036854775808.0)
        {
            return (long)rounded;
        }

        return overflow == DurationOverflow.Saturate ? rounded < 0 ? long.MinValue : long.MaxValue : throw TooLong(milliseconds, "long");
    }

    /// <summary>A number of milliseconds, such as <see cref="TimeSpan.TotalMilliseconds"/>; null for null and NaN.</summary>
    /// <exception cref="OverflowException">It doesn't fit and <paramref name="overflow"/> is <see cref="DurationOverflow.Throw"/>.</exception>
    public static long? ToInt64(double? milliseconds, DurationOverflow overflow = DurationOverflow.Throw) =>
        milliseconds is { } value && !double.IsNaN(value) ? ToInt64(value, overflow) : null;

    /// <summary>A duration in milliseconds. An <see cref="int"/> holds 24.8 days.</summary>
    /// <exception cref="OverflowException">It doesn't fit and <paramref name="overflow"/> is <see cref="DurationOverflow.Throw"/>.</exception>
    public static int ToInt32(TimeSpan duration, DurationOverflow overflow = DurationOverflow.Throw)
    {
        var milliseconds = ToInt64(duration);
        if (milliseconds is >= int.MinValue and <= int.MaxValue)
        {
            return (int)milliseconds;
        }

        return overflow == DurationOverflow.Saturate ? milliseconds < 0 ? int.MinValue : int.MaxValue : throw TooLong(milliseconds, "int");
    }

    /// <inheritdoc cref="ToInt32(TimeSpan, DurationOverflow)"/>
    public static int? ToInt32(TimeSpan? duration, DurationOverflow overflow = DurationOverflow.Throw) =>
        duration is { } value ? ToInt32(value, overflow) : null;

    /// <summary>What a stopwatch shows, in milliseconds; the watch may go on running. An <see cref="int"/> holds 24.8 days.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="stopwatch"/> is null.</exception>
    /// <exception cref="OverflowException">It doesn't fit and <paramref name="overflow"/> is <see cref="DurationOverflow.Throw"/>.</exception>
    public static int ToInt32(Stopwatch stopwatch, DurationOverflow overflow = DurationOverflow.Throw)
    {
        ArgumentNullException.ThrowIfNull(stopwatch);
        return ToInt32(stopwatch.Elapsed, overflow);
    }

    /// <summary>A number of milliseconds, such as <see cref="TimeSpan.TotalMilliseconds"/>. An <see cref="int"/> holds 24.8 days.</summary>
    /// <exception cref="OverflowException">
    /// <paramref name="milliseconds"/> is NaN; or it doesn't fit and <paramref name="overflow"/> is <see cref="DurationOverflow.Throw"/>.
    /// </exception>
    public static int ToInt32(double milliseconds, DurationOverflow overflow = DurationOverflow.Throw)
    {
        var rounded = Round(milliseconds);
        if (rounded is >= int.MinValue and <= int.MaxValue)
        {
            return (int)rounded;
        }

        return overflow == DurationOverflow.Saturate ? rounded < 0 ? int.MinValue : int.MaxValue : throw TooLong(milliseconds, "int");
    }

    /// <summary>A number of milliseconds, such as <see cref="TimeSpan.TotalMilliseconds"/>; null for null and NaN.</summary>
    /// <exception cref="OverflowException">It doesn't fit and <paramref name="overflow"/> is <see cref="DurationOverflow.Throw"/>.</exception>
    public static int? ToInt32(double? milliseconds, DurationOverflow overflow = DurationOverflow.Throw) =>
        milliseconds is { } value && !double.IsNaN(value) ? ToInt32(value, overflow) : null;

    /// <summary>The milliseconds between two readings of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public static long Between(long startingTimestamp, long endingTimestamp) => ToInt64(Stopwatch.GetElapsedTime(startingTimestamp, endingTimestamp));

    /// <summary>The milliseconds since a reading of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public static long Since(long startingTimestamp) => ToInt64(Stopwatch.GetElapsedTime(startingTimestamp));

    private static double Round(double milliseconds) =>
        double.IsNaN(milliseconds)
            ? throw new OverflowException("The duration is not a number, so no integer can express it.")
            : Math.Round(milliseconds, MidpointRounding.AwayFromZero);

    private static OverflowException TooLong(double milliseconds, string type) =>
        new($"A duration of {milliseconds:R} ms does not fit into {type}.");
}
