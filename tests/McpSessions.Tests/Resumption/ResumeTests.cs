using System.Text.Json.Nodes;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resumption;

/// <summary>The client's process is restarted: where the server still knows the session it goes on, else a new one is opened as ever.</summary>
public sealed class ResumeTests
{
    private readonly MemorySessionStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_the_server_still_knows_is_resumed_without_a_handshake()
    {
        await using var server = await McpTestServer.StartAsync();
        string? name;
        await using (var before = Shared(server))
        {
            await before.EchoAsync("before");
            name = (await before.GetClientAsync(Token)).ServerInfo!.Name;
        }

        Assert.Equal((1, 0), (server.Counters.OpenSessions, server.Counters.Requests("DELETE")));
        server.Counters.Reset();

        await using var after = Shared(server);
        Assert.Equal("after", (await after.EchoAsync("after")).Text());
        Assert.NotEmpty(await after.ListToolsAsync(Token));

        Assert.Equal((0, 0, 1), (server.Counters.Initializes, server.Counters.Requests("server/discover"), server.Counters.Requests("ping")));
        Assert.Equal((1, name), (server.Counters.OpenSessions, (await after.GetClientAsync(Token)).ServerInfo!.Name));
    }

    [Fact]
    public async Task A_resumed_session_carries_the_revision_that_was_agreed_on()
    {
        await using var server = await McpTestServer.StartAsync();
        await using (var before = Shared(server))
        {
            await before.EchoAsync("before");
        }

        var revisions = new List<string?>();
        server.OnRequest = context => revisions.Add(context.Request.Headers["MCP-Protocol-Version"]);
        await using (var after = Shared(server))
        {
            await after.EchoAsync("after");
        }

        Assert.NotEmpty(revisions);
        Assert.All(revisions, revision => Assert.Equal("2025-11-25", revision));
    }

    [Theory]
    [InlineData(UnknownSessionDialect.NotFound)]
    [InlineData(UnknownSessionDialect.BadRequest)]
    public async Task A_session_that_the_server_does_not_know_any_more_is_a_clean_start(UnknownSessionDialect dialect)
    {
        await using var server = await McpTestServer.StartAsync();
        server.Dialect = dialect;
        await using (var before = Shared(server))
        {
            await before.EchoAsync("before");
        }

        var old = _store.Session;
        await server.RestartAsync();
        server.Counters.Reset();
        await using (var after = Shared(server))
        {
            Assert.Equal("after", (await after.EchoAsync("after")).Text());
        }

        Assert.Equal((1, 0), (server.Counters.Initializes, server.Counters.Requests("DELETE")));
        Assert.NotEqual(old, _store.Session);
    }

    [Fact]
    public async Task A_resumed_session_that_is_lost_later_is_opened_again_like_any_other()
    {
        await using var server = await McpTestServer.StartAsync();
        await using (var before = Shared(server))
        {
            await before.EchoAsync("before");
        }

        await using var after = Shared(server);
        var client = await after.GetClientAsync(Token);
        server.ExpireSessions();

        Assert.Equal("w", (await after.CallToolAsync("write", Results.Id("w"), cancellationToken: Token)).Text());
        Assert.Same(client, await after.GetClientAsync(Token));
        Assert.Equal((2, 1), (server.Counters.Initializes, server.Counters.Executed("w")));
    }

    public static TheoryData<string, string> Garbage => new()
    {
        { "empty", "" },
        { "not JSON", "\u0000\uFFFF{[" },
        { "another JSON", "[1,2,3]" },
        { "wrong types", """{"session":1,"introduction":[],"welcome":"hi"}""" },
        { "too deep", string.Concat(Enumerable.Repeat("[", 100_000)) },
        { "too long", "{\"session\":\"" + new string('x', 2_000_000) + "\"}" },
        { "a name twice", """{"session":"s","introduction":"i","welcome":{"protocolVersion":"2025-11-25","capabilities":{"tools":{},"tools":{}},"serverInfo":{"name":"n","version":"1"}}}""" },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task A_store_that_returns_garbage_is_a_clean_start(string what, string garbage)
    {
        Assert.NotEmpty(what);
        await using var server = await McpTestServer.StartAsync();
        _store.Session = garbage;
        await using var shared = Shared(server);

        Assert.Equal("hello", (await shared.EchoAsync("hello")).Text());
        Assert.Equal((1, 0), (server.Counters.Initializes, server.Counters.Requests("ping")));
    }

    [Theory]
    [InlineData("session", "id\r\nX-Injected: yes")]
    [InlineData("session", "id with spaces")]
    [InlineData("session", "")]
    [InlineData("session", "not-yours")]
    [InlineData("introduction", "another client's")]
    public async Task A_ticket_that_was_tampered_with_is_a_clean_start(string member, string value)
    {
        await using var server = await McpTestServer.StartAsync();
        await using (var before = Shared(server))
        {
            await before.EchoAsync("before");
        }

        var ticket = JsonNode.Parse(_store.Session!)!;
        ticket[member] = value;
        _store.Session = ticket.ToJsonString();
        var injected = 0;
        server.OnRequest = context => injected += context.Request.Headers.ContainsKey("X-Injected") ? 1 : 0;
        server.Counters.Reset();
        await using var after = Shared(server);

        Assert.Equal("after", (await after.EchoAsync("after")).Text());
        Assert.Equal((1, 0), (server.Counters.Initializes, injected));
    }

    [Fact]
    public async Task A_client_that_introduces_itself_differently_gets_a_session_of_its_own_and_ends_the_old_one()
    {
        await using var server = await McpTestServer.StartAsync();
        await using (var before = Shared(server))
        {
            await before.EchoAsync("before");
        }

        await using var after = Shared(server, () => new() { ClientInfo = new() { Name = "another", Version = "2" } });

        Assert.Equal("after", (await after.EchoAsync("after")).Text());
        Assert.Equal(2, server.Counters.Initializes);
        await server.Counters.Reaches(c => c.OpenSessions == 1);
    }

    [Fact]
    public async Task A_client_that_cannot_use_the_old_session_at_all_is_not_kept_from_ever_opening()
    {
        await using var server = await McpTestServer.StartAsync();
        await using (var before = Shared(server))
        {
            await before.EchoAsync("before");
        }

        // It insists on a revision without sessions.
        await using var after = Shared(server, () => new() { ProtocolVersion = "2026-07-28" }, backoff: TimeSpan.Zero);
        await Assert.ThrowsAsync<McpConnectException>(async () => await after.GetClientAsync(Token));
        server.Era = ServerEra.Stateless;

        Assert.Equal("after", (await after.EchoAsync("after")).Text());
        Assert.Null(_store.Session);
    }

    [Fact]
    public async Task A_transport_factory_that_ignores_the_known_session_is_a_clean_start_and_leaves_none_open()
    {
        await using var server = await McpTestServer.StartAsync();
        await using (var before = Shared(server))
        {
            await before.EchoAsync("before");
        }

        await using (var after = new SharedMcpSession(
            connect => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient), options: new() { SessionStore = _store }))
        {
            Assert.Equal("after", (await after.EchoAsync("after")).Text());
        }

        Assert.Equal((2, 1), (server.Counters.Initializes, server.Counters.Requests("DELETE")));
        Assert.Null(_store.Session);
    }

    [Fact]
    public async Task A_store_that_throws_hinders_nobody_and_no_secret_is_logged()
    {
        await using var server = await McpTestServer.StartAsync();
        var logs = new LogCollector();
        var ids = new List<string>();
        server.NewSessionId = () =>
        {
            ids.Add(Guid.NewGuid().ToString("N"));
            return ids[^1];
        };
        await using (var before = Shared(server, logs: logs))
        {
            await before.EchoAsync("before");
        }

        _store.Throws = true;
        await using (var broken = Shared(server, logs: logs))
        {
            Assert.Equal("broken", (await broken.EchoAsync("broken")).Text());
        }

        Assert.Equal(2, ids.Count);
        Assert.Contains(logs.Own, line => line.Message.Contains("session store", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Own, line => ids.Any(id => line.Message.Contains(id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_store_that_hangs_keeps_no_session_from_opening()
    {
        await using var server = await McpTestServer.StartAsync();
        var time = new ManualTime();
        _store.Loading = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shared = Shared(server, time: time);

        var echo = shared.EchoAsync("hello");
        await _store.Asked.Task.WaitAsync(Token);
        while (time.Waiting(TimeSpan.FromSeconds(5)) == 0)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("hello", (await echo).Text());
    }

    [Fact]
    public async Task A_session_that_was_idle_for_too_long_is_ended_and_forgotten()
    {
        await using var server = await McpTestServer.StartAsync();
        var time = new ManualTime();
        await using (var shared = Shared(server, idle: TimeSpan.FromMinutes(20), time: time))
        {
            await shared.EchoAsync("hello");
            time.Advance(TimeSpan.FromMinutes(20));
            await server.Counters.Reaches(c => c.OpenSessions == 0);
        }

        Assert.Null(_store.Session);
    }

    [Fact]
    public async Task A_server_without_sessions_leaves_nothing_to_keep()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Era = ServerEra.Stateless;
        await using (var shared = Shared(server))
        {
            await shared.EchoAsync("hello");
        }

        Assert.Null(_store.Session);
    }

    private SharedMcpSession Shared(
        McpTestServer server, Func<McpClientOptions?>? clientOptions = null, LogCollector? logs = null, TimeSpan? backoff = null, TimeSpan? idle = null, TimeProvider? time = null)
    {
        var options = new SharedMcpSessionOptions { SessionStore = _store, IdleTimeout = idle, TimeProvider = time ?? TimeProvider.System };
        options.LoggerFactory = logs ?? options.LoggerFactory;
        options.OpeningBackoff = backoff ?? options.OpeningBackoff;
        return new(connect => new HttpClientTransport(new() { Endpoint = server.Endpoint, KnownSessionId = connect.KnownSessionId }, connect.HttpClient), clientOptions, options);
    }
}
