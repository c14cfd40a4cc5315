namespace McpSessions;

/// <summary>Something went wrong with a shared MCP session itself, as opposed to an error that a tool or the server has answered.</summary>
public class McpSessionException : Exception
{
    internal McpSessionException(string serverName, string message, Exception? innerException)
        : base(message, innerException) => ServerName = serverName;

    /// <summary>The name of the server in question.</summary>
    public string ServerName { get; }
}

/// <summary>
/// A session could not be opened. The message names the server, the reason and what was tried; the inner exception is what the transport
/// or the handshake threw. Nothing was sent on behalf of the caller, so calling again is safe.
/// </summary>
public sealed class McpConnectException : McpSessionException
{
    internal McpConnectException(string serverName, string message, Exception? innerException)
        : base(serverName, message, innerException)
    {
    }
}

/// <summary>
/// A call was sent and its answer was lost: the server may have executed it, or not. The call was not repeated, because it is not
/// known to be safe to do so. Whether to repeat it is the caller's decision.
/// </summary>
public sealed class McpOutcomeUnknownException : McpSessionException
{
    internal McpOutcomeUnknownException(string serverName, string method, string message, Exception? innerException)
        : base(serverName, message, innerException) => Method = method;

    /// <summary>The JSON-RPC method of the call, such as <c>tools/call</c>.</summary>
    public string Method { get; }
}

/// <summary>
/// The server has come back speaking a revision of the protocol under which the existing client can't go on. The call was not executed. A
/// <see cref="SharedMcpSession"/> makes a new client at the next access.
/// </summary>
public sealed class McpRevisionChangedException : McpSessionException
{
    internal McpRevisionChangedException(string serverName, string message, Exception? innerException)
        : base(serverName, message, innerException)
    {
    }
}
