using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace McpSessions.Resilience;

/// <summary>
/// Requests from the server to the client. Each generation's server counts its ids from the start, so two generations' requests collide in
/// the client, and the late answer to the first would go out as the answer to the second: every id is replaced by one of ours on the way in.
/// </summary>
internal sealed class ServerRequests
{
    private readonly ConcurrentDictionary<RequestId, (Generation Generation, RequestId Id)> _open = new();
    private long _last;

    /// <summary>The message as the client shall see it.</summary>
    public JsonRpcMessage Incoming(Generation generation, JsonRpcMessage message)
    {
        switch (message)
        {
            case JsonRpcRequest request:
                var ours = new RequestId($"{generation.Number}-{Interlocked.Increment(ref _last)}");
                _open[ours] = (generation, request.Id);
                return new JsonRpcRequest { Id = ours, Method = request.Method, Params = request.Params, Context = request.Context };

            case JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject cancelled } notification
                when cancelled["requestId"] is JsonValue id && OursFor(generation, id) is { } known:
                var copy = (JsonObject)cancelled.DeepClone();
                copy["requestId"] = known.ToString();
                return new JsonRpcNotification { Method = notification.Method, Params = copy, Context = notification.Context };

            default:
                return message;
        }
    }

    /// <summary>The client's answer as its server shall see it, and the generation to send it on; nothing where that is gone.</summary>
    public bool TryAnswer(JsonRpcMessageWithId answer, out Generation generation, out JsonRpcMessage outgoing)
    {
        if (!_open.TryRemove(answer.Id, out var request) || request.Generation.Ended.IsCompleted)
        {
            (generation, outgoing) = (null!, null!);
            return false;
        }

        generation = request.Generation;
        outgoing = answer switch
        {
            JsonRpcResponse response => new JsonRpcResponse { Id = request.Id, Result = response.Result, Context = response.Context },
            JsonRpcError error => new JsonRpcError { Id = request.Id, Error = error.Error, Context = error.Context },
            _ => answer,
        };
        return true;
    }

    /// <summary>Forgets what a generation that is gone has asked.</summary>
    public void Forget(Generation generation)
    {
        foreach (var (id, request) in _open)
        {
            if (ReferenceEquals(request.Generation, generation))
            {
                _open.TryRemove(id, out _);
            }
        }
    }

    private RequestId? OursFor(Generation generation, JsonValue id)
    {
        foreach (var (ours, request) in _open)
        {
            if (ReferenceEquals(request.Generation, generation) && request.Id.ToString() == id.ToString())
            {
                return ours;
            }
        }

        return null;
    }
}
