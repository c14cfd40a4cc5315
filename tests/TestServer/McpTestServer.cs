using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpSessions.TestServer;

/// <summary>Which revisions of the protocol the server speaks.</summary>
public enum ServerEra
{
    /// <summary>Sessions and the initialize handshake; the 2026-07-28 revision is refused.</summary>
    Stateful,

    /// <summary>The 2026-07-28 revision only: no sessions, no initialize.</summary>
    Stateless,
}

/// <summary>How the server says that it does not know a session.</summary>
public enum UnknownSessionDialect
{
    /// <summary>404, as the specification asks and the C# SDK does.</summary>
    NotFound,

    /// <summary>400 with a JSON-RPC error, as many TypeScript servers do.</summary>
    BadRequest,
}

/// <summary>
/// An MCP server on Kestrel over the SDK's own <see cref="StreamableHttpServerTransport"/>, in this process, with faults to order and
/// counters. Streamable HTTP at <see cref="Endpoint"/>, the legacy server-sent-events transport at <see cref="SseEndpoint"/>.
/// </summary>
public sealed class McpTestServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, HostedSession> _sessions = new();
    private readonly ConcurrentBag<HostedSession> _expired = [];
    private readonly Action<McpServerOptions>? _configure;
    private WebApplication? _app;
    private int _port;
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private McpTestServer(Action<McpServerOptions>? configure) => _configure = configure;

    public Uri Endpoint => new($"http://127.0.0.1:{_port}/mcp");

    public Uri SseEndpoint => new($"http://127.0.0.1:{_port}/sse");

    public FaultPlan Faults { get; } = new();

    public Counters Counters { get; } = new();

    public ServerEra Era { get; set; }

    public UnknownSessionDialect Dialect { get; set; }

    /// <summary>Sees every HTTP request before anything else happens to it.</summary>
    public Action<HttpContext>? OnRequest { get; set; }

    /// <summary>Makes session ids; the default is random.</summary>
    public Func<string> NewSessionId { get; set; } = static () => Guid.NewGuid().ToString("N");

    public static async Task<McpTestServer> StartAsync(Action<McpServerOptions>? configure = null)
    {
        var server = new McpTestServer(configure);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listen => listen.Use(CountConnections)));
        var app = builder.Build();
        app.Run(context => new RequestHandling(this, context).RunAsync());
        await app.StartAsync();
        _app = app;
        _port = new Uri(app.Urls.Single()).Port;
    }

    /// <summary>Stops listening and resets every connection at once; all sessions are gone, as after a crash.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            await app.StopAsync(new CancellationToken(canceled: true));
            await app.DisposeAsync();
        }

        await EndSessionsAsync();
    }

    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    /// <summary>Lets every session expire: from now on their ids are unknown. What they are executing goes on and is answered.</summary>
    public void ExpireSessions()
    {
        foreach (var id in _sessions.Keys)
        {
            if (_sessions.TryRemove(id, out var session))
            {
                Counters.Session(-1);
                _expired.Add(session);
            }
        }
    }

    /// <summary>Lets the tool <c>wait</c> go on.</summary>
    public void OpenGate() => _gate.TrySetResult();

    public void CloseGate() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends a notification to every open session.</summary>
    public async Task NotifyAllAsync(string method)
    {
        foreach (var session in _sessions.Values)
        {
            await session.Server.SendMessageAsync(new JsonRpcNotification { Method = method });
        }
    }

    /// <summary>The open sessions' servers, for requests from server to client.</summary>
    public IReadOnlyList<McpServer> Servers => [.. _sessions.Values.Select(static s => s.Server)];

    public async ValueTask DisposeAsync()
    {
        OpenGate();
        await KillAsync();
    }

    internal McpServerOptions ServerOptions() => TestTools.Options(Counters, () => _gate.Task, _configure);

    internal bool TryGetSession(string id, out HostedSession session) => _sessions.TryGetValue(id, out session!);

    internal void AddSession(HostedSession session)
    {
        _sessions[session.Id] = session;
        Counters.Session(+1);
    }

    internal async Task RemoveSessionAsync(string id)
    {
        if (_sessions.TryRemove(id, out var session))
        {
            Counters.Session(-1);
            await session.DisposeAsync();
        }
    }

    /// <summary>Ends every session with its streams. Requests that are on their way to one still arrive, and find it unknown.</summary>
    public async Task EndSessionsAsync()
    {
        foreach (var id in _sessions.Keys)
        {
            await RemoveSessionAsync(id);
        }

        while (_expired.TryTake(out var session))
        {
            await session.DisposeAsync();
        }
    }

    private ConnectionDelegate CountConnections(ConnectionDelegate next) => async connection =>
    {
        Counters.Connection(+1);
        try
        {
            await next(connection);
        }
        finally
        {
            Counters.Connection(-1);
        }
    };
}
