using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using ModelContextProtocol.Protocol;

namespace McpSessions.Resilience;

/// <summary>
/// A request's reply, awaited by whoever has sent it. A light completion source: nobody needs to look at its failure, and waiting for it with
/// a token costs a registration instead of a task.
/// </summary>
internal class PendingReply : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _settled;

    /// <summary>The reply as the client above expects it; <see langword="null"/> where it expects none.</summary>
    public virtual JsonRpcMessage? ForClient(JsonRpcMessage reply) => reply;

    /// <summary>The reply, once there is one.</summary>
    public JsonRpcMessage? Reply { get; private set; }

    public bool IsReplied => Reply is not null;

    public void SetReply(JsonRpcMessage reply)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            Reply = reply;
            _core.SetResult(true);
        }
    }

    public void SetEnded(Exception reason)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            _core.SetException(reason);
        }
    }

    /// <summary>Waits for the reply. Await it once.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingReply)state!).SetEnded(new OperationCanceledException(token)), this);
        await new ValueTask(this, _core.Version).ConfigureAwait(false);
    }

    /// <summary>Whether <see cref="WaitAsync"/> would return at once.</summary>
    public bool IsSettledWithReply => Volatile.Read(ref _settled) == 1 && Reply is not null && _core.GetStatus(_core.Version) == ValueTaskSourceStatus.Succeeded;

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

/// <summary>The reply to a request that went out under another id than the client's.</summary>
internal sealed class RenamedReply(RequestId clientId) : PendingReply
{
    public override JsonRpcMessage? ForClient(JsonRpcMessage reply) => reply switch
    {
        JsonRpcResponse response => new JsonRpcResponse { Id = clientId, Result = response.Result, Context = response.Context },
        JsonRpcError error => new JsonRpcError { Id = clientId, Error = error.Error, Context = error.Context },
        _ => reply,
    };
}

/// <summary>The reply to a request of this library's own, such as a replayed handshake.</summary>
internal sealed class OwnReply : PendingReply
{
    public override JsonRpcMessage? ForClient(JsonRpcMessage reply) => null;
}
