using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The types of the MCP SDK and of McpSessions, for every generation of the SDK at once: a generation is a metadata name here, never a branch in a rule.</summary>
internal sealed class McpSymbols
{
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

    /// <summary>False where no MCP client is referenced: then no rule about sessions registers anything.</summary>
    public bool HasClients => !Clients.IsEmpty || !ClientTransports.IsEmpty;
}
