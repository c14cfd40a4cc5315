namespace McpSessions.Opening;

/// <summary>Counts the calls in flight, so that closing can wait for the last one without polling, and none can begin on what is closed.</summary>
internal sealed class RunningCalls
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the session itself: the count reaches zero only after closing has given that one up.
    private int _count = 1;

    /// <summary>Whether any call is in flight, before draining has begun.</summary>
    public bool Any => Volatile.Read(ref _count) > 1;

    /// <summary>Counts a call; false where everything has ended already, and the call must go elsewhere.</summary>
    public bool TryStart()
    {
        var count = Volatile.Read(ref _count);
        while (count > 0)
        {
            var seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    public void Ended()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Completes when no call is in flight any more. Call it once.</summary>
    public Task DrainAsync()
    {
        Ended();
        return _drained.Task;
    }
}
