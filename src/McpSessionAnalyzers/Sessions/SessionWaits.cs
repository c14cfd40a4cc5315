using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does the code behind an opening stay with the session until that ends?": it waits for its completion or for ever, or serves it in a loop of
/// its own. A loop around such code supervises: it opens anew when the session was lost.
/// </summary>
internal static class SessionWaits
{
    private static readonly HashSet<string> EndingWords = new()
    {
        "completion", "completed", "closed", "close", "disconnect", "disconnected", "shutdown", "exit", "exited", "ended", "stopped", "termination", "terminated", "lost",
    };

    private static readonly HashSet<string> LoopMembers = new() { "IsCancellationRequested", "WaitForNextTickAsync", "WaitToReadAsync", "ReadAllAsync", "GetConsumingEnumerable", "IsConnected" };

    /// <summary>Whether the code after <paramref name="opening"/> within <paramref name="region"/>, or a method in source that it gives the session to, does.</summary>
    public static bool UntilEnd(IOperation opening, IOperation region, IEnumerable<ISymbol> holders, SessionFacts facts, CancellationToken cancellationToken)
    {
        var known = new HashSet<ISymbol>(holders, SymbolEqualityComparer.Default);
        foreach (var part in region.Descendants().Where(part => part.Syntax.SpanStart > opening.Syntax.SpanStart))
        {
            if (Waits(part, known))
            {
                return true;
            }

            // The session is given to a method that serves it.
            if (part is IInvocationOperation { TargetMethod: var method } call
                && call.Arguments.Any(argument => LocalValues.Unwrap(argument.Value) is ILocalReferenceOperation local && known.Contains(local.Local))
                && !method.DeclaringSyntaxReferences.IsEmpty
                && facts.Bodies.Of(method.OriginalDefinition, cancellationToken) is { } body
                && body.Root.Descendants().Any(inner => Waits(inner, new(method.OriginalDefinition.Parameters, SymbolEqualityComparer.Default))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Waits(IOperation part, HashSet<ISymbol> holders) => part switch
    {
        IWhileLoopOperation loop => IsUnbounded(loop.Condition),
        IForLoopOperation loop => loop.Condition is null || IsUnbounded(loop.Condition),
        IForEachLoopOperation each => each.Collection.DescendantsAndSelf().Any(inner => inner is IInvocationOperation { TargetMethod.Name: "ReadAllAsync" or "GetConsumingEnumerable" }),
        IAwaitOperation awaited => awaited.Operation.DescendantsAndSelf().Any(inner => IsEnd(inner, holders)),
        IInvocationOperation { TargetMethod.Name: "GetResult" or "Wait", Instance: { } task } => task.DescendantsAndSelf().Any(inner => IsEnd(inner, holders)),
        _ => false,
    };

    private static bool IsUnbounded(IOperation? condition) =>
        condition is { ConstantValue: { HasValue: true, Value: true } }
        || condition?.DescendantsAndSelf().Any(static part => part switch
        {
            IMemberReferenceOperation member => LoopMembers.Contains(member.Member.Name),
            IInvocationOperation call => LoopMembers.Contains(call.TargetMethod.Name),
            _ => false,
        }) == true;

    private static bool IsEnd(IOperation part, HashSet<ISymbol> holders)
    {
        switch (part)
        {
            case IFieldReferenceOperation { Field: { Name: "InfiniteTimeSpan" or "Infinite", ContainingType.Name: "Timeout" } }:
                return true;
            case IPropertyReferenceOperation { Property: { Name: "Task", ContainingType.Name: "TaskCompletionSource" } }:
                return true;
            case IPropertyReferenceOperation { Type.Name: "Task" } property:
                return Words.Of(property.Property.Name).Any(EndingWords.Contains)
                    || (property.Instance is { } instance && LocalValues.Unwrap(instance) is ILocalReferenceOperation local && holders.Contains(local.Local));
            case IInvocationOperation { TargetMethod: { Name: "Delay", ContainingType.Name: "Task" } } delay:
                return delay.Arguments.Any(static argument => argument.Value.ConstantValue is { HasValue: true, Value: -1 });
            case IInvocationOperation { TargetMethod: { Name: not ("DisposeAsync" or "Dispose" or "CloseAsync") } method }:
                var words = Words.Of(method.Name);
                return words.Contains("wait") && words.Any(EndingWords.Contains);
            default:
                return false;
        }
    }
}
