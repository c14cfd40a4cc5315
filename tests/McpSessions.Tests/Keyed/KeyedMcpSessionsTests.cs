using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Keyed;

/// <summary>One session per key: shared within a key, never between two, bounded in number and in idle time.</summary>
public sealed class KeyedMcpSessionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_of_one_key_share_a_session_and_keys_do_not()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var perUser = PerUser(server);

        var clients = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () => await perUser.GetClientAsync($"user-{i % 3}", Token))));

        Assert.Equal(3, clients.Distinct().Count());
        Assert.Equal(3, server.Counters.Initializes);
        Assert.Equal(3, perUser.Count);
    }

    [Fact]
    public async Task The_factory_gets_the_key()
    {
        await using var one = await McpTestServer.StartAsync();
        await using var other = await McpTestServer.StartAsync();
        await using var perTenant = new KeyedMcpSessions<int>((tenant, connect) =>
            new HttpClientTransport(new() { Endpoint = tenant == 1 ? one.Endpoint : other.Endpoint }, connect.HttpClient));

        await perTenant.CallToolAsync(2, "write", Results.Id("w"), cancellationToken: Token);

        Assert.Equal((0, 1), (one.Counters.Executed("w"), other.Counters.Executed("w")));
    }

    [Fact]
    public async Task Beyond_the_bound_the_least_recently_used_session_is_closed()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var perUser = PerUser(server, new() { MaxSessions = 2 });
        var alice = await perUser.GetClientAsync("alice", Token);
        await perUser.GetClientAsync("bob", Token);
        Assert.Same(alice, await perUser.GetClientAsync("alice", Token));

        await perUser.GetClientAsync("carol", Token);

        await server.Counters.Reaches(c => c.OpenSessions == 2);
        Assert.Same(alice, await perUser.GetClientAsync("alice", Token));
        Assert.Equal(2, perUser.Count);
    }

    [Fact]
    public async Task A_session_that_is_closed_to_make_room_lets_its_calls_finish()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var perUser = PerUser(server, new() { MaxSessions = 1 });
        var call = perUser.CallToolAsync("alice", "wait", Results.Id("w"), cancellationToken: Token).AsTask();
        await server.Counters.Reaches(c => c.Executed("w") == 1);

        await perUser.GetClientAsync("bob", Token);
        server.OpenGate();

        Assert.Equal("w", (await call).Text());
        await server.Counters.Reaches(c => c.OpenSessions == 1);
    }

    [Fact]
    public async Task An_idle_keys_session_is_closed_and_one_in_use_is_not()
    {
        var time = new ManualTime();
        await using var server = await McpTestServer.StartAsync();
        await using var perUser = PerUser(server, new() { TimeProvider = time });
        await perUser.CallToolAsync("alice", "write", Results.Id("a1"), cancellationToken: Token);
        await perUser.CallToolAsync("bob", "write", Results.Id("b1"), cancellationToken: Token);

        time.Advance(TimeSpan.FromMinutes(19));
        await perUser.CallToolAsync("bob", "write", Results.Id("b2"), cancellationToken: Token);
        time.Advance(TimeSpan.FromMinutes(1));
        await server.Counters.Reaches(c => c.OpenSessions == 1);
        await perUser.CallToolAsync("bob", "write", Results.Id("b3"), cancellationToken: Token);
        Assert.Equal(2, server.Counters.Initializes);

        await perUser.CallToolAsync("alice", "write", Results.Id("a2"), cancellationToken: Token);
        Assert.Equal(3, server.Counters.Initializes);
    }

    [Fact]
    public async Task Keys_that_push_each_other_out_are_all_served()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var perUser = PerUser(server, new() { MaxSessions = 2 });

        var calls = Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
            (await perUser.CallToolAsync($"user-{i % 6}", "write", Results.Id($"{i}"), cancellationToken: Token)).Text()));

        Assert.Equal(60, (await Task.WhenAll(calls)).Distinct().Count());
        Assert.All(server.Counters.AllExecuted, write => Assert.Equal(1, write.Value));
    }

    [Fact]
    public async Task One_keys_opening_keeps_no_other_key_waiting()
    {
        await using var server = await McpTestServer.StartAsync();
        var stuck = new TaskCompletionSource<IClientTransport>();
        await using var perUser = new KeyedMcpSessions<string>(async (user, connect, ct) => user == "alice"
            ? await stuck.Task.WaitAsync(ct)
            : new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient));

        var alice = perUser.GetClientAsync("alice", Token).AsTask();
        await perUser.GetClientAsync("bob", Token);

        Assert.False(alice.IsCompleted);
        await perUser.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => alice);
    }

    [Fact]
    public async Task A_key_can_be_closed_and_opens_again()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var perUser = PerUser(server);
        await perUser.GetClientAsync("alice", Token);

        Assert.True(await perUser.CloseAsync("alice"));
        Assert.False(await perUser.CloseAsync("alice"));
        Assert.Equal(0, server.Counters.OpenSessions);

        await perUser.GetClientAsync("alice", Token);
        Assert.Equal(2, server.Counters.Initializes);
    }

    [Fact]
    public async Task Closing_closes_all_and_a_server_that_hangs_hinders_no_other()
    {
        await using var server = await McpTestServer.StartAsync();
        var time = new ManualTime();
        var perUser = PerUser(server, new() { TimeProvider = time });
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => perUser.GetClientAsync($"user-{i}", Token).AsTask()));
        server.Faults.Next("DELETE", new Fault.Hang());

        var closing = perUser.DisposeAsync().AsTask();
        await server.Counters.Reaches(c => c.OpenSessions == 1);
        time.Advance(TimeSpan.FromSeconds(10));

        await closing;
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await perUser.GetClientAsync("user-1", Token));
    }

    [Fact]
    public async Task Warm_access_allocates_nothing()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var perUser = PerUser(server);
        var client = await perUser.GetClientAsync("alice", Token);
        Ask(perUser, client);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(perUser, client);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }

    private static void Ask(KeyedMcpSessions<string> perUser, McpClient client)
    {
        for (var i = 0; i < 1000; i++)
        {
            var asked = perUser.GetClientAsync("alice");
            Assert.True(asked.IsCompletedSuccessfully && ReferenceEquals(asked.Result, client));
        }
    }

    private static KeyedMcpSessions<string> PerUser(McpTestServer server, KeyedMcpSessionsOptions? options = null) =>
        new((_, connect) => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient), options: options);
}
