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
            : (connect, _) => new ValueTask<IClientTransport>(Http(definition, services, connect, configuration));
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
                Command = References.Resolve(definition.Command!, configuration),
                Arguments = [.. definition.Arguments.Select(argument => References.Resolve(argument, configuration))],
                InheritEnvironmentVariables = definition.InheritEnvironment,
                EnvironmentVariables = environment,
                WorkingDirectory = definition.WorkingDirectory is { } directory ? References.Resolve(directory, configuration) : null,
            },
            connect.LoggerFactory);
    }

    private static HttpClientTransport Http(McpServerDefinition definition, IServiceProvider services, McpConnectContext connect, IConfiguration? configuration) => new(
        new()
        {
            Name = definition.Name,
            Endpoint = new Uri(References.Resolve(definition.Url!, configuration)),
            // Not auto-detection: its fall-back to SSE lets the server name another origin.
            TransportMode = DefinitionValidation.TransportOf(definition) == "sse" ? HttpTransportMode.Sse : HttpTransportMode.StreamableHttp,
            // Only Streamable HTTP has sessions that go on after the client's process was restarted.
            KnownSessionId = DefinitionValidation.TransportOf(definition) == "sse" ? null : connect.KnownSessionId,
            AdditionalHeaders = definition.Headers.ToDictionary(static header => header.Key, header => HeaderValue(header.Key, header.Value, configuration)),
        },
        connect.CreateHttpClient([.. definition.HttpHandlers.Select(make => make(services))]),
        connect.LoggerFactory);

    // The configuration may have changed since the start, and the SDK's message about a header that it can't send has the value in it.
    private static string HeaderValue(string name, string text, IConfiguration? configuration) =>
        References.Resolve(text, configuration) is var value && DefinitionValidation.IsHeaderValue(value)
            ? value
            : throw new InvalidOperationException($"The value of header '{name}' has a line break or another control character.");
}
