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
    /// <param name="transportFactory">Makes the transport, anew for every opening, or the same one each time; the session owns and disposes what it returns.</param>
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
    /// Registers the MCP servers of the configuration, in the common <c>mcp.json</c> shape: <c>type</c>, <c>command</c>, <c>args</c>, <c>env</c>, <c>cwd</c>,
    /// <c>url</c>, <c>headers</c>, <c>disabled</c>; also <c>fallbacks</c>, <c>warmUp</c> and <c>inheritEnvironment</c>.
    /// </summary>
    /// <remarks>
    /// Keep secrets out of the file: every text may contain <c>${Some:Key}</c>, which is read from the application's configuration, or <c>${env:NAME}</c>.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, with a section <c>mcpServers</c>; or the section that has the servers as its children.</param>
    /// <returns>The services.</returns>
    /// <example>
    /// <code>
    /// builder.Configuration.AddJsonFile("mcp.json", optional: true);
    /// builder.Services.AddMcpSessions(builder.Configuration);
    /// </code>
    /// </example>
    public static IServiceCollection AddMcpSessions(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        foreach (var server in DefinitionReader.ServersOf(configuration))
        {
            services.AddMcpSession(server.Key, definition => DefinitionReader.Read(server, definition));
        }

        return services.AddRegistry();
    }

    private static IServiceCollection Add(this IServiceCollection services, McpServerDefinition definition)
    {
        services.AddSingleton(definition);
        services.TryAddKeyedSingleton(definition.Name, static (provider, key) => provider.GetRequiredService<McpSessionRegistry>()[(string)key!]);
        return services.AddRegistry();
    }

    private static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new McpSessionRegistry(provider.GetServices<McpServerDefinition>(), provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, McpSessionsHostedService>());
        services.TryAddSingleton(static provider => provider.GetRequiredService<McpSessionRegistry>().Single());
        return services;
    }
}
