using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Hosting;
using McpSessions.Opening;

namespace McpSessions;

/// <summary>How a server is doing.</summary>
public enum McpServerHealth
{
    /// <summary>Its session is open, or nobody has needed one yet.</summary>
    Healthy,

    /// <summary>Its session is lost, the last opening failed, or a call could not reach it; it is tried again on demand.</summary>
    Degraded,

    /// <summary>At least three openings or calls in a row have not reached it.</summary>
    Down,
}

/// <summary>How a server is doing, as a snapshot.</summary>
/// <param name="Name">The server's name.</param>
/// <param name="Health">How it is doing.</param>
/// <param name="Since">Since when: a server that is degraded or down since its trouble began.</param>
/// <param name="ConsecutiveFailures">How many openings have failed, and calls have not reached it, since it last answered.</param>
/// <param name="LastError">Why the last of these failed; <see langword="null"/> while all is well.</param>
public sealed record McpServerStatus(string Name, McpServerHealth Health, DateTimeOffset Since, int ConsecutiveFailures, Exception? LastError);

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
    private readonly Dictionary<string, Task> _trials = new(StringComparer.OrdinalIgnoreCase);

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
                // A copy: the definition may serve another container too.
                var options = definition.Session.Validated();
                if (loggerFactory is not null && options.LoggerFactory == NullLoggerFactory.Instance)
                {
                    options.LoggerFactory = loggerFactory;
                }

                return new SharedMcpSession(TransportFactory.For(definition, services, configuration), definition.ClientOptions, options, connections: null);
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
    /// <param name="name">The server's name; case does not matter.</param>
    /// <exception cref="KeyNotFoundException">There is no such server.</exception>
    public McpServerStatus StatusOf(string name)
    {
        var session = this[name].Status;
        var health = session.ConsecutiveFailures >= DownAfterFailures ? McpServerHealth.Down
            : session.State is McpSessionState.Down or McpSessionState.Closed || session.ConsecutiveFailures > 0 || session.FailingSince is not null ? McpServerHealth.Degraded
            : McpServerHealth.Healthy;
        var since = health == McpServerHealth.Healthy ? session.Since : session.FailingSince ?? session.Since;
        return new(_definitions[name].Name, health, since, session.ConsecutiveFailures, session.LastError);
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
        var fallbacks = _definitions[name].Fallbacks;
        try
        {
            if (fallbacks.Count > 0 && session.KnownTool(toolName) is null)
            {
                await DescribeAsync(session, cancellationToken).ConfigureAwait(false);
            }

            return await session.CallToolAsync(toolName, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (McpConnectException e) when (fallbacks.Count > 0 && session.KnownTool(toolName) is { } tool)
        {
            foreach (var fallback in fallbacks)
            {
                if (!await HasSameToolAsync(this[fallback], tool, cancellationToken).ConfigureAwait(false))
                {
                    continue;
                }

                try
                {
                    Log.UsingFallback(session.Logger, SafeText.OneLine(name), SafeText.OneLine(fallback), SafeText.OneLine(e.Message));
                    return await this[fallback].CallToolAsync(toolName, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
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

    /// <summary>
    /// Finds out in the background whether a server in trouble is back, once at a time, so that it gets well even if nobody calls it. Only over
    /// HTTP: looking after a server must not start a process.
    /// </summary>
    internal Task TryAgainAsync(string name)
    {
        if (_definitions[name] is not { TransportFactory: null, Url: not null })
        {
            return Task.CompletedTask;
        }

        lock (_trials)
        {
            return _trials.TryGetValue(name, out var trial) && !trial.IsCompleted ? trial : _trials[name] = Detached.Run(_sessions[name].TryAgainAsync);
        }
    }

    private string KnownNames => string.Join(", ", _definitions.Keys.Select(SafeText.OneLine));

    private KeyNotFoundException Unknown(string name) => new($"There is no MCP server '{SafeText.OneLine(name)}'. Known servers: {KnownNames}.");

    // Whether a fallback has the same tool is known only of tools that were listed while the server was there.
    private static async ValueTask DescribeAsync(SharedMcpSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.ListToolsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is McpException or HttpRequestException or McpSessionException and not McpConnectException)
        {
            // It doesn't list its tools; then it has no fallback.
        }
    }

    private static async ValueTask<bool> HasSameToolAsync(SharedMcpSession session, McpClientTool tool, CancellationToken cancellationToken)
    {
        try
        {
            var tools = await session.ListToolsAsync(cancellationToken).ConfigureAwait(false);
            return tools.Any(other => other.ProtocolTool.Name == tool.ProtocolTool.Name && SameSchema(other.ProtocolTool.InputSchema, tool.ProtocolTool.InputSchema));
        }
        catch (Exception e) when (e is McpException or HttpRequestException or McpSessionException)
        {
            return false;
        }
    }

    private static bool SameSchema(JsonElement one, JsonElement other) => JsonNode.DeepEquals(AsNode(one), AsNode(other));

    private static JsonNode? AsNode(JsonElement element) => element.ValueKind == JsonValueKind.Object ? JsonObject.Create(element) : JsonValue.Create(element);
}
