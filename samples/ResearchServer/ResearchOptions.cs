using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ResearchServer;

/// <summary>What the server tells a client about itself, the same over every transport.</summary>
internal static class ResearchOptions
{
    public const string Name = "research-server";

    /// <summary>Made anew for each session, because the SDK's server writes its own handlers into it.</summary>
    public static McpServerOptions Create() => new()
    {
        ServerInfo = new Implementation { Name = Name, Version = "1.0.0" },
        // The newest revision that has sessions; clients that probe for a later one fall back to it.
        ProtocolVersion = "2025-11-25",
        ServerInstructions = "Search the library, read what you found, cite what you used.",
        ToolCollection =
        [
            McpServerTool.Create(LibraryTools.Search),
            McpServerTool.Create(LibraryTools.Read),
            McpServerTool.Create(LibraryTools.Cite),
        ],
    };
}
