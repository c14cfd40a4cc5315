using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

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

    /// <summary>Somebody else answers for the session now, or may.</summary>
    public bool IsHandedOn => Has(TraceEventKind.Return) || Has(TraceEventKind.Store) || Has(TraceEventKind.Escape);

    /// <summary>Nothing disposes it or hands it on.</summary>
    public bool IsDropped => !IsDisposed && !IsHandedOn;

    public IEnumerable<TraceEvent> Of(TraceEventKind kind) => Events.Where(e => e.Kind == kind);

    public bool Has(TraceEventKind kind) => Of(kind).Any();

    public bool ReturnsFrom(ISymbol function) =>
        Of(TraceEventKind.Return).Any(e => SymbolEqualityComparer.Default.Equals(e.Target, function)
            || (e.Target is IParameterSymbol parameter && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, function)));
}
