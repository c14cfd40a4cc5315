using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using Polly;

namespace McpSessions;

/// <summary>
/// How a session is opened, kept alive and closed. Every value has a default that suits an agent; they are copied when the object that takes
/// them is constructed, so later changes have no effect.
/// </summary>
public class ResilientClientTransportOptions
{
    /// <summary>The server's name in exceptions, logs and metrics. Default: the transport's own name.</summary>
    public string? Name { get; set; }

    /// <summary>Where the session, its transport and its client log. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>The clock of every timeout and delay. Default: the system's; a test can pass its own.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// How long an opening may take as a whole: transport factory, process start or connection, and the handshake. Default: 60 seconds.
    /// It also covers what the SDK's <c>InitializationTimeout</c> does not, such as a server-sent-events stream that never starts.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// For how long after a failed opening callers get the same failure at once, instead of each of them trying again. It doubles with every
    /// failure in a row, up to 10 seconds, and is shortened by up to a quarter at random; then the next caller tries again, for ever. Default: 500 ms.
    /// </summary>
    public TimeSpan OpeningBackoff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How often an opening of a <see cref="SharedMcpSession"/> that failed in passing (connection refused or broken, 429, 502, 503, 504) is tried again at
    /// once, with growing and jittered delays and within <see cref="ConnectTimeout"/>, before its callers are told. Default: 2.
    /// </summary>
    public int OpeningRetries { get; set; } = 2;

    /// <summary>
    /// The agent's own resilience for <c>CallToolAsync</c> of a <see cref="SharedMcpSession"/>, in one place: retries, timeouts, rate limits. It gets to
    /// see only failures after which a call may be sent again: those that were not delivered, and for tools that are safe to repeat all. Default: none.
    /// </summary>
    public ResiliencePipeline? CallPipeline { get; set; }

    /// <summary>
    /// For how long a call keeps trying to reach a server that was there before: it is restarting, being deployed, or changing its address.
    /// Default: 15 seconds. It concerns only calls that were not delivered; zero makes them fail at the first attempt.
    /// </summary>
    public TimeSpan RecoveryTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// After how long without a call the session is closed, to free what it holds on the server; the next call opens another underneath the
    /// same client. Default: never. A session that listens for messages of the server (see <see cref="StandaloneStream"/>) is not idle.
    /// </summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>How long closing waits for calls that are still running before it ends them. Default: 10 seconds.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long closing may take after draining: telling the server, ending its process. Default: 10 seconds, which leaves a stdio
    /// server the 5 seconds that the SDK gives it to exit by itself. What has not ended by then is cut off.
    /// </summary>
    public TimeSpan DisposeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether to keep the standalone stream open on which a Streamable HTTP server sends messages of its own accord. Default
    /// (<see langword="null"/>): only when something needs it, which is when the client answers requests of the server, has notification
    /// handlers in its options, or subscribes. Set it to <see langword="true"/> when handlers are registered later. It costs a connection
    /// and a request per session. Works for transports built on <see cref="McpConnectContext.HttpClient"/>.
    /// </summary>
    public bool? StandaloneStream { get; set; }

    /// <summary>
    /// Says of a request whose outcome is unknown (it may have been executed, its answer is lost) whether it may be sent again;
    /// <see langword="null"/> leaves that to the default: requests that only read, and tools whose annotations call them read-only or
    /// idempotent. Annotations are the server's word; where it is not trusted, say <see langword="false"/>. Called concurrently; must not throw.
    /// </summary>
    public Func<JsonRpcRequest, bool?>? MayRepeat { get; set; }

    /// <summary>
    /// For how long a listing of tools is taken for fresh where the server does not say (<c>ttlMs</c>, SEP-2549). Default: 5 minutes. Zero asks
    /// the server every time. Whatever its age, a listing is old once the server says that its tools have changed, or its session was lost.
    /// </summary>
    public TimeSpan ToolListLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// For how long after it has become old a listing of tools is still served when the server can't be asked. Default: 1 hour; zero never.
    /// </summary>
    public TimeSpan ToolListGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Counts session openings, tool calls and the rest, for logs, metrics and tests. Default: nobody counts.</summary>
    public McpTraffic? Traffic { get; set; }

    /// <summary>
    /// Told whenever a lost session has been opened again: what the server kept for the old one is gone. Called in the background, in no
    /// caller's context; what it throws is logged.
    /// </summary>
    public Action<McpSessionReopened>? Reopened { get; set; }

    internal virtual ResilientClientTransportOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(LoggerFactory);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ThrowIfNotADuration(ConnectTimeout, nameof(ConnectTimeout), zeroIsFine: false);
        ArgumentOutOfRangeException.ThrowIfNegative(OpeningRetries);
        ThrowIfNotADuration(OpeningBackoff, nameof(OpeningBackoff), zeroIsFine: true);
        ThrowIfNotADuration(RecoveryTimeout, nameof(RecoveryTimeout), zeroIsFine: true);
        if (IdleTimeout is { } idle)
        {
            ThrowIfNotADuration(idle, nameof(IdleTimeout), zeroIsFine: false);
        }

        ThrowIfNotADuration(ToolListLifetime, nameof(ToolListLifetime), zeroIsFine: true);
        ThrowIfNotADuration(ToolListGrace, nameof(ToolListGrace), zeroIsFine: true);
        ThrowIfNotADuration(DrainTimeout, nameof(DrainTimeout), zeroIsFine: true);
        ThrowIfNotADuration(DisposeTimeout, nameof(DisposeTimeout), zeroIsFine: true);
        return (ResilientClientTransportOptions)MemberwiseClone();
    }

    // Infinite would break the promise that nothing hangs; the upper limit is that of the framework's timers.
    private protected static void ThrowIfNotADuration(TimeSpan value, string option, bool zeroIsFine)
    {
        if (value < TimeSpan.Zero || (value == TimeSpan.Zero && !zeroIsFine) || value.TotalMilliseconds > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} must be {(zeroIsFine ? "zero or more" : "more than zero")} and less than 24 days.");
        }
    }
}

/// <summary>A lost session has been opened again underneath its client.</summary>
/// <param name="ServerName">The server's name.</param>
/// <param name="Opening">Which opening this is, counted from 1.</param>
/// <param name="ProtocolVersion">The revision agreed on in the handshake; <see langword="null"/> where there is none (2026-07-28 and later).</param>
/// <param name="Difference">What the server negotiates differently from before, in words; <see langword="null"/> if nothing.</param>
public sealed record McpSessionReopened(string ServerName, int Opening, string? ProtocolVersion, string? Difference);
