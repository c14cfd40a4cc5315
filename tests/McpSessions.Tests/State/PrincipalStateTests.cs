using System.Security.Claims;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace McpSessions.Tests.State;

internal sealed record Basket(string[] Items);

[JsonSerializable(typeof(Basket))]
internal sealed partial class BasketJson : JsonSerializerContext;

/// <summary>State per principal: it outlives sessions, is nobody else's, and its store learns no identity.</summary>
public sealed class PrincipalStateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_principal_finds_what_was_remembered_of_it()
    {
        var baskets = State(out _);

        await baskets.SetAsync("alice", new(["tea"]), Token);
        await baskets.SetAsync("bob", new(["coffee"]), Token);

        Assert.Equal(["tea"], (await baskets.GetAsync("alice", Token))!.Items);
        Assert.Equal(["coffee"], (await baskets.GetAsync("bob", Token))!.Items);
        Assert.Null(await baskets.GetAsync("carol", Token));
        await baskets.RemoveAsync("alice", Token);
        Assert.Null(await baskets.GetAsync("alice", Token));
    }

    [Fact]
    public async Task The_store_sees_a_keyed_hash_and_the_same_key_finds_it_again()
    {
        var store = new Store();
        var key = Encoding.UTF8.GetBytes("a key of this application");
        var one = State(out _, store, key);
        var otherProcess = State(out _, store, key);
        var otherKey = State(out _, store, Encoding.UTF8.GetBytes("a key of another application"));

        await one.SetAsync("alice", new(["tea"]), Token);

        Assert.DoesNotContain("alice", Assert.Single(store.Entries).Key);
        Assert.Equal(TimeSpan.FromHours(8), store.Expiration);
        Assert.NotNull(await otherProcess.GetAsync("alice", Token));
        Assert.Null(await otherKey.GetAsync("alice", Token));
    }

    [Fact]
    public void A_shared_store_without_a_key_of_the_application_is_refused()
    {
        Assert.Contains("HashKey", Assert.Throws<InvalidOperationException>(() => State(out _, new Store())).Message);
        Assert.Throws<ArgumentException>(() => State(out _, new Store(), [1, 2, 3]));
    }

    [Fact]
    public void The_subject_of_a_user_is_stable_and_an_anonymous_one_has_none()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new("sub", "42", null, "https://issuer")], "test"));

        Assert.Equal("https://issuer|42", user.StableSubject());
        Assert.Throws<InvalidOperationException>(() => new ClaimsPrincipal(new ClaimsIdentity([new("sub", "42")])).StableSubject());
    }

    private static IPrincipalState<Basket> State(out ServiceProvider services, IDistributedCache? cache = null, byte[]? key = null)
    {
        var collection = new ServiceCollection();
        if (cache is not null)
        {
            collection.AddSingleton(cache);
        }

        services = collection.AddPrincipalState("baskets", BasketJson.Default.Basket, options => options.HashKey = key).BuildServiceProvider();
        return services.GetRequiredService<IPrincipalState<Basket>>();
    }

    private sealed class Store : IDistributedCache
    {
        public Dictionary<string, byte[]> Entries { get; } = [];

        public TimeSpan? Expiration { get; private set; }

        public byte[]? Get(string key) => Entries.GetValueOrDefault(key);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

        public void Refresh(string key)
        {
        }

        public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

        public void Remove(string key) => Entries.Remove(key);

        public Task RemoveAsync(string key, CancellationToken token = default)
        {
            Remove(key);
            return Task.CompletedTask;
        }

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => (Entries[key], Expiration) = (value, options.SlidingExpiration);

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Set(key, value, options);
            return Task.CompletedTask;
        }
    }
}
