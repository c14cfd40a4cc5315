using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Harness;

/// <summary>Applies whatever fixes are offered, one after the other, as a user does who clicks until nothing is left to click.</summary>
public static class Repair
{
    private const int MostRounds = 20;

    /// <summary>The project after the last fix; <paramref name="project"/> itself where none is offered.</summary>
    /// <exception cref="InvalidOperationException">An analyzer threw, or there is no end to the fixes.</exception>
    public static async Task<Project> AllAsync(Project project, ImmutableArray<DiagnosticAnalyzer> analyzers, ImmutableArray<CodeFixProvider> fixes, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var diagnostics = await Analysis.RunAsync(project, analyzers, concurrent: true, cancellationToken).ConfigureAwait(false);
            if (await OfferedAsync(project, DiagnosticCollector.Sort(diagnostics), fixes, cancellationToken).ConfigureAwait(false) is not { } action)
            {
                return project;
            }

            var solution = await CodeActionApplier.ApplyAsync(project.Solution, action, CodeActionValidationMode.SemanticStructure, new DefaultVerifier(), cancellationToken).ConfigureAwait(false);
            project = solution.GetProject(project.Id)!;
        }

        throw new InvalidOperationException($"After {MostRounds} fixes another one is still offered:\n{string.Join("\n---\n", (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false))!.SyntaxTrees)}");
    }

    private static async Task<CodeAction?> OfferedAsync(Project project, ImmutableArray<Diagnostic> diagnostics, ImmutableArray<CodeFixProvider> fixes, CancellationToken cancellationToken)
    {
        foreach (var diagnostic in diagnostics)
        {
            foreach (var fix in fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                var offered = new List<CodeAction>();
                var document = project.GetDocument(diagnostic.Location.SourceTree)!;
                await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offered.Add(action), cancellationToken)).ConfigureAwait(false);
                if (CodeActionApplier.Flatten(offered).FirstOrDefault() is { } first)
                {
                    return first;
                }
            }
        }

        return null;
    }
}
