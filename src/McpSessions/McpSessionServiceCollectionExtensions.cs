using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Client;
using McpSessions;
using McpSessions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers named MCP servers, one shared session each.</summary>
public static class McpSessionServiceCollectionExtensions
{
    /// <summary>
    /// Registers an MCP server. Its session is injected as <c>[FromKeyedServices(name)] SharedMcpSession</c>, as <see cref="SharedMcpSession"/> where it is
    /// the only server, or through <see cref="McpSessionRegistry"/>. Definitions are checked when the host starts; sessions are drained when it stops.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The server's name; case does not matter. The last registration of a name wins.</param>
    /// <param name="configure">Sets the command or the address, and the rest.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <example>
    /// <code>
    /// services.AddMcpSession("github", server =&gt;
    /// {
    ///     server.Url = "https://example.com/mcp";
    ///     server.Headers["Authorization"] = "Bearer ${GitHub:Token}";
    /// });
    /// services.AddMcpSession("files", server =&gt; { server.Command = "npx"; server.Arguments.Add("some-server"); });
    /// </code>
    /// </example>
    public static IServiceCollection AddMcpSession(this IServiceCollection services, string name, Action<McpServerDefinition> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        var definition = new McpServerDefinition(name);
        configure(definition);
        return services.Add(definition);
    }

    /// <summary>Registers an MCP server over the transport that the factory makes, with the application's services at hand.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The server's name; case does not matter. The last registration of a name wins.</param>
    /// <param name="transportFactory">Makes the transport, anew for every opening; the session owns and disposes what it returns.</param>
    /// <param name="configure">Sets the rest.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddMcpSession(
        this IServiceCollection services, string name, Func<IServiceProvider, McpConnectContext, IClientTransport> transportFactory, Action<McpServerDefinition>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(transportFactory);
        return services.AddMcpSession(name, definition =>
        {
            definition.TransportFactory = (provider, connect, _) => new ValueTask<IClientTransport>(transportFactory(provider, connect));
            configure?.Invoke(definition);
        });
    }

    /// <summary>
    /// Registers the MCP servers of a configuration section, one child each, in the common <c>mcp.json</c> shape: <c>type</c>, <c>command</c>,
    /// <c>args</c>, <c>env</c>, <c>cwd</c>, <c>url</c>, <c>headers</c>; also <c>fallbacks</c> and <c>warmUp</c>.
    /// </summary>
    /// <remarks>Keep secrets out of the file: <c>${Some:Key}</c> in <c>env</c> and <c>headers</c> is read from the application's configuration.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="servers">The section, such as <c>configuration.GetSection("mcpServers")</c>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMcpSessions(this IServiceCollection services, IConfiguration servers)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(servers);
        foreach (var section in servers.GetChildren())
        {
            services.AddMcpSession(section.Key, definition => Read(section, definition));
        }

        return services;
    }

    private static void Read(IConfigurationSection section, McpServerDefinition definition)
    {
        definition.Type = section["type"] ?? section["transport"];
        definition.Command = section["command"];
        definition.WorkingDirectory = section["cwd"];
        definition.Url = section["url"];
        definition.WarmUp = bool.TryParse(section["warmUp"], out var warmUp) && warmUp;
        definition.InheritEnvironment = !bool.TryParse(section["inheritEnvironment"], out var inherit) || inherit;
        foreach (var argument in section.GetSection("args").GetChildren())
        {
            definition.Arguments.Add(argument.Value ?? "");
        }

        foreach (var fallback in section.GetSection("fallbacks").GetChildren())
        {
            definition.Fallbacks.Add(fallback.Value ?? "");
        }

        foreach (var variable in section.GetSection("env").GetChildren())
        {
            definition.Environment[variable.Key] = variable.Value ?? "";
        }

        foreach (var header in section.GetSection("headers").GetChildren())
        {
            definition.Headers[header.Key] = header.Value ?? "";
        }
    }

    private static IServiceCollection Add(this IServiceCollection services, McpServerDefinition definition)
    {
        services.AddSingleton(definition);
        services.TryAddSingleton(static provider => new McpSessionRegistry(provider.GetServices<McpServerDefinition>(), provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, McpSessionsHostedService>());
        services.TryAddKeyedSingleton(definition.Name, static (provider, key) => provider.GetRequiredService<McpSessionRegistry>()[(string)key!]);
        services.TryAddSingleton(static provider => provider.GetRequiredService<McpSessionRegistry>().Single());
        return services;
    }
}
