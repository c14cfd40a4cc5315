using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Calls;

/// <summary>Where a delegate goes, and what that says. <paramref name="Local"/>: into this variable, whose uses then tell.</summary>
internal readonly record struct DelegateDestination(
    DelegateFate Fate,
    string Reason = "",
    EvidenceStrength Strength = EvidenceStrength.None,
    ILocalSymbol? Local = null,
    IOperation? Receiver = null,
    RunOnceKind RunOnceKind = RunOnceKind.None);

/// <summary>Follows a lambda or method group to the method, event, property or variable that receives it.</summary>
internal static class DelegateSinks
{
    // Kinds that the compiler has gained since Roslyn 4.5.
    private const int CollectionExpression = 127;
    private const int Spread = 128;

    private static readonly HashSet<string> ResilienceWords = new() { "retry", "attempt", "attempts", "resilient", "resilience", "policy", "backoff", "fallback" };

    // A type may have several rows: those of one type are looked up together.
    private static readonly TypeTable<IGrouping<string, DelegateSink>> Methods = new(
        KnownDelegateSinks.Rows
            .SelectMany(static row => row.Types.Select(type => (Type: type, Row: row)))
            .GroupBy(static pair => pair.Type, static pair => pair.Row),
        static group => new[] { group.Key });

    private static readonly TypeTable<DelegateSink> Properties = new(KnownDelegateSinks.HandlerProperties, static row => row.Types);
    private static readonly TypeTable<Contract> DelegateTypes = new(KnownDelegateSinks.PerCallDelegateTypes, static row => row.Types);
    private static readonly TypeNames MiddlewareBuilders = new(KnownDelegateSinks.MiddlewareBuilders);
    private static readonly TypeNames Timers = new("System.Threading.Timer", "System.TimeProvider");
    private static readonly TypeNames Watchers = new("System.IO.FileSystemWatcher");
    private static readonly TypeNames ServiceLifetime = new("Microsoft.Extensions.DependencyInjection.ServiceLifetime");
    private static readonly TypeNames ServiceFactories = new(
        "Microsoft.Extensions.DependencyInjection.ServiceDescriptor",
        "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions",
        "Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions");

    private static readonly TypeNames ApplicationLifetimes = new(
        "Microsoft.Extensions.Hosting.IHostApplicationLifetime",
        "Microsoft.Extensions.Hosting.IApplicationLifetime",
        "Microsoft.AspNetCore.Hosting.IApplicationLifetime");

    /// <summary>The destination of a lambda (<see cref="IAnonymousFunctionOperation"/>) or method group (<see cref="IMethodReferenceOperation"/>), or of a variable that holds one.</summary>
    public static DelegateDestination Of(IOperation value)
    {
        IOperation? current = value;
        while (current?.Parent is { } parent)
        {
            switch (parent)
            {
                case IDelegateCreationOperation creation:
                    if (DelegateTypes.Of(creation.Type) is { } perCall)
                    {
                        return new(DelegateFate.PerCall, perCall.Reason!, EvidenceStrength.FrameworkEntryPoint, Receiver: creation);
                    }

                    break;
                case IConversionOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation:
                case IArrayInitializerOperation or IArrayCreationOperation or ITupleOperation or IObjectOrCollectionInitializerOperation:
                    break;
                case IObjectCreationOperation { Type: { } type } when current is IObjectOrCollectionInitializerOperation:
                    // A collection of handlers goes where the collection goes; an object with handlers has told by the property.
                    if (!IsCollection(type))
                    {
                        return new(DelegateFate.Stored);
                    }

                    break;
                case IArgumentOperation { Parent: IObjectCreationOperation { Type: { } type } } argument when type.Name is "KeyValuePair" or "Tuple" or "ValueTuple":
                    parent = argument.Parent;
                    break;
                case IArgumentOperation { Parent: IInvocationOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } } add }:
                    parent = add;
                    break;
                case IArgumentOperation argument:
                    return OfArgument(argument);
                case IEventAssignmentOperation { Adds: true } subscription when subscription.HandlerValue == current:
                    return OfEvent(subscription);
                case ISimpleAssignmentOperation assignment when assignment.Value == current:
                    if (assignment.Target is IPropertyReferenceOperation { Arguments.Length: > 0, Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } })
                    {
                        break;
                    }

                    return OfTarget(assignment.Target);
                case ICompoundAssignmentOperation assignment when assignment.Value == current:
                    return OfTarget(assignment.Target);
                case ICoalesceAssignmentOperation assignment when assignment.Value == current:
                    return OfTarget(assignment.Target);
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return new(DelegateFate.Unknown, Local: declarator.Symbol);
                case IInvocationOperation call when call.Instance == current:
                    return new(DelegateFate.Within, Receiver: call);
                case IConditionalAccessOperation access when access.Operation == current:
                    return new(DelegateFate.Within, Receiver: access);
                case IReturnOperation or IFieldInitializerOperation:
                    return new(DelegateFate.Stored);
                case IPropertyInitializerOperation initializer:
                    return initializer.InitializedProperties.Length == 1 ? OfProperty(initializer.InitializedProperties[0]) : new(DelegateFate.Stored);
                default:
                    // Kinds that this compiler version can't name (collection expressions, spreads) only hold the value.
                    if (!IsUnnamed(parent.Kind))
                    {
                        return new(DelegateFate.Unknown);
                    }

                    break;
            }

            current = parent;
        }

        return new(DelegateFate.Unknown);
    }

    private static DelegateDestination OfArgument(IArgumentOperation argument)
    {
        switch (argument.Parent)
        {
            case IInvocationOperation call:
                return OfCall(call.TargetMethod, argument, call);
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                return OfCall(constructor, argument, creation);
            default:
                return new(DelegateFate.Unknown, Receiver: argument.Parent);
        }
    }

    private static DelegateDestination OfCall(IMethodSymbol target, IArgumentOperation argument, IOperation receiver)
    {
        var method = (target.ReducedFrom ?? target).OriginalDefinition;
        if (Methods.OfSelfOrBase(method.ContainingType) is { } rows)
        {
            foreach (var row in rows)
            {
                if (row.Covers(method.Name))
                {
                    return row.Fate == DelegateFate.PerCall && Timers.Contains(method.ContainingType) && IsOneShot(receiver)
                        ? new(DelegateFate.Irregular, Receiver: receiver)
                        : new(row.Fate, row.Reason, row.Strength, Receiver: receiver, RunOnceKind: row.RunOnceKind);
                }
            }
        }

        if (ServiceFactories.Contains(method.ContainingType))
        {
            return IsSingletonDescriptor(receiver)
                ? new(DelegateFate.RunOnce, "a singleton's factory", Receiver: receiver, RunOnceKind: RunOnceKind.SingletonFactory)
                : new(DelegateFate.PerResolution, "a service's factory", Receiver: receiver);
        }

        if (method.Name == "Use" && MiddlewareBuilders.Contains(method.ContainingType))
        {
            return ReturnsAnswer(argument.Parameter?.Type)
                ? new(DelegateFate.PerCall, "middleware", EvidenceStrength.FrameworkEntryPoint, Receiver: receiver)
                : new(DelegateFate.RunOnce, "a pipeline's factory", Receiver: receiver, RunOnceKind: RunOnceKind.Composition);
        }

        if (method.Name is "Register" or "UnsafeRegister" && receiver is IInvocationOperation { Instance: IPropertyReferenceOperation token } && ApplicationLifetimes.ContainsBaseOf(token.Property.ContainingType))
        {
            return new(DelegateFate.RunOnce, "a lifetime callback", Receiver: receiver, RunOnceKind: RunOnceKind.Callback);
        }

        // People write this class themselves.
        if (method.MethodKind == MethodKind.Constructor && Words.Of(method.ContainingType.Name).Contains("lazy"))
        {
            return new(DelegateFate.OncePerInstance, "a lazy's factory", Receiver: receiver);
        }

        // A list or map of delegates keeps them.
        if (method.Name is "Add" or "TryAdd" or "Insert" or "Enqueue" or "Push" && method.ContainingType is { } container && IsCollection(container))
        {
            return new(DelegateFate.Stored, Receiver: receiver);
        }

        // Polly, and what people call their own: the delegate runs inside the call, however often it is tried.
        return IsInNamespace(method.ContainingType, "Polly") || Words.Of(method.Name).Any(ResilienceWords.Contains) || Words.Of(method.ContainingType?.Name ?? "").Any(ResilienceWords.Contains)
            ? new(DelegateFate.Within, Receiver: receiver)
            : new(method.MethodKind == MethodKind.Constructor ? DelegateFate.Stored : DelegateFate.Unknown, Receiver: receiver);
    }

    private static DelegateDestination OfEvent(IEventAssignmentOperation subscription)
    {
        if (subscription.EventReference is not IEventReferenceOperation { Event: { } raised })
        {
            return new(DelegateFate.Unknown);
        }

        // A watcher raises its Created and Changed once per file, whatever these names mean elsewhere.
        if (!Watchers.ContainsBaseOf(raised.ContainingType) && KnownDelegateSinks.LifecycleEvents.Contains(raised.Name))
        {
            return new(DelegateFate.RunOnce, $"subscribed to '{raised.Name}'", Receiver: subscription, RunOnceKind: RunOnceKind.Callback);
        }

        return !Watchers.ContainsBaseOf(raised.ContainingType) && KnownDelegateSinks.IsIrregularEvent(raised.Name)
            ? new(DelegateFate.Irregular, Receiver: subscription)
            : new(DelegateFate.PerCall, $"subscribed to the event '{raised.Name}'", EvidenceStrength.FrameworkEntryPoint, Receiver: subscription);
    }

    private static DelegateDestination OfTarget(IOperation target) => target switch
    {
        ILocalReferenceOperation local => new(DelegateFate.Unknown, Local: local.Local),
        IPropertyReferenceOperation property => OfProperty(property.Property),
        IDiscardOperation => new(DelegateFate.Within),
        _ => new(DelegateFate.Stored),
    };

    private static DelegateDestination OfProperty(IPropertySymbol property)
    {
        if (Properties.OfSelfOrBase(property.ContainingType) is { } row && row.Covers(property.Name))
        {
            return new(row.Fate, row.Reason, row.Strength);
        }

        // McpClientHandlers.SamplingHandler, ToolsCapability.CallToolHandler (0.x), …NotificationHandlers. RunSessionHandler runs once per client of a server.
        var isHandler = property.Name.EndsWith("Handler", StringComparison.Ordinal) || property.Name.EndsWith("Handlers", StringComparison.Ordinal);
        return isHandler && property.Name != "RunSessionHandler" && IsInNamespace(property.ContainingType, "ModelContextProtocol")
            ? new(DelegateFate.PerCall, "an MCP request handler", EvidenceStrength.FrameworkEntryPoint)
            : new(DelegateFate.Stored);
    }

    // new Timer(callback, state, due, Timeout.Infinite): a delayed start, not a rhythm.
    private static bool IsOneShot(IOperation receiver)
    {
        var arguments = receiver switch
        {
            IObjectCreationOperation creation => creation.Arguments,
            IInvocationOperation call => call.Arguments,
            _ => default,
        };
        var period = arguments.IsDefaultOrEmpty ? null : arguments.FirstOrDefault(static a => a.Parameter?.Name == "period")?.Value;
        while (period is IConversionOperation conversion)
        {
            period = conversion.Operand;
        }

        return period switch
        {
            null => false,
            { ConstantValue: { HasValue: true, Value: int value } } => value <= 0,
            { ConstantValue: { HasValue: true, Value: long value } } => value <= 0,
            { ConstantValue: { HasValue: true, Value: uint value } } => value is 0 or uint.MaxValue,
            IFieldReferenceOperation { Field: { Name: "InfiniteTimeSpan" or "Zero" } } => true,
            _ => false,
        };
    }

    private static bool IsSingletonDescriptor(IOperation receiver)
    {
        var arguments = receiver switch
        {
            IObjectCreationOperation creation => creation.Arguments,
            IInvocationOperation call => call.Arguments,
            _ => default,
        };
        return !arguments.IsDefaultOrEmpty && arguments.Any(a => a.Value is IFieldReferenceOperation { Field: { Name: "Singleton" } lifetime } && ServiceLifetime.Contains(lifetime.ContainingType));
    }

    // Func<IChatClient, IChatClient> makes the pipeline; Func<…, Task<ChatResponse>> answers.
    private static bool ReturnsAnswer(ITypeSymbol? type) =>
        type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } &&
        (invoke.ReturnsVoid || invoke.ReturnType.Name is "Task" or "ValueTask" or "IAsyncEnumerable");

    private static bool IsCollection(ITypeSymbol type) =>
        type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_Collections_IEnumerable);

    private static bool IsInNamespace(ITypeSymbol? type, string root)
    {
        for (var current = type?.ContainingNamespace; current is { IsGlobalNamespace: false }; current = current.ContainingNamespace)
        {
            if (current.ContainingNamespace is { IsGlobalNamespace: true })
            {
                return current.Name == root;
            }
        }

        return false;
    }

    private static bool IsUnnamed(OperationKind kind) => kind == OperationKind.None || (int)kind is CollectionExpression or Spread;
}
