using System.Net;
using System.Net.Sockets;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using McpSessions.Http;

namespace McpSessions.Resilience;

/// <summary>What is known about a request whose sending has failed.</summary>
internal enum Delivery
{
    /// <summary>The server has answered, or the failure is none of the session's: the caller gets it as it is.</summary>
    Answered,

    /// <summary>The server can't have executed it.</summary>
    NotDelivered,

    /// <summary>The server may have executed it.</summary>
    Unknown,
}

/// <summary>What follows from the way in which sending a request has failed.</summary>
/// <param name="Delivery">Whether the server can have executed it.</param>
/// <param name="SessionLost">Whether the session is gone, so that a new one is needed.</param>
/// <param name="Unreachable">Whether the server could not be reached at all, so that waiting may help.</param>
/// <param name="OtherEra">Whether the server does not want a client of this protocol revision, or has no such address for one.</param>
/// <param name="NotFound">Whether it said so with a 404, which may have another reason.</param>
internal readonly record struct Verdict(Delivery Delivery, bool SessionLost = false, bool Unreachable = false, bool OtherEra = false, bool NotFound = false)
{
    public static Verdict Of(Exception e, Generation generation)
    {
        var ended = generation.Ended.IsCompleted;
        return e switch
        {
            SessionLostException => new(Delivery.NotDelivered, SessionLost: true),
            GenerationClosedException => new(Delivery.NotDelivered, SessionLost: true),
            GenerationEndedException or ClientTransportClosedException => new(Delivery.Unknown, SessionLost: true),
            HttpRequestException { StatusCode: { } status } when generation.Connection.SessionId is not null && SessionLossDialects.SaysLost(status, e.Message)
                => new(Delivery.NotDelivered, SessionLost: true),
            HttpRequestException { StatusCode: { } status } => OfStatus(status, generation, ended),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }
                => new(Delivery.NotDelivered, Unreachable: true),
            HttpRequestException => new(Delivery.Unknown, SessionLost: ended),
            IOException when generation.WritesAreAllOrNothing => new(Delivery.NotDelivered, SessionLost: true),
            // A connection that is reset while it is made comes out of HttpClient bare.
            IOException or SocketException => new(Delivery.Unknown, SessionLost: ended),
            McpProtocolException protocol when generation.Connection.SessionId is not null && SessionLossDialects.SaysLost((int)protocol.ErrorCode, protocol.Message)
                => new(Delivery.NotDelivered, SessionLost: true),
            // A server of another era: it looks at the revision, or for a session, before it executes anything.
            McpProtocolException { ErrorCode: McpErrorCode.UnsupportedProtocolVersion } => new(Delivery.NotDelivered, OtherEra: true),
            McpProtocolException protocol when SessionLossDialects.SaysLost((int)protocol.ErrorCode, protocol.Message) => new(Delivery.NotDelivered, OtherEra: true),
            McpProtocolException => new(Delivery.Answered),
            // "Completed without a reply": the transport's only plain one.
            McpException => new(Delivery.Unknown, SessionLost: ended),
            OperationCanceledException => new(Delivery.Unknown, SessionLost: ended),
            // Somebody has disposed the transport or its HttpClient; they look before they send.
            ObjectDisposedException => new(Delivery.NotDelivered, SessionLost: true),
            // "Not connected".
            InvalidOperationException when ended => new(Delivery.NotDelivered, SessionLost: true),
            _ => new(Delivery.Answered),
        };
    }

    private static Verdict OfStatus(HttpStatusCode status, Generation generation, bool ended) => status switch
    {
        HttpStatusCode.NotFound when generation.Connection.SessionId is not null => new(Delivery.NotDelivered, SessionLost: true),
        HttpStatusCode.NotFound => new(Delivery.NotDelivered, OtherEra: true, NotFound: true),
        // A proxy in between answers these, before the server has executed anything, or after.
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => new(Delivery.Unknown, SessionLost: ended),
        _ => new(Delivery.Answered),
    };
}
