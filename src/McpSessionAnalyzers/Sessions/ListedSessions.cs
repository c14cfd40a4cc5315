using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does this call list a session's tools, prompts or resources again and again, from a session that outlives the call?". A session that the
/// call itself opens has worse to hear, and says nothing about lists.
/// </summary>
internal sealed class ListedSessions
{
    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellationToken;

    public ListedSessions(CompilationFacts facts, CancellationToken cancellationToken)
    {
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    private SessionFacts Sessions => _facts.Sessions;

    /// <summary>What a call asks the server for ("tools"), by its symbols alone; null where it lists nothing.</summary>
    public static string? ListedBy(IInvocationOperation call, SessionFacts facts) =>
        SessionOf(call) is { } session && facts.Types.IsSession(session.Type)
            ? call.TargetMethod.Name switch
            {
                "ListToolsAsync" => "tools",
                "ListPromptsAsync" => "prompts",
                "ListResourcesAsync" => "resources",
                "ListResourceTemplatesAsync" => "resource templates",
                _ => null,
            }
            : null;

    /// <summary>The session that is asked; in SDK 0.x the listing methods are extensions.</summary>
    public static IOperation? SessionOf(IInvocationOperation call) =>
        call.Instance ?? (KnownCalls.IsSdkOperation(call.TargetMethod) && call.Arguments.Length > 0 ? call.Arguments[0].Value : null);

    /// <summary>The per-call code that the call stands in; null where it lists once, or from a session that ends with the call.</summary>
    public CallContext? Find(IInvocationOperation call, MemberBody body)
    {
        var context = _facts.Calls.Of(call, _cancellationToken);
        return context.IsPerCallByEvidence
            && SessionOf(call) is { } session
            && Outlives(session, body, context)
            && !IsKept(call, body)
            && !IsInCacheFactory(call)
                ? context
                : null;
    }

    /// <summary>Whether the value comes from a shared session's client.</summary>
    public bool IsOfSharedSession(IOperation session, MemberBody body) =>
        new BorrowedSessions(_facts, _cancellationToken).Find(session, body) is { Lender: SessionLender.SharedSession };

    private bool Outlives(IOperation session, MemberBody body, CallContext context)
    {
        var pending = new Queue<IOperation>();
        var seen = new HashSet<IOperation>();
        pending.Enqueue(session);
        while (pending.Count > 0)
        {
            var value = Bare(pending.Dequeue());
            if (!seen.Add(value))
            {
                continue;
            }

            switch (value)
            {
                case ILocalReferenceOperation local when LocalValues.Of(local.Local, body) is { Count: > 0 } values:
                    foreach (var one in values)
                    {
                        pending.Enqueue(one);
                    }

                    break;
                case ICoalesceOperation coalesce:
                    pending.Enqueue(coalesce.Value);
                    pending.Enqueue(coalesce.WhenNull);
                    break;
                case ILiteralOperation or IThrowOperation:
                    break;
                case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field when IsLongLived(field.Field, body):
                    break;
                case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property
                    when IsLongLived(property.Property, body) && Sessions.Openings.Find(property.Syntax, body, _cancellationToken) is null:
                    break;
                case IParameterReferenceOperation { Parameter: var parameter } when IsGiven(parameter, body, context):
                    break;
                case IInvocationOperation invocation when IsGetter(invocation, body):
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private IOperation Bare(IOperation value)
    {
        value = LocalValues.Unwrap(value);
        while (value is IInvocationOperation { Instance: { } instance, TargetMethod: var method } && Sessions.Calls.PassesThrough(method))
        {
            value = LocalValues.Unwrap(instance);
        }

        return value;
    }

    /// <summary>A field that this call fills and empties keeps nothing, nor does one of an object that is made for the call and opens the session itself.</summary>
    private bool IsLongLived(ISymbol member, MemberBody body)
    {
        if (member.ContainingType is not { } type)
        {
            return false;
        }

        if (!member.IsStatic
            && _facts.Calls.LifetimeOf(type, _cancellationToken).IsPerCall
            && Sessions.Members.OwnedBy(type, _cancellationToken).Any(owned => SymbolEqualityComparer.Default.Equals(owned.Member, member.OriginalDefinition)))
        {
            return false;
        }

        return !Sessions.Disposal.Ends(member, body, null, _cancellationToken) || body.Member is not IMethodSymbol;
    }

    /// <summary>A parameter of the per-call member itself, or of its type's constructor. A private helper's may be a session that its caller has just opened.</summary>
    private static bool IsGiven(IParameterSymbol parameter, MemberBody body, CallContext context) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
        || (context.Path.Count == 0
            && (SymbolEqualityComparer.Default.Equals(context.Member, parameter.ContainingSymbol)
                || (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } && context.Strength <= EvidenceStrength.ToolFunction)));

    /// <summary>A shared session, the container, or a method in source that hands out what it keeps.</summary>
    private bool IsGetter(IInvocationOperation invocation, MemberBody body) =>
        Sessions.Types.IsSharedSession(invocation.TargetMethod.ContainingType)
        || (invocation.TargetMethod.Name is "GetRequiredService" or "GetService" or "GetRequiredKeyedService"
            && invocation.TargetMethod.ContainingNamespace?.ToDisplayString() == "Microsoft.Extensions.DependencyInjection")
        || (Sessions.Openings.Find(invocation.Syntax, body, _cancellationToken) is null
            && Sessions.Bodies.Of(invocation.TargetMethod.OriginalDefinition, _cancellationToken) is { } callee
            && callee.Root.Descendants().OfType<IReturnOperation>().Any(returned => returned.ReturnedValue is { } value
                && value.DescendantsAndSelf().Any(part => part is IFieldReferenceOperation { Field: var field } && Sessions.Types.MayCarry(field.Type))));

    /// <summary>The list goes into a field, or where it may be kept.</summary>
    private bool IsKept(IInvocationOperation call, MemberBody body)
    {
        if (body.Find(call.Syntax) is not { } own)
        {
            return true;
        }

        var trace = Sessions.Openings.TraceOf(own, body, _cancellationToken);
        return trace.Of(TraceEventKind.DependentLeaves).Any(e => e.Operation is not IReturnOperation)
            || trace.Of(TraceEventKind.DependentUse).Any(e => e.Operation is IInvocationOperation { TargetMethod.Name: "Set" or "SetAsync" or "Add" or "TryAdd" or "Put" or "Store" or "GetOrAdd" })
            || IsCached(own, body);
    }

    /// <summary>
    /// <c>cache.Set("tools", list)</c> gives back what it is given, so that the trace goes on through it, and <c>entry.Value = list</c> fills an object
    /// of the call's own: both keep the list all the same. So does a field that gets the names, or an object made with them: plain data to the trace.
    /// </summary>
    private static bool IsCached(IOperation list, MemberBody body) =>
        body.Calls.OfType<IInvocationOperation>().Any(call => call.TargetMethod.Name is "Set" or "SetAsync" && call.Arguments.Any(argument => Holds(argument.Value, list, body)))
        || body.Root.Descendants().OfType<ISimpleAssignmentOperation>().Any(assignment =>
            assignment.Target is IPropertyReferenceOperation { Property: { Name: "Value", ContainingType.Name: "ICacheEntry" } } && Holds(assignment.Value, list, body))
        || body.Root.Descendants().OfType<IAssignmentOperation>().Any(assignment =>
            assignment is ISimpleAssignmentOperation or ICoalesceAssignmentOperation
            && assignment.Target is IFieldReferenceOperation or IPropertyReferenceOperation
            && assignment.Target is IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } }
            && Holds(assignment.Value, list, body));

    private static bool Holds(IOperation value, IOperation list, MemberBody body)
    {
        var pending = new Queue<IOperation>();
        var seen = new HashSet<IOperation>();
        pending.Enqueue(value);
        while (pending.Count > 0)
        {
            var current = LocalValues.Unwrap(pending.Dequeue());
            if (current == list)
            {
                return true;
            }

            var sources = !seen.Add(current) ? Array.Empty<IOperation>() : current switch
            {
                ILocalReferenceOperation local => LocalValues.Of(local.Local, body) ?? Enumerable.Empty<IOperation>(),
                IInvocationOperation { TargetMethod.ContainingType.Name: "Enumerable" } copy => copy.Arguments.Take(1).Select(argument => argument.Value),
                ISimpleAssignmentOperation assignment => new[] { assignment.Value },

                // _names = new Names(mcp, list.Select(…).ToHashSet())
                IObjectCreationOperation creation => creation.Arguments.Select(argument => argument.Value),
                _ => Array.Empty<IOperation>(),
            };
            foreach (var source in sources)
            {
                pending.Enqueue(source);
            }
        }

        return false;
    }

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
