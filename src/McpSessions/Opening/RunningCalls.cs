namespace McpSessions.Opening;

/// <summary>Counts the calls in flight, so that closing can wait for the last one without polling.</summary>
internal sealed class RunningCalls
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the session itself: the count reaches zero only after closing has given that one up.
    private int _count = 1;

    public void Started() => Interlocked.Increment(ref _count);

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
