using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Parameters that a framework fills with services of the application: they are the same for every call, and choose no tenant and no user. By their
/// attribute, or by types that nobody passes along with a message.
/// </summary>
internal static class ApplicationServices
{
    private const string ScopedOptions = "Microsoft.Extensions.Options.IOptionsSnapshot";

    // A configuration section is none of them: it may well be the one of a server.
    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "Microsoft.Extensions.Configuration.IConfiguration", "Microsoft.Extensions.Configuration.IConfigurationRoot",
        "Microsoft.Extensions.Options.IOptions", "Microsoft.Extensions.Options.IOptionsMonitor", ScopedOptions,
        "Microsoft.Extensions.Hosting.IHostEnvironment", "Microsoft.AspNetCore.Hosting.IWebHostEnvironment",
        "System.Net.Http.IHttpClientFactory", "System.TimeProvider",
    };

    public static bool Fill(IParameterSymbol parameter) => HasAttribute(parameter) || Types.Contains(FullName(parameter.Type));

    /// <summary>Whether it is one of those, or logs, and lives as long as the application does.</summary>
    public static bool IsSingleton(IParameterSymbol parameter) =>
        FullName(parameter.Type) is var type
        && (type == "Microsoft.Extensions.Logging.ILoggerFactory" || (Types.Contains(type) && type != ScopedOptions))
        && parameter.GetAttributes().All(attribute => attribute.AttributeClass?.Name != "FromKeyedServicesAttribute");

    public static bool HasAttribute(IParameterSymbol parameter) =>
        parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "FromServicesAttribute" or "FromKeyedServicesAttribute");

    private static string FullName(ITypeSymbol type) => $"{type.ContainingNamespace?.ToDisplayString()}.{type.Name}";
}
