using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Evidence 1: methods that a framework calls once per request, message or event.</summary>
internal sealed class FrameworkEntryPoints
{
    private static readonly string[] PageVerbs = { "get", "head", "post", "put", "delete", "options", "patch" };

    private readonly Contracts _members;
    private readonly TypeIndex<Contract> _attributes;
    private readonly TypeIndex<Contract> _baseTypes;
    private readonly TypeSet _controllerAttributes;
    private readonly TypeSet _nonActions;
    private readonly TypeSet _serviceContracts;
    private readonly TypeSet _grains;
    private readonly TypeSet _requestDelegates;
    private readonly TypeSet _httpContexts;
    private readonly TypeSet _pageModels;
    private readonly TypeSet _lambdaContexts;
    private readonly TypeSet _grpcServices;

    public FrameworkEntryPoints(Compilation compilation)
    {
        _members = new(compilation, FrameworkContracts.Members);
        _attributes = new(compilation, FrameworkContracts.Attributes, static row => row.Types);
        _baseTypes = new(compilation, FrameworkContracts.BaseTypes, static row => row.Types);
        _controllerAttributes = TypeSet.Resolve(compilation, FrameworkContracts.ControllerAttributes);
        _nonActions = TypeSet.Resolve(compilation, FrameworkContracts.NonActionAttributes);
        _serviceContracts = TypeSet.Resolve(compilation, FrameworkContracts.ServiceContractAttributes);
        _grains = TypeSet.Resolve(compilation, FrameworkContracts.GrainInterfaces);
        _requestDelegates = TypeSet.Resolve(compilation, FrameworkContracts.RequestDelegates);
        _httpContexts = TypeSet.Resolve(compilation, FrameworkContracts.HttpContexts);
        _pageModels = TypeSet.Resolve(compilation, FrameworkContracts.PageModels);
        _lambdaContexts = TypeSet.Resolve(compilation, FrameworkContracts.LambdaContexts);
        _grpcServices = TypeSet.Resolve(compilation, FrameworkContracts.GrpcServiceAttributes);
    }

    /// <summary>The phrase that says what <paramref name="method"/> is to its framework, or null.</summary>
    public string? ReasonOf(IMethodSymbol method)
    {
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation) || method.ContainingType is not { } type)
        {
            return null;
        }

        if (_attributes.OfAttributes(method, out _) is { } marked && !Has(method, _nonActions) && !IsLifecycleCommand(marked, method))
        {
            return marked.Reason;
        }

        if (_members.Of(method) is { } contract)
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

        if (!_lambdaContexts.IsEmpty && method.Parameters.Any(p => _lambdaContexts.Contains(p.Type)))
        {
            return "a Lambda function";
        }

        if (IsConventionalMiddlewareMethod(method))
        {
            return "middleware";
        }

        return method.IsStatic || method.IsGenericMethod || Has(method, _nonActions) || IsPlumbing(method) ? null : PublicMethodOf(type, method);
    }

    /// <summary>The phrase for types of which the framework makes one instance per call, or null.</summary>
    public string? PerCallInstanceReasonOf(INamedTypeSymbol type)
    {
        if (BaseOf(type) is { InstancePerCall: true } row)
        {
            return row.Reason switch
            {
                "a controller action" => "a controller, created for each request",
                "a SignalR hub method" => "a SignalR hub, created for each invocation",
                _ => $"{row.Reason}, created for each call",
            };
        }

        if (_pageModels.ContainsBaseOf(type))
        {
            return "a page model, created for each request";
        }

        if (_members.OfType(type) is { InstancePerCall: true } contract)
        {
            return $"{contract.Reason}, created for each call";
        }

        if (!_grpcServices.IsEmpty && HasGrpcBase(type))
        {
            return "a gRPC service, created for each call";
        }

        if (!type.IsStatic && !_attributes.IsEmpty)
        {
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (!method.IsStatic && _attributes.OfAttributes(method, out _) is { InstancePerCall: true })
                {
                    return "a class of Azure Functions, created for each call";
                }
            }
        }

        return null;
    }

    /// <summary>A class with Invoke(HttpContext) and a constructor that takes the next RequestDelegate: made once, for the pipeline.</summary>
    public bool IsConventionalMiddleware(INamedTypeSymbol type) =>
        !_requestDelegates.IsEmpty &&
        _members.OfType(type) is null &&
        type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(p => _requestDelegates.Contains(p.Type)));

    private string? PublicMethodOf(INamedTypeSymbol type, IMethodSymbol method)
    {
        if (BaseOf(type) is { } row && !TypeOrBaseHas(type, _nonActions))
        {
            return row.Covers(method.Name) ? row.Reason : null;
        }

        if (_pageModels.ContainsBaseOf(type))
        {
            var words = Words.Of(method.Name);
            return words.Length > 1 && words[0] == "on" && PageVerbs.Contains(words[1]) ? "a Razor Page handler" : null;
        }

        return null;
    }

    private Contract? BaseOf(INamedTypeSymbol type) =>
        _baseTypes.OfSelfOrBase(type) is { } row
            ? row
            : TypeOrBaseHas(type, _controllerAttributes) && !type.IsAbstract ? FrameworkContracts.BaseTypes[0] : null;

    private bool IsConventionalMiddlewareMethod(IMethodSymbol method) =>
        method is { IsStatic: false, Name: "Invoke" or "InvokeAsync", Parameters.Length: > 0 } &&
        _httpContexts.Contains(method.Parameters[0].Type) &&
        IsConventionalMiddleware(method.ContainingType);

    private bool IsGrpcOverride(IMethodSymbol method)
    {
        for (var overridden = _grpcServices.IsEmpty ? null : method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (Has(overridden.ContainingType, _grpcServices))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasGrpcBase(INamedTypeSymbol type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (Has(current, _grpcServices))
            {
                return true;
            }
        }

        return false;
    }

    // WCF, CoreWCF, code-first gRPC, Orleans: the interface says that its members are remote operations.
    private string? ImplementsOperation(IMethodSymbol method)
    {
        if (_serviceContracts.IsEmpty && _grains.IsEmpty)
        {
            return null;
        }

        foreach (var contract in method.ContainingType.AllInterfaces)
        {
            var reason = Has(contract, _serviceContracts) ? "a service operation" : _grains.ContainsBaseOf(contract) && !_grains.Contains(contract) ? "a grain method" : null;
            if (reason is not null && contract.GetMembers().Any(m => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(m), method)))
            {
                return reason;
            }
        }

        return null;
    }

    // A command that connects or initializes is a user's "open it now", not a message.
    private static bool IsLifecycleCommand(Contract row, IMethodSymbol method) => row.Reason == "a UI command" && AgentVocabulary.IsLifecycleVerb(Words.Of(method.Name)[0]);

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

    private static bool TypeOrBaseHas(INamedTypeSymbol type, TypeSet attributes)
    {
        for (var current = attributes.IsEmpty ? null : type; current is not null; current = current.BaseType)
        {
            if (Has(current, attributes))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ISymbol symbol, TypeSet attributes) => !attributes.IsEmpty && symbol.GetAttributes().Any(a => attributes.ContainsBaseOf(a.AttributeClass));
}
