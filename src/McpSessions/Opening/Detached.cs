namespace McpSessions.Opening;

/// <summary>
/// Runs work that many callers will share, in nobody's context: a session captures the ExecutionContext of its opening for life, so an
/// opening that ran in its first caller's would carry that caller's identity, culture and trace into everybody's notifications.
/// </summary>
internal static class Detached
{
    public static Task<T> Run<T>(Func<Task<T>> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            static async state =>
            {
                try
                {
                    state.completion.SetResult(await state.work().ConfigureAwait(false));
                }
                catch (OperationCanceledException e)
                {
                    state.completion.SetCanceled(e.CancellationToken);
                }
                catch (Exception e)
                {
                    state.completion.SetException(e);
                }
            },
            (work, completion),
            preferLocal: false);
        return completion.Task;
    }

    public static Task Run(Func<Task> work) => Run(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });
}
