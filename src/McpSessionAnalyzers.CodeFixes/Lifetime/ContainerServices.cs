using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>What code asks the container for, and whether that is there for a singleton: a scoped service is not.</summary>
internal static class ContainerServices
{
    // Services that every container has, whichever scope they are asked from.
    private static readonly TypeNames KnownSingletons = new(
        "Microsoft.Extensions.Logging.ILoggerFactory",
        "Microsoft.Extensions.Logging.ILogger`1",
        "Microsoft.Extensions.Configuration.IConfiguration",
        "Microsoft.Extensions.Options.IOptions`1",
        "Microsoft.Extensions.Options.IOptionsMonitor`1",
        "Microsoft.Extensions.Hosting.IHostEnvironment",
        "Microsoft.AspNetCore.Hosting.IWebHostEnvironment",
        "System.TimeProvider",
        "System.Net.Http.IHttpClientFactory");

    private static readonly TypeNames Providers = new(
        "Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions",
        "System.IServiceProvider");

    /// <summary>The service that <paramref name="call"/> asks for; null for any other call.</summary>
    public static INamedTypeSymbol? AskedFor(IInvocationOperation call) =>
        call.TargetMethod is { Name: "GetRequiredService" or "GetService", TypeArguments: { Length: 1 } types } asked && Providers.Contains(asked.ContainingType)
            ? types[0] as INamedTypeSymbol
            : null;

    public static bool IsSingleton(ITypeSymbol type, CompilationFacts facts, CancellationToken cancellationToken) =>
        type is INamedTypeSymbol named
        && (KnownSingletons.Contains(named) || facts.Calls.LifetimeOf(named, cancellationToken).Kind == InstanceLifetimeKind.Singleton);

    /// <summary>Whether a factory asks for nothing but singletons. What else it does with the provider could be anything.</summary>
    public static bool AreSingletonsIn(IOperation factory, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (factory is not IAnonymousFunctionOperation function)
        {
            return true;
        }

        foreach (var reference in function.Body.Descendants().OfType<IParameterReferenceOperation>())
        {
            // The key of a keyed factory is but a value.
            if (!SymbolEqualityComparer.Default.Equals(reference.Parameter, function.Symbol.Parameters.FirstOrDefault()))
            {
                continue;
            }

            var call = reference.Parent as IInvocationOperation ?? (reference.Parent as IArgumentOperation)?.Parent as IInvocationOperation;
            if (call is null || AskedFor(call) is not { } type || !IsSingleton(type, facts, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
