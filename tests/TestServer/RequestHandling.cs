using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpSessions.TestServer;

/// <summary>One HTTP request: first the fault that was ordered for it, then what an MCP server does.</summary>
internal sealed class RequestHandling(McpTestServer server, HttpContext context)
{
    private const string SessionHeader = "Mcp-Session-Id";

    public async Task RunAsync()
    {
        server.OnRequest?.Invoke(context);
        try
        {
            await ((context.Request.Method, context.Request.Path.Value) switch
            {
                ("POST", "/mcp" or "/mcp/") => PostAsync(),
                ("GET", "/mcp") => GetAsync(),
                ("DELETE", "/mcp") => DeleteAsync(),
                ("GET", "/sse") => SseAsync(),
                ("POST", "/message") => SseMessageAsync(),
                _ => AnswerAsync(404, "Not found"),
            });
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
        }
    }

    private async Task PostAsync()
    {
        var message = await ReadMessageAsync();
        var method = MethodOf(message);
        // Taken before the request is counted: whoever has waited for the count orders the next one's fault.
        var fault = server.Faults.Take(method);
        server.Counters.Saw(method);
        if (await HandledByAsync(fault))
        {
            return;
        }

        var version = context.Request.Headers["MCP-Protocol-Version"].ToString();
        if (string.CompareOrdinal(version, "2026-07-28") >= 0)
        {
            if (server.Era == ServerEra.Stateful)
            {
                await AnswerErrorAsync(400, -32022, "Unsupported protocol version", message, """{"supported":["2025-11-25","2025-06-18","2025-03-26"],"requested":"2026-07-28"}""");
                return;
            }

            await using var stateless = new HostedSession("", new StreamableHttpServerTransport { Stateless = true }, server.ServerOptions());
            await ExecuteAsync(stateless, message, fault);
            return;
        }

        if (server.Era == ServerEra.Stateless)
        {
            await AnswerErrorAsync(400, -32022, "Unsupported protocol version", message, $$"""{"supported":["2026-07-28"],"requested":"{{version}}"}""");
            return;
        }

        if (await SessionForAsync(message) is { } session)
        {
            context.Response.Headers[SessionHeader] = session.Id;
            await ExecuteAsync(session, message, fault);
        }
    }

    private async Task<HostedSession?> SessionForAsync(JsonRpcMessage message)
    {
        var id = context.Request.Headers[SessionHeader].ToString();
        if (id.Length == 0 && message is JsonRpcRequest { Method: "initialize" })
        {
            id = server.NewSessionId();
            var session = new HostedSession(id, new StreamableHttpServerTransport { SessionId = id }, server.ServerOptions());
            server.AddSession(session);
            return session;
        }

        if (server.TryGetSession(id, out var known))
        {
            return known;
        }

        await AnswerUnknownSessionAsync(message);
        return null;
    }

    private async Task ExecuteAsync(HostedSession session, JsonRpcMessage message, Fault? fault)
    {
        if (fault is Fault.DropAfter or Fault.NoReply)
        {
            await ((StreamableHttpServerTransport)session.Transport).HandlePostRequestAsync(message, new MemoryStream(), context.RequestAborted);
            if (fault is Fault.DropAfter)
            {
                context.Abort();
                return;
            }

            StartEventStream();
            await context.Response.StartAsync();
            return;
        }

        StartEventStream();
        if (!await ((StreamableHttpServerTransport)session.Transport).HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted))
        {
            context.Response.Headers.ContentType = default;
            context.Response.StatusCode = 202;
        }
    }

    private async Task GetAsync()
    {
        var fault = server.Faults.Take("GET");
        server.Counters.Saw("GET");
        if (await HandledByAsync(fault))
        {
            return;
        }

        if (!server.TryGetSession(context.Request.Headers[SessionHeader].ToString(), out var session))
        {
            await AnswerUnknownSessionAsync(null);
            return;
        }

        StartEventStream();
        await ((StreamableHttpServerTransport)session.Transport).HandleGetRequestAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task DeleteAsync()
    {
        server.Counters.Saw("DELETE");
        if (!await HandledByAsync(server.Faults.Take("DELETE")))
        {
            await server.RemoveSessionAsync(context.Request.Headers[SessionHeader].ToString());
        }
    }

    private async Task SseAsync()
    {
        var fault = server.Faults.Take("GET");
        server.Counters.Saw("GET");
        if (await HandledByAsync(fault))
        {
            return;
        }

        var id = server.NewSessionId();
        StartEventStream();
        await using var transport = new SseResponseStreamTransport(context.Response.Body, $"/message?sessionId={id}", id);
        // Known before the client is told of it, which is the first thing that the transport does.
        server.AddSession(new HostedSession(id, transport, server.ServerOptions()));
        try
        {
            await transport.RunAsync(context.RequestAborted);
        }
        finally
        {
            await server.RemoveSessionAsync(id);
        }
    }

    private async Task SseMessageAsync()
    {
        var message = await ReadMessageAsync();
        var method = MethodOf(message);
        var fault = server.Faults.Take(method);
        server.Counters.Saw(method);
        if (await HandledByAsync(fault))
        {
            return;
        }

        if (!server.TryGetSession(context.Request.Query["sessionId"].ToString(), out var session))
        {
            await AnswerUnknownSessionAsync(message);
            return;
        }

        await ((SseResponseStreamTransport)session.Transport).OnMessageReceivedAsync(message, context.RequestAborted);
        await AnswerAsync(202, "Accepted");
    }

    /// <summary>Does what was ordered; false where the request is to be executed after all.</summary>
    private async Task<bool> HandledByAsync(Fault? fault)
    {
        switch (fault)
        {
            case Fault.Status status:
                await AnswerAsync(status.Code, status.Body, status.ContentType);
                return true;
            case Fault.DropBefore:
                context.Abort();
                return true;
            case Fault.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
                return true;
            case Fault.Redirect redirect:
                context.Response.StatusCode = redirect.KeepMethod ? 307 : 302;
                context.Response.Headers.Location = redirect.To.ToString();
                return true;
            case Fault.Slow slow:
                await slow.Gate.WaitAsync(context.RequestAborted);
                return false;
            default:
                return false;
        }
    }

    private Task AnswerUnknownSessionAsync(JsonRpcMessage? message) => server.Dialect == UnknownSessionDialect.NotFound
        ? AnswerErrorAsync(404, -32001, "Session not found", message)
        : AnswerErrorAsync(400, -32000, "Bad Request: No valid session ID provided", message);

    private Task AnswerErrorAsync(int status, int code, string text, JsonRpcMessage? message, string? data = null)
    {
        var id = message is JsonRpcMessageWithId withId ? JsonSerializer.Serialize(withId.Id, McpJsonUtilities.DefaultOptions) : "null";
        var dataPart = data is null ? "" : $",\"data\":{data}";
        return AnswerAsync(status, $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":{code},\"message\":\"{text}\"{dataPart}}}}}", "application/json");
    }

    private async Task AnswerAsync(int status, string body, string contentType = "text/plain")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType.Length == 0 ? null : contentType;
        await context.Response.WriteAsync(body);
    }

    private void StartEventStream()
    {
        context.Response.Headers.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    private async Task<JsonRpcMessage> ReadMessageAsync()
    {
        var message = (await JsonSerializer.DeserializeAsync<JsonRpcMessage>(context.Request.Body, McpJsonUtilities.DefaultOptions, context.RequestAborted))!;
        if (context.Request.Headers["MCP-Protocol-Version"].ToString() is { Length: > 0 } version)
        {
            message.Context = new JsonRpcMessageContext { ProtocolVersion = version };
        }

        return message;
    }

    private static string MethodOf(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest request => request.Method,
        JsonRpcNotification notification => notification.Method,
        _ => "response",
    };
}
