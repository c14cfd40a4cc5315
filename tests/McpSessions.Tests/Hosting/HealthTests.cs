using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Hosting;

/// <summary>How each server is doing, known from its own work alone.</summary>
public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_tells_healthy_from_degraded_and_down_without_opening_anything()
    {
        var time = new ManualTime();
        await using var server = await McpTestServer.StartAsync();
        await using var other = await McpTestServer.StartAsync();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddMcpSession("ledger", definition =>
            {
                definition.Url = server.Endpoint.ToString();
                definition.Session.TimeProvider = time;
                definition.Session.OpeningBackoff = TimeSpan.Zero;
                definition.Session.OpeningRetries = 0;
                definition.Session.RecoveryTimeout = TimeSpan.Zero;
            })
            .AddMcpSession("other", definition => definition.Url = other.Endpoint.ToString())
            .AddHealthChecks().AddCheck<McpSessionsHealthCheck>("mcp").Services
            .BuildServiceProvider();
        var registry = services.GetRequiredService<McpSessionRegistry>();
        var health = services.GetRequiredService<HealthCheckService>();

        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Token)).Status);
        Assert.Equal(0, server.Counters.AllRequests);

        server.Faults.Always("*", new Fault.Status(500));
        time.Advance(TimeSpan.FromHours(1));
        var began = time.GetUtcNow();
        for (var failures = 1; failures <= 3; failures++)
        {
            await Assert.ThrowsAsync<McpConnectException>(async () => await registry["ledger"].GetClientAsync(Token));
            var status = registry.StatusOf("LEDGER");
            Assert.Equal(("ledger", failures < 3 ? McpServerHealth.Degraded : McpServerHealth.Down, failures), (status.Name, status.Health, status.ConsecutiveFailures));
            Assert.Equal(began, status.Since);
            Assert.IsType<McpConnectException>(status.LastError);
            time.Advance(TimeSpan.FromMinutes(5));
        }

        var entry = (await health.CheckHealthAsync(Token)).Entries["mcp"];
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.StartsWith("ledger is down since 2026-01-01 01:00:00Z, 3 failures in a row: ", entry.Description);
        Assert.StartsWith("healthy since ", Assert.IsType<string>(entry.Data["other"]));

        await registry.TryAgainAsync("ledger");
        server.Faults.Clear();
        await health.CheckHealthAsync(Token);
        await registry.TryAgainAsync("ledger");
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Token)).Status);
        Assert.Equal((McpServerHealth.Healthy, time.GetUtcNow(), 0, null), Parts(registry.StatusOf("ledger")));
    }

    [Fact]
    public async Task A_server_that_can_not_be_reached_is_degraded_though_its_session_may_be_there_still()
    {
        var time = new ManualTime();
        await using var server = await McpTestServer.StartAsync();
        await using var services = new ServiceCollection()
            .AddMcpSession("ledger", definition =>
            {
                definition.Url = server.Endpoint.ToString();
                definition.Session.TimeProvider = time;
                definition.Session.RecoveryTimeout = TimeSpan.Zero;
            })
            .BuildServiceProvider();
        var registry = services.GetRequiredService<McpSessionRegistry>();
        await registry["ledger"].EchoAsync("hello");
        time.Advance(TimeSpan.FromHours(1));
        var lost = time.GetUtcNow();
        await server.KillAsync();

        await Assert.ThrowsAsync<McpConnectException>(() => registry["ledger"].EchoAsync("hello"));
        time.Advance(TimeSpan.FromHours(1));
        var status = registry.StatusOf("ledger");
        Assert.Equal((McpServerHealth.Degraded, lost, 1), (status.Health, status.Since, status.ConsecutiveFailures));
        Assert.Contains("was not executed", status.LastError!.Message);

        await server.StartAsync();
        await registry["ledger"].EchoAsync("back");
        Assert.Equal(McpServerHealth.Healthy, registry.StatusOf("ledger").Health);
    }

    private static (McpServerHealth Health, DateTimeOffset Since, int Failures, Exception? Error) Parts(McpServerStatus status) =>
        (status.Health, status.Since, status.ConsecutiveFailures, status.LastError);
}
