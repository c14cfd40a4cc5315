using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Tools;

/// <summary>Tools are listed once, for all callers, and again only when they may have changed.</summary>
public sealed class ToolCacheTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_callers_list_once_and_get_one_read_only_list()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();

        var lists = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () => await shared.ListToolsAsync(Token))));

        Assert.Single(lists.Distinct());
        Assert.True(lists[0].IsReadOnly);
        Assert.Equal(1, server.Counters.ToolLists);
    }

    [Fact]
    public async Task An_old_list_is_fetched_again_and_unchanged_tools_stay_the_same_objects()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { TimeProvider = _time, ToolListLifetime = TimeSpan.FromMinutes(5) });
        var before = await shared.ListToolsAsync(Token);

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Same(before, await shared.ListToolsAsync(Token));
        _time.Advance(TimeSpan.FromMinutes(1));
        var after = await shared.ListToolsAsync(Token);

        Assert.NotSame(before, after);
        Assert.Equal(before.AsEnumerable(), after, ReferenceEqualityComparer.Instance);
        Assert.Equal(2, server.Counters.ToolLists);
    }

    [Fact]
    public async Task The_servers_word_on_freshness_counts_and_all_pages_are_fetched()
    {
        await using var server = await McpTestServer.StartAsync(options =>
        {
            options.ToolCollection = null;
            options.Handlers.ListToolsHandler = (request, _) => ValueTask.FromResult(request.Params?.Cursor is null
                ? new ListToolsResult { Tools = [new() { Name = "one" }], NextCursor = "2", TimeToLive = TimeSpan.FromMinutes(60) }
                : new ListToolsResult { Tools = [new() { Name = "two" }], TimeToLive = TimeSpan.FromMinutes(30) });
            options.Handlers.CallToolHandler = (_, _) => ValueTask.FromResult(new CallToolResult());
        });
        await using var shared = server.Shared(options: new() { TimeProvider = _time });

        Assert.Equal(["one", "two"], (await shared.ListToolsAsync(Token)).Select(tool => tool.Name));
        _time.Advance(TimeSpan.FromMinutes(29));
        await shared.ListToolsAsync(Token);
        Assert.Equal(2, server.Counters.ToolLists);
        _time.Advance(TimeSpan.FromMinutes(1));
        await shared.ListToolsAsync(Token);
        Assert.Equal(4, server.Counters.ToolLists);
    }

    [Fact]
    public async Task A_list_that_is_old_at_once_is_asked_for_every_time()
    {
        await using var server = await McpTestServer.StartAsync(options => List(options, () => new() { Tools = [new() { Name = "one" }], TimeToLive = TimeSpan.Zero }));
        await using var shared = server.Shared(options: new() { TimeProvider = _time });

        await shared.ListToolsAsync(Token);
        await shared.ListToolsAsync(Token);

        Assert.Equal(2, server.Counters.ToolLists);
    }

    [Fact]
    public async Task What_one_user_may_see_is_served_to_no_other()
    {
        var names = new Queue<string>(["alices", "bobs"]);
        await using var server = await McpTestServer.StartAsync(options => List(options, () => new()
        {
            Tools = [new() { Name = names.Dequeue() }],
            TimeToLive = TimeSpan.FromHours(1),
            CacheScope = CacheScope.Private,
        }));
        await using var perUser = new KeyedMcpSessions<string>((_, connect) => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient));

        Assert.Equal("alices", Assert.Single(await perUser.ListToolsAsync("alice", Token)).Name);
        Assert.Equal("bobs", Assert.Single(await perUser.ListToolsAsync("bob", Token)).Name);
        Assert.Equal("alices", Assert.Single(await perUser.ListToolsAsync("alice", Token)).Name);
    }

    [Fact]
    public async Task All_pages_are_kept_or_none()
    {
        var second = true;
        await using var server = await McpTestServer.StartAsync(options =>
        {
            options.ToolCollection = null;
            options.Handlers.ListToolsHandler = (request, _) => request.Params?.Cursor is null
                ? ValueTask.FromResult(new ListToolsResult { Tools = [new() { Name = second ? "one" : "new" }], NextCursor = "2" })
                : second ? ValueTask.FromResult(new ListToolsResult { Tools = [new() { Name = "two" }] }) : throw new McpProtocolException("the second page is broken", McpErrorCode.InternalError);
            options.Handlers.CallToolHandler = (_, _) => ValueTask.FromResult(new CallToolResult());
        });
        await using var shared = server.Shared(options: new() { TimeProvider = _time });
        second = false;
        await Assert.ThrowsAsync<McpProtocolException>(async () => await shared.ListToolsAsync(Token));
        second = true;
        var whole = await shared.ListToolsAsync(Token);
        second = false;
        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Same(whole, await shared.ListToolsAsync(Token));
        Assert.Equal(["one", "two"], whole.Select(static tool => tool.Name));
    }

    [Fact]
    public async Task Headers_that_a_tools_schema_asks_for_are_sent_also_on_a_new_session_without_another_listing()
    {
        await using var server = await McpTestServer.StartAsync(options => List(options, () => new()
        {
            Tools = [new() { Name = "deploy", InputSchema = JsonElement.Parse("""{ "type": "object", "properties": { "region": { "type": "string", "x-mcp-header": "Region" } } }""") }],
        }));
        server.Era = ServerEra.Stateless;
        var regions = new ConcurrentQueue<string>();
        server.OnRequest = context =>
        {
            if (context.Request.Headers.TryGetValue("Mcp-Param-Region", out var region))
            {
                regions.Enqueue(region.ToString());
            }
        };
        await using var shared = server.Shared();
        await shared.ListToolsAsync(Token);

        await shared.CallToolAsync("deploy", new Dictionary<string, object?> { ["region"] = "eu" }, cancellationToken: Token);
        await server.RestartAsync();
        await shared.CallToolAsync("deploy", new Dictionary<string, object?> { ["region"] = "us" }, cancellationToken: Token);

        Assert.Equal(["eu", "us"], regions);
        Assert.Equal(1, server.Counters.ToolLists);
    }

    [Fact]
    public async Task An_announced_change_makes_the_list_old()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { StandaloneStream = true });
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = await shared.GetClientAsync(Token);
        await using var listening = client.RegisterNotificationHandler("notifications/tools/list_changed", (_, _) => { heard.SetResult(); return default; });
        await shared.ListToolsAsync(Token);
        await server.Counters.Reaches(c => c.Requests("GET") == 1);

        await server.NotifyAllAsync("notifications/tools/list_changed");
        await heard.Task.WaitAsync(Token);
        await shared.ListToolsAsync(Token);

        Assert.Equal(2, server.Counters.ToolLists);
    }

    [Fact]
    public async Task A_lost_session_makes_the_list_old_for_the_server_may_be_another_build()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.ListToolsAsync(Token);
        server.ExpireSessions();
        await shared.EchoAsync("again");

        await shared.ListToolsAsync(Token);

        Assert.Equal(2, server.Counters.ToolLists);
    }

    [Fact]
    public async Task An_old_list_is_served_while_the_server_is_away_but_not_for_ever()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { TimeProvider = _time, RecoveryTimeout = TimeSpan.Zero, ToolListGrace = TimeSpan.FromMinutes(30) });
        var list = await shared.ListToolsAsync(Token);
        await server.KillAsync();

        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Same(list, await shared.ListToolsAsync(Token));
        _time.Advance(TimeSpan.FromMinutes(30));

        await Assert.ThrowsAsync<McpConnectException>(async () => await shared.ListToolsAsync(Token));
    }

    [Fact]
    public async Task One_callers_cancellation_does_not_cancel_the_listing_for_the_others()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.GetClientAsync(Token);
        var gate = new TaskCompletionSource();
        server.Faults.Next("tools/list", new Fault.Slow(gate.Task));
        using var impatient = new CancellationTokenSource();

        var first = shared.ListToolsAsync(impatient.Token).AsTask();
        var second = shared.ListToolsAsync(Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.NotEmpty(await second);
        Assert.Equal(1, server.Counters.ToolLists);
    }

    [Fact]
    public async Task A_server_whose_list_never_ends_is_refused()
    {
        await using var server = await McpTestServer.StartAsync(options =>
        {
            options.ToolCollection = null;
            options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [], NextCursor = "again" });
            options.Handlers.CallToolHandler = (_, _) => ValueTask.FromResult(new CallToolResult());
        });
        await using var shared = server.Shared();

        var e = await Assert.ThrowsAsync<McpSessionException>(async () => await shared.ListToolsAsync(Token));

        Assert.Contains("does not come to an end", e.Message);
    }

    [Fact]
    public async Task A_list_of_ten_megabytes_is_just_a_list()
    {
        var text = new string('x', 10_000);
        await using var server = await McpTestServer.StartAsync(options =>
        {
            for (var i = 0; i < 1000; i++)
            {
                options.ToolCollection!.Add(McpServerTool.Create(() => "", new() { Name = $"tool-{i}", Description = text }));
            }
        });
        await using var shared = server.Shared();

        Assert.True((await shared.ListToolsAsync(Token)).Count > 1000);
    }

    [Fact]
    public async Task A_warm_list_allocates_nothing()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        var list = await shared.ListToolsAsync(Token);
        Ask(shared, list);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(shared, list);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }

    private static void List(McpServerOptions options, Func<ListToolsResult> list)
    {
        options.ToolCollection = null;
        options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(list());
        options.Handlers.CallToolHandler = (_, _) => ValueTask.FromResult(new CallToolResult());
    }

    private static void Ask(SharedMcpSession shared, IList<McpClientTool> list)
    {
        for (var i = 0; i < 1000; i++)
        {
            var asked = shared.ListToolsAsync();
            Assert.True(asked.IsCompletedSuccessfully && ReferenceEquals(asked.Result, list));
        }
    }
}
