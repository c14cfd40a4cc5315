using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Asks a fix for its Fix All action, starting from one diagnostic as an IDE does.</summary>
internal static class FixAllAction
{
    public static async Task<CodeAction?> CreateAsync(
        Solution solution,
        Diagnostic start,
        CodeFixProvider fix,
        FixAllScope scope,
        string? equivalenceKey,
        ImmutableArray<DiagnosticAnalyzer> analyzers,
        CancellationToken cancellationToken)
    {
        if (fix.GetFixAllProvider() is not { } provider)
        {
            return null;
        }

        var document = solution.GetDocument(start.Location.SourceTree)!;
        var ids = provider.GetSupportedFixAllDiagnosticIds(fix).Where(id => id == start.Id || fix.FixableDiagnosticIds.Contains(id)).ToArray();
        var context = new FixAllContext(document, fix, scope, equivalenceKey!, ids, new Provider(analyzers, [.. ids]), cancellationToken);
        return await provider.GetFixAsync(context).ConfigureAwait(false);
    }

    private sealed class Provider(ImmutableArray<DiagnosticAnalyzer> analyzers, ImmutableHashSet<string> ids) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
        {
            var compilation = (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false))!;
            var driver = DiagnosticCollector.WithAnalyzers(compilation, analyzers, project.AnalyzerOptions);
            var all = await driver.GetAnalyzerDiagnosticsAsync(cancellationToken).ConfigureAwait(false);
            return DiagnosticCollector.Sort(all.Where(diagnostic => ids.Contains(diagnostic.Id) && !diagnostic.IsSuppressed));
        }

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken).ConfigureAwait(false);
            return (await GetAllDiagnosticsAsync(document.Project, cancellationToken).ConfigureAwait(false)).Where(diagnostic => diagnostic.Location.SourceTree == tree);
        }

        public override async Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            (await GetAllDiagnosticsAsync(project, cancellationToken).ConfigureAwait(false)).Where(diagnostic => !diagnostic.Location.IsInSource);
    }
}
