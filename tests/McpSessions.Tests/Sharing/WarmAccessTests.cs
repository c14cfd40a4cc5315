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
        var client = await shared.GetClientAsync(TestContext.Current.CancellationToken);
        Ask(shared, client, 1000, CancellationToken.None);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(shared, client, 1000, TestContext.Current.CancellationToken);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // TestContext.Current itself may allocate; a thousand accesses may not.
        Assert.InRange(allocated, 0, 999);
    }

    private static void Ask(SharedMcpSession shared, McpClient client, int times, CancellationToken cancellationToken)
    {
        for (var i = 0; i < times; i++)
        {
            var asked = shared.GetClientAsync(cancellationToken);
            Assert.True(asked.IsCompletedSuccessfully && ReferenceEquals(asked.Result, client));
        }
    }
}
