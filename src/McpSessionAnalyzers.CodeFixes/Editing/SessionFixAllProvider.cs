using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// Fix All for a document, a project or the solution: every diagnostic is fixed against the original code, into the same editors, in source
/// order. Text-merging providers lose edits that meet in one type, and those are the rule here: three openings in a type bring one field.
/// </summary>
internal sealed class SessionFixAllProvider : FixAllProvider
{
    public static readonly SessionFixAllProvider Instance = new();

    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        if (context.CodeFixProvider is not SessionCodeFix fix || context.CodeActionEquivalenceKey != fix.EquivalenceKey)
        {
            return null;
        }

        var diagnostics = await DiagnosticsAsync(context).ConfigureAwait(false);
        return diagnostics.Count == 0
            ? null
            : CodeAction.Create(fix.Title, cancellationToken => FixAsync(context.Solution, fix, diagnostics, cancellationToken), fix.EquivalenceKey);
    }

    private static async Task<Solution> FixAsync(
        Solution solution, SessionCodeFix fix, IReadOnlyList<(Document Document, IReadOnlyList<Diagnostic> Diagnostics)> all, CancellationToken cancellationToken)
    {
        var edits = new SolutionEdits(solution);
        foreach (var (document, diagnostics) in all)
        {
            foreach (var diagnostic in diagnostics)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await fix.TryFixAsync(edits, document, diagnostic, cancellationToken).ConfigureAwait(false);
            }
        }

        return await edits.ApplyAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<(Document Document, IReadOnlyList<Diagnostic> Diagnostics)>> DiagnosticsAsync(FixAllContext context)
    {
        var all = context.Scope switch
        {
            FixAllScope.Document when context.Document is { } document => await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false),
            FixAllScope.Project => await context.GetAllDiagnosticsAsync(context.Project).ConfigureAwait(false),
            FixAllScope.Solution => await OfSolutionAsync(context).ConfigureAwait(false),
            _ => ImmutableArray<Diagnostic>.Empty,
        };

        // A host may report the same diagnostic more than once.
        return all
            .Where(diagnostic => diagnostic.Location.IsInSource)
            .GroupBy(diagnostic => context.Solution.GetDocument(diagnostic.Location.SourceTree))
            .Where(group => group.Key is not null)
            .OrderBy(group => group.Key!.Project.Name, StringComparer.Ordinal)
            .ThenBy(group => group.Key!.FilePath ?? group.Key.Name, StringComparer.Ordinal)
            .Select(group => (group.Key!, (IReadOnlyList<Diagnostic>)group
                .GroupBy(diagnostic => diagnostic.Location.SourceSpan)
                .OrderBy(same => same.Key.Start)
                .Select(same => same.First())
                .ToList()))
            .ToList();
    }

    private static async Task<ImmutableArray<Diagnostic>> OfSolutionAsync(FixAllContext context)
    {
        var all = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var project in context.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp))
        {
            all.AddRange(await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false));
        }

        return all.ToImmutable();
    }
}
