namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>How something is disposed.</summary>
/// <param name="Expression">An expression of type <c>ValueTask</c> that does it, if one is enough.</param>
/// <param name="Async">Statements that do it, in lines parted by line feeds; null if it is disposed synchronously only.</param>
/// <param name="Sync">A statement for where nothing can be awaited; null if there it is not disposed.</param>
internal sealed record DisposeCode(string? Expression, string? Async, string? Sync)
{
    /// <param name="expression">The expression that is awaited.</param>
    /// <param name="configured"><c>.ConfigureAwait(false)</c>, where that is the custom.</param>
    /// <param name="sync">The statement.</param>
    public static DisposeCode Of(string expression, string configured, string? sync) => new(expression, $"await {expression}{configured};", sync);
}
