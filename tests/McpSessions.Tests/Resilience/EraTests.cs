using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>A server that comes back with another generation of the protocol.</summary>
public sealed class EraTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_of_the_2026_revision_restarts_and_nobody_notices()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Era = ServerEra.Stateless;
        await using var shared = server.Shared();
        await shared.EchoAsync("one");

        await server.RestartAsync();

        Assert.Equal("two", (await shared.EchoAsync("two")).Text());
        Assert.Equal(1, server.Counters.Requests("server/discover"));
    }

    [Fact]
    public async Task A_server_rolled_back_to_sessions_is_introduced_to_the_same_client()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Era = ServerEra.Stateless;
        await using var shared = server.Shared();
        var client = await shared.GetClientAsync(Token);
        await shared.EchoAsync("one");

        server.Era = ServerEra.Stateful;
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => shared.EchoAsync($"{i}")));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), answers.Select(answer => answer.Text()));
        Assert.Same(client, await shared.GetClientAsync(Token));
        Assert.Equal(1, server.Counters.Initializes);
        Assert.NotEmpty(await shared.ListToolsAsync(Token));
    }

    [Fact]
    public async Task A_server_upgraded_beyond_the_clients_revision_says_so_and_the_next_access_gets_a_new_client()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { OpeningBackoff = TimeSpan.Zero });
        var before = await shared.GetClientAsync(Token);
        await shared.EchoAsync("one");

        server.Era = ServerEra.Stateless;
        server.ExpireSessions();
        server.Faults.Next("tools/call", new Fault.Status(404));
        var e = await Assert.ThrowsAsync<McpRevisionChangedException>(() => shared.EchoAsync("two"));

        Assert.Contains("revision", e.Message);
        Assert.Equal("three", (await shared.EchoAsync("three")).Text());
        Assert.NotSame(before, await shared.GetClientAsync(Token));
    }
}
