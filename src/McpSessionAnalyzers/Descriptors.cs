using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers;

/// <summary>Every diagnostic that the package reports, made in one way so that id, category and help page always agree.</summary>
public static class Descriptors
{
    private const string Lifetime = "Mcp.Lifetime";
    private const string Disposal = "Mcp.Disposal";
    private const string Persistence = "Mcp.Persistence";

    /// <summary>MSA1001. Arguments: the member, the evidence that it is per-call code, what to do.</summary>
    public static readonly DiagnosticDescriptor SessionOpenedPerCall = Create(
        RuleIds.SessionOpenedPerCall,
        "Session is opened on every call",
        Lifetime,
        "'{0}' opens a new MCP session on every call ({1}), so each one pays for a connection and a handshake of its own; {2}");

    /// <summary>MSA1002. Arguments: the member, the loop, what to do.</summary>
    public static readonly DiagnosticDescriptor SessionOpenedInLoop = Create(
        RuleIds.SessionOpenedInLoop,
        "Session is opened in a loop",
        Lifetime,
        "'{0}' opens the same MCP session anew in each round of {1}, so each round pays for a connection and a handshake of its own; {2}");

    /// <summary>MSA1003. Arguments: the member, the session that is at hand, what that is.</summary>
    public static readonly DiagnosticDescriptor SessionOpenedBesideAnother = Create(
        RuleIds.SessionOpenedBesideAnother,
        "Session is opened while a longer-lived one is at hand",
        Lifetime,
        "'{0}' opens a new MCP session though '{1}', {2}, is at hand, so the work pays for a second connection and handshake and the server sees another client; use '{1}'");

    /// <summary>MSA1005. Arguments: the registered type, its lifetime, what that means, what to do.</summary>
    public static readonly DiagnosticDescriptor SessionRegisteredShortLived = Create(
        RuleIds.SessionRegisteredShortLived,
        "Session is registered with a lifetime shorter than the application",
        Lifetime,
        "'{0}' is registered as {1}, {2}; {3}");

    /// <summary>MSA1004. Arguments: the member, what is listed, the evidence that it is per-call code, what to do.</summary>
    public static readonly DiagnosticDescriptor ToolsListedPerCall = Create(
        RuleIds.ToolsListedPerCall,
        "Tools are listed on every call",
        Lifetime,
        "'{0}' asks the MCP server for its {1} on every call ({2}), a request or more before any work is done, though they rarely change; {3}",
        DiagnosticSeverity.Info);

    /// <summary>MSA1006. Arguments: who takes it out.</summary>
    public static readonly DiagnosticDescriptor ToolsOutliveSession = Create(
        RuleIds.ToolsOutliveSession,
        "Tools outlive the session that serves them",
        Lifetime,
        "{0} what calls through an MCP session that is closed before it can be used, so the first call fails; keep the session as long as its tools: share it, or hand on an owner of both");

    /// <summary>MSA1101. Arguments: what opens it, what to do.</summary>
    public static readonly DiagnosticDescriptor SessionNeverDisposed = Create(
        RuleIds.SessionNeverDisposed,
        "Session is never disposed",
        Disposal,
        "The MCP session opened by '{0}' is never disposed, so its connection or server process stays open; {1}");

    /// <summary>MSA1102. Arguments: what opens it, how a path loses it, what to do.</summary>
    public static readonly DiagnosticDescriptor SessionNotDisposedOnEveryPath = Create(
        RuleIds.SessionNotDisposedOnEveryPath,
        "Session is not disposed on every path",
        Disposal,
        "The MCP session opened by '{0}' is lost when {1}, and its connection or server process stays open; {2}");

    /// <summary>MSA1103. Arguments: the member, what is wrong with its type, what to do.</summary>
    public static readonly DiagnosticDescriptor OwnedSessionNotDisposed = Create(
        RuleIds.OwnedSessionNotDisposed,
        "Owned session is not disposed by its owner",
        Disposal,
        "The MCP session in '{0}' is never disposed, so its connection or server process stays open: {1}; {2}");

    /// <summary>MSA1104. Arguments: the member, what happens to it, what to do.</summary>
    public static readonly DiagnosticDescriptor SessionReplaced = Create(
        RuleIds.SessionReplaced,
        "Session is replaced without being disposed",
        Disposal,
        "'{0}' is {1} while it may still hold an MCP session, and nothing closes that one afterwards; {2}");

    /// <summary>MSA1105. Arguments: what that means.</summary>
    public static readonly DiagnosticDescriptor DisposalNotAwaited = Create(
        RuleIds.DisposalNotAwaited,
        "Disposal of a session is not awaited",
        Disposal,
        "The task of this 'DisposeAsync' is not awaited: {0}; await it");

    /// <summary>MSA1106. Arguments: the type of the session.</summary>
    public static readonly DiagnosticDescriptor DisposalTestNeverSucceeds = Create(
        RuleIds.DisposalTestNeverSucceeds,
        "Disposal of a session is tested in a way that never succeeds",
        Disposal,
        "'{0}' is only IAsyncDisposable, so this test for IDisposable never succeeds and the session is never closed; await its 'DisposeAsync'");

    /// <summary>MSA1107. Arguments: the member, who keeps the session.</summary>
    public static readonly DiagnosticDescriptor BorrowedSessionDisposed = Create(
        RuleIds.BorrowedSessionDisposed,
        "Borrowed session is disposed",
        Disposal,
        "'{0}' disposes an MCP session that it only borrows: {1}, so whoever uses it next finds it closed; use it without disposing it");

    /// <summary>MSA3001. Arguments: the value, its unit, why the column holds integers.</summary>
    public static readonly DiagnosticDescriptor FloatDurationInIntegerColumn = Create(
        RuleIds.FloatDurationInIntegerColumn,
        "Floating-point duration is persisted to an integer column",
        Persistence,
        "'{0}' is a fractional number of {1}, such as 642.039, but {2}: the database refuses the row or keeps a fraction where integers are expected; round it and convert it to an integer");

    /// <summary>MSA3002. Arguments: the cast, why it is stored.</summary>
    public static readonly DiagnosticDescriptor DurationNarrowed = Create(
        RuleIds.DurationNarrowed,
        "Duration is narrowed to an integer unsafely",
        Persistence,
        "'{0}' cuts the fraction off and turns NaN and durations beyond {1} into another number, and {2}; round it and convert it in a checked context, or to long",
        DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Create(
        string id,
        string title,
        string category,
        string message,
        DiagnosticSeverity severity = DiagnosticSeverity.Warning) =>
        new(
            id,
            title,
            message,
            category,
            severity,
            isEnabledByDefault: true,
            helpLinkUri: $"https://github.com/mcpsessionanalyzers/mcpsessionanalyzers/blob/main/docs/rules/{id}.md");
}
