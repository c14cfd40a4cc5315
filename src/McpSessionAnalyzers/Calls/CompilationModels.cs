using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>A compilation with its semantic models.</summary>
internal sealed record CompilationModels(Compilation Compilation, SemanticModels Models);
