using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Calls;

/// <summary>One registration with the container of Microsoft.Extensions.DependencyInjection, as its call says it.</summary>
/// <param name="Operation">The call, or the creation of a descriptor.</param>
/// <param name="Lifetime">A phrase for messages: "a singleton", "scoped", "transient".</param>
/// <param name="Service">What consumers ask for.</param>
/// <param name="Implementation">What the container makes; null where the call names none of its own.</param>
/// <param name="Instance">The object that is registered.</param>
/// <param name="Factory">The delegate that makes what consumers get.</param>
internal sealed record RegistrationCall(
    IOperation Operation,
    string Lifetime,
    ITypeSymbol? Service,
    ITypeSymbol? Implementation,
    IOperation? Instance,
    IOperation? Factory)
{
    private const string Singleton = "a singleton";

    private static readonly TypeNames Registrars = new(
        "Microsoft.Extensions.DependencyInjection.ServiceDescriptor",
        "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions",
        "Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions",
        "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions",
        "Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions",
        "Microsoft.Extensions.DependencyInjection.HttpClientBuilderExtensions");

    public bool IsSingleton => Lifetime == Singleton;

    /// <summary>The registration at <paramref name="operation"/>; null where it registers nothing, or with a lifetime that can't be told.</summary>
    public static RegistrationCall? Of(IOperation operation)
    {
        var (method, arguments) = operation switch
        {
            IInvocationOperation call => (call.TargetMethod, call.Arguments),
            IObjectCreationOperation { Constructor: { } constructor } creation => (constructor, creation.Arguments),
            _ => (null, default),
        };
        if (method is null || !Registrars.Contains(method.ContainingType) || LifetimeOf(method, arguments) is not { } lifetime)
        {
            return null;
        }

        ITypeSymbol? service = method.TypeArguments.FirstOrDefault();
        ITypeSymbol? implementation = method.TypeArguments.Skip(1).FirstOrDefault();
        IOperation? instance = null;
        IOperation? factory = null;
        foreach (var argument in arguments)
        {
            var value = FactoryResults.Unconverted(argument.Value);
            switch (argument.Parameter?.Name)
            {
                case "serviceType" or "service":
                    service = (value as ITypeOfOperation)?.TypeOperand ?? service;
                    break;
                case "implementationType":
                    implementation = (value as ITypeOfOperation)?.TypeOperand;
                    break;
                case "implementationInstance" or "instance":
                    instance = value;
                    break;
                case "implementationFactory" or "factory":
                    factory = value;
                    break;
            }
        }

        return new(operation, lifetime, service, implementation, instance, factory);
    }

    private static string? LifetimeOf(IMethodSymbol method, IEnumerable<IArgumentOperation> arguments)
    {
        var name = method.Name;
        if (name is "AddHttpClient" or "AddTypedClient")
        {
            return method.TypeArguments.IsEmpty ? null : "a typed HTTP client, which is transient";
        }

        if (name == "AddHostedService" || name.EndsWith("Singleton", StringComparison.Ordinal))
        {
            return Singleton;
        }

        if (name.EndsWith("Scoped", StringComparison.Ordinal))
        {
            return "scoped";
        }

        if (name.EndsWith("Transient", StringComparison.Ordinal))
        {
            return "transient";
        }

        // Add(descriptor), RemoveAll<T>(): no registration of their own.
        if (method.MethodKind != MethodKind.Constructor && name is not ("Describe" or "DescribeKeyed"))
        {
            return null;
        }

        // new ServiceDescriptor(…, ServiceLifetime.Scoped), ServiceDescriptor.Describe(…). Without a lifetime it is an instance.
        var lifetime = arguments.FirstOrDefault(static a => a.Parameter?.Name == "lifetime")?.Value.ConstantValue;
        return lifetime switch
        {
            null => Singleton,
            { HasValue: true, Value: 0 } => Singleton,
            { HasValue: true, Value: 1 } => "scoped",
            { HasValue: true, Value: 2 } => "transient",
            _ => null,
        };
    }
}
