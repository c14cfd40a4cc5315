namespace McpSessions;

/// <summary>How a <see cref="SharedMcpSession"/> opens, keeps and closes its session, and for how long it trusts what the server has listed.</summary>
public sealed class SharedMcpSessionOptions : ResilientClientTransportOptions;
