using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Http;
using McpSessions.Opening;
using McpSessions.Resumption;

namespace McpSessions.Resilience;

/// <summary>
/// The lives of one session, one after the other: opens the next when the last is lost, once for all who notice, introduces the client on it,
/// and lets the old one finish what is in flight.
/// </summary>
internal sealed class Generations
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly TransportScope _scope;
    private readonly Handshake _handshake;
    private readonly StreamGate _stream;
    private readonly Action<Generation, JsonRpcMessage> _deliver;
    private readonly Action<Generation> _gone;
    private readonly SingleFlight<Generation> _flight;
    private readonly HashSet<Task> _retiring = [];
    private int _reopenings;
    private bool _askedStore;
    private Generation? _startedOver;
    private long? _startedOverAt;

    public Generations(TransportScope scope, Handshake handshake, StreamGate stream, Action<Generation, JsonRpcMessage> deliver, Action<Generation> gone)
    {
        (_scope, _handshake, _stream, _deliver, _gone) = (scope, handshake, stream, deliver, gone);
        _flight = new(OpenAsync, static generation => generation.Ended.IsCompleted, Retire, scope.Options.OpeningBackoff, scope.Options.TimeProvider);
        ServerName = scope.NameOf(null);
    }

    public string ServerName { get; private set; }

    public string? TransportKind { get; private set; }

    /// <summary>What the latest opening has tried over HTTP.</summary>
    public HttpAttempts Attempts { get; private set; } = new();

    /// <summary>How often a lost session was opened again.</summary>
    public int Reopenings => Volatile.Read(ref _reopenings);

    public SingleFlight<Generation> Flight => _flight;

    /// <summary>The one in use, or <see langword="null"/> where it has ended or none was opened.</summary>
    public Generation? Usable => _flight.Current is { Ended.IsCompleted: false } current ? current : null;

    public void Lost(Generation generation) => _flight.Invalidate(generation);

    /// <summary>
    /// A server that says "not found" where no session id tells why: it may have forgotten this client (as one of the legacy transport does, whose id is in
    /// the address), or the address may be wrong. Begins anew, once for all who notice and once in a while; false where that has just been tried.
    /// </summary>
    public bool TryStartOver(Generation generation)
    {
        lock (_retiring)
        {
            if (ReferenceEquals(generation, _flight.Current) && !ReferenceEquals(generation, _startedOver))
            {
                if (_startedOverAt is { } at && _scope.Options.TimeProvider.GetElapsedTime(at) < s_pause)
                {
                    return false;
                }

                _startedOverAt = _scope.Options.TimeProvider.GetTimestamp();
                _startedOver = generation;
                generation.Http.Lost = true;
            }
        }

        Lost(generation);
        return true;
    }

    /// <summary>Closes the one in use, which nobody needs at the moment; the next call opens another.</summary>
    public void Rest()
    {
        if (Usable is { } idle)
        {
            idle.IsResting = true;
            _scope.Keeper?.Keep(ServerName, null);
            _flight.Invalidate(idle, lost: false);
        }
    }

    /// <summary>Closes all of them at once, whatever is in flight. Bounded by the dispose timeout.</summary>
    public async Task CloseAsync()
    {
        var current = await _flight.CloseAsync().ConfigureAwait(false);
        List<Task> closing;
        lock (_retiring)
        {
            closing = [.. _retiring];
        }

        if (_scope.Keeper is { } keeper)
        {
            if (_handshake.IsResuming || current is { CanBeResumed: false })
            {
                // A client that could make nothing of the session must not meet it again, and one that nobody could resume must not stay open.
                keeper.Keep(ServerName, null);
            }
            else if (current is not null)
            {
                current.Http.StaysOpen = true;
            }

            closing.Add(Bounded.CompletesAsync(keeper.Saved, _scope.Options.DisposeTimeout, _scope.Options.TimeProvider));
        }

        if (current is not null)
        {
            closing.Add(CloseAsync(current, TimeSpan.Zero));
        }

        await Task.WhenAll(closing).ConfigureAwait(false);
    }

    private void Retire(Generation generation)
    {
        var reason = generation.Http.Lost ? "the server does not know it any more" : generation.Ended.IsCompleted ? "its connection is closed" : "it is of no use any more";
        if (generation.IsResting)
        {
            Log.SessionRests(_scope.Logger, ServerName);
        }
        else
        {
            Log.SessionEnded(_scope.Logger, ServerName, reason);
            Telemetry.Lost(ServerName);
        }

        var retiring = Detached.Run(() => CloseAsync(generation, _scope.Options.DrainTimeout));
        lock (_retiring)
        {
            _retiring.Add(retiring);
        }

        _ = retiring.ContinueWith(
            task =>
            {
                lock (_retiring)
                {
                    _retiring.Remove(task);
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task CloseAsync(Generation generation, TimeSpan drainTimeout)
    {
        _gone(generation);
        await generation.CloseAsync(ServerName, drainTimeout, _scope.Options.DisposeTimeout, _scope.Options.TimeProvider, _flight.Closed).ConfigureAwait(false);
    }

    private async Task<Outcome<Generation>> OpenAsync(int number, CancellationToken closing)
    {
        var options = _scope.Options;
        var started = options.TimeProvider.GetTimestamp();
        var http = new HttpSessionState(_stream);
        var context = _scope.NewContext(http);
        Attempts = http.Attempts;
        var again = _handshake.IsDone;
        using var activity = again ? Telemetry.StartOpening(context.Opening) : null;
        IClientTransport? transport = null;
        string? difference = null;
        try
        {
            var generation = await Deadline.RunAsync(ConnectAsync, DiscardAsync, options.ConnectTimeout, options.TimeProvider, closing).ConfigureAwait(false);
            if (again)
            {
                http.Attempts.Close();
                var opening = _scope.CountOpening();
                Interlocked.Increment(ref _reopenings);
                _scope.Keeper?.Keep(ServerName, _handshake.Ticket(generation.Connection.SessionId));
                options.Traffic?.SessionOpened(ServerName);
                var duration = options.TimeProvider.GetElapsedTime(started);
                Log.Opened(_scope.Logger, ServerName, opening, duration.TotalMilliseconds);
                Telemetry.Opened(activity, ServerName, duration);
                TellReopened(new(ServerName, opening, _handshake.ProtocolVersion, difference));
            }

            return generation;
        }
        catch (Exception e)
        {
            var failure = OpeningFailure.Describe(ServerName, TransportKind, http.Attempts, e, e is TimeoutException ? options.ConnectTimeout : null, context.Opening);
            if (again && !closing.IsCancellationRequested)
            {
                Log.OpeningFailed(_scope.Logger, context.Opening, failure.Message);
                Telemetry.OpeningFailed(activity, ServerName, failure.Message);
            }

            return failure;
        }

        async Task<Generation> ConnectAsync(CancellationToken cancellationToken)
        {
            if (await ResumeAsync(number, cancellationToken).ConfigureAwait(false) is { } resumed)
            {
                return resumed;
            }

            transport = await _scope.MakeTransportAsync(context, cancellationToken).ConfigureAwait(false);
            (ServerName, TransportKind) = (_scope.NameOf(transport), transport.GetType().Name);
            var connection = await transport.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var generation = new Generation(number, context, transport, connection, http, _deliver, _scope);

            // The generation's to release from here on, and by nobody else.
            transport = null;
            try
            {
                difference = await _handshake.ReplayAsync(generation, ServerName, cancellationToken).ConfigureAwait(false);
                return generation;
            }
            catch
            {
                _ = Detached.Run(() => CloseAsync(generation, TimeSpan.Zero));
                throw;
            }
        }

        async Task DiscardAsync(Task<Generation> late)
        {
            try
            {
                await CloseAsync(await late.ConfigureAwait(false), TimeSpan.Zero).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // The failure itself was reported to the callers; what remains is the transport.
                Log.OpeningEnded(_scope.Logger, ServerName, SafeText.OneLine(e.Message));
                await _scope.ReleaseAsync(transport).ConfigureAwait(false);
                context.DisposeHttpClients();
            }
        }
    }

    /// <summary>The session of an earlier process, where it left one, and the server still knows it.</summary>
    private async Task<Generation?> ResumeAsync(int number, CancellationToken cancellationToken)
    {
        if (_scope.Keeper is not { } keeper || _askedStore)
        {
            return null;
        }

        _askedStore = true;
        if (await keeper.LoadAsync(ServerName, cancellationToken).ConfigureAwait(false) is not { } ticket
            || await Resuming.TryAsync(ticket, number, _scope, _stream, _deliver, cancellationToken).ConfigureAwait(false) is not { } resumed)
        {
            return null;
        }

        (ServerName, TransportKind) = (_scope.NameOf(resumed.Transport), resumed.Transport.GetType().Name);
        _handshake.Resume(ticket);
        return resumed;
    }

    private void TellReopened(McpSessionReopened reopened)
    {
        if (reopened.Difference is { } difference)
        {
            Log.Renegotiated(_scope.Logger, reopened.ServerName, difference);
        }

        if (_scope.Options.Reopened is { } tell)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    try
                    {
                        tell(reopened);
                    }
                    catch (Exception e)
                    {
                        Log.ReopenedFailed(_scope.Logger, reopened.ServerName, SafeText.OneLine(e.Message));
                    }
                },
                null);
        }
    }
}
