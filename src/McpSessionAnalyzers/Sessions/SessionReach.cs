using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>How far a session reaches from the invocation that opens it.</summary>
internal enum SessionReachKind
{
    /// <summary>It ends, or is dropped, with the invocation.</summary>
    EndsWithCall,

    /// <summary>It goes into a field of an object that itself is made for one call.</summary>
    EndsWithInstance,

    /// <summary>A field takes it and the same invocation empties that field again.</summary>
    ClosedAgain,

    /// <summary>The function's caller gets it and answers for it.</summary>
    HandedToCaller,

    /// <summary>It outlives the call, or may.</summary>
    OutlivesCall,
}

/// <summary>Answers "does the session outlive the call?", with the instance lifetime that decides where one does.</summary>
internal sealed record SessionReach(SessionReachKind Kind, InstanceLifetime? Instance)
{
    private static readonly SessionReach Outlives = new(SessionReachKind.OutlivesCall, null);

    public bool EndsWithCall => Kind is SessionReachKind.EndsWithCall or SessionReachKind.EndsWithInstance or SessionReachKind.ClosedAgain;

    public static SessionReach Of(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var trace = traced.Trace;
        if (trace.IsClosedOnExit)
        {
            return new SessionReach(SessionReachKind.EndsWithCall, null);
        }

        if (trace.Has(TraceEventKind.Escape))
        {
            return Outlives;
        }

        if (OuterLocals.KeepIt(traced, facts, cancellationToken))
        {
            return Outlives;
        }

        SessionReach? byInstance = null;
        foreach (var store in trace.Of(TraceEventKind.Store))
        {
            var reach = OfStore(store, traced, facts, cancellationToken);
            if (!reach.EndsWithCall)
            {
                return Outlives;
            }

            byInstance ??= reach;
        }

        if (byInstance is not null)
        {
            return byInstance;
        }

        return new SessionReach(trace.Has(TraceEventKind.Return) ? SessionReachKind.HandedToCaller : SessionReachKind.EndsWithCall, null);
    }

    private static SessionReach OfStore(TraceEvent store, TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (store.Target is not { } target || target.IsStatic || TypeOf(target) is not { } type)
        {
            return Outlives;
        }

        if (facts.Calls.FrameworkLifetimeOf(type, cancellationToken) is { } lifetime)
        {
            return new SessionReach(SessionReachKind.EndsWithInstance, lifetime);
        }

        return FieldClosing.IsClosedInSameInvocation(target, traced, facts, cancellationToken)
            ? new SessionReach(SessionReachKind.ClosedAgain, null)
            : Outlives;
    }

    /// <summary>The type whose instance keeps it. A parameter here is a primary constructor's, or of a method that keeps it somewhere of its own.</summary>
    private static INamedTypeSymbol? TypeOf(ISymbol target) => target switch
    {
        IFieldSymbol or IPropertySymbol => target.ContainingType,
        IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } => constructor.ContainingType,
        _ => null,
    };
}
