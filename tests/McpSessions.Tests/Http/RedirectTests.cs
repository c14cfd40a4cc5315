using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Http;

/// <summary>Redirects: followed where they lead back to the same origin, never with our headers to another one.</summary>
public sealed class RedirectTests
{
    [Fact]
    public async Task A_redirect_within_the_origin_is_followed()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Next("server/discover", new Fault.Redirect(new Uri($"{server.Endpoint}/")));
        await using var shared = server.Shared();

        Assert.Equal("hello", (await shared.EchoAsync("hello")).Text());
    }

    [Fact]
    public async Task A_redirect_to_another_origin_is_not_followed()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var other = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Redirect(other.Endpoint));
        await using var shared = server.Shared();

        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));

        Assert.Contains("HTTP 307", e.Message);
        Assert.Equal(0, other.Counters.AllRequests);
    }
}
