using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Hosting;

/// <summary>Fallback servers: in their order, for calls that were not delivered, and only for the very same tool.</summary>
public sealed class FallbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_cannot_be_delivered_goes_to_the_first_fallback_that_is_there_and_has_the_same_tool()
    {
        await using var first = await McpTestServer.StartAsync();
        await using var away = await McpTestServer.StartAsync();
        await using var different = await McpTestServer.StartAsync(options => options.ToolCollection =
        [
            McpServerTool.Create((string id, bool force) => force ? id : "", new() { Name = "write" }),
        ]);
        await using var silent = await McpTestServer.StartAsync(options => options.ToolCollection = null);
        await using var good = await McpTestServer.StartAsync();
        await using var last = await McpTestServer.StartAsync();
        await using var services = Services(("first", first), ("away", away), ("different", different), ("silent", silent), ("good", good), ("last", last));
        var registry = services.GetRequiredService<McpSessionRegistry>();
        Assert.Equal("here", (await registry.CallToolAsync("first", "write", Results.Id("here"), Token)).Text());
        await away.KillAsync();
        await first.KillAsync();

        Assert.Equal("w", (await registry.CallToolAsync("first", "write", Results.Id("w"), Token)).Text());

        Assert.Equal((0, 0, 1, 0), (first.Counters.Executed("w"), different.Counters.Executed("w"), good.Counters.Executed("w"), last.Counters.ToolCalls));
    }

    [Fact]
    public async Task A_call_that_may_have_run_or_was_answered_goes_to_no_fallback()
    {
        await using var first = await McpTestServer.StartAsync();
        await using var second = await McpTestServer.StartAsync();
        await using var services = Services(("first", first), ("second", second));
        var registry = services.GetRequiredService<McpSessionRegistry>();

        Assert.True((await registry.CallToolAsync("first", "fail", cancellationToken: Token)).IsError);
        first.Faults.Next("tools/call", new Fault.DropAfter());
        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => registry.CallToolAsync("first", "write", Results.Id("w"), Token).AsTask());

        Assert.Equal(0, second.Counters.AllRequests);
    }

    [Fact]
    public async Task Where_no_fallback_can_help_the_caller_gets_the_first_servers_reason()
    {
        await using var first = await McpTestServer.StartAsync();
        await using var second = await McpTestServer.StartAsync();
        await using var services = Services(("first", first), ("second", second));
        var registry = services.GetRequiredService<McpSessionRegistry>();
        await registry["first"].ListToolsAsync(Token);
        await second.KillAsync();
        await first.KillAsync();

        var e = await Assert.ThrowsAsync<McpConnectException>(() => registry.CallToolAsync("first", "write", Results.Id("w"), Token).AsTask());

        Assert.Equal("first", e.ServerName);
    }

    [Fact]
    public async Task A_server_that_was_never_reached_has_no_fallback_since_nobody_knows_its_tools()
    {
        await using var first = await McpTestServer.StartAsync();
        await using var second = await McpTestServer.StartAsync();
        await using var services = Services(("first", first), ("second", second));
        await first.KillAsync();

        await Assert.ThrowsAsync<McpConnectException>(() => services.GetRequiredService<McpSessionRegistry>().CallToolAsync("first", "write", Results.Id("w"), Token).AsTask());

        Assert.Equal(0, second.Counters.AllRequests);
    }

    /// <summary>The first server, with all others as its fallbacks in their order.</summary>
    private static ServiceProvider Services(params (string Name, McpTestServer Server)[] servers)
    {
        var services = new ServiceCollection();
        foreach (var (name, server) in servers)
        {
            services.AddMcpSession(name, definition =>
            {
                definition.Url = server.Endpoint.ToString();
                definition.Session.RecoveryTimeout = TimeSpan.Zero;
                definition.Session.OpeningRetries = 0;
                foreach (var (other, _) in name == servers[0].Name ? servers.Skip(1) : [])
                {
                    definition.Fallbacks.Add(other);
                }
            });
        }

        return services.BuildServiceProvider();
    }
}
