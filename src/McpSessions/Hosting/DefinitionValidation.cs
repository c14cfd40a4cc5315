using System.Buffers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace McpSessions.Hosting;

/// <summary>Finds what can't work in the definitions before anything is opened, and says it with the server's name and without any value.</summary>
internal static class DefinitionValidation
{
    private static readonly string[] s_transports = ["stdio", "http", "streamable-http", "sse"];
    private static readonly SearchValues<char> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static void ThrowIfInvalid(IReadOnlyDictionary<string, McpServerDefinition> definitions, IConfiguration? configuration)
    {
        var failures = definitions.Values
            .SelectMany(definition => Failures(definition, definitions, configuration).Select(failure => $"MCP server '{SafeText.OneLine(definition.Name)}': {failure}"))
            .ToList();
        if (failures.Count > 0)
        {
            failures.Add($"Known servers: {string.Join(", ", definitions.Keys.Select(SafeText.OneLine))}.");
            throw new OptionsValidationException(nameof(McpServerDefinition), typeof(McpServerDefinition), failures);
        }
    }

    /// <summary>The kind of transport in its first spelling; others write <c>streamableHttp</c>.</summary>
    public static string TransportOf(McpServerDefinition definition)
    {
        var type = definition.Type?.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        return type switch
        {
            null or "" => definition.Command is not null ? "stdio" : "http",
            "streamablehttp" => "http",
            _ => type,
        };
    }

    public static bool IsHeaderValue(string value) => !value.Any(static c => char.IsControl(c) && c != '\t');

    private static IEnumerable<string> Failures(McpServerDefinition definition, IReadOnlyDictionary<string, McpServerDefinition> all, IConfiguration? configuration) =>
    [
        .. definition.Problems,
        .. Fallbacks(definition, all),
        .. Options(definition),
        .. definition.TransportFactory is null ? Transport(definition, configuration) : Factory(definition),
    ];

    private static IEnumerable<string> Fallbacks(McpServerDefinition definition, IReadOnlyDictionary<string, McpServerDefinition> all)
    {
        foreach (var fallback in definition.Fallbacks)
        {
            if (string.Equals(fallback, definition.Name, StringComparison.OrdinalIgnoreCase))
            {
                yield return "it is its own fallback.";
            }
            else if (!all.ContainsKey(fallback))
            {
                yield return $"its fallback '{SafeText.OneLine(fallback)}' is not a known server.";
            }
        }
    }

    private static IEnumerable<string> Options(McpServerDefinition definition)
    {
        try
        {
            definition.Session.Validated();
            return [];
        }
        catch (ArgumentException e)
        {
            return [SafeText.OneLine(e.Message)];
        }
    }

    private static IEnumerable<string> Factory(McpServerDefinition definition)
    {
        if (definition.Command is not null || definition.Url is not null)
        {
            yield return "it has a transport factory and a command or url; one is enough.";
        }

        if (definition.HttpHandlers.Count > 0)
        {
            yield return "it has a transport factory, which passes HTTP handlers to CreateHttpClient itself.";
        }
    }

    private static IEnumerable<string> Transport(McpServerDefinition definition, IConfiguration? configuration)
    {
        var transport = TransportOf(definition);
        if (!s_transports.Contains(transport))
        {
            yield return $"transport '{SafeText.OneLine(definition.Type)}' is not supported; supported are {string.Join(", ", s_transports)}.";
            yield break;
        }

        if (definition.Command is not null && definition.Url is not null)
        {
            yield return "it has a command and a url; one is enough.";
            yield break;
        }

        var missing = new List<string>();
        foreach (var failure in transport == "stdio" ? Stdio(definition, configuration, missing) : Http(definition, configuration, missing))
        {
            yield return failure;
        }
    }

    private static IEnumerable<string> Stdio(McpServerDefinition definition, IConfiguration? configuration, List<string> missing)
    {
        if (string.IsNullOrWhiteSpace(definition.Command))
        {
            yield return "a stdio server needs a command, which is missing or empty.";
            yield break;
        }

        if (definition.HttpHandlers.Count > 0)
        {
            yield return "a stdio server makes no HTTP requests that handlers could see.";
        }

        var texts = definition.Arguments.Select(static argument => ("args", argument))
            .Concat(definition.Environment.Select(static variable => (variable.Key, variable.Value)))
            .Prepend(("cwd", definition.WorkingDirectory ?? ""))
            .Prepend(("command", definition.Command));
        foreach (var (setting, text) in texts)
        {
            References.Resolve(text, configuration, missing);
            foreach (var key in Take(missing))
            {
                yield return Unresolved(setting, key);
            }
        }
    }

    private static IEnumerable<string> Http(McpServerDefinition definition, IConfiguration? configuration, List<string> missing)
    {
        if (string.IsNullOrWhiteSpace(definition.Url))
        {
            yield return string.IsNullOrEmpty(definition.Type) ? "it needs a command or a url; both are missing." : "an HTTP server needs a url, which is missing or empty.";
            yield break;
        }

        var address = References.Resolve(definition.Url, configuration, missing);
        if (missing.Count == 0 && (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")))
        {
            yield return "its url must be absolute and begin with http:// or https://.";
        }

        foreach (var key in Take(missing))
        {
            yield return Unresolved("url", key);
        }

        foreach (var (name, text) in definition.Headers)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(s_token))
            {
                yield return $"'{SafeText.OneLine(name)}' is no name of a header.";
            }

            var value = References.Resolve(text, configuration, missing);
            if (!IsHeaderValue(value))
            {
                yield return $"the value of header '{SafeText.OneLine(name)}' has a line break or another control character.";
            }

            foreach (var key in Take(missing))
            {
                yield return Unresolved(name, key);
            }
        }
    }

    private static string Unresolved(string setting, string key) => $"'{SafeText.OneLine(setting)}' refers to the configuration key '{key}', which has no value.";

    private static string[] Take(List<string> missing)
    {
        string[] taken = [.. missing];
        missing.Clear();
        return taken;
    }
}
