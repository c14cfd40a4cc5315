using Microsoft.Extensions.Logging;
using McpSessions.Opening;

namespace McpSessions.Resumption;

/// <summary>Stands between a session and the store of its user: reads with distrust, writes in order and in nobody's way, and logs no content.</summary>
internal sealed class SessionKeeper(IMcpSessionStore store, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>A store that hangs must not keep a session from opening.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private Task _saving = Task.CompletedTask;
    private string? _latest;
    private bool _known;

    /// <summary>Everything that was to be saved so far has been, or has failed.</summary>
    public Task Saved
    {
        get
        {
            lock (_gate)
            {
                return _saving;
            }
        }
    }

    public async Task<SessionTicket?> LoadAsync(string serverName, CancellationToken cancellationToken)
    {
        try
        {
            // What an earlier client of this process has still to say.
            await Saved.WaitAsync(s_patience, timeProvider, cancellationToken).ConfigureAwait(false);
            var text = await store.LoadAsync(cancellationToken).AsTask().WaitAsync(s_patience, timeProvider, cancellationToken).ConfigureAwait(false);
            var ticket = SessionTicket.TryParse(text);
            if (text is not null && ticket is null)
            {
                Log.StoredSessionUnusable(logger, serverName);
            }

            return ticket;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Its type only: the message may quote what was read.
            Log.SessionStoreFailed(logger, serverName, e.GetType().Name);
            return null;
        }
    }

    /// <summary>Saves it in the background; nothing where there is nothing to resume by.</summary>
    public void Keep(string serverName, SessionTicket? ticket)
    {
        var text = ticket?.Format();
        lock (_gate)
        {
            if (_known && _latest == text)
            {
                return;
            }

            (_latest, _known) = (text, true);
            var before = _saving;
            _saving = Detached.Run(() => SaveAsync(before, serverName, text));
        }
    }

    private async Task SaveAsync(Task before, string serverName, string? text)
    {
        await before.ConfigureAwait(false);
        try
        {
            await store.SaveAsync(text, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.SessionStoreFailed(logger, serverName, e.GetType().Name);
        }
    }
}
