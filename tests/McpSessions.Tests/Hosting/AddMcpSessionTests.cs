using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Hosting;

/// <summary>Named servers in a container: registered, warmed up at start, drained at stop.</summary>
public sealed class AddMcpSessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_is_injected_by_its_name_and_closed_with_the_host()
    {
        await using var server = await McpTestServer.StartAsync();
        using var host = Host(services => services.AddMcpSession("ledger", definition => definition.Url = server.Endpoint.ToString()));
        await host.StartAsync(Token);

        var keyed = host.Services.GetRequiredKeyedService<SharedMcpSession>("ledger");
        Assert.Same(keyed, host.Services.GetRequiredService<SharedMcpSession>());
        Assert.Same(keyed, host.Services.GetRequiredService<McpSessionRegistry>()["LEDGER"]);
        Assert.Equal("hello", (await keyed.EchoAsync("hello")).Text());
        await host.StopAsync(Token);

        Assert.Equal(0, server.Counters.OpenSessions);
    }

    [Fact]
    public async Task A_container_that_is_disposed_synchronously_does_not_throw()
    {
        await using var server = await McpTestServer.StartAsync();
        var services = new ServiceCollection().AddMcpSession("ledger", (_, connect) => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient)).BuildServiceProvider();
        await services.GetRequiredService<SharedMcpSession>().EchoAsync("hello");

        services.Dispose();

        await server.Counters.Reaches(c => c.OpenSessions == 0);
    }

    [Fact]
    public async Task An_unknown_name_is_an_error_that_lists_the_names()
    {
        await using var services = new ServiceCollection()
            .AddMcpSession("github", server => server.Command = "x")
            .AddMcpSession("files", server => server.Command = "x")
            .BuildServiceProvider();

        Assert.Contains("Known servers: github, files", Assert.Throws<KeyNotFoundException>(() => services.GetRequiredService<McpSessionRegistry>()["gitlab\r\n"]).Message);
        Assert.Contains("say which", Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<SharedMcpSession>()).Message);
    }

    [Fact]
    public async Task A_warm_up_opens_in_the_background_and_a_bad_server_delays_no_other()
    {
        await using var good = await McpTestServer.StartAsync();
        await using var hanging = await McpTestServer.StartAsync();
        hanging.Faults.Always("*", new Fault.Hang());
        using var host = Host(services => services
            .AddMcpSession("hanging", server => (server.Url, server.WarmUp) = (hanging.Endpoint.ToString(), true))
            .AddMcpSession("good", server => (server.Url, server.WarmUp) = (good.Endpoint.ToString(), true)));

        await host.StartAsync(Token);
        await good.Counters.Reaches(c => c.OpenSessions == 1);

        Assert.Equal(McpSessionState.Opening, host.Services.GetRequiredService<McpSessionRegistry>()["hanging"].Status.State);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task What_stops_before_can_use_the_sessions_to_the_end()
    {
        await using var server = await McpTestServer.StartAsync();
        var farewell = new Farewell();
        using var host = Host(services => services
            .AddSingleton<IHostedService>(provider => farewell.With(provider))
            .AddMcpSession("ledger", definition => definition.Url = server.Endpoint.ToString()));
        await host.StartAsync(Token);

        await host.StopAsync(Token);

        Assert.Equal("goodbye", farewell.Answer);
        Assert.Equal(0, server.Counters.OpenSessions);
    }

    [Fact]
    public async Task At_the_end_all_sessions_are_settled_and_one_that_hangs_or_fails_hinders_no_other()
    {
        var time = new ManualTime();
        var logs = new LogCollector();
        await using var server = await McpTestServer.StartAsync();
        await using var hanging = await McpTestServer.StartAsync();
        hanging.Faults.Always("DELETE", new Fault.Hang());
        using var host = Host(services =>
        {
            services.AddSingleton<ILoggerFactory>(logs);
            services.AddMcpSession("hanging", definition => (definition.Url, definition.Session.TimeProvider) = (hanging.Endpoint.ToString(), time));
            services.AddMcpSession("failing", (_, connect) => new FailsToClose(new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient)));
            for (var i = 0; i < 20; i++)
            {
                services.AddMcpSession($"good-{i}", definition => definition.Url = server.Endpoint.ToString());
            }
        });
        await host.StartAsync(Token);
        var registry = host.Services.GetRequiredService<McpSessionRegistry>();
        await Task.WhenAll(registry.Names.Select(name => registry[name].EchoAsync("hello")));

        var stopping = host.StopAsync(Token);
        await server.Counters.Reaches(c => c.OpenSessions == 0);
        await hanging.Counters.Reaches(c => c.Requests("DELETE") == 1);
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));
        await stopping;

        Assert.All(registry.Names, name => Assert.Equal(McpSessionState.Closed, registry[name].Status.State));
        Assert.Contains(logs.Own, line => line.Message == "Closing the session with MCP server failing failed: it does not close");
        Assert.Contains(logs.Own, line => line.Message == "MCP server hanging did not let its session close within 10 s; cut off");
    }

    private static IHost Host(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Services);
        return builder.Build();
    }

    /// <summary>Registered, and so stopped, in the order that hurts most; it has a last thing to say to the server.</summary>
    private sealed class Farewell : IHostedService
    {
        private IServiceProvider? _services;

        public string? Answer { get; private set; }

        public Farewell With(IServiceProvider services)
        {
            _services = services;
            return this;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken) =>
            Answer = (await _services!.GetRequiredService<SharedMcpSession>().EchoAsync("goodbye")).Text();
    }

    private sealed class FailsToClose(IClientTransport inner) : IClientTransport, IDisposable
    {
        public string Name => inner.Name;

        public Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => inner.ConnectAsync(cancellationToken);

        public void Dispose() => throw new InvalidOperationException("it does not close");
    }
}
