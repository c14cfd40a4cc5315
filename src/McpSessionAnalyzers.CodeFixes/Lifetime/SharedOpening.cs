namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>What has become of an opening that is shared now: remembered for whoever asks the shared session for more than its client.</summary>
internal sealed class SharedOpening
{
    public string? Name { get; set; }

    public OpeningRecipe? Recipe { get; set; }
}
