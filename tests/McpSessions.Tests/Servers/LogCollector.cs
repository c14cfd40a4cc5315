using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace McpSessions.Tests.Servers;

/// <summary>Keeps what was logged, for tests about what may and what may not stand in a log.</summary>
internal sealed class LogCollector : ILoggerFactory
{
    private readonly ConcurrentQueue<(string Category, LogLevel Level, string Message)> _lines = new();

    public IEnumerable<(string Category, LogLevel Level, string Message)> Lines => _lines;

    /// <summary>Only this library's own messages.</summary>
    public IEnumerable<(string Category, LogLevel Level, string Message)> Own => _lines.Where(line => line.Category.StartsWith("McpSessions", StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Logger(LogCollector owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._lines.Enqueue((category, logLevel, formatter(state, exception)));
    }
}
