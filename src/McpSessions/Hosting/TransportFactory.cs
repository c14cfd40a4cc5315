using Microsoft.Extensions.Configuration;
using ModelContextProtocol.Client;

namespace McpSessions.Hosting;

/// <summary>Makes a defined server's transport.</summary>
internal static class TransportFactory
{
    public static Func<McpConnectContext, CancellationToken, ValueTask<IClientTransport>> For(McpServerDefinition definition, IServiceProvider services, IConfiguration? configuration)
    {
        if (definition.TransportFactory is { } factory)
        {
            return (connect, ct) => factory(services, connect, ct);
        }

        return DefinitionValidation.TransportOf(definition) == "stdio"
            ? (connect, _) => new ValueTask<IClientTransport>(Stdio(definition, connect, configuration))
            : (connect, _) => new ValueTask<IClientTransport>(Http(definition, connect, configuration));
    }

    private static StdioClientTransport Stdio(McpServerDefinition definition, McpConnectContext connect, IConfiguration? configuration)
    {
        // Without PATH hardly any command starts, not even with an absolute path where it is a script.
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (!definition.InheritEnvironment)
        {
            foreach (var (name, value) in StdioClientTransportOptions.GetDefaultEnvironmentVariables())
            {
                environment[name] = value;
            }
        }

        foreach (var (name, value) in definition.Environment)
        {
            environment[name] = References.Resolve(value, configuration);
        }

        return new StdioClientTransport(
            new()
            {
                Name = definition.Name,
                Command = definition.Command!,
                Arguments = [.. definition.Arguments],
                InheritEnvironmentVariables = definition.InheritEnvironment,
                EnvironmentVariables = environment,
                WorkingDirectory = definition.WorkingDirectory,
            },
            connect.LoggerFactory);
    }

    private static HttpClientTransport Http(McpServerDefinition definition, McpConnectContext connect, IConfiguration? configuration) => new(
        new()
        {
            Name = definition.Name,
            Endpoint = new Uri(definition.Url!),
            // Not auto-detection: its fall-back to SSE lets the server name another origin.
            TransportMode = DefinitionValidation.TransportOf(definition) == "sse" ? HttpTransportMode.Sse : HttpTransportMode.StreamableHttp,
            AdditionalHeaders = definition.Headers.ToDictionary(static header => header.Key, header => References.Resolve(header.Value, configuration)),
        },
        connect.HttpClient,
        connect.LoggerFactory);
}
