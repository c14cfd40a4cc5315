using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Everything that one member does with one session, in no particular order: the answer to "who owns it, where does it escape?".</summary>
internal sealed class ValueTrace
{
    public ValueTrace(ImmutableArray<TraceEvent> events, ImmutableArray<ISymbol> holders)
    {
        Events = events;
        Holders = holders;
    }

    public ImmutableArray<TraceEvent> Events { get; }

    /// <summary>The locals and parameters that hold the session, or an object that does.</summary>
    public ImmutableArray<ISymbol> Holders { get; }

    public bool IsDisposed => Has(TraceEventKind.Dispose);

    /// <summary>
    /// The member itself closes the session on its way out, by a using or a finally: whoever got it meanwhile only borrowed it.
    /// </summary>
    public bool IsClosedOnExit => Of(TraceEventKind.Dispose).Any(e => e.Operation is IVariableDeclaratorOperation or IUsingOperation || IsInFinally(e.Operation));

    /// <summary>Somebody else answers for the session now, or may.</summary>
    public bool IsHandedOn => Has(TraceEventKind.Return) || Has(TraceEventKind.Store) || Has(TraceEventKind.Escape);

    /// <summary>Nothing disposes it or hands it on.</summary>
    public bool IsDropped => !IsDisposed && !IsHandedOn;

    public IEnumerable<TraceEvent> Of(TraceEventKind kind) => Events.Where(e => e.Kind == kind);

    public bool Has(TraceEventKind kind) => Of(kind).Any();

    private static bool IsInFinally(IOperation operation)
    {
        for (var current = operation; current.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case ITryOperation attempt:
                    return attempt.Finally == current;
                case IConditionalOperation conditional when conditional.Condition != current && !NullChecks.Is(conditional.Condition):
                case ICatchClauseOperation or ILoopOperation or IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
            }
        }

        return false;
    }

    public bool ReturnsFrom(ISymbol function) =>
        Of(TraceEventKind.Return).Any(e => SymbolEqualityComparer.Default.Equals(e.Target, function)
            || (e.Target is IParameterSymbol parameter && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, function)));
}
