using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The types of the MCP SDK and of McpSessions, for every generation of the SDK at once: a generation is a metadata name here, never a branch in a rule.</summary>
internal sealed class McpSymbols
{
    private readonly TypeSet _extensions;

    public McpSymbols(Compilation compilation)
    {
        Clients = TypeSet.Resolve(compilation, "ModelContextProtocol.Client.McpClient", "ModelContextProtocol.Client.IMcpClient");
        ClientFactories = TypeSet.Resolve(compilation, "ModelContextProtocol.Client.McpClient", "ModelContextProtocol.Client.McpClientFactory");
        ClientTransports = TypeSet.Resolve(
            compilation,
            "ModelContextProtocol.Client.IClientTransport",
            "ModelContextProtocol.Protocol.Transport.IClientTransport");
        SessionTransports = TypeSet.Resolve(
            compilation,
            "ModelContextProtocol.Protocol.ITransport",
            "ModelContextProtocol.Protocol.Transport.ITransport");
        SharedSession = TypeSet.Resolve(compilation, "McpSessions.SharedMcpSession");
        KeyedSessions = TypeSet.Resolve(compilation, "McpSessions.KeyedMcpSessions`1");
        _extensions = TypeSet.Resolve(compilation, "ModelContextProtocol.Client.McpClientExtensions");
    }

    /// <summary>Client sessions: <c>McpClient</c> (SDK 1.x and 2.x), <c>IMcpClient</c> (0.x).</summary>
    public TypeSet Clients { get; }

    /// <summary>Where <c>CreateAsync</c> and <c>ResumeSessionAsync</c> live.</summary>
    public TypeSet ClientFactories { get; }

    public TypeSet ClientTransports { get; }

    /// <summary>What <c>IClientTransport.ConnectAsync</c> returns.</summary>
    public TypeSet SessionTransports { get; }

    public TypeSet SharedSession { get; }

    public TypeSet KeyedSessions { get; }

    /// <summary>
    /// The names of what one does with a session; a user's method of such a name is only looked at for nothing. In SDK 0.x they are extensions.
    /// </summary>
    public IEnumerable<string> OperationNames =>
        Clients.Types.SelectMany(static type => type.AllInterfaces.Append(type).Concat(BasesOf(type)))
            .Concat(_extensions.Types).Concat(SharedSession.Types).Concat(KeyedSessions.Types)
            .SelectMany(static type => type.MemberNames)
            .Where(static name => name.EndsWith("Async", StringComparison.Ordinal));

    /// <summary>False where no MCP client is referenced: then no rule about sessions registers anything.</summary>
    public bool HasClients => !Clients.IsEmpty || !ClientTransports.IsEmpty;

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }
}
