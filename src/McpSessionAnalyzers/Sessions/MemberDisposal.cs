using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does anybody dispose what this member holds?": any method of the type, of a type that it derives from or that derives from it, or, where
/// others can see the member, anybody else. What can't be followed counts as disposed.
/// </summary>
internal sealed class MemberDisposal
{
    private readonly SessionFacts _facts;

    public MemberDisposal(SessionFacts facts) => _facts = facts;

    public bool IsDisposed(OwnedMember owned, CancellationToken cancellationToken)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var pending = new Queue<ISymbol>(owned.Companions.Prepend(owned.Member));
        while (pending.Count > 0)
        {
            var member = pending.Dequeue();
            if (!seen.Add(member))
            {
                continue;
            }

            // A static, or a member of another object: whoever has that lives by rules of its own.
            if (member.IsStatic || !IsOfSameObject(member, owned.Member))
            {
                return true;
            }

            // A property that keeps its session in a field by a setter of its own.
            foreach (var field in KeptIn(member, cancellationToken))
            {
                pending.Enqueue(field);
            }

            var names = ExposedAs(member, cancellationToken).ToList();
            foreach (var symbol in names.Prepend(member))
            {
                foreach (var body in OwnBodies(symbol, member.ContainingType, cancellationToken))
                {
                    if (Ends(symbol, body, pending, cancellationToken))
                    {
                        return true;
                    }
                }
            }

            foreach (var symbol in names.Prepend(member).Where(IsVisible))
            {
                if (BodiesThatName(symbol, cancellationToken).Any(body => Ends(symbol, body, pending, cancellationToken)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether <paramref name="body"/> disposes what <paramref name="member"/> holds, or hands it where it can't be followed.</summary>
    public bool Ends(ISymbol member, MemberBody body, Queue<ISymbol>? others, CancellationToken cancellationToken)
    {
        foreach (var reference in member is IMethodSymbol getter ? CallsOf(getter, body) : body.ReferencesTo(member))
        {
            if (reference.Parent is ISimpleAssignmentOperation write && write.Target == reference)
            {
                continue;
            }

            var trace = _facts.Openings.TraceOf(reference, body, cancellationToken);
            if (trace.IsDisposed || trace.Of(TraceEventKind.Escape).Any(MayTake))
            {
                return true;
            }

            foreach (var store in trace.Of(TraceEventKind.Store))
            {
                if (store.Target is not (IFieldSymbol or IPropertySymbol) || others is null)
                {
                    return true;
                }

                others.Enqueue(store.Target.OriginalDefinition);
            }

            // Taken out and handed to the caller.
            if (trace.Has(TraceEventKind.Return) && IsEmptied(member, reference, body))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<IOperation> CallsOf(IMethodSymbol method, MemberBody body) =>
        body.Calls.OfType<IInvocationOperation>().Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method));

    /// <summary>
    /// A call of somebody else's method that asks for a session uses it, and the member still has it. One that asks for anything at all, for what can be
    /// disposed, or for the member itself (by reference), may be where sessions are collected or taken out; so may whatever isn't a call.
    /// </summary>
    private bool MayTake(TraceEvent escape) =>
        escape.Operation is not IInvocationOperation { TargetMethod: { } method }

        // A container that is given the object hands it to others from now on.
        || KnownCalls.IsServiceRegistration(method)
        || !method.Parameters.Any(parameter => _facts.Types.IsSession(parameter.Type) && parameter.OriginalDefinition.Type is not ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method })
        || method.Parameters.Any(parameter => parameter.RefKind == RefKind.Ref || parameter.Type.SpecialType == SpecialType.System_Object || _facts.Types.IsBareDisposable(parameter.Type));

    private static bool IsEmptied(ISymbol member, IOperation reference, MemberBody body) =>
        reference.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref }
        || body.ReferencesTo(member).Any(other =>
            other.Parent is ISimpleAssignmentOperation { Value: var value } assignment && assignment.Target == other
            && LocalValues.Unwrap(value).ConstantValue is { HasValue: true, Value: null });

    /// <summary>The type's own bodies that name the member, those of its bases and, for what they can see, of types that derive from it.</summary>
    private IEnumerable<MemberBody> OwnBodies(ISymbol symbol, INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        for (var current = type; current is { DeclaringSyntaxReferences.IsEmpty: false }; current = current.BaseType)
        {
            foreach (var body in TypeBodies.ThatName(symbol, Outermost(current).OriginalDefinition, _facts.Bodies, cancellationToken))
            {
                yield return body;
            }
        }
    }

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type)
    {
        while (type.ContainingType is { } container)
        {
            type = container;
        }

        return type;
    }

    private static bool IsOfSameObject(ISymbol member, ISymbol other)
    {
        for (var current = other.ContainingType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, member.ContainingType))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Properties and methods that give out what a field holds, and what the former override or implement.</summary>
    private IEnumerable<ISymbol> ExposedAs(ISymbol member, CancellationToken cancellationToken)
    {
        if (member is IPropertySymbol itself)
        {
            foreach (var contract in ImplementedBy(itself))
            {
                yield return contract;
            }
        }

        foreach (var method in member.ContainingType.GetMembers().OfType<IMethodSymbol>())
        {
            if (method.MethodKind is MethodKind.Ordinary
                && _facts.Types.MayCarry(method.ReturnType)
                && _facts.Bodies.Of(method, cancellationToken) is { } body
                && body.ReferencesTo(member).Any(reference => _facts.Openings.TraceOf(reference, body, cancellationToken).ReturnsFrom(method)))
            {
                yield return method.OriginalDefinition;
            }
        }

        foreach (var property in member.ContainingType.GetMembers().OfType<IPropertySymbol>())
        {
            if (!SymbolEqualityComparer.Default.Equals(property, member)
                && property.GetMethod is { } getter
                && _facts.Types.MayCarry(property.Type)
                && _facts.Bodies.Of(getter, cancellationToken) is { } body
                && body.ReferencesTo(member).Any())
            {
                for (var current = property; current is not null; current = current.OverriddenProperty)
                {
                    yield return current.OriginalDefinition;
                }

                foreach (var contract in ImplementedBy(property))
                {
                    yield return contract;
                }
            }
        }
    }

    private static IEnumerable<ISymbol> ImplementedBy(IPropertySymbol property) =>
        property.ContainingType.AllInterfaces
            .SelectMany(one => one.GetMembers().OfType<IPropertySymbol>())
            .Where(contract => !contract.DeclaringSyntaxReferences.IsEmpty
                && SymbolEqualityComparer.Default.Equals(property.ContainingType.FindImplementationForInterfaceMember(contract), property))
            .Select(contract => (ISymbol)contract.OriginalDefinition);

    private IEnumerable<ISymbol> KeptIn(ISymbol member, CancellationToken cancellationToken) =>
        member is IPropertySymbol { SetMethod: { } setter } && _facts.Bodies.Of(setter, cancellationToken) is { } body
            ? body.Root.Descendants().OfType<IFieldReferenceOperation>()
                .Where(field => field.Instance is null or IInstanceReferenceOperation && _facts.Types.MayCarry(field.Type))
                .Select(field => (ISymbol)field.Field.OriginalDefinition)
                .Distinct<ISymbol>(SymbolEqualityComparer.Default)
            : Array.Empty<ISymbol>();

    private static bool IsVisible(ISymbol symbol) => symbol.DeclaredAccessibility != Accessibility.Private;

    /// <summary>Bodies anywhere in the compilation that mention a member of this name. Asked only of members that are about to be reported.</summary>
    private IEnumerable<MemberBody> BodiesThatName(ISymbol symbol, CancellationToken cancellationToken)
    {
        var seen = new HashSet<MemberBody>();
        foreach (var file in _facts.Bodies.FilesThatUse(symbol.Name, cancellationToken))
        {
            foreach (var name in file.UsesOf(symbol.Name, cancellationToken))
            {
                if (_facts.Bodies.Containing(name, cancellationToken) is { } body && seen.Add(body))
                {
                    yield return body;
                }
            }
        }
    }
}
