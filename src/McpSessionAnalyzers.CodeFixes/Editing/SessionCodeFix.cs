using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// The one abstract fix. A single fix and Fix All run the same function, <see cref="TryFixAsync"/>, on the same kind of editor; it says no where
/// it can't be right, and an action is offered only where it said yes. Thread-safe: it has no state.
/// </summary>
public abstract class SessionCodeFix : CodeFixProvider
{
    private protected SessionCodeFix(string id, string equivalenceKey)
    {
        FixableDiagnosticIds = ImmutableArray.Create(id);
        EquivalenceKey = equivalenceKey;
    }

    /// <inheritdoc />
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    internal string EquivalenceKey { get; }

    /// <summary>What Fix All calls itself.</summary>
    internal abstract string Title { get; }

    /// <inheritdoc />
    public sealed override FixAllProvider GetFixAllProvider() => SessionFixAllProvider.Instance;

    /// <inheritdoc />
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            // A host may run an action more than once, so each run has edits of its own.
            var document = context.Document;
            if (await TryFixAsync(new SolutionEdits(document.Project.Solution), document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } title)
            {
                context.RegisterCodeFix(CodeAction.Create(title, cancellationToken => FixAsync(document, diagnostic, cancellationToken), EquivalenceKey), diagnostic);
            }
        }
    }

    /// <summary>
    /// Adds to <paramref name="edits"/> what fixes <paramref name="diagnostic"/> and returns the title of the action; returns null and adds
    /// nothing where the fix can't be right.
    /// </summary>
    internal abstract Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken);

    private async Task<Solution> FixAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var edits = new SolutionEdits(document.Project.Solution);
        await TryFixAsync(edits, document, diagnostic, cancellationToken).ConfigureAwait(false);
        return await edits.ApplyAsync(cancellationToken).ConfigureAwait(false);
    }
}
