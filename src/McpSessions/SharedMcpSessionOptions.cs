namespace McpSessions;

/// <summary>How a <see cref="SharedMcpSession"/> opens, keeps and closes its session, and for how long it trusts what the server has listed.</summary>
public sealed class SharedMcpSessionOptions : ResilientClientTransportOptions
{
    /// <summary>
    /// Keeps what is needed to resume the session after the process has been restarted. Default: none; every process opens a session of its own, and
    /// ends it when it closes. See <see cref="IMcpSessionStore"/>, also for what the transport factory has to do.
    /// </summary>
    public IMcpSessionStore? SessionStore { get; set; }
}
