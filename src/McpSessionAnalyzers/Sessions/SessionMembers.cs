using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Answers "which members of this type own sessions?": those that the type opens one into. Thread-safe, cached per type.</summary>
internal sealed class SessionMembers
{
    private readonly SessionFacts _facts;
    private readonly ConcurrentDictionary<INamedTypeSymbol, ImmutableArray<OwnedMember>> _known = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _opensLater = new(SymbolEqualityComparer.Default);

    public SessionMembers(SessionFacts facts) => _facts = facts;

    /// <summary>Fields and properties declared in <paramref name="type"/> that may hold a session: the cheap question before the others.</summary>
    public IEnumerable<ISymbol> CandidatesOf(INamedTypeSymbol type) => type.GetMembers().Where(member => !member.IsImplicitlyDeclared && member switch
    {
        IFieldSymbol { IsConst: false } field => _facts.Types.MayCarry(field.Type),
        IPropertySymbol { IsIndexer: false } property => _facts.Types.MayCarry(property.Type),
        _ => false,
    });

    /// <summary>Members that the type opens sessions into, in order of declaration.</summary>
    public ImmutableArray<OwnedMember> OwnedBy(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        type = type.OriginalDefinition;
        return _known.TryGetValue(type, out var known) ? known : _known.GetOrAdd(type, Collect(type, cancellationToken));
    }

    private ImmutableArray<OwnedMember> Collect(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var candidates = CandidatesOf(type).ToList();
        if (candidates.Count == 0 || type.DeclaringSyntaxReferences.IsEmpty)
        {
            return ImmutableArray<OwnedMember>.Empty;
        }

        var stores = new List<(ISymbol Member, TracedOpening Opening, IEnumerable<ISymbol> All)>();
        foreach (var body in TypeBodies.ThatMayOpen(type, _facts, cancellationToken))
        {
            foreach (var opening in _facts.Openings.AllIn(body, cancellationToken).Concat(OwnersMadeIn(body, cancellationToken)))
            {
                // Who else has it may close it: _mcp = Own(await …), where a base class collects what it owns.
                if (opening.Trace.Has(TraceEventKind.Escape)
                    || opening.Trace.Of(TraceEventKind.Store).Any(store => store.Target is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.Constructor } }))
                {
                    continue;
                }

                var targets = TargetsOf(opening, type, cancellationToken).Distinct<ISymbol>(SymbolEqualityComparer.Default).ToList();
                stores.AddRange(targets
                    .Where(target => candidates.Contains(target, SymbolEqualityComparer.Default) && !IsDisposedForGood(opening))
                    .Select(target => (target, opening, targets.AsEnumerable())));
            }
        }

        return candidates
            .Select(member => (Member: member, Stores: stores.Where(store => SymbolEqualityComparer.Default.Equals(store.Member, member)).ToList()))
            .Where(owned => owned.Stores.Count > 0)
            .Select(owned => new OwnedMember(
                owned.Member,
                owned.Stores.Select(store => store.Opening).ToImmutableArray(),
                owned.Stores.SelectMany(store => store.All)
                    .Where(other => !SymbolEqualityComparer.Default.Equals(other, owned.Member))
                    .Distinct<ISymbol>(SymbolEqualityComparer.Default)
                    .ToImmutableArray()))
            .ToImmutableArray();
    }

    /// <summary>Creations of types that own a session though their construction opens none yet: whoever makes one must dispose it.</summary>
    private IEnumerable<TracedOpening> OwnersMadeIn(MemberBody body, CancellationToken cancellationToken)
    {
        foreach (var creation in body.Calls.OfType<IObjectCreationOperation>())
        {
            if (creation is { Constructor: { } constructor, Type: INamedTypeSymbol made }
                && _facts.Openings.IsCandidate(creation)
                && !_facts.Types.IsSharedSession(made)
                && OpensLater(made, cancellationToken)
                && _facts.Openings.Find(creation.Syntax, body, cancellationToken) is null)
            {
                var opening = new Opening(OpeningKind.Owner, creation, constructor, ImmutableArray<Opening>.Empty, null, ImmutableArray<IOperation>.Empty);
                yield return new TracedOpening(opening, body, _facts.Openings.TraceOf(creation, body, cancellationToken));
            }
        }
    }

    /// <summary>By openings of its own only: to ask whether it makes owners would go round in circles.</summary>
    private bool OpensLater(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        type = type.OriginalDefinition;
        return _opensLater.TryGetValue(type, out var known) ? known : _opensLater.GetOrAdd(type, ComputeOpensLater(type, cancellationToken));
    }

    private bool ComputeOpensLater(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var candidates = CandidatesOf(type).Where(member => !member.IsStatic).ToList();
        return candidates.Count > 0
            && TypeBodies.ThatMayOpen(type, _facts, cancellationToken)
                .SelectMany(body => _facts.Openings.AllIn(body, cancellationToken))
                .Any(opening => opening.Trace.Of(TraceEventKind.Store).Any(store => candidates.Contains(store.Target!, SymbolEqualityComparer.Default)));
    }

    private IEnumerable<ISymbol> TargetsOf(TracedOpening opening, INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        foreach (var store in opening.Trace.Of(TraceEventKind.Store))
        {
            if (store.Target is IFieldSymbol or IPropertySymbol)
            {
                yield return store.Target.OriginalDefinition;
            }
        }

        foreach (var target in ThroughNewInstances(opening, type, cancellationToken))
        {
            yield return target;
        }
    }

    /// <summary>A static factory of the type: <c>new Owner(client)</c>, <c>owner._client = client</c>.</summary>
    private IEnumerable<ISymbol> ThroughNewInstances(TracedOpening opening, INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        foreach (var creation in opening.Body.Calls.OfType<IObjectCreationOperation>())
        {
            if (creation.Constructor is null || !SymbolEqualityComparer.Default.Equals(creation.Type?.OriginalDefinition, type))
            {
                continue;
            }

            foreach (var argument in creation.Arguments)
            {
                if (argument.Parameter is { } parameter && IsIt(argument.Value, opening)
                    && KeptBy(parameter.OriginalDefinition, cancellationToken) is { } member)
                {
                    yield return member;
                }
            }
        }

        foreach (var member in CandidatesOf(type))
        {
            foreach (var reference in opening.Body.ReferencesTo(member))
            {
                if (reference is IMemberReferenceOperation { Instance: ILocalReferenceOperation }
                    && (reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference ? IsIt(assignment.Value, opening)
                        : reference.Parent is IInvocationOperation add && add.Instance == reference && KnownCalls.AddsToReceiver(add.TargetMethod)
                            && add.Arguments.Any(argument => IsIt(argument.Value, opening))))
                {
                    yield return member;
                }
            }
        }
    }

    private bool IsIt(IOperation value, TracedOpening opening)
    {
        var pending = new Stack<IOperation>();
        pending.Push(value);
        while (pending.Count > 0)
        {
            switch (LocalValues.Unwrap(pending.Pop()))
            {
                case ILocalReferenceOperation local when opening.Trace.Holders.Contains(local.Local, SymbolEqualityComparer.Default):
                case var other when OwnWaits.IsFor(opening, other):
                    return true;
                case IArrayCreationOperation { Initializer: { } elements }:
                    elements.ElementValues.ToList().ForEach(pending.Push);
                    break;

                // A collection expression and a spread in one, which Roslyn 4.5 can't name.
                case { Kind: (OperationKind)127 or (OperationKind)128 } collection:
                    collection.ChildOperations.ToList().ForEach(pending.Push);
                    break;

                // clients.ToArray()
                case IInvocationOperation { TargetMethod: var method, Instance: var instance, Arguments: var arguments } when (_facts.Calls.IsLinq(method) || method.Name is "ToArray" or "AsReadOnly") && (instance ?? arguments.FirstOrDefault()?.Value) is { } source:
                    pending.Push(source);
                    break;
            }
        }

        return false;
    }

    /// <summary>The member that a constructor puts its parameter into.</summary>
    public ISymbol? KeptBy(IParameterSymbol parameter, CancellationToken cancellationToken)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol constructor)
        {
            return null;
        }

        // A record's positional parameter is its property; a primary constructor's may initialize a member.
        if (parameter.ContainingType.IsRecord
            && parameter.ContainingType.GetMembers(parameter.Name).OfType<IPropertySymbol>().FirstOrDefault() is { } property)
        {
            return property;
        }

        var bodies = _facts.Bodies.Of(constructor, cancellationToken) is { } own ? new[] { own } : TypeBodies.ThatName(parameter, parameter.ContainingType, _facts.Bodies, cancellationToken);
        foreach (var reference in bodies.SelectMany(body => body.ReferencesTo(parameter)))
        {
            var value = reference;
            while (value.Parent is IConversionOperation or ICoalesceOperation or IParenthesizedOperation)
            {
                value = value.Parent;
            }

            switch (value.Parent)
            {
                case ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } target } assignment
                    when assignment.Value == value:
                    return target.Member.OriginalDefinition;
                case IFieldInitializerOperation { InitializedFields: { Length: > 0 } fields }:
                    return fields[0];
                case IPropertyInitializerOperation { InitializedProperties: { Length: > 0 } properties }:
                    return properties[0];
            }
        }

        return null;
    }

    /// <summary><c>if (_all.TryAdd(key, mcp)) return mcp; await mcp.DisposeAsync();</c></summary>
    private static bool LostRaceBefore(IOperation statement, IBlockOperation block, TracedOpening opening) =>
        block.Operations.TakeWhile(one => one != statement).OfType<IConditionalOperation>().Any(check =>
            check.WhenTrue.DescendantsAndSelf().Any(part => part is IReturnOperation)
            && opening.Trace.Of(TraceEventKind.Store).Any(store => check.Condition.Syntax.Span.Contains(store.Operation.Syntax.Span)));

    /// <summary>
    /// The opening's own function (or a callback that it registers) disposes the session besides storing it. Not so where that is the way out of a
    /// failure: a catch, or the loser of a race for the field.
    /// </summary>
    public static bool IsDisposedForGood(TracedOpening opening) =>
        opening.Trace.Of(TraceEventKind.Dispose).Any(disposal =>
        {
            for (var current = disposal.Operation; current is not null; current = current.Parent)
            {
                switch (current)
                {
                    case IAnonymousFunctionOperation or ILocalFunctionOperation
                        when !SymbolEqualityComparer.Default.Equals(opening.Body.FunctionOf(disposal.Operation), opening.Function):
                        return true;
                    case ICatchClauseOperation or IConditionalOperation or ISwitchCaseOperation:
                    case { Parent: IBlockOperation block } when LostRaceBefore(current, block, opening):
                        return false;
                }
            }

            return true;
        });
}
