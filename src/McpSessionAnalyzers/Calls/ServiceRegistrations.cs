using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Calls;

/// <summary>How a type is registered. <paramref name="IsSingleton"/> wins over any other registration of the same type.</summary>
internal sealed record ServiceRegistration(bool IsSingleton, string Lifetime, Location Location);

/// <summary>
/// The service registrations of a compilation, by service and implementation type. Found by the names of the few methods that register,
/// bound once, on demand.
/// </summary>
internal sealed class ServiceRegistrations
{
    private static readonly string[] Names =
    {
        "AddSingleton", "AddScoped", "AddTransient", "AddKeyedSingleton", "AddKeyedScoped", "AddKeyedTransient",
        "TryAddSingleton", "TryAddScoped", "TryAddTransient", "TryAddKeyedSingleton", "TryAddKeyedScoped", "TryAddKeyedTransient",
        "Singleton", "Scoped", "Transient", "KeyedSingleton", "KeyedScoped", "KeyedTransient", "Describe", "DescribeKeyed", "ServiceDescriptor",
        "AddHostedService", "AddHttpClient", "AddTypedClient",
    };

    private static readonly TypeNames Activators = new("Microsoft.Extensions.DependencyInjection.ActivatorUtilities");
    private static readonly TypeNames Registrars = new(
        "Microsoft.Extensions.DependencyInjection.ServiceDescriptor",
        "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions",
        "Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions",
        "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions",
        "Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions",
        "Microsoft.Extensions.DependencyInjection.HttpClientBuilderExtensions");

    private readonly SemanticModels _models;
    private Dictionary<ISymbol, ServiceRegistration>? _registrations;

    public ServiceRegistrations(SemanticModels models) => _models = models;

    public ServiceRegistration? Of(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        // A cancelled scan leaves nothing behind; two concurrent ones find the same.
        var registrations = Volatile.Read(ref _registrations);
        if (registrations is null)
        {
            registrations = Scan(cancellationToken);
            Volatile.Write(ref _registrations, registrations);
        }

        return registrations.TryGetValue(type.OriginalDefinition, out var registration) ? registration : null;
    }

    private Dictionary<ISymbol, ServiceRegistration> Scan(CancellationToken cancellationToken)
    {
        var found = new Dictionary<ISymbol, ServiceRegistration>(SymbolEqualityComparer.Default);
        if (TypeSet.Resolve(_models.Compilation, "Microsoft.Extensions.DependencyInjection.ServiceDescriptor").IsEmpty)
        {
            return found;
        }

        foreach (var tree in _models.Compilation.SyntaxTrees.OrderBy(static t => t.FilePath, StringComparer.Ordinal))
        {
            var index = NameIndex.Of(tree, cancellationToken);
            var uses = Names.SelectMany(name => index.UsesOf(name, cancellationToken)).OrderBy(static use => use.SpanStart);
            foreach (var use in uses)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if ((NameIndex.IsInvoked(use) || use.Parent is ObjectCreationExpressionSyntax) &&
                    _models.OperationAt(use.Parent!, cancellationToken) is { } operation)
                {
                    Collect(operation, use.GetLocation(), found);
                }
            }
        }

        return found;
    }

    private static void Collect(IOperation operation, Location location, Dictionary<ISymbol, ServiceRegistration> found)
    {
        var (method, arguments) = operation switch
        {
            IInvocationOperation call => (call.TargetMethod, call.Arguments),
            IObjectCreationOperation { Constructor: { } constructor } creation => (constructor, creation.Arguments),
            _ => (null, default),
        };
        if (method is null || !Registrars.Contains(method.ContainingType))
        {
            return;
        }

        if (LifetimeOf(method, arguments) is not { } lifetime)
        {
            return;
        }

        var isSingleton = lifetime == "a singleton";
        foreach (var type in TypesOf(method, arguments, isSingleton))
        {
            if (type is not INamedTypeSymbol { TypeKind: not TypeKind.Error } named)
            {
                continue;
            }

            if (!found.TryGetValue(named.OriginalDefinition, out var known) || (isSingleton && !known.IsSingleton))
            {
                found[named.OriginalDefinition] = new(isSingleton, lifetime, location);
            }
        }
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
            return "a singleton";
        }

        if (name.EndsWith("Scoped", StringComparison.Ordinal))
        {
            return "scoped";
        }

        if (name.EndsWith("Transient", StringComparison.Ordinal))
        {
            return "transient";
        }

        // new ServiceDescriptor(…, ServiceLifetime.Scoped), ServiceDescriptor.Describe(…). Without a lifetime it is an instance.
        var lifetime = arguments.FirstOrDefault(static a => a.Parameter?.Name == "lifetime")?.Value.ConstantValue;
        return lifetime switch
        {
            null => "a singleton",
            { HasValue: true, Value: 0 } => "a singleton",
            { HasValue: true, Value: 1 } => "scoped",
            { HasValue: true, Value: 2 } => "transient",
            _ => null,
        };
    }

    // What the registration says something about: the service type, and the type of what is made.
    private static IEnumerable<ITypeSymbol> TypesOf(IMethodSymbol method, IEnumerable<IArgumentOperation> arguments, bool isSingleton)
    {
        ITypeSymbol? service = method.TypeArguments.FirstOrDefault();
        ITypeSymbol? implementation = method.TypeArguments.Skip(1).FirstOrDefault();
        IOperation? instance = null;
        IOperation? factory = null;
        foreach (var argument in arguments)
        {
            var value = Unconverted(argument.Value);
            switch (argument.Parameter?.Name)
            {
                case "serviceType":
                    service = (value as ITypeOfOperation)?.TypeOperand;
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

        if (instance is not null)
        {
            return new[] { service, instance.Type }.OfType<ITypeSymbol>();
        }

        if (factory is not null)
        {
            // Only what the factory makes anew says something: it may as well hand out an object that lives elsewhere.
            var made = ResultsOf(factory).Where(result => isSingleton || IsCreation(result)).Select(static result => result.Type).OfType<ITypeSymbol>().ToList();
            return isSingleton && service is not null ? made.Append(service) : made.Count > 0 && service is not null ? made.Append(service) : made;
        }

        return new[] { service, implementation }.OfType<ITypeSymbol>().Where(type => type is INamedTypeSymbol { TypeKind: not TypeKind.Interface } || implementation is not null);
    }

    private static bool IsCreation(IOperation value) =>
        value is IObjectCreationOperation ||
        (value is IInvocationOperation { TargetMethod: { Name: "CreateInstance" } target } && Activators.Contains(target.ContainingType));

    private static IEnumerable<IOperation> ResultsOf(IOperation factory)
    {
        var lambda = factory is IDelegateCreationOperation creation ? creation.Target : factory;
        return lambda is IAnonymousFunctionOperation function
            ? function.Body.Descendants()
                .OfType<IReturnOperation>()
                .Where(r => Enclosing(r) == function && r.ReturnedValue is not null)
                .Select(static r => Unconverted(r.ReturnedValue!))
            : Enumerable.Empty<IOperation>();
    }

    private static IOperation? Enclosing(IOperation operation)
    {
        var current = operation.Parent;
        while (current is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            current = current.Parent;
        }

        return current;
    }

    private static IOperation Unconverted(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    value = parenthesized.Operand;
                    break;
                default:
                    return value;
            }
        }
    }
}
