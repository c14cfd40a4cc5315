using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using McpSessions.Tests.Servers;
using StackExchange.Redis;

namespace McpSessions.Tests.State;

/// <summary>The same state in a real Redis: it outlives sessions and processes, and expires when it is not used.</summary>
public sealed class RedisStateTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private ConnectionMultiplexer _connection = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync(_redis.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Another_process_finds_it_and_Redis_learns_no_identity()
    {
        await using var one = Process();
        await using var other = Process();
        var baskets = other.GetRequiredService<IPrincipalState<Basket>>();

        await one.GetRequiredService<IPrincipalState<Basket>>().SetAsync("alice", new(["tea"]), Token);

        Assert.Equal(["tea"], (await baskets.GetAsync("alice", Token))!.Items);
        Assert.Null(await baskets.GetAsync("bob", Token));
        Assert.Matches("^mcpsessions:baskets:[0-9A-F]{64}$", Assert.Single(Keys()).ToString());
        await baskets.RemoveAsync("alice", Token);
        Assert.Empty(Keys());
    }

    [Fact]
    public async Task Reading_it_extends_its_life_and_what_has_expired_is_forgotten()
    {
        await using var process = Process();
        var baskets = process.GetRequiredService<IPrincipalState<Basket>>();
        var database = _connection.GetDatabase();
        await baskets.SetAsync("alice", new(["tea"]), Token);
        var key = Assert.Single(Keys());

        await database.KeyExpireAsync(key, TimeSpan.FromHours(1));
        await baskets.GetAsync("alice", Token);
        Assert.InRange((await database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(7), TimeSpan.FromHours(8));

        await database.KeyExpireAsync(key, TimeSpan.Zero);
        Assert.Null(await baskets.GetAsync("alice", Token));
    }

    [Fact]
    public async Task What_a_server_remembers_of_a_user_outlives_the_session_and_the_server()
    {
        await using var process = Process();
        var baskets = process.GetRequiredService<IPrincipalState<Basket>>();
        await using var server = await McpTestServer.StartAsync(options =>
        {
            options.ToolCollection!.Add(McpServerTool.Create((string id) => baskets.SetAsync("alice", new([id])).AsTask(), new() { Name = "remember" }));
            options.ToolCollection.Add(McpServerTool.Create(async () => (await baskets.GetAsync("alice"))?.Items.Single(), new() { Name = "recall", ReadOnly = true }));
        });
        await using var agent = server.Shared();

        await agent.CallToolAsync("remember", Results.Id("tea"), cancellationToken: Token);
        await server.RestartAsync();

        Assert.Equal("tea", (await agent.CallToolAsync("recall", cancellationToken: Token)).Text());
        Assert.Equal(2, server.Counters.Initializes);
    }

    /// <summary>One process of an application that several run of.</summary>
    private ServiceProvider Process() => new ServiceCollection()
        .AddStackExchangeRedisCache(options => options.ConfigurationOptions = _redis.Configuration)
        .AddPrincipalState("baskets", BasketJson.Default.Basket, options => options.HashKey = Encoding.UTF8.GetBytes("a key of this application"))
        .BuildServiceProvider();

    private IEnumerable<RedisKey> Keys() => _connection.GetServers().Single().Keys();
}
