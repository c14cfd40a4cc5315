namespace McpSessions.Opening;

/// <summary>What came of an opening: something open, or why not.</summary>
internal readonly record struct Outcome<T>(T? Open, OpeningFailure? Failure)
    where T : class
{
    public static implicit operator Outcome<T>(T open) => new(open, null);

    public static implicit operator Outcome<T>(OpeningFailure failure) => new(null, failure);
}

/// <summary>
/// One open thing for everybody: opened once for any number of concurrent callers, replaced once when it has ended, however many notice. A
/// failure is kept for its back-off only. The opening runs in nobody's context and under nobody's token.
/// </summary>
/// <remarks>
/// The back-off is the circuit breaker: open after a failure, half-open on demand when its time is over, closed by a success. It is our own and not
/// Polly's, which retries within an opening (<see cref="OpeningRetry"/>), because Polly's opens by a ratio of failures, of two at the least, within a
/// sampling window: one shared opening at a time seldom makes two attempts in a window, so that it would hardly ever open, and never after the first
/// failure, which is when many callers are waiting. And it knows no sharing of the attempt that is let through, which is the point here.
/// </remarks>
#pragma warning disable CA1001 // The token source has no timer; it is cancelled at the end, and openings may still look at it then.
internal sealed class SingleFlight<T>(
    Func<int, CancellationToken, Task<Outcome<T>>> open,
    Func<T, bool> hasEnded,
    Action<T> retire,
    TimeSpan backoff,
    TimeProvider timeProvider)
    where T : class
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_maxBackoff = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _closed = new();

    // Guards the fields below; held for field accesses only, never across I/O or user code.
    private readonly object _gate = new();
    private T? _current;
    private Task<Outcome<T>>? _opening;
    private OpeningFailure? _failure;
    private bool _closing;
    private bool _lost;
    private long _failedAt;
    private TimeSpan _pause;
    private DateTimeOffset _since = timeProvider.GetUtcNow();
    private DateTimeOffset? _failingSince;
    private int _attempts;
    private int _failuresInARow;

    /// <summary>What is open at the moment, if anything; it may have ended.</summary>
    public T? Current => Volatile.Read(ref _current);

    public CancellationToken Closed => _closed.Token;

    public (McpSessionState State, DateTimeOffset Since, DateTimeOffset? FailingSince, int FailuresInARow, OpeningFailure? Failure) Status
    {
        get
        {
            lock (_gate)
            {
                var state =
                    _closing ? McpSessionState.Closed
                    : _opening is not null ? McpSessionState.Opening
                    : _current is not null && !hasEnded(_current) ? McpSessionState.Open
                    : _current is not null || _failure is not null || _lost ? McpSessionState.Down
                    : McpSessionState.Idle;
                return (state, _since, _failingSince, _failuresInARow, _failure);
            }
        }
    }

    /// <summary>
    /// The current one, or the opening under way, or a new one, or the last failure while its back-off lasts. <see langword="null"/> after closing.
    /// </summary>
    public Task<Outcome<T>>? Join()
    {
        lock (_gate)
        {
            if (_closing)
            {
                return null;
            }

            if (_opening is not null)
            {
                return _opening;
            }

            if (_current is { } current)
            {
                if (!hasEnded(current))
                {
                    return Task.FromResult<Outcome<T>>(current);
                }

                DropCurrent(current, lost: true);
            }

            if (_failure is { } failure && timeProvider.GetElapsedTime(_failedAt) < _pause)
            {
                return Task.FromResult<Outcome<T>>(failure);
            }

            var opening = ++_attempts;
            _since = timeProvider.GetUtcNow();
            return _opening = Detached.Run(() => OpenOnceAsync(opening));
        }
    }

    /// <summary>Says that this one is of no use any more. Only the first of many who notice has an effect; a newer one is left alone.</summary>
    public void Invalidate(T item, bool lost = true)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_current, item))
            {
                DropCurrent(item, lost);
            }
        }
    }

    /// <summary>Hands out nothing any more, cancels an opening under way, and returns what was open, for the caller to close. Call it once.</summary>
    public async Task<T?> CloseAsync()
    {
        T? current;
        Task<Outcome<T>>? opening;
        lock (_gate)
        {
            _closing = true;
            _since = timeProvider.GetUtcNow();
            (current, opening) = (_current, _opening);
            Volatile.Write(ref _current, null);
        }

        await _closed.CancelAsync().ConfigureAwait(false);
        return opening is null ? current : (await opening.ConfigureAwait(false)).Open;
    }

    // Doubles with every failure in a row. Beyond the limit the next caller tries again, and so on for ever: a server may always come back.
    private TimeSpan Backoff => backoff > s_maxBackoff ? backoff
        : TimeSpan.FromTicks(Math.Min(s_maxBackoff.Ticks, backoff.Ticks << Math.Min(_failuresInARow - 1, 10)));

    private void DropCurrent(T item, bool lost)
    {
        Volatile.Write(ref _current, null);
        _lost = lost;
        _since = timeProvider.GetUtcNow();
        _failingSince = lost ? _since : null;
        retire(item);
    }

    private async Task<Outcome<T>> OpenOnceAsync(int opening)
    {
        var outcome = await open(opening, _closed.Token).ConfigureAwait(false);
        lock (_gate)
        {
            _opening = null;
            _since = timeProvider.GetUtcNow();
            _failure = outcome.Failure;
            if (outcome.Failure is not null)
            {
                _failuresInARow++;
                _failingSince ??= _since;
                _failedAt = timeProvider.GetTimestamp();
                // Shortened at random: the agents of a server that was down must not all come back in the same moment.
                _pause = Backoff * (0.75 + (Random.Shared.NextDouble() / 4));
            }
            else
            {
                _failuresInARow = 0;
                _failingSince = null;
                _lost = false;
                if (!_closing)
                {
                    Volatile.Write(ref _current, outcome.Open);
                }

                // Else closing, which waits for this opening, takes it from the outcome.
            }
        }

        return outcome;
    }
}
