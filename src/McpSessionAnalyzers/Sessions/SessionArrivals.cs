using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Sessions that come into an object through its constructor belong to whoever passed them; unless nobody else can reach them, as in
/// <c>new Owner(await McpClient.CreateAsync(…))</c>: then the object owns them.
/// </summary>
internal sealed class SessionArrivals
{
    private readonly SessionFacts _facts;

    public SessionArrivals(SessionFacts facts) => _facts = facts;

    /// <summary>The members of <paramref name="type"/> that such sessions end up in.</summary>
    public IEnumerable<OwnedMember> Into(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        // A record that is no disposable is a handle: whoever keeps it closes what is in it.
        if (type.IsRecord && !_facts.Types.IsDisposable(type))
        {
            yield break;
        }

        var owned = _facts.Members.OwnedBy(type, cancellationToken);
        foreach (var parameter in type.InstanceConstructors.SelectMany(constructor => constructor.Parameters))
        {
            if (_facts.Types.MayCarry(parameter.Type)
                && _facts.Members.KeptBy(parameter, cancellationToken) is { } member
                && !owned.Any(other => SymbolEqualityComparer.Default.Equals(other.Member, member))
                && SymbolEqualityComparer.Default.Equals(member.ContainingType, type)
                && CreationsWithOpening(parameter, IsKeptToItself(parameter, member, cancellationToken), cancellationToken) is { IsEmpty: false } openings)
            {
                yield return new OwnedMember(member, openings, ImmutableArray<ISymbol>.Empty);
            }
        }
    }

    /// <summary>A private member takes it and nothing else does: whoever has the object still doesn't have the session.</summary>
    private bool IsKeptToItself(IParameterSymbol parameter, ISymbol member, CancellationToken cancellationToken) =>
        member.DeclaredAccessibility == Accessibility.Private
        && TypeBodies.ThatName(parameter, parameter.ContainingType, _facts.Bodies, cancellationToken).Distinct().SelectMany(body => body.ReferencesTo(parameter)).Count() == 1;

    private ImmutableArray<TracedOpening> CreationsWithOpening(IParameterSymbol parameter, bool isKeptToItself, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<TracedOpening>();
        foreach (var file in _facts.Bodies.FilesThatUse(parameter.ContainingType.Name, cancellationToken))
        {
            foreach (var syntax in file.Creations(cancellationToken))
            {
                if (syntax.ArgumentList?.Arguments.Count > 0
                    && _facts.Bodies.Containing(syntax, cancellationToken) is { } body
                    && body.Find(syntax) is IObjectCreationOperation { Constructor: { } constructor } creation
                    && SymbolEqualityComparer.Default.Equals(constructor.OriginalDefinition, parameter.ContainingSymbol)
                    && creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal) is { } argument
                    && OwnWaits.Bare(argument.Value, _facts.Calls) is var value
                    && _facts.Openings.IsCandidate(value)
                    && _facts.Openings.Find(value.Syntax, body, cancellationToken) is { } opening
                    && (isKeptToItself || !opening.Trace.IsHandedOn))
                {
                    found.Add(opening);
                }
            }
        }

        return found.ToImmutable();
    }
}
