namespace McpSessions.Opening;

/// <summary>Waits that end.</summary>
internal static class Bounded
{
    /// <summary>Whether the task has ended, in whatever way, before the time was up.</summary>
    public static async Task<bool> CompletesAsync(Task task, TimeSpan timeout, TimeProvider timeProvider)
    {
        if (task.IsCompleted)
        {
            return true;
        }

        try
        {
            await task.WaitAsync(timeout, timeProvider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }
}
