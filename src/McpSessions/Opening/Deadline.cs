namespace McpSessions.Opening;

/// <summary>Holds an opening to its time, whatever it does: it may block, ignore its token, or finish after everybody has left.</summary>
internal static class Deadline
{
    /// <summary>Runs the opening; throws when it fails or the time is up or the token fires. What arrives late is given to <paramref name="discard"/>.</summary>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> open, Func<Task<T>, Task> discard, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var token = stop.Token;

        // On a thread of its own account, because a transport factory or a process start may block.
        var opening = Detached.Run(() => open(token));
        try
        {
            return await opening.WaitAsync(token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _ = Detached.Run(() => discard(opening));
            if (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException("The time for opening a session is over.", e);
            }

            throw;
        }
    }
}
