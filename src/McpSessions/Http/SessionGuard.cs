using System.Net;
using System.Runtime.CompilerServices;

namespace McpSessions.Http;

/// <summary>
/// Stands between the SDK's HTTP transport and the wire, and keeps three answers from it that would make it end the session under everybody:
/// a lost session on a POST (thrown to the one caller who got it instead), a 404 on a GET (a server without that route), and the DELETE of a
/// session that is gone or is to stay. Holds the standalone GET stream back until something needs it.
/// </summary>
internal sealed class SessionGuard(HttpSessionState state, SameOriginRedirects next) : HttpMessageHandler
{
    private const string SessionId = "Mcp-Session-Id";
    private const string ProtocolVersion = "MCP-Protocol-Version";
    private const string LastEventId = "Last-Event-ID";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        GuardAsync(request, cancellationToken).AsTask();

    // Its state is pooled: a task that keeps all of it would be a new object, twice the size, for every request.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HttpResponseMessage> GuardAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get && IsStandaloneStream(request))
        {
            await state.Stream.Wanted.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (state.ResumedRevision is { } revision && !request.Headers.Contains(ProtocolVersion))
        {
            request.Headers.TryAddWithoutValidation(ProtocolVersion, revision);
        }

        if (request.Method == HttpMethod.Delete && (state.Lost || state.StaysOpen))
        {
            return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
        }

        var response = await next.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode || !request.Headers.Contains(SessionId))
        {
            return response;
        }

        if (request.Method == HttpMethod.Get && response.StatusCode == HttpStatusCode.NotFound)
        {
            response.StatusCode = HttpStatusCode.MethodNotAllowed;
        }
        else if (request.Method == HttpMethod.Post && await SessionLossDialects.SaysLostAsync(response, cancellationToken).ConfigureAwait(false))
        {
            state.Lost = true;
            var status = response.StatusCode;
            response.Dispose();
            throw new SessionLostException(status);
        }

        return response;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            next.Dispose();
        }

        base.Dispose(disposing);
    }

    // The legacy server-sent-events transport opens its stream before it knows a session or a version; a resumed stream names an event.
    private static bool IsStandaloneStream(HttpRequestMessage request) =>
        !request.Headers.Contains(LastEventId) && (request.Headers.Contains(SessionId) || request.Headers.Contains(ProtocolVersion));
}
