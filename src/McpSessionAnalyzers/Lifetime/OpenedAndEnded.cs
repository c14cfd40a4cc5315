using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Lifetime;

/// <summary>
/// Evidence 5 of MSA1001: nothing is known of the method but that it opens a session and ends its life in the same invocation. Thin, so it is only
/// information, and any rule that knows more of the same session goes first.
/// </summary>
internal static class OpenedAndEnded
{
    // What such a method does is done once, whoever calls it.
    private static readonly HashSet<string> PreparingVerbs = new()
    {
        "initialize", "initialise", "init", "ensure", "start", "connect", "load", "open", "main", "setup", "configure", "warm", "warmup", "preload", "bootstrap", "dispose", "stop", "run", "demo", "sample", "example", "test", "try",
    };

    public static bool Is(TracedOpening traced, CallContext context, CompilationFacts facts, CancellationToken cancellationToken) =>
        context.Frequency == CallFrequency.Unknown
        && traced.Body.Member is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation } method
        && !(Words.Of(method.Name) is { Length: > 0 } words && PreparingVerbs.Contains(words[0]))
        && !IsRunOnceType(method.ContainingType, facts, cancellationToken)
        && !IsInKeptDelegate(traced.Opening.Operation)
        && !FillsWhatItHasChecked(traced, method, facts, cancellationToken)

        // Another server at each call, or several at each: whether that is one too many is more than so little evidence can tell.
        && CallDependence.Of(traced.Opening, traced.Body).Parameters.Count == 0
        && facts.Calls.LoopsOf(traced.Opening.Operation, cancellationToken).IsEmpty
        && !traced.Trace.Has(TraceEventKind.DependentLeaves)
        && !traced.Trace.Has(TraceEventKind.DependentMayLeave)
        && !NeverDisposed.Is(traced, facts, cancellationToken)
        && SessionLeaks.Find(traced, facts.Sessions, cancellationToken) is null
        && !SessionWaits.UntilEnd(traced.Opening.Operation, traced.Body.Root, traced.Trace.Holders, facts.Sessions, cancellationToken)
        && !facts.RepeatedCalls.IsReportedAtCallOf(traced.Function, cancellationToken)
        && !facts.RepeatedCalls.IsReportedAtCallOf(method, cancellationToken);

    private static bool IsRunOnceType(INamedTypeSymbol type, CompilationFacts facts, CancellationToken cancellationToken)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (facts.Calls.IsRunOnceType(current, cancellationToken) || AgentVocabulary.IsTestTypeName(current.Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// <c>if (_names is not null) return _names; … _names = …;</c>: what the session is asked for is kept, and it is opened once for that; also where the
    /// check and the store stand around each call of a private helper.
    /// </summary>
    private static bool FillsWhatItHasChecked(TracedOpening traced, IMethodSymbol method, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (FillsWhatItHasChecked(traced.Opening.Operation, traced.Body))
        {
            return true;
        }

        if (method.DeclaredAccessibility != Accessibility.Private)
        {
            return false;
        }

        var calls = TypeBodies.ThatName(method, method.ContainingType, facts.Sessions.Bodies, cancellationToken)
            .SelectMany(body => body.Calls.OfType<IInvocationOperation>().Select(call => (Call: call, Body: body)))
            .Where(pair => SymbolEqualityComparer.Default.Equals(pair.Call.TargetMethod.OriginalDefinition, method.OriginalDefinition))
            .ToList();
        return calls.Count > 0 && calls.TrueForAll(pair => FillsWhatItHasChecked(pair.Call, pair.Body));
    }

    private static bool FillsWhatItHasChecked(IOperation place, MemberBody body)
    {
        var start = place.Syntax.SpanStart;
        return body.Root.Descendants().OfType<IAssignmentOperation>().Any(assignment =>
            assignment.Target is IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } and not IEventReferenceOperation
            && assignment.Syntax.Span.End > start
            && (assignment is ICoalesceAssignmentOperation
                || CheckedMembers.IsCheckedBefore(((IMemberReferenceOperation)assignment.Target).Member, place, body)));
    }

    /// <summary>Code that is handed to somebody unknown: it doesn't run when its member does.</summary>
    private static bool IsInKeptDelegate(IOperation opening)
    {
        for (var current = opening.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation
                && DelegateSinks.Of(current) is { Local: not null } or { Fate: DelegateFate.Stored or DelegateFate.Irregular or DelegateFate.PerResolution or DelegateFate.OncePerInstance or DelegateFate.RunOnce })
            {
                return true;
            }
        }

        return false;
    }
}
