using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Evidence 1: methods that a framework calls once per request, message or event.</summary>
internal static class FrameworkEntryPoints
{
    private static readonly string[] PageVerbs = { "get", "head", "post", "put", "delete", "options", "patch" };

    private static readonly Contracts MemberContracts = new(FrameworkContracts.Members);
    private static readonly TypeTable<Contract> Attributes = new(FrameworkContracts.Attributes, static row => row.Types);
    private static readonly TypeTable<Contract> BaseTypes = new(FrameworkContracts.BaseTypes, static row => row.Types);

    /// <summary>The phrase that says what <paramref name="method"/> is to its framework, or null.</summary>
    public static string? ReasonOf(IMethodSymbol method)
    {
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation) || method.ContainingType is not { } type)
        {
            return null;
        }

        if (Attributes.OfAttributes(method) is { } marked && !IsNonAction(method) && !(marked.UnlessLifecycle && AgentVocabulary.IsLifecycleVerb(Words.Of(method.Name).FirstOrDefault() ?? "")))
        {
            return marked.Reason;
        }

        if (MemberContracts.Of(method) is { } contract)
        {
            return contract.Contract.Reason;
        }

        if (IsGrpcOverride(method))
        {
            return "a gRPC service method";
        }

        if (ImplementsOperation(method) is { } operation)
        {
            return operation;
        }

        if (method.DeclaredAccessibility != Accessibility.Public)
        {
            return null;
        }

        if (method.Parameters.Any(static p => FrameworkContracts.LambdaContexts.Contains(p.Type)))
        {
            return "a Lambda function";
        }

        if (IsConventionalMiddlewareMethod(method))
        {
            return "middleware";
        }

        if (method.Name is "Handle" or "HandleAsync" or "Handles" or "HandlesAsync" or "Consume" or "ConsumeAsync" or "Consumes" or "ConsumesAsync" &&
            (FrameworkContracts.HandlerMarks.ContainsBaseOf(type) || FrameworkContracts.HandlerMarks.IsOn(type)))
        {
            return "a message handler";
        }

        return method.IsStatic || method.IsGenericMethod || IsNonAction(method) || IsPlumbing(method) ? null : PublicMethodOf(type, method);
    }

    /// <summary>The phrase for types of which the framework makes one instance per call, or null.</summary>
    public static string? PerCallInstanceReasonOf(INamedTypeSymbol type)
    {
        if (BaseOf(type) is { InstancePerCall: true } row)
        {
            return InstanceReason(row);
        }

        if (FrameworkContracts.PageModels.ContainsBaseOf(type))
        {
            return "a page model, created for each request";
        }

        if (MemberContracts.OfType(type) is { InstancePerCall: true } contract)
        {
            return InstanceReason(contract);
        }

        if (FrameworkContracts.GrpcServiceAttributes.IsOnTypeOrBase(type.BaseType))
        {
            return "a gRPC service, created for each call";
        }

        if (FrameworkContracts.HandlerMarks.ContainsBaseOf(type) || FrameworkContracts.HandlerMarks.IsOn(type))
        {
            return "a message handler, created for each message";
        }

        if (!type.IsStatic)
        {
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (!method.IsStatic && Attributes.OfAttributes(method) is { InstancePerCall: true })
                {
                    return "a class of Azure Functions, created for each call";
                }
            }
        }

        return null;
    }

    /// <summary>A class with Invoke(HttpContext) and a constructor that takes the next RequestDelegate: made once, for the pipeline.</summary>
    public static bool IsConventionalMiddleware(INamedTypeSymbol type) =>
        MemberContracts.OfType(type) is null &&
        type.InstanceConstructors.Any(static constructor => constructor.Parameters.Any(static p => FrameworkContracts.RequestDelegates.Contains(p.Type))) &&
        type.GetMembers().Any(IsInvoke);

    private static string? PublicMethodOf(INamedTypeSymbol type, IMethodSymbol method)
    {
        if (BaseOf(type) is { } row && !FrameworkContracts.NonActionAttributes.IsOnTypeOrBase(type))
        {
            return row.Covers(method.Name) ? row.Reason : null;
        }

        if (FrameworkContracts.PageModels.ContainsBaseOf(type))
        {
            var words = Words.Of(method.Name);
            return words.Length > 1 && words[0] == "on" && PageVerbs.Contains(words[1]) ? "a Razor Page handler" : null;
        }

        return null;
    }

    private static Contract? BaseOf(INamedTypeSymbol type) =>
        BaseTypes.OfSelfOrBase(type) is { } row
            ? row
            : FrameworkContracts.ControllerAttributes.IsOnTypeOrBase(type) && !type.IsAbstract ? FrameworkContracts.Controller : null;

    private static bool IsConventionalMiddlewareMethod(IMethodSymbol method) =>
        IsInvoke(method) && IsConventionalMiddleware(method.ContainingType);

    private static bool IsInvoke(ISymbol member) =>
        member is IMethodSymbol { IsStatic: false, DeclaredAccessibility: Accessibility.Public, Name: "Invoke" or "InvokeAsync", Parameters.Length: > 0 } method &&
        FrameworkContracts.HttpContexts.Contains(method.Parameters[0].Type);

    private static bool IsGrpcOverride(IMethodSymbol method)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (FrameworkContracts.GrpcServiceAttributes.IsOn(overridden.ContainingType))
            {
                return true;
            }
        }

        return false;
    }

    // WCF, CoreWCF, code-first gRPC, Orleans: the interface says that its members are remote operations.
    private static string? ImplementsOperation(IMethodSymbol method)
    {
        foreach (var contract in method.ContainingType.AllInterfaces)
        {
            var reason = FrameworkContracts.ServiceContractAttributes.IsOn(contract) ? "a service operation" : FrameworkContracts.GrainInterfaces.ContainsBaseOf(contract) && !FrameworkContracts.GrainInterfaces.Contains(contract) ? "a grain method" : null;
            if (reason is not null && contract.GetMembers().Any(m => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(m), method)))
            {
                return reason;
            }
        }

        return null;
    }

    private static string InstanceReason(Contract row) => row.InstanceReason ?? $"{row.Reason}, created for each call";

    // The attribute is inherited.
    private static bool IsNonAction(IMethodSymbol method)
    {
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            if (FrameworkContracts.NonActionAttributes.IsOn(current))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPlumbing(IMethodSymbol method)
    {
        for (var root = method; root is not null; root = root.OverriddenMethod)
        {
            if (root.ContainingType.SpecialType == SpecialType.System_Object)
            {
                return true;
            }
        }

        return method.Name is "Dispose" or "DisposeAsync";
    }
}
