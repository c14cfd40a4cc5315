using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>A place where something is to be awaited. Its function is async, or is made so where its callers can't tell the difference.</summary>
internal sealed class AwaitPlace
{
    private readonly DocumentEdits _edits;

    private readonly AsyncCallers? _callers;

    private AwaitPlace(SyntaxNode function, DocumentEdits edits, AsyncCallers? callers = null)
    {
        Function = function;
        _edits = edits;
        _callers = callers;
    }

    public SyntaxNode Function { get; }

    /// <summary>Null where no await can stand: locks, iterators, expression trees, functions that must stay synchronous.</summary>
    public static AwaitPlace? At(
        SyntaxNode node, DocumentEdits edits, CancellationToken cancellationToken, Func<InvocationExpressionSyntax, bool>? isAwaitedThen = null) =>
        Functions.Around(node) is { } function
        && Functions.AllowsAwaitAt(node, function)
        && !Functions.IsInExpressionTree(node, edits.Model, cancellationToken)
        && ((CSharpParseOptions)node.SyntaxTree.Options).LanguageVersion >= LanguageVersion.CSharp8
        && (Functions.IsAsync(function) || AsyncConversion.CanMakeAsync(function, edits.Model, isAwaitedThen, cancellationToken))
            ? new AwaitPlace(function, edits)
            : null;

    /// <summary>The same, also where callers must await what they call now.</summary>
    public static async Task<AwaitPlace?> AtAsync(
        SyntaxNode node, DocumentEdits edits, SolutionEdits solution, CancellationToken cancellationToken, Func<InvocationExpressionSyntax, bool>? isAwaitedThen = null) =>
        At(node, edits, cancellationToken, isAwaitedThen)
        ?? (Functions.Around(node) is { } function
            && Functions.AllowsAwaitAt(node, function)
            && !Functions.IsInExpressionTree(node, edits.Model, cancellationToken)
            && ((CSharpParseOptions)node.SyntaxTree.Options).LanguageVersion >= LanguageVersion.CSharp8
            && await AsyncCallers.FindAsync(function, edits, solution, isAwaitedThen, cancellationToken).ConfigureAwait(false) is { } callers
                ? new AwaitPlace(function, edits, callers)
                : null);

    public void MakeAsync(SolutionEdits solution, CancellationToken cancellationToken)
    {
        _callers?.Apply();
        if (!Functions.IsAsync(Function))
        {
            MakeAsync(Function, solution, _edits, cancellationToken);
        }
    }

    /// <summary>Once, however many fixes ask for it.</summary>
    public static void MakeAsync(SyntaxNode function, SolutionEdits solution, DocumentEdits edits, CancellationToken cancellationToken)
    {
        if (solution.Memory<HashSet<SyntaxNode>>(nameof(AsyncConversion)).Add(function))
        {
            AsyncConversion.MakeAsync(function, edits, cancellationToken);
        }
    }
}
