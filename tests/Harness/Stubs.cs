using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Harness;

internal static class Stubs
{
    public static ImmutableArray<MetadataReference> All => [];
}
