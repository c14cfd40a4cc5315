namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>A run that has to fail, and what it says.</summary>
internal static class Failure
{
    /// <summary>Fails unless <paramref name="run"/> does, with all of these in its message.</summary>
    public static async Task SaysAsync(Func<Task> run, params string[] parts)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(run);
        Assert.IsNotAssignableFrom<OperationCanceledException>(failure);
        Assert.All(parts, part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
    }
}
