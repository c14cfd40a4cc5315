using System.Collections.Concurrent;
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

    [Fact]
    public async Task A_server_that_is_rolled_back_and_forward_again_keeps_the_same_client()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Era = ServerEra.Stateless;
        var told = new BlockingCollection<McpSessionReopened>();
        await using var shared = server.Shared(options: new() { Reopened = told.Add });
        var client = await shared.GetClientAsync(Token);
        var tool = (await shared.ListToolsAsync(Token)).Single(static tool => tool.Name == "echo");

        server.Era = ServerEra.Stateful;
        await shared.EchoAsync("one");
        server.Era = ServerEra.Stateless;
        server.ExpireSessions();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => shared.EchoAsync($"{i}")));

        Assert.Equal("two", (await tool.CallAsync(new Dictionary<string, object?> { ["message"] = "two" }, cancellationToken: Token)).Text());
        Assert.Same(client, await shared.GetClientAsync(Token));
        Assert.Contains("2025-11-25", told.Take(Token).Difference);
        Assert.Equal("protocol revision 2025-11-25 became 2026-07-28", told.Take(Token).Difference);
    }

    [Theory]
    [InlineData(ServerEra.Stateless)]
    [InlineData(ServerEra.Stateful)]
    public async Task An_address_that_is_gone_while_a_server_is_deployed_costs_the_client_nothing(ServerEra era)
    {
        await using var server = await McpTestServer.StartAsync();
        server.Era = era;
        await using var shared = server.Shared(options: new() { OpeningBackoff = TimeSpan.Zero, RecoveryTimeout = TimeSpan.Zero });
        var client = await shared.GetClientAsync(Token);
        var tool = (await shared.ListToolsAsync(Token)).Single(static tool => tool.Name == "echo");
        server.Faults.Always("*", new Fault.Status(404));

        var e = await Assert.ThrowsAsync<McpConnectException>(() => shared.EchoAsync("away"));
        await Assert.ThrowsAsync<McpConnectException>(() => shared.EchoAsync("still away"));

        Assert.Contains("404", e.Message);
        server.Faults.Clear();
        Assert.Equal("back", (await tool.CallAsync(new Dictionary<string, object?> { ["message"] = "back" }, cancellationToken: Token)).Text());
        Assert.Same(client, await shared.GetClientAsync(Token));
    }
}
