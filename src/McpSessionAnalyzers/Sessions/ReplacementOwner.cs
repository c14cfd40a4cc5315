using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does the code that overwrites a member answer for the session in it?": its type opens into the member, or disposes it; else the member is an alias
/// of what somebody else owns. Where MSA1001 speaks of the member's session (one invocation both opens and ends it, or the instance lives for one
/// call), the answer is no.
/// </summary>
internal static class ReplacementOwner
{
    public static bool Is(SessionPlace place, IMemberReferenceOperation target, MemberBody body, CompilationFacts facts, CancellationToken cancellationToken) =>
        place.IsElsewhere ? IsElsewhere(place, target, body, facts, cancellationToken) : IsOwn(place.Member, facts, cancellationToken);

    private static bool IsOwn(ISymbol field, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var sessions = facts.Sessions;
        if (sessions.Members.OwnedBy(field.ContainingType, cancellationToken).FirstOrDefault(owned => SymbolEqualityComparer.Default.Equals(owned.Member, field)) is not { } member)
        {
            return IsDisposed(field, field.ContainingType, sessions, cancellationToken);
        }

        if (!field.IsStatic && facts.Calls.LifetimeOf(field.ContainingType, cancellationToken).Kind == Calls.InstanceLifetimeKind.FrameworkCreatedPerCall)
        {
            return false;
        }

        if (FieldClosing.IsClosedWhereverOpened(member, facts, cancellationToken))
        {
            return false;
        }

        if (member.Stores.Any(store => facts.Calls.Of(store.Opening.Operation, cancellationToken).IsPerCall
            && FieldClosing.IsClosedInSameInvocation(field, store, facts, cancellationToken)))
        {
            return false;
        }

        // The same session is in a collection too: the field is a second name for it, unless it is the one that gets disposed.
        return member.Companions.IsEmpty || IsDisposed(field, field.ContainingType, sessions, cancellationToken);
    }

    /// <summary>A member of another object: the type that overwrites it opens into it, or one of the two closes it somewhere.</summary>
    private static bool IsElsewhere(SessionPlace place, IMemberReferenceOperation target, MemberBody body, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var (sessions, type) = (facts.Sessions, body.Member.ContainingType);

        // For one call only, or ended by this very invocation: MSA1001's.
        if (facts.Calls.LifetimeOf(type, cancellationToken).Kind == Calls.InstanceLifetimeKind.FrameworkCreatedPerCall
            || place.In(body).Any(reference => reference.Syntax.SpanStart > target.Syntax.SpanStart && sessions.Openings.TraceOf(reference, body, cancellationToken).IsDisposed))
        {
            return false;
        }

        return sessions.Members.OwnedBy(type, cancellationToken).Any(owned => SymbolEqualityComparer.Default.Equals(owned.Member, place.Owner[0])
                && owned.Stores.Any(store => target.Parent?.Syntax.Span.Contains(store.Opening.Operation.Syntax.Span) == true))
            || IsDisposed(place.Member, type, sessions, cancellationToken)
            || IsDisposed(place.Member, place.Member.ContainingType, sessions, cancellationToken);
    }

    private static bool IsDisposed(ISymbol field, INamedTypeSymbol type, SessionFacts sessions, CancellationToken cancellationToken) =>
        TypeBodies.ThatName(field, type, sessions.Bodies, cancellationToken)
            .Any(body => body.ReferencesTo(field).Any(reference => sessions.Openings.TraceOf(reference, body, cancellationToken).IsDisposed));
}
