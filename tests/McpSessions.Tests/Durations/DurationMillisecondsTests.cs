using System.Diagnostics;

namespace McpSessions.Tests.Durations;

/// <summary>Whole milliseconds: rounded half away from zero, null-safe, and never a wrapped number.</summary>
public sealed class DurationMillisecondsTests
{
    [Theory]
    [InlineData(642.0392990112305, 642)]
    [InlineData(642.5, 643)]
    [InlineData(0.5, 1)]
    [InlineData(0.49999999999999994, 0)]
    [InlineData(-0.5, -1)]
    [InlineData(-1.4, -1)]
    [InlineData(2147483647.4, int.MaxValue)]
    [InlineData(-2147483648.4, int.MinValue)]
    public void Rounds_half_away_from_zero(double milliseconds, int expected)
    {
        Assert.Equal(expected, DurationMilliseconds.ToInt32(milliseconds));
        Assert.Equal(expected, DurationMilliseconds.ToInt64(milliseconds));
        Assert.Equal(expected, DurationMilliseconds.ToInt32((double?)milliseconds));
        Assert.Equal(expected, DurationMilliseconds.ToInt64((double?)milliseconds));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4_999, 0)]
    [InlineData(5_000, 1)]
    [InlineData(-4_999, 0)]
    [InlineData(-5_000, -1)]
    [InlineData(6_420_392, 642)]
    [InlineData(long.MaxValue, 922_337_203_685_478)]
    [InlineData(long.MinValue, -922_337_203_685_478)]
    public void A_time_span_is_rounded_without_a_detour_over_doubles(long ticks, long expected)
    {
        Assert.Equal(expected, DurationMilliseconds.ToInt64(TimeSpan.FromTicks(ticks)));
        Assert.Equal(expected, DurationMilliseconds.ToInt64((TimeSpan?)TimeSpan.FromTicks(ticks)));
    }

    [Fact]
    public void Null_and_NaN_are_null_in_the_nullable_forms()
    {
        Assert.Null(DurationMilliseconds.ToInt32((TimeSpan?)null));
        Assert.Null(DurationMilliseconds.ToInt64((TimeSpan?)null));
        Assert.Null(DurationMilliseconds.ToInt32((double?)null));
        Assert.Null(DurationMilliseconds.ToInt64((double?)null));
        Assert.Null(DurationMilliseconds.ToInt32((double?)double.NaN));
        Assert.Null(DurationMilliseconds.ToInt64((double?)double.NaN, DurationOverflow.Saturate));
    }

    [Theory]
    [InlineData(DurationOverflow.Throw)]
    [InlineData(DurationOverflow.Saturate)]
    public void NaN_is_no_duration(DurationOverflow overflow)
    {
        Assert.Throws<OverflowException>(() => DurationMilliseconds.ToInt32(double.NaN, overflow));
        Assert.Throws<OverflowException>(() => DurationMilliseconds.ToInt64(double.NaN, overflow));
    }

    [Theory]
    [InlineData(2147483647.5, int.MaxValue)]
    [InlineData(-2147483648.5, int.MinValue)]
    [InlineData(1e300, int.MaxValue)]
    [InlineData(double.PositiveInfinity, int.MaxValue)]
    [InlineData(double.NegativeInfinity, int.MinValue)]
    public void What_does_not_fit_into_int_throws_or_saturates(double milliseconds, int nearest)
    {
        Assert.Throws<OverflowException>(() => DurationMilliseconds.ToInt32(milliseconds));
        Assert.Throws<OverflowException>(() => DurationMilliseconds.ToInt32((double?)milliseconds));
        Assert.Equal(nearest, DurationMilliseconds.ToInt32(milliseconds, DurationOverflow.Saturate));
        Assert.Equal(nearest, DurationMilliseconds.ToInt32((double?)milliseconds, DurationOverflow.Saturate));
    }

    [Theory]
    [InlineData(9223372036854775808.0, long.MaxValue)]
    [InlineData(-9223372036854777856.0, long.MinValue)]
    [InlineData(double.PositiveInfinity, long.MaxValue)]
    [InlineData(double.NegativeInfinity, long.MinValue)]
    public void What_does_not_fit_into_long_throws_or_saturates(double milliseconds, long nearest)
    {
        Assert.Throws<OverflowException>(() => DurationMilliseconds.ToInt64(milliseconds));
        Assert.Equal(nearest, DurationMilliseconds.ToInt64(milliseconds, DurationOverflow.Saturate));
    }

    [Fact]
    public void The_ends_of_long_that_a_double_can_express_fit()
    {
        Assert.Equal(long.MinValue, DurationMilliseconds.ToInt64(-9223372036854775808.0));
        Assert.Equal(9223372036854774784, DurationMilliseconds.ToInt64(9223372036854774784.0));
    }

    [Fact]
    public void Twenty_five_days_do_not_fit_into_int()
    {
        var duration = TimeSpan.FromDays(25);
        Assert.Equal(2_160_000_000, DurationMilliseconds.ToInt64(duration));
        Assert.Throws<OverflowException>(() => DurationMilliseconds.ToInt32(duration));
        Assert.Equal(int.MaxValue, DurationMilliseconds.ToInt32(duration, DurationOverflow.Saturate));
        Assert.Equal(int.MinValue, DurationMilliseconds.ToInt32((TimeSpan?)-duration, DurationOverflow.Saturate));
    }

    [Fact]
    public void Stopwatch_timestamps_are_seconds_over_the_frequency()
    {
        Assert.Equal(1_500, DurationMilliseconds.Between(0, Stopwatch.Frequency * 3 / 2));
        Assert.Equal(0, DurationMilliseconds.ToInt32(new Stopwatch()));
        Assert.Equal(0, DurationMilliseconds.ToInt64(new Stopwatch()));
        Assert.InRange(DurationMilliseconds.Since(Stopwatch.GetTimestamp() - 60 * Stopwatch.Frequency), 60_000, 120_000);
    }

    [Fact]
    public void A_missing_stopwatch_is_an_error_of_the_caller()
    {
        Assert.Throws<ArgumentNullException>(() => DurationMilliseconds.ToInt32((Stopwatch)null!));
        Assert.Throws<ArgumentNullException>(() => DurationMilliseconds.ToInt64((Stopwatch)null!));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        _ = Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Work();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static long Work() =>
            DurationMilliseconds.ToInt64(TimeSpan.FromTicks(6_420_392))
            + (DurationMilliseconds.ToInt32((double?)642.04) ?? 0)
            + DurationMilliseconds.ToInt32(1e300, DurationOverflow.Saturate);
    }
}
