using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The waits for an opening: before them there is a task, after them a session.</summary>
internal static class OwnWaits
{
    /// <summary>The task behind <c>ConfigureAwait</c>, <c>GetAwaiter</c> and kin.</summary>
    public static IOperation Bare(IOperation awaited, KnownCalls calls)
    {
        var task = LocalValues.Unwrap(awaited);
        while (task is IInvocationOperation { Instance: { } inner } plumbing && calls.PassesThrough(plumbing.TargetMethod))
        {
            task = LocalValues.Unwrap(inner);
        }

        return task;
    }

    /// <summary>Whether <paramref name="task"/> is the opening, or a local that holds its task.</summary>
    public static bool IsFor(TracedOpening traced, IOperation task) =>
        task.Syntax == traced.Opening.Operation.Syntax
        || (task is ILocalReferenceOperation local && traced.Trace.Holders.Any(holder => SymbolEqualityComparer.Default.Equals(holder, local.Local)));

    /// <summary>
    /// By which syntax the function gets the session: the opening itself where it is waited for on the spot (or returns no task), else the awaits
    /// of its task. A task under way is no session yet.
    /// </summary>
    public static IEnumerable<SyntaxNode> StartsOf(TracedOpening traced, KnownCalls calls)
    {
        var opening = traced.Opening.Operation;
        if (opening.Type is not { Name: "Task" or "ValueTask" } || IsWaitedFor(opening, calls))
        {
            return new[] { opening.Syntax };
        }

        return traced.Trace.Holders
            .SelectMany(holder => traced.Body.ReferencesTo(holder))
            .Where(reference => IsWaitedFor(reference, calls) && SymbolEqualityComparer.Default.Equals(traced.Body.FunctionOf(reference), traced.Function))
            .Select(reference => WaitOf(reference, calls).Syntax);
    }

    private static bool IsWaitedFor(IOperation task, KnownCalls calls) => WaitOf(task, calls) != task;

    private static IOperation WaitOf(IOperation task, KnownCalls calls)
    {
        for (var current = task; ; current = current.Parent)
        {
            switch (current.Parent)
            {
                case IAwaitOperation or IPropertyReferenceOperation { Property.Name: "Result" } or IInvocationOperation { TargetMethod.Name: "GetResult" }:
                    return current.Parent;
                case IConversionOperation or IParenthesizedOperation:
                case IInvocationOperation plumbing when calls.PassesThrough(plumbing.TargetMethod):
                    continue;
                default:
                    return task;
            }
        }
    }
}
