namespace McpSessionAnalyzers.RuntimeProofs;

/// <summary>What the server has counted when a program has ended. What a proof doesn't speak of is left null.</summary>
internal sealed record Reading
{
    /// <summary>Sessions that the program opened.</summary>
    public int? Opened { get; init; }

    /// <summary>Sessions that the server still holds, after a full garbage collection on the client's side.</summary>
    public int? LeftOpen { get; init; }

    /// <summary>How often the program asked for the server's tools.</summary>
    public int? ToolLists { get; init; }

    /// <summary>Tool calls that reached the server.</summary>
    public int? ToolCalls { get; init; }

    /// <summary>Server processes that the program started.</summary>
    public int? Started { get; init; }

    /// <summary>Server processes that still run.</summary>
    public int? LeftRunning { get; init; }

    /// <summary>The exception that the program ended with.</summary>
    public string? Failure { get; init; }

    /// <summary>Only what <paramref name="other"/> speaks of.</summary>
    public Reading Of(Reading other) => new()
    {
        Opened = other.Opened is null ? null : Opened,
        LeftOpen = other.LeftOpen is null ? null : LeftOpen,
        ToolLists = other.ToolLists is null ? null : ToolLists,
        ToolCalls = other.ToolCalls is null ? null : ToolCalls,
        Started = other.Started is null ? null : Started,
        LeftRunning = other.LeftRunning is null ? null : LeftRunning,
        Failure = Failure,
    };
}
