using System.Net;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>
/// The server does not know the session any more: expired, restarted, redeployed. The client, and the tools listed from it, go on; every call
/// is executed exactly once, because the server refused what it refused.
/// </summary>
public sealed class LostSessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<UnknownSessionDialect> Dialects => new(UnknownSessionDialect.NotFound, UnknownSessionDialect.BadRequest);

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task An_expired_session_is_opened_again_underneath_the_same_client_and_its_tools(UnknownSessionDialect dialect)
    {
        await using var server = await McpTestServer.StartAsync();
        server.Dialect = dialect;
        await using var shared = server.Shared();
        var client = await shared.GetClientAsync(Token);
        var echo = (await shared.ListToolsAsync(Token)).Single(tool => tool.Name == "echo");

        server.ExpireSessions();

        Assert.Equal("still here", (await echo.CallAsync(new Dictionary<string, object?> { ["message"] = "still here" }, cancellationToken: Token)).Text());
        Assert.Same(client, await shared.GetClientAsync(Token));
        Assert.Equal(2, server.Counters.Initializes);
        Assert.Equal(1, server.Counters.OpenSessions);
        Assert.Equal(new { Openings = 2, State = McpSessionState.Open }, new { shared.Status.Openings, shared.Status.State });
    }

    [Fact]
    public async Task Every_verb_survives_not_only_tool_calls()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        var client = await shared.GetClientAsync(Token);

        server.ExpireSessions();
        await client.PingAsync(cancellationToken: Token);
        server.ExpireSessions();
        Assert.NotEmpty(await client.ListToolsAsync(cancellationToken: Token));
        server.ExpireSessions();
        await client.SendNotificationAsync("notifications/roots/list_changed", cancellationToken: Token);

        Assert.Equal(4, server.Counters.Initializes);
        Assert.Equal(2, server.Counters.Requests("notifications/roots/list_changed"));
    }

    // What servers in use answer to a session that they do not know; the specification's own answer is in the tests above.
    public static TheoryData<int, string, string> AnswersToAnUnknownSession => new()
    {
        { 400, """{ "jsonrpc": "2.0", "id": null, "error": { "code": -32000, "message": "Bad Request: Server not initialized" } }""", "application/json" },
        { 400, """{ "jsonrpc": "2.0", "id": null, "error": { "code": -32000, "message": "Bad Request: No valid session ID or not an initialize request" } }""", "application/json" },
        { 400, """{ "jsonrpc": "2.0", "id": null, "error": { "code": -32600, "message": "Bad Request: Unknown Mcp-Session-Id header" } }""", "application/json; charset=utf-8" },
        { 400, "Bad Request: No valid session ID provided", "text/plain; charset=utf-8" },
        { 400, "Not Found: Invalid or expired session ID", "" },
        { 400, """{ "error": "Session 6b1f does not exist" }""", "application/json" },
        { 401, "Unauthorized: Session not found", "" },
        { 410, "The session has been terminated.", "text/plain" },
        { 503, """{ "error": "Session ID not found" }""", "application/json" },
    };

    [Theory]
    [MemberData(nameof(AnswersToAnUnknownSession))]
    public async Task However_a_server_says_that_it_does_not_know_the_session_it_is_opened_again(int status, string body, string contentType)
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.EchoAsync("one");
        server.Faults.Next("tools/call", new Fault.Status(status, body, contentType));

        await shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token);

        Assert.Equal((1, 2), (server.Counters.Executed("w"), shared.Status.Openings));
    }

    [Theory]
    [InlineData(400, """{ "jsonrpc": "2.0", "id": null, "error": { "code": -32000, "message": "Bad Request: Server not initialized" } }""", "application/json")]
    [InlineData(400, "Bad Request: No valid session ID provided", "text/plain")]
    [InlineData(401, "Unauthorized: Session not found", "")]
    public async Task The_same_on_a_HttpClient_of_the_users_own(int status, string body, string contentType)
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = new SharedMcpSession(_ => new HttpClientTransport(new() { Endpoint = server.Endpoint }, new HttpClient(), ownsHttpClient: true));
        await shared.EchoAsync("one");
        server.Faults.Next("tools/call", new Fault.Status(status, body, contentType));

        await shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token);

        Assert.Equal((1, 2), (server.Counters.Executed("w"), shared.Status.Openings));
    }

    [Theory]
    [InlineData(400, """{ "jsonrpc": "2.0", "id": null, "error": { "code": -32602, "message": "Unknown argument 'session'" } }""", "application/json")]
    [InlineData(400, """{ "jsonrpc": "2.0", "id": null, "error": { "code": -32602, "message": "Session not found: browser-7" } }""", "application/json")]
    [InlineData(400, "Invalid session length", "text/plain")]
    [InlineData(401, "Your session has expired, please sign in again", "text/plain")]
    [InlineData(403, "Session not found", "text/plain")]
    [InlineData(500, "Session not found", "text/plain")]
    public async Task What_is_not_said_of_the_session_is_the_callers(int status, string body, string contentType)
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.EchoAsync("one");
        server.Faults.Next("tools/call", new Fault.Status(status, body, contentType));

        await Assert.ThrowsAnyAsync<Exception>(() => shared.EchoAsync("two"));

        Assert.Equal(1, shared.Status.Openings);
    }

    [Fact]
    public async Task A_refusal_that_goes_on_and_on_is_not_read_to_its_end()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.EchoAsync("one");
        server.Faults.Next("tools/call", new Fault.Status(400, new string('x', 10_000_000), "text/plain"));

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => shared.EchoAsync("two"));

        Assert.Equal(HttpStatusCode.BadRequest, e.StatusCode);
        Assert.Equal(1, shared.Status.Openings);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Ten_expiries_under_five_hundred_concurrent_writes_each_lose_nothing_and_run_nothing_twice(UnknownSessionDialect dialect)
    {
        await using var server = await McpTestServer.StartAsync();
        server.Dialect = dialect;
        await using var shared = server.Shared();
        await shared.GetClientAsync(Token);

        for (var round = 0; round < 10; round++)
        {
            server.ExpireSessions();
            var writes = Enumerable.Range(0, 500).Select(i => Task.Run(async () => (await shared.CallToolAsync("write", Results.Id($"{round}-{i}"), cancellationToken: Token)).Text()));
            Assert.Equal(500, (await Task.WhenAll(writes)).Distinct().Count());
        }

        Assert.Equal(5000, server.Counters.AllExecuted.Count);
        Assert.All(server.Counters.AllExecuted, write => Assert.Equal(1, write.Value));
        Assert.Equal(11, server.Counters.Initializes);
        Assert.Equal(11, shared.Status.Openings);
    }

    [Fact]
    public async Task A_call_in_flight_on_the_old_session_still_gets_its_answer()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        var slow = shared.CallToolAsync("wait", Results.Id("slow"), cancellationToken: Token).AsTask();
        await server.Counters.Reaches(c => c.Executed("slow") == 1);

        server.ExpireSessions();
        Assert.Equal("next", (await shared.EchoAsync("next")).Text());
        server.OpenGate();

        Assert.Equal("slow", (await slow).Text());
        Assert.Equal(1, server.Counters.Executed("slow"));
    }

    [Fact]
    public async Task A_server_that_loses_every_session_at_once_is_given_up_with_a_reason()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.GetClientAsync(Token);
        server.Faults.Always("tools/call", new Fault.Status(404));

        var e = await Assert.ThrowsAsync<McpConnectException>(() => shared.EchoAsync("hello"));

        Assert.Contains("sessions in a row", e.Message);
        Assert.Contains("It was not executed", e.Message);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    public async Task A_missing_route_for_the_standalone_stream_does_not_end_the_session(int status)
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("GET", new Fault.Status(status));
        await using var shared = server.Shared(options: new() { StandaloneStream = true });
        await shared.EchoAsync("one");
        await server.Counters.Reaches(c => c.Requests("GET") == 1);

        Assert.Equal("two", (await shared.EchoAsync("two")).Text());
        Assert.Equal(1, server.Counters.Initializes);
    }

    [Fact]
    public async Task A_warm_call_is_one_request_and_no_stream_is_opened_that_nothing_needs()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.EchoAsync("one");
        server.Counters.Reset();

        await shared.EchoAsync("two");

        Assert.Equal(1, server.Counters.AllRequests);
    }

    [Fact]
    public async Task A_transport_on_a_HttpClient_of_the_users_own_survives_an_expiry_too()
    {
        await using var server = await McpTestServer.StartAsync();
        using var mine = new HttpClient();
        await using var shared = new SharedMcpSession(_ => new HttpClientTransport(new() { Endpoint = server.Endpoint, EnableStandaloneGetStream = false }, mine));
        await shared.ListToolsAsync(Token);
        server.ExpireSessions();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => shared.EchoAsync($"{i}")));

        Assert.Equal(50, answers.Select(answer => answer.Text()).Distinct().Count());
    }

    [Fact]
    public async Task A_transport_that_somebody_disposed_while_it_was_in_use_is_replaced()
    {
        await using var server = await McpTestServer.StartAsync();
        var made = new List<HttpClientTransport>();
        await using var shared = new SharedMcpSession(_ =>
        {
            made.Add(new HttpClientTransport(new() { Endpoint = server.Endpoint, EnableStandaloneGetStream = false }, new HttpClient(), ownsHttpClient: true));
            return made[^1];
        });
        await shared.EchoAsync("one");

        await made[0].DisposeAsync();

        Assert.Equal("w", (await shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token)).Text());
        Assert.Equal((2, 1), (made.Count, server.Counters.Executed("w")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_factory_that_hands_out_one_transport_again_and_again_survives_too(bool restart)
    {
        await using var server = await McpTestServer.StartAsync();
        var transport = new HttpClientTransport(new() { Endpoint = server.Endpoint });
        await using var shared = new SharedMcpSession(_ => transport);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal($"{i}", (await shared.EchoAsync($"{i}")).Text());
            await (restart ? server.RestartAsync() : server.EndSessionsAsync());
        }

        Assert.Equal("still", (await shared.EchoAsync("still")).Text());
    }

    [Fact]
    public async Task A_transport_that_fails_to_close_keeps_no_session_from_opening()
    {
        await using var server = await McpTestServer.StartAsync();
        var logs = new LogCollector();
        await using (var shared = new SharedMcpSession(
            connect => new FailsToClose(new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient)), options: new() { LoggerFactory = logs }))
        {
            await shared.EchoAsync("one");
            await server.EndSessionsAsync();

            Assert.Equal("two", (await shared.EchoAsync("two")).Text());
        }

        Assert.Contains(logs.Own, line => line.Message.Contains("It does not close.", StringComparison.Ordinal));
    }

    private sealed class FailsToClose(HttpClientTransport inner) : IClientTransport, IAsyncDisposable
    {
        public string Name => inner.Name;

        public Task<ModelContextProtocol.Protocol.ITransport> ConnectAsync(CancellationToken cancellationToken = default) => inner.ConnectAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            throw new InvalidOperationException("It does not close.");
        }
    }

    [Fact]
    public async Task The_owner_is_told_that_the_servers_memory_of_the_session_is_gone()
    {
        await using var server = await McpTestServer.StartAsync();
        var told = new TaskCompletionSource<McpSessionReopened>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shared = server.Shared(options: new() { Name = "files", Reopened = told.SetResult });
        await shared.EchoAsync("one");

        server.ExpireSessions();
        await shared.EchoAsync("two");

        Assert.Equal(new McpSessionReopened("files", 2, "2025-11-25", null), await told.Task);
    }

    [Fact]
    public async Task No_session_id_is_logged_by_this_library()
    {
        await using var server = await McpTestServer.StartAsync();
        var ids = new List<string>();
        server.NewSessionId = () =>
        {
            var id = Guid.NewGuid().ToString("N");
            ids.Add(id);
            return id;
        };
        var logs = new LogCollector();
        var shared = server.Shared(options: new() { LoggerFactory = logs });
        await shared.EchoAsync("one");
        server.ExpireSessions();
        await shared.EchoAsync("two");
        await shared.DisposeAsync();

        Assert.Equal(2, ids.Count);
        Assert.NotEmpty(logs.Own);
        Assert.DoesNotContain(logs.Own, line => ids.Any(id => line.Message.Contains(id, StringComparison.Ordinal)));
    }
}
