using ModelContextProtocol.Protocol;
using McpSessions.Opening;

namespace McpSessions.Resilience;

/// <summary>
/// What happens to one request after its sending has failed, by the replay decision: not delivered, it is sent again, on a new session where
/// the old one is lost; outcome unknown, only if it may be repeated; answered, the answer is the caller's.
/// </summary>
internal sealed class Recovery(JsonRpcRequest? request, ResilientSession session, TransportScope scope, RepeatSafety safety)
{
    /// <summary>Losses in a row after which a server is not trying to keep sessions.</summary>
    private const int MaxLosses = 5;

    private const int MaxRepeats = 3;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly long _started = scope.Options.TimeProvider.GetTimestamp();
    private int _losses;
    private int _repeats;
    private int _waits;

    /// <summary>The request as it goes out next: under an id of its own where the server may know the first one already.</summary>
    public JsonRpcRequest? Wire { get; private set; } = request;

    private string ServerName => session.Generations.ServerName;

    private TimeProvider TimeProvider => scope.Options.TimeProvider;

    /// <summary>The session to send on next; waits for a server that is coming back, for as long as the options say.</summary>
    public async ValueTask<Generation> NextGenerationAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            session.ThrowIfEnded();
            if (session.Generations.Flight.Join() is not { } opening)
            {
                throw Closed();
            }

            var (generation, failure) = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (generation is not null)
            {
                return generation;
            }

            session.ThrowIfEnded();
            if (failure is null || session.IsClosed)
            {
                throw Closed();
            }

            if (Handshake.IsRefusal(failure.Cause))
            {
                session.End(new McpRevisionChangedException(
                    ServerName, $"MCP server '{ServerName}' has come back with a revision of the protocol that this client was not made for: {failure.Message}", failure.Cause));
                session.ThrowIfEnded();
            }

            if (!await WaitForServerAsync(cancellationToken).ConfigureAwait(false))
            {
                // What was sent before, with its answer lost, makes the difference between "not executed" and "not known".
                throw _repeats > 0 ? OutcomeUnknown(failure.Message, failure.Cause) : failure.ToException();
            }
        }
    }

    /// <summary>Whether to send the request again; false where the caller is to get the exception as it is.</summary>
    public async ValueTask<bool> GoesOnAfterAsync(Exception e, Generation generation, CancellationToken cancellationToken)
    {
        if (e is McpSessionException)
        {
            return false;
        }

        if (e is OperationCanceledException { InnerException: not TimeoutException } && !session.IsClosed)
        {
            // A transport whose HttpClient is not ours cancels its calls a moment before it says that the session has ended.
            await Bounded.CompletesAsync(generation.Ended, s_grace, TimeProvider).ConfigureAwait(false);
        }

        var verdict = Verdict.Of(e, generation);
        if (verdict.SessionLost)
        {
            session.Generations.Lost(generation);
        }

        return verdict.Delivery switch
        {
            Delivery.Answered => false,
            Delivery.NotDelivered => await SendAgainAsync(verdict, generation, e, cancellationToken).ConfigureAwait(false),
            _ => await RepeatAsync(e, cancellationToken).ConfigureAwait(false),
        };
    }

    private async ValueTask<bool> SendAgainAsync(Verdict verdict, Generation generation, Exception e, CancellationToken cancellationToken)
    {
        if (session.IsClosed)
        {
            throw Closed();
        }

        if (verdict.OtherEra)
        {
            if (++_losses <= MaxLosses && session.TryBridge(Wire!, generation))
            {
                SendingAgain("the server does not take the protocol revision that was agreed on");
                return true;
            }

            if (verdict.NotFound && session.Generations.TryStartOver(generation))
            {
                SendingAgain("the server did not find what it was sent to");
                return true;
            }

            return false;
        }

        if (verdict.Unreachable)
        {
            session.Reach.Missed();
            if (!await WaitForServerAsync(cancellationToken).ConfigureAwait(false))
            {
                var away = NotDelivered(OpeningFailure.Reason(e), e);
                session.Reach.GaveUp(away);
                throw _repeats > 0 ? OutcomeUnknown(OpeningFailure.Reason(e), e) : away;
            }
        }

        if (verdict.SessionLost && ++_losses > MaxLosses)
        {
            throw NotDelivered($"it lost {_losses} sessions in a row", e);
        }

        SendingAgain("it was not delivered");
        return true;
    }

    private async ValueTask<bool> RepeatAsync(Exception e, CancellationToken cancellationToken)
    {
        if (!session.IsClosed && safety.MayRepeat(Wire!) && ++_repeats <= MaxRepeats)
        {
            // On the same session a server may still be busy with the first one, under its id.
            Wire = new JsonRpcRequest { Id = new RequestId($"{Wire!.Id}-again-{_repeats}"), Method = Wire.Method, Params = Wire.Params, Context = Wire.Context };
            SendingAgain("its answer was lost, and it may be repeated");
            await WaitForServerAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        throw OutcomeUnknown(session.IsClosed ? "the session was closed by its owner" : OpeningFailure.Reason(e), e);
    }

    private void SendingAgain(string reason)
    {
        Log.SendingAgain(scope.Logger, ServerName, Wire!.Method, reason);
        Telemetry.Resent(ServerName, Wire.Method);
    }

    private McpOutcomeUnknownException OutcomeUnknown(string reason, Exception cause)
    {
        Log.OutcomeUnknown(scope.Logger, ServerName, Wire!.Method, reason);
        Telemetry.OutcomeUnknown(ServerName, Wire.Method);
        return new McpOutcomeUnknownException(
            ServerName, Wire.Method,
            $"'{Wire.Method}' was sent to MCP server '{ServerName}' and its answer was lost ({reason}): it may have been executed, or not. "
                + (_repeats > 0 ? "Repeating it did not help." : "It was not repeated, because it is not known to be read-only or idempotent."),
            cause);
    }

    /// <summary>Waits a little, longer each time; false when the time for recovering is over.</summary>
    private async ValueTask<bool> WaitForServerAsync(CancellationToken cancellationToken)
    {
        var left = scope.Options.RecoveryTimeout - TimeProvider.GetElapsedTime(_started);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        var delay = TimeSpan.FromMilliseconds(Math.Min(2000, 50 << Math.Min(_waits++, 6)) * (0.75 + (Random.Shared.NextDouble() / 2)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Generations.Flight.Closed);
        try
        {
            await Task.Delay(delay < left ? delay : left, TimeProvider, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Closing; the next look says so.
        }

        return true;
    }

    private McpConnectException NotDelivered(string reason, Exception e) =>
        new(ServerName, $"'{Wire!.Method}' could not be delivered to MCP server '{ServerName}': {reason}. It was not executed.", e);

    public static ObjectDisposedException Closed() => new(nameof(SharedMcpSession), "The session was closed by its owner; the call was not sent.");
}
