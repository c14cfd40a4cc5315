using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Http;
using McpSessions.Opening;

namespace McpSessions.Resilience;

/// <summary>The generation has ended under a request that was already sent, or may have been.</summary>
internal sealed class GenerationEndedException(Exception? cause)
    : IOException(cause is null ? "The connection to the server was closed." : SafeText.OneLine(cause.Message), cause);

/// <summary>The generation was closed before anything was sent.</summary>
internal sealed class GenerationClosedException() : IOException("The connection to the server was closed already.");

/// <summary>
/// One life of a session: the transport that the factory made for it, the connection, the requests that wait for a reply on it. When the
/// session is lost another generation takes over; this one lets what is still in flight finish, and goes.
/// </summary>
internal sealed class Generation
{
    private readonly ConcurrentDictionary<RequestId, PendingReply> _pending = new();
    private readonly McpConnectContext _context;
    private readonly TransportScope _scope;
    private readonly RunningCalls _calls = new();
    private readonly Task _pumping;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // No id may be used twice in a session, and an earlier process has counted from one as well.
    private readonly string _resumedIds = $"{Guid.NewGuid():N}-";
    private Exception? _endedBy;
    private int _closing;

    public Generation(int number, McpConnectContext context, IClientTransport transport, ITransport connection, HttpSessionState http, Action<Generation, JsonRpcMessage> deliver, TransportScope scope)
    {
        Number = number;
        _context = context;
        Transport = transport;
        Connection = connection;
        Http = http;
        _scope = scope;
        _pumping = Detached.Run(() => PumpAsync(deliver));
    }

    public int Number { get; }

    public IClientTransport Transport { get; }

    public ITransport Connection { get; }

    /// <summary>What this generation's HTTP requests share with it.</summary>
    public HttpSessionState Http { get; }

    /// <summary>It is closed because nobody has used it for long, not because anything is wrong with it.</summary>
    public bool IsResting { get; set; }

    /// <summary>The factory that made it would take a session to resume.</summary>
    public bool CanBeResumed => _context.KnownSessionIdIsUsed;

    /// <summary>An earlier process has used this session, and the ids that requests count by.</summary>
    public bool IsResumed { get; init; }

    /// <summary>Its server was given the handshake that was built for it (<see cref="Handshake.IsBridged"/>), and takes no introductions in requests.</summary>
    public bool IsBridged { get; set; }

    /// <summary>Completes when the connection delivers no more messages: process gone, stream closed, session ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether a message that could not be written to this transport can't have reached the server.</summary>
    public bool WritesAreAllOrNothing => Transport is StdioClientTransport or StreamClientTransport;

    /// <summary>The client's request in the form that it goes out with on this generation.</summary>
    public JsonRpcRequest Form(JsonRpcRequest request)
    {
        var form = IsBridged ? Handshake.WithoutIntroduction(request) : request;
        return IsResumed
            ? new JsonRpcRequest { Id = new RequestId($"{_resumedIds}{form.Id}"), Method = form.Method, Params = form.Params, Context = form.Context }
            : form;
    }

    /// <summary>Sends a request and returns when its reply has been passed on. Throws what the transport throws, or that the generation has ended.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask RequestAsync(JsonRpcRequest request, PendingReply pending, CancellationToken cancellationToken)
    {
        Start();
        _pending[request.Id] = pending;
        try
        {
            await Connection.SendMessageAsync(request, cancellationToken).ConfigureAwait(false);
            if (!pending.IsSettledWithReply)
            {
                // Looked at after the request was registered, so that either the pump or this sees the other.
                if (_ended.Task.IsCompleted)
                {
                    pending.SetEnded(new GenerationEndedException(_endedBy));
                }

                await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception) when (pending.IsReplied)
        {
            // The reply came first, whatever happened to the stream that it came on.
        }
        finally
        {
            _pending.TryRemove(request.Id, out _);
            _calls.Ended();
        }
    }

    /// <summary>Sends a notification or a reply to a request of the server.</summary>
    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        Start();
        try
        {
            await Connection.SendMessageAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _calls.Ended();
        }
    }

    /// <summary>
    /// Tells the server that nobody waits for this request any more. (The SDK's client says it only after sending has returned, which here is after
    /// the reply.) Nobody waits for this either.
    /// </summary>
    public void TellCancelled(JsonRpcRequest request)
    {
        if (request.Method == RequestMethods.Initialize || Ended.IsCompleted || Http.Lost)
        {
            return;
        }

        var notification = new JsonRpcNotification
        {
            Method = NotificationMethods.CancelledNotification,
            Params = new JsonObject { ["requestId"] = request.Id.Id is long number ? number : request.Id.ToString() },
        };
        _ = TellAsync();

        async Task TellAsync()
        {
            try
            {
                await SendAsync(notification, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // A courtesy: the caller has gone on already, and a session that is lost is found out by the next call.
            }
        }
    }

    private void Start()
    {
        if (!_calls.TryStart())
        {
            throw new GenerationClosedException();
        }
    }

    /// <summary>
    /// Lets what is in flight finish, unless told to hurry, then closes connection, transport and HttpClient. Never throws; bounded by the two timeouts.
    /// </summary>
    public async Task CloseAsync(string serverName, TimeSpan drainTimeout, TimeSpan disposeTimeout, TimeProvider timeProvider, CancellationToken hurry)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        var drained = _calls.DrainAsync();
        if (drainTimeout > TimeSpan.Zero && !await Bounded.CompletesAsync(drained.WaitAsync(hurry), drainTimeout, timeProvider).ConfigureAwait(false))
        {
            Log.DrainTimedOut(_scope.Logger, serverName, drainTimeout.TotalSeconds);
        }

        var closing = Detached.Run(() => DisposePartsAsync(serverName));
        if (!await Bounded.CompletesAsync(closing, disposeTimeout, timeProvider).ConfigureAwait(false))
        {
            Log.CloseTimedOut(_scope.Logger, serverName, disposeTimeout.TotalSeconds);
            CutOff();
        }
    }

    private void CutOff()
    {
        try
        {
            foreach (var client in _context.HttpClients)
            {
                client.CancelPendingRequests();
            }
        }
        catch (ObjectDisposedException)
        {
            // Closing came to its end at this moment after all.
        }
    }

    public static async ValueTask DisposePartAsync(object? part)
    {
        switch (part)
        {
            case IAsyncDisposable asyncDisposable:
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    private async Task DisposePartsAsync(string serverName)
    {
        // The SDK disposes neither the transport object nor its HttpClient: they leak in plain code.
        Func<ValueTask>[] parts =
        [
            () => DisposePartAsync(Connection),
            () => _scope.ReleaseAsync(Transport),
            .. _context.HttpClients.Select(static client => new Func<ValueTask>(() => DisposePartAsync(client))),
        ];
        foreach (var dispose in parts)
        {
            try
            {
                await dispose().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Log.CloseFailed(_scope.Logger, serverName, SafeText.OneLine(e.Message));
            }
        }

        await _pumping.ConfigureAwait(false);
    }

    private async Task PumpAsync(Action<Generation, JsonRpcMessage> deliver)
    {
        try
        {
            await foreach (var message in Connection.MessageReader.ReadAllAsync().ConfigureAwait(false))
            {
                if (message is JsonRpcResponse or JsonRpcError)
                {
                    // A reply that nobody waits for any more is dropped: its request has been given up, or sent again elsewhere.
                    if (_pending.TryRemove(((JsonRpcMessageWithId)message).Id, out var pending))
                    {
                        if (pending.ForClient(message) is { } reply)
                        {
                            deliver(this, reply);
                        }

                        pending.SetReply(message);
                    }
                }
                else
                {
                    deliver(this, message);
                }
            }
        }
        catch (Exception e)
        {
            _endedBy = e;
        }

        _ended.SetResult();
        foreach (var id in _pending.Keys)
        {
            if (_pending.TryRemove(id, out var pending))
            {
                pending.SetEnded(new GenerationEndedException(_endedBy));
            }
        }
    }
}
