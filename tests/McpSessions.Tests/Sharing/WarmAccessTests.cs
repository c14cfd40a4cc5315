using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Sharing;

/// <summary>Law 7: once the session is open, asking for it costs nothing worth counting.</summary>
public sealed class WarmAccessTests
{
    [Fact]
    public async Task Warm_access_completes_synchronously_and_allocates_nothing()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.GetClientAsync(TestContext.Current.CancellationToken);

        AssertFree(token => shared.GetClientAsync(token));
    }

    [Fact]
    public async Task So_does_warm_access_by_key()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var perUser = new KeyedMcpSessions<string>((_, connect) => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient));
        await perUser.GetClientAsync("alice", TestContext.Current.CancellationToken);

        AssertFree(token => perUser.GetClientAsync("alice", token));
    }

    [Fact]
    public async Task So_does_a_tool_list_that_is_fresh()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.ListToolsAsync(TestContext.Current.CancellationToken);

        AssertFree(token => shared.ListToolsAsync(token));
    }

    private static void AssertFree<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        var token = TestContext.Current.CancellationToken;
        var first = ask(token).Result;
        Assert.NotNull(first);
        Ask(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = Ask(1000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(same);
        Assert.Equal(0, allocated);

        bool Ask(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var asked = ask(token);
                if (!asked.IsCompletedSuccessfully || !ReferenceEquals(asked.Result, first))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
