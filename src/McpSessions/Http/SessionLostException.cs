using System.Net;

namespace McpSessions.Http;

/// <summary>The server has refused a request because it does not know the session: nothing was executed.</summary>
internal sealed class SessionLostException(HttpStatusCode status)
    : HttpRequestException("The server does not know this session any more.", inner: null, status);
