using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Harness;

/// <summary>Emits a project: lowering finds errors in async methods, iterators and patterns that binding does not.</summary>
public static class Emission
{
    /// <exception cref="InvalidOperationException">The project doesn't emit.</exception>
    public static async Task VerifyAsync(Project project, CancellationToken cancellationToken)
    {
        var compilation = (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false))!;
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: cancellationToken);
        if (!result.Success)
        {
            throw new InvalidOperationException(
                $"The code doesn't emit:\n{string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))}\n{string.Join("\n---\n", compilation.SyntaxTrees)}");
        }
    }
}
