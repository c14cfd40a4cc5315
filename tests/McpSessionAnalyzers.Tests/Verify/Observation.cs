using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Tests;

/// <summary>What a test run made and found, seen through the hooks of the verifier, for the checks that follow it.</summary>
internal sealed class Observation
{
    private readonly ConcurrentQueue<Project> _projects = new();
    private readonly ConcurrentQueue<Diagnostic> _diagnostics = new();

    public static Observation Of<TVerifier>(AnalyzerTest<TVerifier> test)
        where TVerifier : IVerifier, new()
    {
        var observation = new Observation();
        test.SolutionTransforms.Add((solution, id) =>
        {
            observation._projects.Enqueue(solution.GetProject(id)!);
            return solution;
        });
        var verifier = test.DiagnosticVerifier;
        test.DiagnosticVerifier = (diagnostic, expected, context) =>
        {
            observation._diagnostics.Enqueue(diagnostic);
            verifier?.Invoke(diagnostic, expected, context);
        };
        return observation;
    }

    /// <summary>The project as the test states it.</summary>
    public Project Before => _projects.First();

    /// <summary>The project as the fixes leave it; the same as <see cref="Before"/> where there are none.</summary>
    public Project After => _projects.Last();

    public bool Compiles => !_diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && IsFromCompiler(diagnostic));

    public IEnumerable<Diagnostic> OfAnalyzers => _diagnostics.Where(diagnostic => !IsFromCompiler(diagnostic) && !diagnostic.IsSuppressed);

    private static bool IsFromCompiler(Diagnostic diagnostic) => diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.Compiler);
}
