using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Durations;

/// <summary>A duration on its way to storage.</summary>
/// <param name="Value">The expression that enters storage.</param>
/// <param name="Leaves">The numbers inside it that are durations: what a fix converts.</param>
/// <param name="Duration">What it is.</param>
internal sealed record StoredDuration(IOperation Value, IReadOnlyList<IOperation> Leaves, DurationValue Duration);
