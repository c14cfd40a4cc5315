namespace McpSessions;

/// <summary>How a <see cref="SharedMcpSession"/> opens, keeps and closes its session.</summary>
public sealed class SharedMcpSessionOptions : ResilientClientTransportOptions;
