using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using McpSessions.Http;
using McpSessions.Opening;

namespace McpSessions.Resilience;

/// <summary>
/// The connection that a client sees: it stays, whatever happens to the one underneath. A request's sending completes with its reply, or
/// throws what is true of it: not delivered, outcome unknown, cancelled by its caller.
/// </summary>
internal sealed class ResilientSession : ITransport
{
    // Set for the handlers of messages from the server, so that closing from within one does not wait for it.
    private static readonly AsyncLocal<ResilientSession?> s_handling = new();

    private readonly TransportScope _scope;
    private readonly Channel<JsonRpcMessage> _inbox = Channel.CreateUnbounded<JsonRpcMessage>(new() { SingleReader = true });
    private readonly StreamGate _stream = new();
    private readonly Handshake _handshake;
    private readonly ServerRequests _serverRequests = new();
    private readonly RepeatSafety _safety;
    private readonly RunningCalls _calls = new();
    private readonly ExecutionContext? _handlerContext;
    private readonly IdleWatch? _idle;
    private readonly object _gate = new();
    private Task? _closing;
    private volatile McpRevisionChangedException? _revisionChanged;
    private int _introduced;
    private int _toolsVersion;

    public ResilientSession(TransportScope scope)
    {
        _scope = scope;
        _safety = new RepeatSafety(scope.Options.MayRepeat);
        _handshake = new Handshake(scope.Options.TimeProvider);
        Reach = new Reach(scope.Options.TimeProvider);
        Generations = new Generations(scope, _handshake, _stream, Deliver, _serverRequests.Forget);
        if (scope.Options.StandaloneStream is true)
        {
            _stream.Open();
        }

        if (scope.Options.IdleTimeout is { } idle)
        {
            _idle = new IdleWatch(idle, scope.Options.TimeProvider, RestIfIdle);
        }

        // Constructed in nobody's context, as every opening runs, so that nobody's is captured here.
        s_handling.Value = this;
        _handlerContext = ExecutionContext.Capture();
        s_handling.Value = null;
    }

    public Generations Generations { get; }

    public Reach Reach { get; }

    public string? SessionId => Generations.Usable?.Connection.SessionId;

    /// <summary>Grows whenever the server's tools may have changed: it said so, or it is a new session.</summary>
    public int ToolsVersion => Volatile.Read(ref _toolsVersion) + Generations.Reopenings;

    public ChannelReader<JsonRpcMessage> MessageReader => _inbox.Reader;

    /// <summary>The owner closes the session: not a borrower who disposes the client by mistake.</summary>
    public bool OwnerCloses { get; set; }

    /// <summary>Whether the caller runs inside a handler of this session's messages.</summary>
    public bool IsHandling => s_handling.Value == this;

    /// <summary>No session will come any more: closed, or at the end of its revision.</summary>
    public bool IsOver { get; private set; }

    public bool IsClosed => Volatile.Read(ref _closing) is not null;

    /// <summary>Something needs the messages that a server sends of its own accord.</summary>
    public void WantServerMessages()
    {
        if (_scope.Options.StandaloneStream is not false)
        {
            _stream.Open();
        }
    }

    /// <summary>Completes when no call is in flight any more. Call it once.</summary>
    public Task DrainAsync() => _calls.DrainAsync();

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => message switch
    {
        JsonRpcRequest request when !AnsweredFromMemory(request) => RequestAsync(request, cancellationToken).AsTask(),
        JsonRpcRequest => Task.CompletedTask,
        JsonRpcNotification notification => NotifyAsync(notification, cancellationToken),
        JsonRpcMessageWithId answer when _serverRequests.TryAnswer(answer, out var generation, out var outgoing) => generation.SendAsync(outgoing, cancellationToken),
        // The answer to a question whose asker is gone.
        _ => Task.CompletedTask,
    };

    public ValueTask DisposeAsync()
    {
        if (!OwnerCloses && !IsClosed)
        {
            Log.DisposedByBorrower(_scope.Logger, Generations.ServerName);
        }

        return new(CloseOnce());
    }

    // A session that listens is used, even if nobody calls.
    private void RestIfIdle()
    {
        if (!_calls.Any && !_stream.Wanted.IsCompleted && _handshake.IsDone)
        {
            Generations.Rest();
        }
    }

    private Task CloseOnce()
    {
        lock (_gate)
        {
            IsOver = true;
            return _closing ??= Detached.Run(CloseAsync);
        }
    }

    private async Task CloseAsync()
    {
        _idle?.Dispose();
        await Generations.CloseAsync().ConfigureAwait(false);
        _inbox.Writer.TryComplete();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RequestAsync(JsonRpcRequest request, CancellationToken cancellationToken)
    {
        if (!_calls.TryStart())
        {
            ThrowIfEnded();
            throw Recovery.Closed();
        }

        _idle?.Used();
        var started = _scope.Options.Traffic is null ? 0 : _scope.Options.TimeProvider.GetTimestamp();
        try
        {
            Recovery? recovery = null;
            while (true)
            {
                var generation = Generations.Usable
                    ?? await (recovery ??= NewRecovery(request)).NextGenerationAsync(cancellationToken).ConfigureAwait(false);
                var wire = generation.Form(recovery?.Wire ?? request);
                var pending = wire.Id.Equals(request.Id) ? new PendingReply() : new RenamedReply(request.Id);
                try
                {
                    await generation.RequestAsync(wire, pending, cancellationToken).ConfigureAwait(false);
                    Reach.Answered();
                    Saw(request, pending.Reply);
                    _scope.Options.Traffic?.Answered(Generations.ServerName, request, pending.Reply, _scope.Options.TimeProvider.GetElapsedTime(started));
                    return;
                }
                catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
                {
                    generation.TellCancelled(wire);
                    if (e.CancellationToken == cancellationToken)
                    {
                        throw;
                    }

                    // With the caller's own token, by which code tells its own cancellation from others; transports link it with theirs.
                    throw new TaskCanceledException(e.Message, e, cancellationToken);
                }
                catch (Exception e) when (_handshake.IsDone && !Handshake.IsPartOf(request))
                {
                    recovery ??= NewRecovery(request);
                    if (!await recovery.GoesOnAfterAsync(e, generation, cancellationToken).ConfigureAwait(false))
                    {
                        throw;
                    }
                }
            }
        }
        catch (Exception e) when (_scope.Options.Traffic is { } traffic)
        {
            traffic.Failed(Generations.ServerName, request, e, _scope.Options.TimeProvider.GetElapsedTime(started));
            throw;
        }
        finally
        {
            _idle?.Used();
            _calls.Ended();
        }
    }

    /// <summary>In a resumed session the client's introduction is answered from memory; the server knows it already.</summary>
    private bool AnsweredFromMemory(JsonRpcRequest request)
    {
        if (!_handshake.IsResuming || !Handshake.IsPartOf(request))
        {
            return false;
        }

        if (_handshake.FromMemory(request) is { } reply)
        {
            _inbox.Writer.TryWrite(reply);
            Saw(request, reply);
            return true;
        }

        if (Generations.Usable is { } unfit)
        {
            Generations.Lost(unfit);
        }

        return false;
    }

    private Recovery NewRecovery(JsonRpcRequest request) => new(request, this, _scope, _safety);

    private async Task NotifyAsync(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        if (_handshake.IsResuming && notification.Method == NotificationMethods.InitializedNotification)
        {
            // The server of a resumed session has heard it.
            Saw(notification);
            return;
        }

        // A notification has no answer that could be lost: one that was not delivered is sent once more, on the next session.
        var generation = Generations.Usable ?? await new Recovery(null, this, _scope, _safety).NextGenerationAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await generation.SendAsync(notification, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (_handshake.IsDone && !cancellationToken.IsCancellationRequested
            && Verdict.Of(e, generation) is { SessionLost: true, Delivery: Delivery.NotDelivered })
        {
            Generations.Lost(generation);
            if (notification.Method != NotificationMethods.CancelledNotification)
            {
                var next = await new Recovery(null, this, _scope, _safety).NextGenerationAsync(cancellationToken).ConfigureAwait(false);
                await next.SendAsync(notification, cancellationToken).ConfigureAwait(false);
            }
        }

        Saw(notification);
    }

    private void Saw(JsonRpcRequest request, JsonRpcMessage? reply)
    {
        if (request.Method == RequestMethods.ToolsCall)
        {
            return;
        }

        _handshake.Saw(request, reply);
        _safety.Learn(request, reply);
        if (request.Method is RequestMethods.ResourcesSubscribe or Methods.SetLogLevel)
        {
            WantServerMessages();
        }

        WhenIntroduced();
    }

    private void Saw(JsonRpcNotification notification)
    {
        _handshake.Saw(notification);
        WhenIntroduced();
    }

    private void WhenIntroduced()
    {
        if (_handshake.IsDone && Interlocked.Exchange(ref _introduced, 1) == 0)
        {
            Generations.Attempts.Close();
            _scope.Keeper?.Keep(Generations.ServerName, _handshake.Ticket(SessionId));
            _scope.CountOpening();
            _scope.Options.Traffic?.SessionOpened(Generations.ServerName);
            if (_handshake.AnswersServer)
            {
                WantServerMessages();
            }
        }
    }

    /// <summary>The client can't go on; it ends, with this for everybody who still calls it.</summary>
    public void End(McpRevisionChangedException reason)
    {
        _revisionChanged = reason;
        IsOver = true;
        _inbox.Writer.TryComplete(reason);
    }

    /// <summary>
    /// Goes back with a server to the handshake of an older revision, or asks one that was gone back with what it speaks now, once for all who notice;
    /// false where the client can't.
    /// </summary>
    public bool TryBridge(JsonRpcRequest request, Generation generation)
    {
        lock (_gate)
        {
            // What an earlier generation was told, such as that its address is unknown, says nothing of the revision that the one in use has agreed on.
            if (ReferenceEquals(generation, Generations.Flight.Current) && !_handshake.IsBridged && !_handshake.TryBridge(request))
            {
                return false;
            }

            Generations.Lost(generation);
            return true;
        }
    }

    /// <summary>Throws where no session will come any more.</summary>
    public void ThrowIfEnded()
    {
        if (_revisionChanged is { } changed)
        {
            throw new McpRevisionChangedException(changed.ServerName, changed.Message, changed.InnerException);
        }

        ObjectDisposedException.ThrowIf(IsClosed, typeof(SharedMcpSession));
    }

    private void Deliver(Generation generation, JsonRpcMessage message)
    {
        if (message is JsonRpcNotification { Method: NotificationMethods.ToolListChangedNotification })
        {
            Interlocked.Increment(ref _toolsVersion);
        }

        if (message is JsonRpcRequest or JsonRpcNotification)
        {
            message = _serverRequests.Incoming(generation, message);
            message.Context ??= new();
            message.Context.ExecutionContext ??= _handlerContext;
        }

        _inbox.Writer.TryWrite(message);
    }
}
