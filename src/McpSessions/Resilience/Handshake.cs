using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using McpSessions.Resumption;

namespace McpSessions.Resilience;

/// <summary>
/// Remembers how the client introduced itself, as it went by, and introduces it again on a new session: the initialize request, the initialized
/// notification, the log level and the subscriptions. A client of the 2026-07-28 revision introduces itself with every request and needs none
/// of it.
/// </summary>
internal sealed class Handshake(TimeProvider timeProvider)
{
    // SEP-2575: what a request says of its client.
    private const string MetaProtocolVersion = "io.modelcontextprotocol/protocolVersion";
    private const string MetaClientInfo = "io.modelcontextprotocol/clientInfo";
    private const string MetaClientCapabilities = "io.modelcontextprotocol/clientCapabilities";
    private const string NewestWithHandshake = "2025-11-25";

    // The SDK's own: a server of an older revision may not answer at all what it doesn't know.
    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, JsonRpcRequest> _subscriptions = new(StringComparer.Ordinal);
    private volatile JsonRpcRequest? _discover;
    private volatile JsonRpcRequest? _initialize;
    private volatile JsonObject? _initializeResult;
    private volatile JsonRpcNotification? _initialized;
    private volatile JsonRpcRequest? _logLevel;
    private volatile bool _discovered;
    private volatile bool _bridged;
    private volatile SessionTicket? _resumed;

    /// <summary>The client has been introduced; from now on a loss is repaired underneath it. Before, it hears everything itself.</summary>
    public bool IsDone => _initialized is not null || _discovered;

    /// <summary>
    /// The client introduces itself with every request (2026-07-28), and the server, rolled back to an older build, wants a handshake: one was
    /// built from what the client says of itself, and requests go out without it on the generations that it was replayed on.
    /// </summary>
    public bool IsBridged => _bridged;

    /// <summary>The revision that was agreed on in the initialize handshake, if that is what was used.</summary>
    public string? ProtocolVersion => Version(_initializeResult);

    /// <summary>Whether the client has said that it answers requests of the server, which come on the standalone stream.</summary>
    public bool AnswersServer => _initialize?.Params is JsonObject parameters
        && parameters["capabilities"] is JsonObject capabilities
        && (capabilities.ContainsKey("sampling") || capabilities.ContainsKey("roots") || capabilities.ContainsKey("elicitation"));

    /// <summary>The session is one of an earlier process, which has done the handshake; the client of this one has yet to be told.</summary>
    public bool IsResuming => _resumed is not null && !IsDone;

    public void Resume(SessionTicket ticket) => _resumed = ticket;

    /// <summary>
    /// The server's answer of that time to the client's introduction; <see langword="null"/> where the client introduces itself differently now, so that
    /// the session is not for it. A session to resume is older than the question what can be discovered.
    /// </summary>
    public JsonRpcMessageWithId? FromMemory(JsonRpcRequest request)
    {
        if (request.Method == RequestMethods.ServerDiscover)
        {
            return new JsonRpcError { Id = request.Id, Error = new() { Code = (int)McpErrorCode.MethodNotFound, Message = "This session has been resumed." } };
        }

        if (_resumed is { } ticket && request.Params is { } introduction && SessionTicket.HashOf(introduction) == ticket.Introduction)
        {
            return new JsonRpcResponse { Id = request.Id, Result = ticket.Welcome.DeepClone() };
        }

        _resumed = null;
        return null;
    }

    /// <summary>What the next process needs to go on with the session of this id.</summary>
    public SessionTicket? Ticket(string? sessionId) => SessionTicket.For(sessionId, _initialize?.Params, _initializeResult);

    public static bool IsPartOf(JsonRpcRequest request) => request.Method is RequestMethods.Initialize or RequestMethods.ServerDiscover;

    public void Saw(JsonRpcRequest request, JsonRpcMessage? reply)
    {
        if (reply is not JsonRpcResponse response)
        {
            return;
        }

        switch (request.Method)
        {
            case RequestMethods.Initialize:
                (_initialize, _initializeResult, _discovered) = (request, response.Result as JsonObject, false);
                break;
            case RequestMethods.ServerDiscover:
                (_discover, _discovered) = (request, true);
                break;
            case Methods.SetLogLevel:
                _logLevel = request;
                break;
            case RequestMethods.ResourcesSubscribe when Resource(request) is { } uri:
                _subscriptions[uri] = request;
                break;
            case RequestMethods.ResourcesUnsubscribe when Resource(request) is { } uri:
                _subscriptions.TryRemove(uri, out _);
                break;
        }
    }

    public void Saw(JsonRpcNotification notification)
    {
        if (notification.Method == NotificationMethods.InitializedNotification)
        {
            _initialized = notification;
        }
    }

    /// <summary>Builds the handshake that an older server wants from what a 2026-07-28 client says in its requests; false where there is nothing to build it from.</summary>
    public bool TryBridge(JsonRpcRequest request)
    {
        if (!_discovered || Meta(request) is not { } meta || meta[MetaClientInfo] is null)
        {
            return false;
        }

        // First: whoever finds the handshake and replays it must know that it was built.
        _bridged = true;
        _initialize = new JsonRpcRequest
        {
            Id = new RequestId("bridged"),
            Method = RequestMethods.Initialize,
            Params = new JsonObject
            {
                ["protocolVersion"] = NewestWithHandshake,
                ["capabilities"] = meta[MetaClientCapabilities]?.DeepClone() ?? new JsonObject(),
                ["clientInfo"] = meta[MetaClientInfo]!.DeepClone(),
            },
        };
        _initialized = new JsonRpcNotification { Method = NotificationMethods.InitializedNotification };
        _discovered = false;
        return true;
    }

    /// <summary>
    /// Whether a server that was taken for an older one speaks the client's own revision, again or still: what it answers for as long as a proxy has no
    /// address for it looks the same. Asked as a client asks that knows nothing yet; the connection is then as good as before.
    /// </summary>
    private async Task<bool> IsBackAsync(Generation generation, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_probeTimeout, timeProvider);
        using var probe = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return _discover is { } discover && await AskAsync(generation, discover, probe.Token).ConfigureAwait(false) is JsonRpcResponse;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It does not; the handshake will say what it does.
            return false;
        }
    }

    private string? Unbridge()
    {
        var before = ProtocolVersion;
        // First and last: at no moment is the client not introduced, or a handshake there that nobody knows to be built.
        _discovered = true;
        (_initialized, _initialize, _initializeResult) = (null, null, null);
        _bridged = false;
        return before is null ? null : $"protocol revision {SafeText.OneLine(before)} became {SafeText.OneLine(Meta(_discover)?[MetaProtocolVersion]?.ToString())}";
    }

    /// <summary>The request as an older server understands it.</summary>
    public static JsonRpcRequest WithoutIntroduction(JsonRpcRequest request)
    {
        if (request.Params?.DeepClone() is not JsonObject parameters || parameters["_meta"] is not JsonObject meta)
        {
            return request;
        }

        meta.Remove(MetaProtocolVersion);
        meta.Remove(MetaClientInfo);
        meta.Remove(MetaClientCapabilities);
        return new JsonRpcRequest { Id = request.Id, Method = request.Method, Params = parameters, Context = request.Context };
    }

    /// <summary>Introduces the client on a new generation. Returns what the server has negotiated differently from before, if anything.</summary>
    public async Task<string?> ReplayAsync(Generation generation, string serverName, CancellationToken cancellationToken)
    {
        if (_initialize is not { } initialize || _initialized is not { } initialized)
        {
            return null;
        }

        if (_bridged && await IsBackAsync(generation, cancellationToken).ConfigureAwait(false))
        {
            return Unbridge();
        }

        generation.IsBridged = _bridged;
        var reply = await AskAsync(generation, initialize, cancellationToken).ConfigureAwait(false);
        if (reply is JsonRpcError error)
        {
            throw Refused(serverName, error.Error.Code, error.Error.Message, null);
        }

        var result = (reply as JsonRpcResponse)?.Result as JsonObject;
        var before = _initializeResult;
        await generation.SendAsync(new JsonRpcNotification { Method = initialized.Method, Params = initialized.Params }, cancellationToken).ConfigureAwait(false);
        _initializeResult = result;

        if (_logLevel is { } logLevel)
        {
            await AskAsync(generation, logLevel, cancellationToken).ConfigureAwait(false);
        }

        foreach (var subscription in _subscriptions.Values)
        {
            await AskAsync(generation, subscription, cancellationToken).ConfigureAwait(false);
        }

        return Difference(before, result);
    }

    /// <summary>Whether this says that the server does not speak the client's revision of the protocol any more.</summary>
    public static bool IsRefusal(Exception e) => e is McpProtocolException { ErrorCode: McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.MethodNotFound };

    private static McpProtocolException Refused(string serverName, int code, string message, Exception? inner) =>
        new($"MCP server '{serverName}' refused to be introduced again: {SafeText.OneLine(message)}", inner, (McpErrorCode)code);

    private static async Task<JsonRpcMessage?> AskAsync(Generation generation, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var pending = new OwnReply();
        var again = new JsonRpcRequest
        {
            Id = new RequestId($"again-{generation.Number}-{request.Method}-{Guid.NewGuid():N}"),
            Method = request.Method,
            Params = request.Params?.DeepClone(),
        };
        await generation.RequestAsync(again, pending, cancellationToken).ConfigureAwait(false);
        return pending.Reply;
    }

    private static string? Difference(JsonObject? before, JsonObject? after)
    {
        if (Version(before) != Version(after))
        {
            return $"protocol revision {SafeText.OneLine(Version(before))} became {SafeText.OneLine(Version(after))}";
        }

        return JsonNode.DeepEquals(before?["capabilities"], after?["capabilities"]) ? null : "the server's capabilities changed";
    }

    private static JsonObject? Meta(JsonRpcRequest? request) => request?.Params is JsonObject parameters ? parameters["_meta"] as JsonObject : null;

    private static string? Version(JsonObject? result) => result?["protocolVersion"] is JsonValue version && version.TryGetValue<string>(out var text) ? text : null;

    private static string? Resource(JsonRpcRequest request) =>
        request.Params is JsonObject parameters && parameters["uri"] is JsonValue uri && uri.TryGetValue<string>(out var text) ? text : null;
}
