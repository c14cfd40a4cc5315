using ModelContextProtocol.Client;

namespace McpSessions;

/// <summary>One named MCP server: how to reach it, and how its session is kept. Exactly one of command, address and factory is set.</summary>
/// <remarks>
/// Every text may refer to the application's configuration, as in <c>Bearer ${GitHub:Token}</c>, so that secrets stay where they are kept. It is
/// read at every opening. <c>${env:NAME}</c> is an environment variable; write <c>$${</c> where the two characters are meant.
/// </remarks>
public sealed class McpServerDefinition
{
    internal McpServerDefinition(string name)
    {
        Name = name;
        Session.Name = name;
    }

    /// <summary>The server's name, under which it is asked for.</summary>
    public string Name { get; }

    /// <summary>
    /// The kind of transport: <c>stdio</c>, <c>http</c> (or <c>streamable-http</c>), or <c>sse</c>. Default: stdio for a command, http for an address.
    /// </summary>
    public string? Type { get; set; }

    /// <summary>The command that starts a stdio server.</summary>
    public string? Command { get; set; }

    /// <summary>The command's arguments.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>
    /// Environment variables of a stdio server, beside those that it inherits.
    /// </summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Whether a stdio server inherits this process's whole environment. Default: true. If not, it still gets the variables that programs need to
    /// start, <c>PATH</c> among them.
    /// </summary>
    public bool InheritEnvironment { get; set; } = true;

    /// <summary>The directory that a stdio server starts in. Default: this process's.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>The address of an HTTP or SSE server; absolute, http or https.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// Headers of every request to an HTTP or SSE server. They are the application's, not a user's.
    /// </summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Handlers of every request to an HTTP or SSE server, the outermost first, made anew for every opening: for what differs from request to request,
    /// such as a token that is renewed while the session goes on. See <see cref="McpConnectContext.CreateHttpClient"/>.
    /// </summary>
    public IList<Func<IServiceProvider, DelegatingHandler>> HttpHandlers { get; } = [];

    /// <summary>Makes the transport, where none of the above does; gets the application's services.</summary>
    public Func<IServiceProvider, McpConnectContext, CancellationToken, ValueTask<IClientTransport>>? TransportFactory { get; set; }

    /// <summary>Makes the client's options, anew for every opening. Default: the SDK's.</summary>
    public Func<McpClientOptions?>? ClientOptions { get; set; }

    /// <summary>Timeouts, replay decision and the rest. The name, and where they are not set the logger factory, come from the container.</summary>
    public SharedMcpSessionOptions Session { get; } = new();

    /// <summary>
    /// Servers to use instead, in this order, for tool calls through the registry that could not be delivered to this one. Only for tools that
    /// both servers list with the same name and input schema, so never before this server was reached once. What it remembers of the session, its
    /// fallbacks don't know. <see cref="ResilientClientTransportOptions.RecoveryTimeout"/> says how long it is waited for before.
    /// </summary>
    public IList<string> Fallbacks { get; } = [];

    /// <summary>Whether to open the session when the application starts, in the background, instead of at the first call. Default: false.</summary>
    public bool WarmUp { get; set; }

    /// <summary>What was wrong already in the way that it is written down.</summary>
    internal List<string> Problems { get; } = [];
}
