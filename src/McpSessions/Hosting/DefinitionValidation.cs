using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace McpSessions.Hosting;

/// <summary>Finds what can't work in the definitions before anything is opened, and says it with the server's name.</summary>
internal static class DefinitionValidation
{
    public static readonly string[] Transports = ["stdio", "http", "streamable-http", "sse"];

    public static void ThrowIfInvalid(IReadOnlyDictionary<string, McpServerDefinition> definitions, IConfiguration? configuration)
    {
        var failures = definitions.Values.SelectMany(definition => Failures(definition, definitions, configuration).Select(failure => $"MCP server '{SafeText.OneLine(definition.Name)}': {failure}")).ToList();
        if (failures.Count > 0)
        {
            failures.Add($"Known servers: {string.Join(", ", definitions.Keys.Select(SafeText.OneLine))}.");
            throw new OptionsValidationException(nameof(McpServerDefinition), typeof(McpServerDefinition), failures);
        }
    }

    public static string TransportOf(McpServerDefinition definition) => definition.Type?.ToLowerInvariant() ?? (definition.Command is not null ? "stdio" : "http");

    private static IEnumerable<string> Failures(McpServerDefinition definition, IReadOnlyDictionary<string, McpServerDefinition> all, IConfiguration? configuration)
    {
        foreach (var fallback in definition.Fallbacks.Where(fallback => !all.ContainsKey(fallback)))
        {
            yield return $"its fallback '{SafeText.OneLine(fallback)}' is not a known server.";
        }

        if (definition.TransportFactory is not null)
        {
            if (definition.Command is not null || definition.Url is not null)
            {
                yield return "it has a transport factory and a command or url; one is enough.";
            }

            yield break;
        }

        if (definition.Type is { } type && !Transports.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"transport '{SafeText.OneLine(type)}' is not supported; supported are {string.Join(", ", Transports)}.";
            yield break;
        }

        if (TransportOf(definition) == "stdio")
        {
            if (string.IsNullOrWhiteSpace(definition.Command))
            {
                yield return "a stdio server needs a command, which is missing or empty.";
            }
        }
        else if (string.IsNullOrWhiteSpace(definition.Url))
        {
            yield return definition.Type is null && definition.Command is null ? "it needs a command or a url; both are missing." : "an HTTP server needs a url, which is missing or empty.";
        }
        else if (!Uri.TryCreate(definition.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return "its url must be absolute and begin with http:// or https://.";
        }

        foreach (var (name, value) in definition.Environment.Concat(definition.Headers))
        {
            foreach (var key in References.KeysIn(value).Where(key => configuration?[key] is null))
            {
                yield return $"'{SafeText.OneLine(name)}' refers to the configuration key '{SafeText.OneLine(key)}', which has no value.";
            }
        }
    }
}
