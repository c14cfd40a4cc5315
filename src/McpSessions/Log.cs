using Microsoft.Extensions.Logging;

namespace McpSessions;

/// <summary>Every message of this library. None carries a session id, a header, a query or an argument.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Opened a session with MCP server {Server} (opening {Opening}, {ElapsedMs:0} ms)")]
    public static partial void Opened(ILogger logger, string server, int opening, double elapsedMs);

    [LoggerMessage(2, LogLevel.Warning, "Opening number {Opening} failed; {Failures} in a row: {Reason}")]
    public static partial void OpeningFailed(ILogger logger, int opening, int failures, string reason);

    [LoggerMessage(3, LogLevel.Debug, "A given-up opening of MCP server {Server} has ended: {Reason}")]
    public static partial void OpeningEnded(ILogger logger, string server, string reason);

    [LoggerMessage(4, LogLevel.Warning, "The session with MCP server {Server} has ended ({Reason}); the next call opens a new one")]
    public static partial void SessionEnded(ILogger logger, string server, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Calls to MCP server {Server} were still running after {Seconds} s; closing the session under them")]
    public static partial void DrainTimedOut(ILogger logger, string server, double seconds);

    [LoggerMessage(6, LogLevel.Warning, "MCP server {Server} did not let its session close within {Seconds} s; cut off")]
    public static partial void CloseTimedOut(ILogger logger, string server, double seconds);

    [LoggerMessage(7, LogLevel.Warning, "Closing the session with MCP server {Server} failed: {Reason}")]
    public static partial void CloseFailed(ILogger logger, string server, string reason);

    [LoggerMessage(8, LogLevel.Information, "Closed the session with MCP server {Server}")]
    public static partial void Closed(ILogger logger, string server);
}
