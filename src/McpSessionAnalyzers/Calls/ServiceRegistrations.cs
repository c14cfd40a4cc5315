using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Calls;

/// <summary>How a type is registered. <paramref name="IsSingleton"/> wins over any other registration of the same type.</summary>
internal sealed record ServiceRegistration(bool IsSingleton, string Lifetime, Location Location);

/// <summary>
/// The service registrations of a compilation, by service and implementation type. Found by the names of the few methods that register,
/// bound once, on demand.
/// </summary>
internal sealed class ServiceRegistrations
{
    /// <summary>What registers, by name: the first question, before anything is bound.</summary>
    public static readonly string[] Names =
    {
        "AddSingleton", "AddScoped", "AddTransient", "AddKeyedSingleton", "AddKeyedScoped", "AddKeyedTransient",
        "TryAddSingleton", "TryAddScoped", "TryAddTransient", "TryAddKeyedSingleton", "TryAddKeyedScoped", "TryAddKeyedTransient",
        "AddHostedService", "AddHttpClient", "AddTypedClient", "ServiceDescriptor",
    };

    // Plain words, which much else is called too: they register only beside the name of their type.
    private static readonly string[] DescriptorNames =
        { "Singleton", "Scoped", "Transient", "KeyedSingleton", "KeyedScoped", "KeyedTransient", "Describe", "DescribeKeyed" };

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
            var names = index.MayUse("ServiceDescriptor") ? Names.Concat(DescriptorNames) : Names;
            var uses = names.SelectMany(name => index.UsesOf(name, cancellationToken)).OrderBy(static use => use.SpanStart);
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
        if (RegistrationCall.Of(operation) is not { } call)
        {
            return;
        }

        foreach (var type in TypesOf(call))
        {
            if (type is not INamedTypeSymbol { TypeKind: not TypeKind.Error } named)
            {
                continue;
            }

            if (!found.TryGetValue(named.OriginalDefinition, out var known) || (call.IsSingleton && !known.IsSingleton))
            {
                found[named.OriginalDefinition] = new(call.IsSingleton, call.Lifetime, location);
            }
        }
    }

    // What the registration says something about: the service type, and the type of what is made.
    private static IEnumerable<ITypeSymbol> TypesOf(RegistrationCall call)
    {
        if (call.Instance is { } instance)
        {
            return new[] { call.Service, instance.Type }.OfType<ITypeSymbol>();
        }

        if (call.Factory is { } factory)
        {
            // Only what the factory makes anew says something: it may as well hand out an object that lives elsewhere.
            var results = FactoryResults.Of(factory);
            var made = call.IsSingleton ? results.Select(static result => result.Type).OfType<ITypeSymbol>().ToList() : FactoryResults.CreatedBy(results).ToList();
            return call.Service is { } service && (call.IsSingleton || made.Count > 0) ? made.Append(service) : made;
        }

        return new[] { call.Service, call.Implementation }.OfType<ITypeSymbol>().Where(type => type is INamedTypeSymbol { TypeKind: not TypeKind.Interface } || call.Implementation is not null);
    }
}
