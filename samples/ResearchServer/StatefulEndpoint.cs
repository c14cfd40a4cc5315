using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ResearchServer;

/// <summary>
/// Streamable HTTP with sessions, as the transports page of the 2025-11-25 specification has it: <c>initialize</c> opens a session and
/// names it in <c>Mcp-Session-Id</c>, every other request must carry that id, an unknown id is 404, and DELETE ends the session.
/// </summary>
internal sealed class StatefulEndpoint(CancellationToken stopping) : IAsyncDisposable
{
    private const string SessionIdHeader = "Mcp-Session-Id";
    private readonly ConcurrentDictionary<string, HttpSession> _sessions = new(StringComparer.Ordinal);

    public async Task PostAsync(HttpContext http)
    {
        if (!IsLocalOrigin(http))
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "The request comes from another origin.");
            return;
        }

        if (!Accepts(http, "application/json") || !Accepts(http, "text/event-stream"))
        {
            await RefuseAsync(http, StatusCodes.Status406NotAcceptable, "Accept must list application/json and text/event-stream.");
            return;
        }

        if (await ReadMessageAsync(http) is not { } message)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "The body is not a JSON-RPC message.");
            return;
        }

        var session = message is JsonRpcRequest { Method: RequestMethods.Initialize } && !http.Request.Headers.ContainsKey(SessionIdHeader)
            ? Open(http)
            : await FindAsync(http);
        if (session is null)
        {
            return;
        }

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        if (!await session.Transport.HandlePostRequestAsync(message, http.Response.Body, http.RequestAborted))
        {
            // A notification has no reply, and so no body.
            http.Response.ContentType = null;
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    public async Task GetAsync(HttpContext http)
    {
        if (!IsLocalOrigin(http))
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "The request comes from another origin.");
            return;
        }

        if (!Accepts(http, "text/event-stream"))
        {
            await RefuseAsync(http, StatusCodes.Status406NotAcceptable, "Accept must list text/event-stream.");
            return;
        }

        if (await FindAsync(http) is not { } session)
        {
            return;
        }

        if (!session.TryTakeStream())
        {
            await RefuseAsync(http, StatusCodes.Status409Conflict, "The session has a stream already.");
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.Response.ContentType = "text/event-stream";
        try
        {
            await session.Transport.HandleGetRequestAsync(http.Response.Body, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // How such a stream ends: the client hangs up, or the server stops.
        }
        finally
        {
            session.ReturnStream();
        }
    }

    public async Task DeleteAsync(HttpContext http)
    {
        if (!IsLocalOrigin(http))
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "The request comes from another origin.");
        }
        else if (await FindAsync(http) is { } session && _sessions.TryRemove(session.Id, out _))
        {
            await session.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
        {
            await session.DisposeAsync();
        }
    }

    private HttpSession Open(HttpContext http)
    {
        var session = new HttpSession(RandomNumberGenerator.GetHexString(32, lowercase: true));
        _sessions[session.Id] = session;
        http.Response.Headers[SessionIdHeader] = session.Id;
        return session;
    }

    private async Task<HttpSession?> FindAsync(HttpContext http)
    {
        var id = http.Request.Headers[SessionIdHeader].ToString();
        if (id.Length == 0)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "Open a session with initialize and send its Mcp-Session-Id.");
            return null;
        }

        if (!_sessions.TryGetValue(id, out var session))
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, "Session not found.");
            return null;
        }

        http.Response.Headers[SessionIdHeader] = id;
        return session;
    }

    /// <summary>A page in a browser must not reach a server on this machine (DNS rebinding).</summary>
    private static bool IsLocalOrigin(HttpContext http) =>
        http.Request.Headers.Origin.ToString() is not { Length: > 0 } origin
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback);

    private static bool Accepts(HttpContext http, string mediaType) =>
        http.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MatchesMediaType(mediaType));

    private static async Task<JsonRpcMessage?> ReadMessageAsync(HttpContext http)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<JsonRpcMessage>(http.Request.Body, McpJsonUtilities.DefaultOptions, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext http, int status, string reason)
    {
        http.Response.StatusCode = status;
        var error = new JsonRpcError { Error = new JsonRpcErrorDetail { Code = -32000, Message = reason } };
        return http.Response.WriteAsJsonAsync<JsonRpcMessage>(error, McpJsonUtilities.DefaultOptions, "application/json", http.RequestAborted);
    }
}
