using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Which members that an operation overwrites are worth asking whether they hold a session: by their types and the objects that have them.</summary>
internal static class ReplacementTargets
{
    /// <summary>The member that <paramref name="operation"/> overwrites, by assignment, <c>Volatile.Write</c> or an <c>Interlocked.Exchange</c> whose result is dropped.</summary>
    public static IMemberReferenceOperation? Of(IOperation operation, MemberBody body, SessionFacts facts)
    {
        var place = operation switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target,
            IInvocationOperation { TargetMethod.Name: "Exchange" or "Write" } call when facts.Calls.IsInterlocked(call.TargetMethod)
                && call.Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } =>
                call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value,

            // (_mcp, _tools) = await OpenAsync(); what stands on both sides is a swap.
            IDeconstructionAssignmentOperation { Target: ITupleOperation targets } deconstruction => targets.Elements.FirstOrDefault(element =>
                element is IMemberReferenceOperation { Member: var member } && HoldsOne(element.Type, facts)
                && !deconstruction.Value.DescendantsAndSelf().Any(part => part is IMemberReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Member, member))),
            _ => null,
        };

        return place is IFieldReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: false }
            && (IMemberReferenceOperation)place is var target
            && (HoldsOne(target.Type, facts) || HoldsMany(target.Type, facts))
            && !SetterCloses(target, facts)
            && (target.Instance is null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } || IsOfKeptObject(target, body))
                ? target
                : null;
    }

    /// <summary>A list, dictionary or array of sessions.</summary>
    public static bool HoldsMany(ITypeSymbol? type, SessionFacts facts) => type switch
    {
        IArrayTypeSymbol array => HoldsOne(array.ElementType, facts),
        INamedTypeSymbol { TypeArguments.IsEmpty: false } collection => !HoldsOne(type, facts) && collection.TypeArguments.Any(argument => HoldsOne(argument, facts))
            && collection.AllInterfaces.Prepend(collection).Any(one => one.SpecialType == SpecialType.System_Collections_IEnumerable),
        _ => false,
    };

    /// <summary>A session, or a task or lazy of one.</summary>
    private static bool HoldsOne(ITypeSymbol? type, SessionFacts facts)
    {
        var bare = type;
        while (bare is INamedTypeSymbol { TypeArguments.Length: 1, Name: "Task" or "ValueTask" or "Lazy" } wrapper)
        {
            bare = wrapper.TypeArguments[0];
        }

        return facts.Types.IsSession(bare) || facts.Types.IsSharedSession(bare)
            || (bare is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false, TypeKind: TypeKind.Class } && facts.Types.IsDisposable(bare) && facts.Types.MayCarry(bare));
    }

    /// <summary>
    /// A plain member of an object that was there before: one that this object keeps, or an entry looked up in a collection. Any other may be new, and a setter
    /// with code of its own may have seen to the old value.
    /// </summary>
    private static bool IsOfKeptObject(IMemberReferenceOperation target, MemberBody body)
    {
        if (target.Member.DeclaringSyntaxReferences.IsEmpty
            || (target.Member is IPropertySymbol property && !property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)))
            || SessionPlace.Of(target) is not { Owner: { Length: > 0 } owner })
        {
            return false;
        }

        // An object that this code has put there, or was handed, may be new.
        return owner.All(name => name is not (IFieldSymbol or IPropertySymbol) || !body.Stores(name))
            && owner[0] switch
            {
                IFieldSymbol or IPropertySymbol => true,
                IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } => !SymbolEqualityComparer.Default.Equals(constructor, body.Member),
                ILocalSymbol local => LocalValues.Of(local, body) is { Count: > 0 } values && values.All(IsLookup),
                _ => false,
            };
    }

    /// <summary>A setter with code of its own that takes the old value out, or closes it.</summary>
    private static bool SetterCloses(IMemberReferenceOperation target, SessionFacts facts) =>
        target is IPropertyReferenceOperation { Property: { SetMethod: { } setter, DeclaringSyntaxReferences.IsEmpty: false } }
        && facts.Bodies.Of(setter, CancellationToken.None) is { } body
        && body.Operations.Any(operation => operation is IInvocationOperation call && (facts.Calls.Disposes(call.TargetMethod) || facts.Calls.IsInterlocked(call.TargetMethod)));

    private static bool IsLookup(IOperation value) => LocalValues.DecidedBy(value) switch
    {
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } collection } => IsKept(collection),
        IInvocationOperation { TargetMethod: { Name: "TryGetValue" or "GetValueOrDefault", DeclaringSyntaxReferences.IsEmpty: true } } lookup =>
            (lookup.Instance ?? lookup.Arguments.FirstOrDefault()?.Value) is { } collection && IsKept(collection),
        _ => false,
    };

    private static bool IsKept(IOperation collection) =>
        LocalValues.Unwrap(collection) is IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } or IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation };
}
