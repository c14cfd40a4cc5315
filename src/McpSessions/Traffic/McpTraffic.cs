using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace McpSessions;

/// <summary>What kind of traffic a request is.</summary>
public enum McpTrafficKind
{
    /// <summary>A session was opened: the handshake is done.</summary>
    SessionOpening,

    /// <summary>A page of tools was listed.</summary>
    ToolListing,

    /// <summary>A tool was called.</summary>
    ToolCall,

    /// <summary>Any other request.</summary>
    Other,
}

/// <summary>One request as its caller saw it, however often it was sent.</summary>
/// <param name="ServerName">The server's name.</param>
/// <param name="Kind">What kind of traffic it is.</param>
/// <param name="Method">The JSON-RPC method; empty for <see cref="McpTrafficKind.SessionOpening"/>.</param>
/// <param name="Tool">The tool's name, for a tool call.</param>
/// <param name="Duration">How long its caller waited; zero for <see cref="McpTrafficKind.SessionOpening"/>.</param>
/// <param name="IsError">Whether the server answered with an error, of the protocol or of the tool.</param>
/// <param name="Exception">What was thrown to the caller instead of an answer.</param>
public sealed record McpTrafficEvent(
    string ServerName, McpTrafficKind Kind, string Method, string? Tool, TimeSpan Duration, bool IsError, Exception? Exception);

/// <summary>
/// Tells session openings from tool calls, over any transport: give it to <see cref="ResilientClientTransportOptions.Traffic"/>, or to a
/// <see cref="McpTrafficHandler"/> or <see cref="McpTrafficTransport"/> under code that knows nothing of this library. One object can count for many sessions.
/// </summary>
/// <remarks>All members are thread-safe.</remarks>
/// <example>
/// An agent's own test that it shares its session:
/// <code>
/// var traffic = new McpTraffic();
/// await using var agent = new TravelAgent(new SharedMcpSessionOptions { Traffic = traffic });
/// await agent.AskAsync("one");
/// await agent.AskAsync("two");
/// Assert.Equal(1, traffic.SessionOpenings);
/// </code>
/// </example>
public sealed class McpTraffic
{
    private int _sessionOpenings;
    private int _toolListings;
    private int _toolCalls;
    private int _otherRequests;
    private int _failures;

    /// <summary>Sessions opened.</summary>
    public int SessionOpenings => Volatile.Read(ref _sessionOpenings);

    /// <summary>Pages of tools listed.</summary>
    public int ToolListings => Volatile.Read(ref _toolListings);

    /// <summary>Tools called.</summary>
    public int ToolCalls => Volatile.Read(ref _toolCalls);

    /// <summary>Other requests, without the handshake's.</summary>
    public int OtherRequests => Volatile.Read(ref _otherRequests);

    /// <summary>Requests whose caller got an exception instead of an answer; they are counted in their kind as well.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>
    /// Told of everything that is counted, on the thread that saw it, before the caller goes on: be quick and do not throw.
    /// </summary>
    public event Action<McpTrafficEvent>? Seen;

    internal void SessionOpened(string serverName)
    {
        Interlocked.Increment(ref _sessionOpenings);
        Seen?.Invoke(new(serverName, McpTrafficKind.SessionOpening, "", null, TimeSpan.Zero, false, null));
    }

    internal void Answered(string serverName, JsonRpcRequest request, JsonRpcMessage? reply, TimeSpan duration) =>
        Answered(serverName, request, duration, isError: Seen is not null && (reply is JsonRpcError || (reply is JsonRpcResponse response && IsToolError(response))));

    internal void Answered(string serverName, JsonRpcRequest request, TimeSpan duration, bool isError)
    {
        if (Count(request) is { } kind && Seen is { } seen)
        {
            seen(new(serverName, kind, request.Method, Tool(request), duration, isError, null));
        }
    }

    internal void Failed(string serverName, JsonRpcRequest request, Exception exception, TimeSpan duration)
    {
        if (Count(request) is { } kind)
        {
            Interlocked.Increment(ref _failures);
            Seen?.Invoke(new(serverName, kind, request.Method, Tool(request), duration, false, exception));
        }
    }

    private McpTrafficKind? Count(JsonRpcRequest request)
    {
        switch (request.Method)
        {
            case RequestMethods.Initialize or RequestMethods.ServerDiscover:
                return null;
            case RequestMethods.ToolsList:
                Interlocked.Increment(ref _toolListings);
                return McpTrafficKind.ToolListing;
            case RequestMethods.ToolsCall:
                Interlocked.Increment(ref _toolCalls);
                return McpTrafficKind.ToolCall;
            default:
                Interlocked.Increment(ref _otherRequests);
                return McpTrafficKind.Other;
        }
    }

    private static bool IsToolError(JsonRpcResponse response) =>
        response.Result is JsonObject result && result["isError"] is JsonValue isError && isError.TryGetValue<bool>(out var error) && error;

    private static string? Tool(JsonRpcRequest request) =>
        request.Method == RequestMethods.ToolsCall && request.Params is JsonObject call && call["name"] is JsonValue name && name.TryGetValue<string>(out var tool) ? tool : null;
}
