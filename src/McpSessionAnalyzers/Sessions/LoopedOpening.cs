using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Answers "in which loop is the same session opened again and again?" for an opening, and for a call of a method that opens and closes.</summary>
internal static class LoopedOpening
{
    /// <summary>The loop statement, or the call with a lambda per element, whose rounds each open the same session; null where there is none.</summary>
    public static IOperation? Find(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening;
        if (!MayRepeat(opening.Operation.Syntax)
            || opening.Kind == OpeningKind.Resume || opening.Innermost.Kind == OpeningKind.Resume
            || facts.Calls.LoopsOf(opening.Operation, cancellationToken) is not { IsEmpty: false } loops
            || (traced.Body.Member is IMethodSymbol member && TestCode.ReasonOf(member) is not null)
            || ConnectionTests.Contains(traced.Function)
            || !EndsInRound(traced, facts, cancellationToken))
        {
            return null;
        }

        var place = opening.Operation;
        var inputs = InputsOf(traced);
        foreach (var loop in loops)
        {
            if (OutlivesRound(traced, loop))
            {
                return null;
            }

            if (Repeats(loop, place, inputs, traced.Body, traced.Trace.Holders, facts, cancellationToken) is { } answer)
            {
                return answer ? loop : null;
            }
        }

        return null;
    }

    /// <summary>All that decides, in this member, which session it is.</summary>
    public static IReadOnlyCollection<IOperation> InputsOf(TracedOpening traced) =>
        traced.Opening.Path.Insert(0, traced.Opening)
            .Where(part => ReferenceEquals(part, traced.Opening) || ReferenceEquals(traced.Body.Find(part.Operation.Syntax), part.Operation))
            .SelectMany(part => part.Inputs.Concat(ReceiverOf(part.Operation)))
            .ToList();

    /// <summary>
    /// Whether <paramref name="loop"/> opens the same session in each round. Null where this loop says nothing of it (one session per server, a retry) and the
    /// next one outside may.
    /// </summary>
    public static bool? Repeats(
        IOperation loop,
        IOperation place,
        IReadOnlyCollection<IOperation> inputs,
        MemberBody body,
        IReadOnlyCollection<ISymbol> holders,
        CompilationFacts facts,
        CancellationToken cancellationToken)
    {
        if (new LoopDependence(loop, place, body).Of(inputs) || new LoopDependence(loop, place, body).IsChosenFor(place))
        {
            return null;
        }

        if (loop is not ILoopOperation statement)
        {
            return true;
        }

        if (LoopExit.LeavesOnceOpen(statement, place, body, holders, facts.Sessions.Types, cancellationToken))
        {
            return null;
        }

        // Such a body ends when the session does: the loop opens a lost one again.
        return !(statement is not IForEachLoopOperation && SessionWaits.UntilEnd(place, statement.Body, holders, facts.Sessions, cancellationToken));
    }

    /// <summary>What is called on an object is about that object: <c>server.ConnectAsync()</c>.</summary>
    public static IEnumerable<IOperation> ReceiverOf(IOperation operation) => operation switch
    {
        IInvocationOperation { Instance: { } instance } => new[] { instance },
        IPropertyReferenceOperation { Instance: { } instance } => new[] { instance },
        _ => Array.Empty<IOperation>(),
    };

    /// <summary>By syntax, before anything is bound: the code stands in a loop, or in a lambda that is somebody's argument.</summary>
    public static bool MayRepeat(SyntaxNode place)
    {
        for (var current = place.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case CommonForEachStatementSyntax or ForStatementSyntax
                    or WhileStatementSyntax or DoStatementSyntax
                    or AnonymousFunctionExpressionSyntax or QueryExpressionSyntax:
                    return true;
                case BaseTypeDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    private static bool EndsInRound(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken) =>
        !traced.Trace.Has(TraceEventKind.LambdaResult)
        && SessionReach.Of(traced, facts, cancellationToken).Kind is SessionReachKind.EndsWithCall or SessionReachKind.ClosedAgain;

    /// <summary>
    /// It goes into a collection that is older than the round, or into a variable that is, where only some rounds open one (<c>mcp ??= …</c>, a
    /// reconnect after a failure).
    /// </summary>
    private static bool OutlivesRound(TracedOpening traced, IOperation loop)
    {
        if (traced.Trace.Of(TraceEventKind.Collect).Any(e => e.Target is null || IsOlder(e.Target)))
        {
            return true;
        }

        return traced.Trace.Holders.OfType<ILocalSymbol>().Any(IsOlder) && IsConditional(traced.Opening.Operation);

        bool IsOlder(ISymbol symbol) => !symbol.Locations.Any(location => loop.Syntax.Span.Contains(location.SourceSpan));

        bool IsConditional(IOperation opening)
        {
            for (IOperation? current = opening; current is not null && current != loop; current = current.Parent)
            {
                if (current.Parent is ICoalesceAssignmentOperation or ICoalesceOperation or ICatchClauseOperation
                    || (current.Parent is IConditionalOperation conditional && conditional.Condition != current))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
