using System.Data.Common;
using System.Threading.Channels;
using McpSessions;

namespace RequestLog;

/// <summary>
/// Puts what the sessions do into the database, in the background: a slow or missing database never holds up an agent. A failed insert is
/// said aloud and tried again with the same record until it is stored; what waits meanwhile waits in memory, up to a bound.
/// </summary>
public sealed class RequestRecorder : IAsyncDisposable
{
    private const int MostWaiting = 100_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_lastChance = TimeSpan.FromMinutes(2);

    private readonly Channel<RequestRecord> _waiting = Channel.CreateBounded<RequestRecord>(MostWaiting);
    private readonly CancellationTokenSource _giveUp = new();
    private readonly McpTraffic _traffic;
    private readonly Func<RequestRecord, CancellationToken, Task> _insert;
    private readonly Action<string> _report;
    private readonly Task _writing;

    /// <param name="insert">Stores one record; storing a record twice must be harmless, for an answer may be lost.</param>
    /// <param name="report">Is told of every failure.</param>
    public RequestRecorder(McpTraffic traffic, Func<RequestRecord, CancellationToken, Task> insert, Action<string> report)
    {
        _traffic = traffic;
        _insert = insert;
        _report = report;
        _writing = Task.Run(WriteAsync);
        traffic.Seen += Take;
    }

    /// <summary>Waits until all that was seen is stored, two minutes at most.</summary>
    public async ValueTask DisposeAsync()
    {
        _traffic.Seen -= Take;
        _waiting.Writer.Complete();
        _giveUp.CancelAfter(s_lastChance);
        await _writing;
        _giveUp.Dispose();
    }

    /// <summary>Called on the caller's own path: nothing here waits.</summary>
    private void Take(McpTrafficEvent seen)
    {
        if (RequestRecord.Of(seen, DateTimeOffset.UtcNow) is { } record && !_waiting.Writer.TryWrite(record))
        {
            _report($"lost: {record}");
        }
    }

    private async Task WriteAsync()
    {
        await foreach (var record in _waiting.Reader.ReadAllAsync())
        {
            while (!await TryInsertAsync(record))
            {
                await Task.Delay(s_pause, _giveUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Whether the record is done with.</returns>
    private async Task<bool> TryInsertAsync(RequestRecord record)
    {
        if (_giveUp.IsCancellationRequested)
        {
            _report($"lost: {record}");
            return true;
        }

        try
        {
            await _insert(record, _giveUp.Token);
            return true;
        }
        catch (Exception e) when (e is DbException or OperationCanceledException)
        {
            _report($"not stored yet: {e.Message}");
            return false;
        }
    }
}
