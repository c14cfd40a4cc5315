namespace Consumer;

internal static class Retry
{
    public static async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await attempt(cancellationToken);
        }
        catch (HttpRequestException)
        {
            return await attempt(cancellationToken);
        }
    }
}
