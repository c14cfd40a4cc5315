using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Applies a code action as an IDE does, and keeps of the result what an IDE keeps: text.</summary>
internal static class CodeActionApplier
{
    // Public as NestedActions since Roslyn 4.9, internal before.
    private static readonly PropertyInfo? NestedActions =
        typeof(CodeAction).GetProperty("NestedActions") ?? typeof(CodeAction).GetProperty("NestedCodeActions", BindingFlags.Instance | BindingFlags.NonPublic);

    public static ImmutableArray<CodeAction> Flatten(IEnumerable<CodeAction> actions) =>
        [.. actions.SelectMany(action => NestedActions?.GetValue(action) is ImmutableArray<CodeAction> { IsDefaultOrEmpty: false } nested ? Flatten(nested) : [action])];

    public static async Task<Solution> ApplyAsync(Solution solution, CodeAction action, CodeActionValidationMode validation, IVerifier verifier, CancellationToken cancellationToken)
    {
        var operations = await action.GetOperationsAsync(cancellationToken).ConfigureAwait(false);
        if (operations is not [ApplyChangesOperation change])
        {
            verifier.Fail($"The code action '{action.Title}' must yield exactly one ApplyChangesOperation, yields: {string.Join(", ", operations.Select(operation => operation.GetType().Name))}");
            return solution;
        }

        return await FromTextAsync(solution, change.ChangedSolution, validation, verifier, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// <paramref name="before"/> with the texts of <paramref name="after"/>: neither annotations nor nodes survive, so that no later step can lean on them.
    /// </summary>
    private static async Task<Solution> FromTextAsync(Solution before, Solution after, CodeActionValidationMode validation, IVerifier verifier, CancellationToken cancellationToken)
    {
        var result = before;
        foreach (var project in after.GetChanges(before).GetProjectChanges())
        {
            foreach (var id in project.GetChangedDocuments().Concat(project.GetAddedDocuments()))
            {
                var document = await PostProcessAsync(after.GetDocument(id)!, cancellationToken).ConfigureAwait(false);
                await ValidateAsync(document, validation, verifier, cancellationToken).ConfigureAwait(false);
                var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
                if (result.GetDocument(id) is { } old && (await old.GetTextAsync(cancellationToken).ConfigureAwait(false)).ContentEquals(text))
                {
                    continue;
                }

                var fresh = SourceText.From(text.ToString(), text.Encoding, text.ChecksumAlgorithm);
                result = result.ContainsDocument(id)
                    ? result.WithDocumentText(id, fresh).WithDocumentName(id, document.Name)
                    : result.AddDocument(id, document.Name, fresh, document.Folders, document.FilePath);
            }

            foreach (var id in project.GetChangedAdditionalDocuments())
            {
                result = result.WithAdditionalDocumentText(id, await after.GetAdditionalDocument(id)!.GetTextAsync(cancellationToken).ConfigureAwait(false));
            }

            foreach (var id in project.GetChangedAnalyzerConfigDocuments())
            {
                result = result.WithAnalyzerConfigDocumentText(id, await after.GetAnalyzerConfigDocument(id)!.GetTextAsync(cancellationToken).ConfigureAwait(false));
            }

            result = project.GetRemovedDocuments().Aggregate(result, (current, id) => current.RemoveDocument(id));
        }

        return result;
    }

    private static async Task<Document> PostProcessAsync(Document document, CancellationToken cancellationToken)
    {
        document = await Simplifier.ReduceAsync(document, Simplifier.Annotation, cancellationToken: cancellationToken).ConfigureAwait(false);
        document = await Formatter.FormatAsync(document, Formatter.Annotation, cancellationToken: cancellationToken).ConfigureAwait(false);
        return await Formatter.FormatAsync(document, SyntaxAnnotation.ElasticAnnotation, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static async Task ValidateAsync(Document document, CodeActionValidationMode validation, IVerifier verifier, CancellationToken cancellationToken)
    {
        if (validation == CodeActionValidationMode.None)
        {
            return;
        }

        var built = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
        var text = built.ToFullString();
        var parsed = await CSharpSyntaxTree.ParseText(text, (CSharpParseOptions?)document.Project.ParseOptions, cancellationToken: cancellationToken).GetRootAsync(cancellationToken).ConfigureAwait(false);
        if (Difference(built, parsed, validation == CodeActionValidationMode.Full) is { } difference)
        {
            verifier.Fail($"The tree that the fix built for '{document.FilePath}' is not the tree that its text parses to: {difference}\n{text}");
        }
    }

    private static string? Difference(SyntaxNode built, SyntaxNode parsed, bool trivia)
    {
        if (built.RawKind != parsed.RawKind)
        {
            return $"built {built.Kind()}, parsed {parsed.Kind()} at '{Excerpt(built.ToString())}'";
        }

        var (left, right) = (built.ChildNodesAndTokens(), parsed.ChildNodesAndTokens());
        if (left.Count != right.Count)
        {
            return $"{built.Kind()} built with {left.Count} parts, parsed with {right.Count}, at '{Excerpt(built.ToString())}'";
        }

        for (var i = 0; i < left.Count; i++)
        {
            var difference = left[i].IsNode != right[i].IsNode ? $"built {left[i].Kind()}, parsed {right[i].Kind()} at '{Excerpt(built.ToString())}'"
                : left[i].IsNode ? Difference(left[i].AsNode()!, right[i].AsNode()!, trivia)
                : Difference(left[i].AsToken(), right[i].AsToken(), trivia);
            if (difference is not null)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? Difference(SyntaxToken built, SyntaxToken parsed, bool trivia) =>
        built.RawKind != parsed.RawKind || built.Text != parsed.Text ? $"built token '{built}' ({built.Kind()}), parsed '{parsed}' ({parsed.Kind()})"
        : trivia && built.LeadingTrivia.ToFullString() != parsed.LeadingTrivia.ToFullString() ? $"trivia before '{built}': built '{built.LeadingTrivia.ToFullString()}', parsed '{parsed.LeadingTrivia.ToFullString()}'"
        : trivia && built.TrailingTrivia.ToFullString() != parsed.TrailingTrivia.ToFullString() ? $"trivia after '{built}': built '{built.TrailingTrivia.ToFullString()}', parsed '{parsed.TrailingTrivia.ToFullString()}'"
        : null;

    private static string Excerpt(string text) => text.Length <= 80 ? text : text[..80];
}
