using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpSessions;

/// <summary>
/// How a <see cref="SharedMcpSession"/> opens and closes its session. Every value has a default that suits an agent; the session copies
/// them when it is constructed, so later changes have no effect.
/// </summary>
public sealed class SharedMcpSessionOptions
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
    /// For how long after a failed opening callers get the same failure at once, instead of each of them trying again. Default: 500 ms.
    /// </summary>
    public TimeSpan OpeningBackoff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long closing waits for calls that are still running before it ends them. Default: 10 seconds.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long closing may take after draining: telling the server, ending its process. Default: 10 seconds, which leaves a stdio
    /// server the 5 seconds that the SDK gives it to exit by itself. What has not ended by then is cut off.
    /// </summary>
    public TimeSpan DisposeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal SharedMcpSessionOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(LoggerFactory);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ThrowIfNotADuration(ConnectTimeout, nameof(ConnectTimeout), zeroIsFine: false);
        ThrowIfNotADuration(OpeningBackoff, nameof(OpeningBackoff), zeroIsFine: true);
        ThrowIfNotADuration(DrainTimeout, nameof(DrainTimeout), zeroIsFine: true);
        ThrowIfNotADuration(DisposeTimeout, nameof(DisposeTimeout), zeroIsFine: true);
        return (SharedMcpSessionOptions)MemberwiseClone();
    }

    // Infinite would break the promise that nothing hangs; the upper limit is that of the framework's timers.
    private static void ThrowIfNotADuration(TimeSpan value, string option, bool zeroIsFine)
    {
        if (value < TimeSpan.Zero || (value == TimeSpan.Zero && !zeroIsFine) || value.TotalMilliseconds > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{nameof(SharedMcpSessionOptions)}.{option} must be {(zeroIsFine ? "zero or more" : "more than zero")} and less than 24 days.");
        }
    }
}
