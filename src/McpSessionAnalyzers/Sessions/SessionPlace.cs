using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Where a session is kept: <c>_mcp</c>, a member of the object itself or of its type, or <c>_server.Session</c>, a member of another object that the code
/// has a name for.
/// </summary>
/// <param name="Member">The field or property.</param>
/// <param name="Owner">The names that lead to the object which has the member; none for the object itself and for its type.</param>
internal sealed record SessionPlace(ISymbol Member, ImmutableArray<ISymbol> Owner)
{
    public SessionPlace(ISymbol member)
        : this(member.OriginalDefinition, ImmutableArray<ISymbol>.Empty)
    {
    }

    /// <summary>The member is another object's.</summary>
    public bool IsElsewhere => !Owner.IsEmpty;

    /// <summary>The place that <paramref name="member"/> names; null where no names lead to it.</summary>
    public static SessionPlace? Of(IMemberReferenceOperation member) =>
        OwnerOf(member) is { } owner ? new SessionPlace(member.Member.OriginalDefinition, owner) : null;

    public bool Is(IOperation operation) =>
        LocalValues.Unwrap(operation) is IMemberReferenceOperation member
        && SymbolEqualityComparer.Default.Equals(member.Member.OriginalDefinition, Member)
        && (IsElsewhere ? OwnerOf(member) is { } owner && IsSame(owner) : member.Instance is null or IInstanceReferenceOperation);

    /// <summary>Whether <paramref name="operation"/> names the other object.</summary>
    public bool IsOwner(IOperation? operation) => IsElsewhere && operation is not null && PathOf(operation) is { } path && IsSame(path);

    /// <summary>Where a body names the place. A member of the object itself may be asked for through any name of the object.</summary>
    public IEnumerable<IOperation> In(MemberBody body) => IsElsewhere ? body.ReferencesTo(Member).Where(Is) : body.ReferencesTo(Member);

    private bool IsSame(ImmutableArray<ISymbol> other) =>
        other.Length == Owner.Length && other.Zip(Owner, static (one, another) => SymbolEqualityComparer.Default.Equals(one, another)).All(static same => same);

    private static ImmutableArray<ISymbol>? OwnerOf(IMemberReferenceOperation member) =>
        member.Instance is { } instance ? PathOf(instance) : ImmutableArray<ISymbol>.Empty;

    private static ImmutableArray<ISymbol>? PathOf(IOperation operation)
    {
        var names = ImmutableArray.CreateBuilder<ISymbol>();
        for (var current = LocalValues.Unwrap(operation); ;)
        {
            switch (current)
            {
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    return Reversed();
                case ILocalReferenceOperation local:
                    names.Add(local.Local);
                    return Reversed();
                case IParameterReferenceOperation parameter:
                    names.Add(parameter.Parameter);
                    return Reversed();
                case IFieldReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: false }:
                    var member = (IMemberReferenceOperation)current;
                    names.Add(member.Member.OriginalDefinition);
                    if (member.Instance is null)
                    {
                        return Reversed();
                    }

                    current = LocalValues.Unwrap(member.Instance);
                    continue;
                case IConditionalAccessInstanceOperation when ReceiverOf(current) is { } receiver:
                    current = LocalValues.Unwrap(receiver);
                    continue;
                default:
                    return null;
            }
        }

        ImmutableArray<ISymbol> Reversed()
        {
            names.Reverse();
            return names.ToImmutable();
        }
    }

    private static IOperation? ReceiverOf(IOperation instance)
    {
        for (var current = instance.Parent; current is not null; current = current.Parent)
        {
            if (current is IConditionalAccessOperation access && access.Operation.Syntax == instance.Syntax)
            {
                return access.Operation;
            }
        }

        return null;
    }
}
