using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Hosting;
using McpSessions.Resilience;

namespace McpSessions;

/// <summary>How a server is doing.</summary>
public enum McpServerHealth
{
    /// <summary>Its session is open, or nobody has needed one yet.</summary>
    Healthy,

    /// <summary>Its session is lost or the last opening failed; it is tried again on demand.</summary>
    Degraded,

    /// <summary>At least three openings in a row have failed.</summary>
    Down,
}

/// <summary>
/// The named MCP servers of an application, one shared session each. Register servers with <c>services.AddMcpSession(name, …)</c>; ask by name
/// here, or inject <c>[FromKeyedServices(name)] SharedMcpSession</c>.
/// </summary>
/// <remarks>All members are thread-safe. One server that hangs or fails delays no other.</remarks>
public sealed class McpSessionRegistry : IAsyncDisposable, IDisposable
{
    private const int DownAfterFailures = 3;

    private readonly Dictionary<string, McpServerDefinition> _definitions;
    private readonly Dictionary<string, SharedMcpSession> _sessions;

    internal McpSessionRegistry(IEnumerable<McpServerDefinition> definitions, IServiceProvider services)
    {
        var configuration = (IConfiguration?)services.GetService(typeof(IConfiguration));
        var loggerFactory = (ILoggerFactory?)services.GetService(typeof(ILoggerFactory));
        _definitions = new(StringComparer.OrdinalIgnoreCase);
        foreach (var definition in definitions)
        {
            // The last one of a name wins, as in configuration.
            _definitions[definition.Name] = definition;
        }

        DefinitionValidation.ThrowIfInvalid(_definitions, configuration);
        _sessions = _definitions.Values.ToDictionary(
            static definition => definition.Name,
            definition =>
            {
                if (loggerFactory is not null && definition.Session.LoggerFactory == NullLoggerFactory.Instance)
                {
                    definition.Session.LoggerFactory = loggerFactory;
                }

                return new SharedMcpSession(TransportFactory.For(definition, services, configuration), definition.ClientOptions, definition.Session);
            },
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The names of the servers.</summary>
    public IReadOnlyCollection<string> Names => _definitions.Keys;

    /// <summary>The server's shared session. It belongs to the registry: do not dispose it.</summary>
    /// <param name="name">The server's name; case does not matter.</param>
    /// <exception cref="KeyNotFoundException">There is no such server; the message lists those that there are.</exception>
    public SharedMcpSession this[string name] => _sessions.TryGetValue(name, out var session) ? session : throw Unknown(name);

    /// <summary>How the server is doing, from what its session knows. Opens nothing and asks nobody.</summary>
    /// <param name="name">The server's name.</param>
    /// <exception cref="KeyNotFoundException">There is no such server.</exception>
    public McpServerHealth HealthOf(string name)
    {
        var status = this[name].Status;
        return status.ConsecutiveFailures >= DownAfterFailures ? McpServerHealth.Down
            : status.State is McpSessionState.Down or McpSessionState.Closed || status.ConsecutiveFailures > 0 ? McpServerHealth.Degraded
            : McpServerHealth.Healthy;
    }

    /// <summary>
    /// Calls a tool of the server, or of its fallbacks in their order where the call could not be delivered. A call that may have been executed
    /// goes to no fallback.
    /// </summary>
    /// <param name="name">The server's name.</param>
    /// <param name="toolName">The tool's name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends this call.</param>
    /// <exception cref="KeyNotFoundException">There is no such server.</exception>
    /// <exception cref="McpConnectException">The call could not be delivered, to the server or a fallback that has the same tool.</exception>
    /// <exception cref="McpOutcomeUnknownException">The call was sent and its answer was lost.</exception>
    public async ValueTask<CallToolResult> CallToolAsync(
        string name, string toolName, IReadOnlyDictionary<string, object?>? arguments = null, CancellationToken cancellationToken = default)
    {
        var session = this[name];
        try
        {
            return await session.CallToolAsync(toolName, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (McpConnectException e) when (_definitions[name].Fallbacks.Count > 0 && session.KnownTool(toolName) is { } tool)
        {
            foreach (var fallback in _definitions[name].Fallbacks)
            {
                try
                {
                    if (await HasSameToolAsync(this[fallback], tool, cancellationToken).ConfigureAwait(false))
                    {
                        Log.UsingFallback(session.Logger, SafeText.OneLine(name), SafeText.OneLine(fallback), SafeText.OneLine(e.Message));
                        return await this[fallback].CallToolAsync(toolName, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
                    }
                }
                catch (McpConnectException)
                {
                    // The next one; if there is none, the first one's reason is what the caller needs.
                }
            }

            throw;
        }
    }

    /// <summary>Closes all sessions at the same time, each within its timeouts; one that fails to close hinders no other. Never throws.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_sessions.Values.Select(static session => session.DisposeAsync().AsTask())).ConfigureAwait(false);

    /// <summary>Starts the same bounded close in the background and returns at once.</summary>
    public void Dispose()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }
    }

    internal SharedMcpSession Single() => _sessions.Count == 1
        ? _sessions.Values.Single()
        : throw new InvalidOperationException($"There are {_sessions.Count} MCP servers: say which, with [FromKeyedServices(name)] or McpSessionRegistry[name]. Known servers: {KnownNames}.");

    internal void WarmUp()
    {
        foreach (var definition in _definitions.Values.Where(static definition => definition.WarmUp))
        {
            // In the background: its failure is logged, and the first call tries again.
            _ = _sessions[definition.Name].TryOpenAsync();
        }
    }

    private string KnownNames => string.Join(", ", _definitions.Keys.Select(SafeText.OneLine));

    private KeyNotFoundException Unknown(string name) => new($"There is no MCP server '{SafeText.OneLine(name)}'. Known servers: {KnownNames}.");

    private static async ValueTask<bool> HasSameToolAsync(SharedMcpSession session, McpClientTool tool, CancellationToken cancellationToken)
    {
        var tools = await session.ListToolsAsync(cancellationToken).ConfigureAwait(false);
        return tools.Any(other => other.ProtocolTool.Name == tool.ProtocolTool.Name && SameSchema(other.ProtocolTool.InputSchema, tool.ProtocolTool.InputSchema));
    }

    private static bool SameSchema(JsonElement one, JsonElement other) =>
        System.Text.Json.Nodes.JsonNode.DeepEquals(AsNode(one), AsNode(other));

    private static System.Text.Json.Nodes.JsonNode? AsNode(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? System.Text.Json.Nodes.JsonObject.Create(element) : System.Text.Json.Nodes.JsonValue.Create(element);
}
