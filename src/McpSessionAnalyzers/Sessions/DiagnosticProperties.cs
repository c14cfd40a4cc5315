namespace McpSessionAnalyzers.Sessions;

/// <summary>Keys of <c>Diagnostic.Properties</c>: what a rule has found out and its fix must not find out again.</summary>
public static class DiagnosticProperties
{
    /// <summary>Present when the transport or options of the opening depend on the call: the value lists those parameters, comma-separated.</summary>
    public const string DependsOnParameters = nameof(DependsOnParameters);

    /// <summary>"sdk", "connect", "helper" or "owner": how the reported operation opens (see <see cref="OpeningKind"/>).</summary>
    public const string OpeningKind = nameof(OpeningKind);

    /// <summary>Present when only the tools of the session survive: <c>await using</c> would kill them.</summary>
    public const string OnlyToolsSurvive = nameof(OnlyToolsSurvive);

    /// <summary>The field, property or parameter that keeps the session which is at hand.</summary>
    public const string SessionAtHand = nameof(SessionAtHand);

    /// <summary>"Opened", "Kept" or "NeverClosed": how a registration comes to its session (see <see cref="Sessions.RegisteredSessionKind"/>).</summary>
    public const string RegisteredSessionKind = nameof(RegisteredSessionKind);
}
