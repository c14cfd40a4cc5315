using McpSessions;

namespace RequestLog;

/// <summary>One row of the request log.</summary>
/// <param name="Kind">"session" or "tool".</param>
/// <param name="DurationMs">Whole milliseconds, as the column holds them.</param>
/// <param name="Status">"ok", "error" (the server said so) or "failed" (there was no answer).</param>
public sealed record RequestRecord(Guid Id, DateTimeOffset At, string Server, string Kind, string? Tool, long DurationMs, string Status)
{
    /// <summary>What is worth a row: sessions and tool calls.</summary>
    public static RequestRecord? Of(McpTrafficEvent seen, DateTimeOffset at)
    {
        var kind = seen.Kind switch
        {
            McpTrafficKind.SessionOpening => "session",
            McpTrafficKind.ToolCall => "tool",
            _ => null,
        };
        var status = seen.Exception is not null ? "failed" : seen.IsError ? "error" : "ok";
        return kind is null ? null : new(Guid.NewGuid(), at, seen.ServerName, kind, seen.Tool, DurationMilliseconds.ToInt64(seen.Duration), status);
    }
}
