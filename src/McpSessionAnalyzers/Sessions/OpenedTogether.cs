using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// <c>await Task.WhenAll(…)</c> over openings: when one of them fails the await throws, and the sessions that did open are in tasks that nobody looks
/// at again. Complete where the openings can't fail (they catch for themselves), or a handler around the await disposes those that succeeded.
/// </summary>
internal static class OpenedTogether
{
    public static SessionLeak? Find(TracedOpening traced)
    {
        foreach (var happening in traced.Trace.Of(TraceEventKind.AwaitTogether))
        {
            if (happening.Operation is IInvocationOperation together
                && IsAwaited(together)
                && StartsIn(together, traced)
                && !IsOnlyOne(together, traced)
                && !CatchesForItself(traced.Opening)
                && !IsSettledByHandler(together, traced))
            {
                return new SessionLeak(SessionLeakKind.OpenedTogether, OpeningLocations.NameOf(together), "another one of them fails to open", ImmutableArray<SyntaxNode>.Empty);
            }
        }

        return null;
    }

    private static bool IsAwaited(IOperation together)
    {
        var current = together.Parent;
        while (current is IConversionOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "GetAwaiter" or "GetResult" or "WaitAsync" })
        {
            current = current.Parent;
        }

        return current is IAwaitOperation || together.Parent is IInvocationOperation or IPropertyReferenceOperation { Property.Name: "Result" };
    }

    /// <summary>The opening's task is among what is waited for; a session that was there before is not at stake here.</summary>
    private static bool StartsIn(IOperation together, TracedOpening traced)
    {
        var opening = traced.Opening.Operation;
        if (together.Syntax.Span.Contains(opening.Syntax.Span))
        {
            return true;
        }

        foreach (var local in together.Descendants().OfType<ILocalReferenceOperation>())
        {
            foreach (var declarator in traced.Body.Declarators(local.Local))
            {
                if (declarator.Syntax.Span.Contains(opening.Syntax.Span) && IsTask(opening, declarator, traced.Body))
                {
                    return true;
                }
            }

            foreach (var reference in traced.Body.ReferencesTo(local.Local))
            {
                if (reference.Parent is IInvocationOperation add && KnownCalls.AddsToReceiver(add.TargetMethod)
                    && add.Syntax.Span.Contains(opening.Syntax.Span) && IsTask(opening, add, traced.Body))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Between the opening and the local nothing waits for it, but for the lambda that opens it.</summary>
    private static bool IsTask(IOperation opening, IOperation place, MemberBody body)
    {
        for (var current = opening.Parent; current is not null && current != place; current = current.Parent)
        {
            if (current is IAwaitOperation && SymbolEqualityComparer.Default.Equals(body.FunctionOf(current), body.FunctionOf(place)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOnlyOne(IInvocationOperation together, TracedOpening traced) =>
        SymbolEqualityComparer.Default.Equals(traced.Body.FunctionOf(together), traced.Function)
        && together.Arguments is { Length: 1 } arguments
        && LocalValues.Unwrap(arguments[0].Value) is IArrayCreationOperation { Initializer.ElementValues.Length: 1 };

    private static bool CatchesForItself(Opening opening) => opening.Path.Prepend(opening).Any(step => IsCaught(step.Operation));

    private static bool IsCaught(IOperation operation)
    {
        for (var current = operation; current.Parent is { } parent && current is not (IAnonymousFunctionOperation or ILocalFunctionOperation); current = parent)
        {
            if (parent is ITryOperation attempt && attempt.Body == current
                && attempt.Catches.Any(handler => handler.Filter is null
                    && handler.ExceptionType is { Name: "Exception" } or { SpecialType: SpecialType.System_Object }
                    && !handler.Handler.Descendants().Any(inner => inner is IThrowOperation)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSettledByHandler(IOperation together, TracedOpening traced)
    {
        for (var current = together; current.Parent is { } parent; current = parent)
        {
            if (parent is ITryOperation attempt && attempt.Body == current
                && traced.Trace.Events.Any(happening =>
                    happening.Kind is TraceEventKind.Dispose or TraceEventKind.Escape or TraceEventKind.Store
                    && (attempt.Finally?.Syntax.Span.Contains(happening.Operation.Syntax.Span) == true
                        || attempt.Catches.Any(handler => handler.Syntax.Span.Contains(happening.Operation.Syntax.Span)))))
            {
                return true;
            }
        }

        return false;
    }
}
