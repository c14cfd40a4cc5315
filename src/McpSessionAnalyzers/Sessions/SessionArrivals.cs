using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
                && (_facts.Members.KeptBy(parameter, cancellationToken) ?? CapturedAs(parameter, cancellationToken)) is { } member
                && !owned.Any(other => SymbolEqualityComparer.Default.Equals(other.Member, member))
                && SymbolEqualityComparer.Default.Equals(member.ContainingType, type)
                && CreationsWithOpening(parameter, IsKeptToItself(parameter, member, cancellationToken), cancellationToken) is { IsEmpty: false } openings)
            {
                yield return new OwnedMember(member, openings, ImmutableArray<ISymbol>.Empty);
            }
        }
    }

    /// <summary>
    /// A primary constructor's parameter that methods of the type use is a field in all but name; one that any of them gives away is somebody
    /// else's too.
    /// </summary>
    private IParameterSymbol? CapturedAs(IParameterSymbol parameter, CancellationToken cancellationToken)
    {
        // The base class gets it too, and may close it.
        if (parameter.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellationToken).FirstAncestorOrSelf<TypeDeclarationSyntax>()?.BaseList?.Types
            .Any(type => type is PrimaryConstructorBaseTypeSyntax { ArgumentList.Arguments.Count: > 0 }) == true))
        {
            return null;
        }

        var isUsed = false;
        foreach (var body in TypeBodies.ThatName(parameter, parameter.ContainingType, _facts.Bodies, cancellationToken))
        {
            foreach (var reference in body.ReferencesTo(parameter))
            {
                isUsed = true;
                if (body.Member is not IMethodSymbol { MethodKind: not MethodKind.Constructor } || !_facts.Openings.TraceOf(reference, body, cancellationToken).IsDropped)
                {
                    return null;
                }
            }
        }

        return isUsed ? parameter : null;
    }

    /// <summary>A private member takes it and nothing else does: whoever has the object still doesn't have the session.</summary>
    private bool IsKeptToItself(IParameterSymbol parameter, ISymbol member, CancellationToken cancellationToken) =>
        member is IParameterSymbol
        || member.DeclaredAccessibility == Accessibility.Private
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
