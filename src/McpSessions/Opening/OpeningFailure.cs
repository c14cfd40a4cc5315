using ModelContextProtocol.Client;
using McpSessions.Http;
using McpSessions.Resilience;

namespace McpSessions.Opening;

/// <summary>Why an opening failed. Each caller gets an exception object of its own: many rethrowing one would garble its stack trace.</summary>
internal sealed record OpeningFailure(string ServerName, string Message, Exception Cause)
{
    public McpConnectException ToException() => new(ServerName, Message, Cause);

    public static OpeningFailure Describe(string serverName, string? transportKind, HttpAttempts attempts, Exception cause, TimeSpan? timedOutAfter, int opening)
    {
        // The inner opening has said it all already.
        if (cause is McpConnectException connect)
        {
            return new(serverName, connect.Message, connect.InnerException ?? connect);
        }

        var tried = attempts.Lines;
        var message = $"Could not open a session with MCP server '{serverName}'"
            + (transportKind is null ? " (in its transport factory)" : $" ({transportKind})")
            + $": {(timedOutAfter is { } time ? $"no session within {Seconds(time)}" : Reason(cause))}."
            + (tried.Count > 0 ? $" Tried: {string.Join("; ", tried)}." : "")
            + (opening > 1 ? $" This was opening number {opening}." : "");
        return new(serverName, message, cause);
    }

    public static string Reason(Exception e) => e switch
    {
        // Nobody has cancelled: so speaks the SDK when a session ends under a call.
        OperationCanceledException { InnerException: TimeoutException timeout } => Reason(timeout),
        OperationCanceledException => "the connection ended",
        GenerationEndedException { InnerException: { } cause } => Reason(cause),
        ClientTransportClosedException { Details: StdioClientCompletionDetails { ExitCode: { } exitCode } } =>
            FormattableString.Invariant($"the server's process exited with code {exitCode}"),
        ClientTransportClosedException { Details.Exception: { } cause } => Reason(cause),
        ClientTransportClosedException => "the connection was closed",
        _ => SafeText.OneLine(e.Message).TrimEnd('.', ' '),
    };

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");
}
