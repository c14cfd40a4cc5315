using Microsoft.Extensions.Logging;

namespace McpSessions;

/// <summary>Every message of this library. None carries a session id, a header, a query or an argument.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Opened a session with MCP server {Server} (opening {Opening}, {ElapsedMs:0} ms)")]
    public static partial void Opened(ILogger logger, string server, int opening, double elapsedMs);

    [LoggerMessage(2, LogLevel.Warning, "Opening number {Opening} failed: {Reason}")]
    public static partial void OpeningFailed(ILogger logger, int opening, string reason);

    [LoggerMessage(3, LogLevel.Debug, "A given-up opening of MCP server {Server} has ended: {Reason}")]
    public static partial void OpeningEnded(ILogger logger, string server, string reason);

    [LoggerMessage(4, LogLevel.Warning, "The session with MCP server {Server} has ended: {Reason}")]
    public static partial void SessionEnded(ILogger logger, string server, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Calls to MCP server {Server} were still running after {Seconds} s; closing the session under them")]
    public static partial void DrainTimedOut(ILogger logger, string server, double seconds);

    [LoggerMessage(6, LogLevel.Warning, "MCP server {Server} did not let its session close within {Seconds} s; cut off")]
    public static partial void CloseTimedOut(ILogger logger, string server, double seconds);

    [LoggerMessage(7, LogLevel.Warning, "Closing the session with MCP server {Server} failed: {Reason}")]
    public static partial void CloseFailed(ILogger logger, string server, string reason);

    [LoggerMessage(8, LogLevel.Information, "Closed the session with MCP server {Server}")]
    public static partial void Closed(ILogger logger, string server);

    [LoggerMessage(9, LogLevel.Warning, "MCP server {Server} came back different: {Difference}")]
    public static partial void Renegotiated(ILogger logger, string server, string difference);

    [LoggerMessage(10, LogLevel.Warning, "The Reopened callback for MCP server {Server} failed: {Reason}")]
    public static partial void ReopenedFailed(ILogger logger, string server, string reason);

    [LoggerMessage(11, LogLevel.Warning, "A borrower has disposed the shared client of MCP server {Server}, which ends every caller's session; the next access opens a new one. The client belongs to its SharedMcpSession")]
    public static partial void DisposedByBorrower(ILogger logger, string server);

    [LoggerMessage(12, LogLevel.Information, "Sending {Method} to MCP server {Server} again: {Reason}")]
    public static partial void SendingAgain(ILogger logger, string server, string method, string reason);

    [LoggerMessage(13, LogLevel.Warning, "The outcome of {Method} at MCP server {Server} is unknown: {Reason}")]
    public static partial void OutcomeUnknown(ILogger logger, string server, string method, string reason);

    [LoggerMessage(14, LogLevel.Information, "The session with MCP server {Server} was idle and is closed; the next call opens another")]
    public static partial void SessionRests(ILogger logger, string server);

    [LoggerMessage(15, LogLevel.Warning, "Tool {Tool} of MCP server {Server} is left out: {Reason}")]
    public static partial void ToolRejected(ILogger logger, string server, string tool, string reason);

    [LoggerMessage(16, LogLevel.Warning, "Listing the tools of MCP server {Server} failed; the last listing is served: {Reason}")]
    public static partial void ServingOldTools(ILogger logger, string server, string reason);

    [LoggerMessage(17, LogLevel.Warning, "MCP server {Server} can't be reached; its fallback {Fallback} is used: {Reason}")]
    public static partial void UsingFallback(ILogger logger, string server, string fallback, string reason);

    [LoggerMessage(18, LogLevel.Information, "Resumed the session of an earlier process with MCP server {Server}")]
    public static partial void Resumed(ILogger logger, string server);

    [LoggerMessage(19, LogLevel.Information, "The session of an earlier process with MCP server {Server} can't be resumed, a new one is opened: {Reason}")]
    public static partial void NotResumed(ILogger logger, string server, string reason);

    [LoggerMessage(20, LogLevel.Warning, "What the session store of MCP server {Server} has kept is damaged; a new session is opened")]
    public static partial void StoredSessionUnusable(ILogger logger, string server);

    [LoggerMessage(21, LogLevel.Warning, "The session store of MCP server {Server} failed: {Reason}")]
    public static partial void SessionStoreFailed(ILogger logger, string server, string reason);
}
