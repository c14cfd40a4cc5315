using System.Collections.Immutable;
using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>How a registration with a container comes to a session that it can't keep, or can't close.</summary>
internal enum RegisteredSessionKind
{
    /// <summary>The container makes the session, or the delegate that it calls opens one.</summary>
    Opened,

    /// <summary>What the container makes opens a session into a member of its own.</summary>
    Kept,

    /// <summary>A task or a lazy is registered, and the container doesn't look into it.</summary>
    NeverClosed,
}

/// <summary>Answers "what becomes of sessions that this registration makes?"; null where it makes none, or they live as long as the application.</summary>
/// <param name="Kind">How.</param>
/// <param name="Type">The registered type.</param>
/// <param name="Member">The member that keeps the session, if one does.</param>
/// <param name="Openings">Where the sessions are opened.</param>
internal sealed record RegisteredSession(RegisteredSessionKind Kind, ITypeSymbol Type, ISymbol? Member, ImmutableArray<TracedOpening> Openings)
{
    public static RegisteredSession? Of(RegistrationCall call, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if ((call.Service ?? call.Instance?.Type) is not { TypeKind: not TypeKind.Error } service)
        {
            return null;
        }

        var sessions = facts.Sessions;
        var openings = sessions.Types.MayCarry(service) || !call.IsSingleton
            ? RegisteredOpenings.Of(call, facts, cancellationToken)
            : ImmutableArray<TracedOpening>.Empty;
        if (IsTaskOfSession(service, sessions, cancellationToken)
            && openings.Where(static opening => !SessionMembers.IsDisposedForGood(opening)).ToImmutableArray() is { IsEmpty: false } open)
        {
            return new(RegisteredSessionKind.NeverClosed, service, null, open);
        }

        if (call.IsSingleton)
        {
            return null;
        }

        if (!openings.IsEmpty)
        {
            return new(RegisteredSessionKind.Opened, service, null, openings);
        }

        if (call.Factory is not null)
        {
            // A factory that hands on what another registration made says nothing of the session's life.
            return RegisteredOpenings.ScopesOf(call, facts, cancellationToken)
                .SelectMany(static scope => FactoryResults.CreatedBy(FactoryResults.Of(scope.Scope)))
                .Select(made => KeptBy(made, service, facts, cancellationToken))
                .FirstOrDefault(static kept => kept is not null);
        }

        var implementation = call.Implementation ?? service;
        return sessions.Types.IsSession(implementation) || sessions.Types.IsSharedSession(implementation)
            ? new(RegisteredSessionKind.Opened, service, null, openings)
            : KeptBy(implementation, service, facts, cancellationToken);
    }

    private static RegisteredSession? KeptBy(ITypeSymbol made, ITypeSymbol service, CompilationFacts facts, CancellationToken cancellationToken)
    {
        for (var type = made as INamedTypeSymbol; type is { DeclaringSyntaxReferences.IsEmpty: false }; type = type.BaseType)
        {
            foreach (var owned in facts.Sessions.Members.OwnedBy(type, cancellationToken))
            {
                if (!owned.Member.IsStatic
                    && owned.Stores.Where(store => IsKeptForLater(owned.Member, store, facts, cancellationToken)).ToImmutableArray() is { IsEmpty: false } stores
                    // A singleton wins over this registration. What a framework makes per call is MSA1001's, at the opening.
                    && facts.Calls.LifetimeOf((INamedTypeSymbol)made, cancellationToken) is { Kind: not (InstanceLifetimeKind.Singleton or InstanceLifetimeKind.FrameworkCreatedPerCall) })
                {
                    return new(RegisteredSessionKind.Kept, service, owned.Member, stores);
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Into the object itself (what a static factory puts into a new object is no business of the container's), to be found there by the next
    /// call: neither closed by the invocation that opens it, nor taken up again by its id.
    /// </summary>
    private static bool IsKeptForLater(ISymbol member, TracedOpening store, CompilationFacts facts, CancellationToken cancellationToken) =>
        store.Opening.Kind != OpeningKind.Resume
        && store.Opening.Innermost.Kind != OpeningKind.Resume
        && store.Trace.Of(TraceEventKind.Store).Any(e => SymbolEqualityComparer.Default.Equals(e.Target?.OriginalDefinition, member))
        && !FieldClosing.IsClosedInSameInvocation(member, store, facts, cancellationToken);

    /// <summary><c>Task&lt;session&gt;</c>, <c>Lazy&lt;Task&lt;session&gt;&gt;</c>: the container disposes the task, at best, and never the session.</summary>
    private static bool IsTaskOfSession(ITypeSymbol type, SessionFacts sessions, CancellationToken cancellationToken)
    {
        var inner = type;
        while (inner is INamedTypeSymbol { TypeArguments.Length: 1, Name: "Task" or "ValueTask" or "Lazy" or "AsyncLazy", DeclaringSyntaxReferences.IsEmpty: true } wrapper)
        {
            inner = wrapper.TypeArguments[0];
        }

        return !SymbolEqualityComparer.Default.Equals(inner, type)
            && sessions.Types.MayCarry(inner)
            && (inner is not INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } owner
                || sessions.Types.IsSession(owner)
                || (sessions.Types.IsDisposable(owner) && !sessions.Members.OwnedBy(owner, cancellationToken).IsEmpty));
    }
}
