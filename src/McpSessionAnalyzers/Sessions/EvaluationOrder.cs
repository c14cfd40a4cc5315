using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>An operation and its parts in the order in which they happen: operands before what is done with them.</summary>
internal static class EvaluationOrder
{
    public static IEnumerable<IOperation> Of(IOperation root)
    {
        // No recursion: an expression of ten thousand additions is as deep as it is long.
        var open = new Stack<(IOperation Operation, IEnumerator<IOperation> Parts)>();
        open.Push((root, PartsOf(root)));
        while (open.Count > 0)
        {
            var (operation, parts) = open.Peek();
            if (parts.MoveNext())
            {
                open.Push((parts.Current, PartsOf(parts.Current)));
                continue;
            }

            open.Pop();
            yield return operation;
        }
    }

    private static IEnumerator<IOperation> PartsOf(IOperation operation) => ((IEnumerable<IOperation>)operation.ChildOperations).GetEnumerator();
}
