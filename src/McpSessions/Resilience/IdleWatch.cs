namespace McpSessions.Resilience;

/// <summary>Notices that nobody has used a session for long. Using it costs a clock reading; nothing runs while it is in use but one timer.</summary>
internal sealed class IdleWatch : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;
    private readonly Action _idle;
    private readonly ITimer _timer;
    private long _usedAt;

    public IdleWatch(TimeSpan timeout, TimeProvider timeProvider, Action idle)
    {
        (_timeout, _timeProvider, _idle) = (timeout, timeProvider, idle);
        _usedAt = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(static state => ((IdleWatch)state!).Look(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    public void Used() => Volatile.Write(ref _usedAt, _timeProvider.GetTimestamp());

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var left = _timeout - _timeProvider.GetElapsedTime(Volatile.Read(ref _usedAt));
        if (left <= TimeSpan.Zero)
        {
            _idle();
            left = _timeout;
        }

        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }
}
