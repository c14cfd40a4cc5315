namespace McpSessions.Resilience;

/// <summary>Methods that the SDK names only in obsolete members, though servers speak them still.</summary>
internal static class Methods
{
    /// <summary>Deprecated by SEP-2577; existing sessions use it, and it has to be repeated on a new one.</summary>
    public const string SetLogLevel = "logging/setLevel";
}
