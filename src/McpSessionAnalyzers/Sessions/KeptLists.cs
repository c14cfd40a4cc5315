using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "is what a call lists kept for the next call?": the list itself, or what is made of it (names, descriptions, a dictionary), in a field, a cache,
/// or whatever stands behind a check for it.
/// </summary>
internal sealed class KeptLists
{
    private static readonly HashSet<string> KeepingVerbs = new() { "set", "save", "store", "put", "cache", "remember", "upsert", "persist" };

    private readonly CompilationFacts _facts;
    private readonly SessionFacts _sessions;
    private readonly CancellationToken _cancellationToken;

    public KeptLists(CompilationFacts facts, CancellationToken cancellationToken)
    {
        _facts = facts;
        _sessions = facts.Sessions;
        _cancellationToken = cancellationToken;
    }

    public bool Keep(IInvocationOperation call, MemberBody body)
    {
        if (body.Find(call.Syntax) is not { } own)
        {
            return true;
        }

        var trace = _sessions.Openings.TraceOf(own, body, _cancellationToken);
        return trace.Of(TraceEventKind.DependentLeaves).Any(e => e.Operation is not IReturnOperation && !EndsWithCall(e.Target))
            || trace.Of(TraceEventKind.DependentUse).Any(e => e.Operation is IInvocationOperation { TargetMethod.Name: "Set" or "SetAsync" or "Add" or "TryAdd" or "Put" or "Store" or "GetOrAdd" })
            || IsInCacheFactory(own)
            || KeepsWhatComesOf(own, body)
            || AllCallersKeep(body);
    }

    /// <summary><c>_names ??= await LoadNamesAsync();</c>: the helper lists whenever it is called, and its callers see to it that this is once.</summary>
    private bool AllCallersKeep(MemberBody body)
    {
        if (body.Member is not IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary, ReturnsVoid: false } helper)
        {
            return false;
        }

        var calls = TypeBodies.ThatName(helper, helper.ContainingType, _sessions.Bodies, _cancellationToken)
            .Where(caller => !ReferenceEquals(caller, body))
            .SelectMany(caller => caller.Calls.OfType<IInvocationOperation>().Select(call => (Call: call, Body: caller)))
            .Where(pair => SymbolEqualityComparer.Default.Equals(pair.Call.TargetMethod.OriginalDefinition, helper.OriginalDefinition))
            .ToList();
        return calls.Count > 0 && calls.TrueForAll(pair => IsInCacheFactory(pair.Call) || KeepsWhatComesOf(pair.Call, pair.Body));
    }

    /// <summary>Something made of the list goes where the code has looked before it asked the server, or into a cache.</summary>
    private bool KeepsWhatComesOf(IOperation list, MemberBody body)
    {
        var derived = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        while (Grow(derived, list, body))
        {
        }

        foreach (var operation in body.Root.Descendants())
        {
            switch (operation)
            {
                case IAssignmentOperation assignment when MemberOf(assignment.Target) is { } member && !EndsWithCall(member)
                        && (HasPart(assignment.Value, list, derived) || (assignment is IDeconstructionAssignmentOperation && HasPart(assignment, list, derived))):
                    if (assignment is ICoalesceAssignmentOperation || IsKeptByEntry(assignment.Target) || IsNoScalar(assignment.Target.Type) || CheckedMembers.IsCheckedBefore(member, list, body))
                    {
                        return true;
                    }

                    break;

                case IInvocationOperation call when call.Arguments.Any(argument => HasPart(argument.Value, list, derived)):
                    if (Words.Of(call.TargetMethod.Name) is { Length: > 0 } verbs && KeepingVerbs.Contains(verbs[0])
                        ? ReceiverOf(call) is not ILocalReferenceOperation
                        : ReceiverOf(call) is { } receiver && MemberOf(receiver) is { } filled && !EndsWithCall(filled) && CheckedMembers.IsCheckedBefore(filled, list, body))
                    {
                        return true;
                    }

                    break;
            }
        }

        return false;
    }

    /// <summary>A field of an object that is made for one call keeps nothing for the next: a page model's names, a controller's list.</summary>
    private bool EndsWithCall(ISymbol? member) =>
        member is IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false }
        && member.ContainingType is { } type
        && _facts.Calls.LifetimeOf(type, _cancellationToken).IsPerCall;

    /// <summary><c>entry.Value = list</c> fills an object of the call's own, and keeps the list all the same.</summary>
    private static bool IsKeptByEntry(IOperation target) => target is IPropertyReferenceOperation { Property: { Name: "Value", ContainingType.Name: "ICacheEntry" } };

    /// <summary>A count or a text that is left behind is no list; a sequence, or an object made with one, is there to be read by the next call.</summary>
    private static bool IsNoScalar(ITypeSymbol? type) => type is { SpecialType: SpecialType.None, TypeKind: not TypeKind.Enum };

    /// <summary>One more round of "what is made of it": locals whose value has a part of the list in it.</summary>
    private static bool Grow(HashSet<ISymbol> derived, IOperation list, MemberBody body)
    {
        var count = derived.Count;
        foreach (var operation in body.Root.Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when declarator.GetVariableInitializer() is { } initializer && HasPart(initializer.Value, list, derived):
                    derived.Add(declarator.Symbol);
                    break;
                case IAssignmentOperation { Target: { } target } assignment when HasPart(assignment.Value, list, derived):
                    foreach (var local in target.DescendantsAndSelf().OfType<ILocalReferenceOperation>())
                    {
                        derived.Add(local.Local);
                    }

                    break;
                case IForEachLoopOperation loop when HasPart(loop.Collection, list, derived):
                    derived.UnionWith(loop.Locals);
                    break;
                case IInvocationOperation { Instance: ILocalReferenceOperation receiver } call when call.Arguments.Any(argument => HasPart(argument.Value, list, derived)):
                    derived.Add(receiver.Local);
                    break;
            }
        }

        return derived.Count > count;
    }

    private static bool HasPart(IOperation value, IOperation list, HashSet<ISymbol> derived) =>
        value.DescendantsAndSelf().Any(part => part == list || (part is ILocalReferenceOperation local && derived.Contains(local.Local)));

    private static ISymbol? MemberOf(IOperation target) => target switch
    {
        IConversionOperation conversion => MemberOf(conversion.Operand),
        ITupleOperation tuple => tuple.Elements.Select(MemberOf).FirstOrDefault(static member => member is not null),

        // new ChatOptions { Tools = … } keeps nothing.
        IMemberReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } } => null,
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } and not IPropertyReferenceOperation { Property.IsIndexer: true } => ((IMemberReferenceOperation)target).Member,
        IMemberReferenceOperation { Instance: { } whole } part => MemberOf(whole) ?? (IsKeptByEntry(target) ? part.Member : null),
        IArrayElementReferenceOperation element => MemberOf(element.ArrayReference),
        IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter } => parameter,
        _ => null,
    };

    private static IOperation? ReceiverOf(IInvocationOperation call) =>
        (call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value : null)) is { } receiver
            ? LocalValues.Unwrap(receiver)
            : null;

    /// <summary><c>cache.GetOrCreateAsync(key, _ => mcp.ListToolsAsync())</c>, <c>new Lazy&lt;…&gt;(…)</c>: runs when there is nothing yet.</summary>
    private static bool IsInCacheFactory(IOperation call)
    {
        for (var current = call.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                var place = current;
                while (place.Parent is IDelegateCreationOperation or IConversionOperation or IArgumentOperation)
                {
                    place = place.Parent;
                }

                // By the name as it is written: caches come from packages that may not be restored yet.
                if (place.Syntax.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } written
                    && OpeningLocations.NameSyntaxOf(written).ToString().StartsWith("GetOr", StringComparison.Ordinal))
                {
                    return true;
                }

                if (place.Parent is IObjectCreationOperation
                    || place.Parent is IInvocationOperation { TargetMethod: { Name: var name } method }
                        && (name.StartsWith("GetOr", StringComparison.Ordinal) || name == "EnsureInitialized" || method.ContainingType.Name.Contains("Cache")))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
