namespace McpSessionAnalyzers;

/// <summary>The ids of the rules. A constant's name is the base name of the rule's analyzer, fix and tests; its value names its docs page.</summary>
public static class RuleIds
{
    /// <summary>Session is opened on every call.</summary>
    public const string SessionOpenedPerCall = "MSA1001";

    /// <summary>Session is opened in a loop.</summary>
    public const string SessionOpenedInLoop = "MSA1002";

    /// <summary>Session is opened while a longer-lived one is at hand.</summary>
    public const string SessionOpenedBesideAnother = "MSA1003";

    /// <summary>Session is registered with a lifetime shorter than the application.</summary>
    public const string SessionRegisteredShortLived = "MSA1005";

    /// <summary>Tools are listed on every call.</summary>
    public const string ToolsListedPerCall = "MSA1004";

    /// <summary>Tools outlive the session that serves them.</summary>
    public const string ToolsOutliveSession = "MSA1006";

    /// <summary>Session is never disposed.</summary>
    public const string SessionNeverDisposed = "MSA1101";

    /// <summary>Session is not disposed on every path.</summary>
    public const string SessionNotDisposedOnEveryPath = "MSA1102";

    /// <summary>Owned session is not disposed by its owner.</summary>
    public const string OwnedSessionNotDisposed = "MSA1103";

    /// <summary>Session is replaced without being disposed.</summary>
    public const string SessionReplaced = "MSA1104";

    /// <summary>Disposal of a session is not awaited.</summary>
    public const string DisposalNotAwaited = "MSA1105";

    /// <summary>Disposal of a session is tested in a way that never succeeds.</summary>
    public const string DisposalTestNeverSucceeds = "MSA1106";

    /// <summary>Borrowed session is disposed.</summary>
    public const string BorrowedSessionDisposed = "MSA1107";

    /// <summary>Floating-point duration is persisted to an integer column.</summary>
    public const string FloatDurationInIntegerColumn = "MSA3001";

    /// <summary>Duration is narrowed to an integer unsafely.</summary>
    public const string DurationNarrowed = "MSA3002";
}
