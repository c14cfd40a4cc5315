using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Hosting;

/// <summary>Named servers in a container: registered, configured, checked at start, drained at stop.</summary>
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
    public async Task The_common_file_shape_is_understood_and_secrets_come_by_reference()
    {
        await using var server = await McpTestServer.StartAsync();
        string? authorization = null;
        server.OnRequest = context => authorization = context.Request.Headers.Authorization;
        var file = $$$"""
            {
              "mcpServers": {
                "remote": { "type": "http", "url": "{{{server.Endpoint}}}", "headers": { "Authorization": "Bearer ${Vault:Token}" } },
                "local": { "command": "dotnet", "args": [ "{{{typeof(McpTestServer).Assembly.Location}}}" ], "env": { "LEVEL": "1" }, "inheritEnvironment": false }
              },
              "Vault": { "Token": "t0ken" }
            }
            """;
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(file))).Build();
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddMcpSessions(configuration.GetSection("mcpServers"))
            .BuildServiceProvider();

        Assert.Equal("over http", (await services.GetRequiredKeyedService<SharedMcpSession>("remote").EchoAsync("over http")).Text());
        Assert.Equal("over stdio", (await services.GetRequiredKeyedService<SharedMcpSession>("local").EchoAsync("over stdio")).Text());
        Assert.Equal("Bearer t0ken", authorization);
    }

    [Theory]
    [InlineData("""{ "type": "carrier-pigeon", "url": "http://x/" }""", "transport 'carrier-pigeon' is not supported; supported are stdio, http, streamable-http, sse.")]
    [InlineData("""{ "command": " " }""", "a stdio server needs a command, which is missing or empty.")]
    [InlineData("""{ "url": "/mcp" }""", "its url must be absolute and begin with http:// or https://.")]
    [InlineData("""{ "url": "ftp://x/mcp" }""", "its url must be absolute and begin with http:// or https://.")]
    [InlineData("""{ "type": "sse" }""", "an HTTP server needs a url, which is missing or empty.")]
    [InlineData("""{ "args": [ "x" ] }""", "it needs a command or a url; both are missing.")]
    [InlineData("""{ "command": "x", "env": { "KEY": "${No:Such}" } }""", "'KEY' refers to the configuration key 'No:Such', which has no value.")]
    [InlineData("""{ "command": "x", "fallbacks": [ "nobody" ] }""", "its fallback 'nobody' is not a known server.")]
    public async Task What_cannot_work_fails_the_start_and_is_named(string server, string reason)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "mcpServers": { "good": { "command": "x" }, "bad": {{server}} } }"""))).Build();
        using var host = Host(services => services.AddMcpSessions(configuration.GetSection("mcpServers")));

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Equal([$"MCP server 'bad': {reason}", "Known servers: bad, good."], e.Failures);
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
    public async Task A_call_that_cannot_be_delivered_goes_to_the_fallback_and_an_unknown_outcome_does_not()
    {
        await using var first = await McpTestServer.StartAsync();
        await using var second = await McpTestServer.StartAsync();
        await using var services = new ServiceCollection()
            .AddMcpSession("first", server =>
            {
                server.Url = first.Endpoint.ToString();
                server.Fallbacks.Add("second");
                server.Session.RecoveryTimeout = TimeSpan.Zero;
            })
            .AddMcpSession("second", server => server.Url = second.Endpoint.ToString())
            .BuildServiceProvider();
        var registry = services.GetRequiredService<McpSessionRegistry>();
        await registry["first"].ListToolsAsync(Token);

        first.Faults.Next("tools/call", new Fault.DropAfter());
        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => registry.CallToolAsync("first", "write", Results.Id("unknown"), Token).AsTask());
        await first.KillAsync();
        Assert.Equal("w", (await registry.CallToolAsync("first", "write", Results.Id("w"), Token)).Text());

        Assert.Equal((0, 1), (second.Counters.Executed("unknown"), second.Counters.Executed("w")));
    }

    [Fact]
    public async Task Health_tells_healthy_from_degraded_and_down_without_opening_anything()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var services = new ServiceCollection()
            .AddMcpSession("ledger", definition =>
            {
                definition.Url = server.Endpoint.ToString();
                definition.Session.OpeningBackoff = TimeSpan.Zero;
                definition.Session.RecoveryTimeout = TimeSpan.Zero;
            })
            .BuildServiceProvider();
        var registry = services.GetRequiredService<McpSessionRegistry>();
        var check = new McpSessionsHealthCheck(registry);
        var context = new HealthCheckContext { Registration = new("mcp", check, HealthStatus.Unhealthy, null) };

        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(context, Token)).Status);
        Assert.Equal(0, server.Counters.AllRequests);

        server.Faults.Always("*", new Fault.Status(500));
        for (var failures = 1; failures <= 3; failures++)
        {
            await Assert.ThrowsAsync<McpConnectException>(async () => await registry["ledger"].GetClientAsync(Token));
            Assert.Equal(failures < 3 ? McpServerHealth.Degraded : McpServerHealth.Down, registry.HealthOf("ledger"));
        }

        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(context, Token)).Status);
        server.Faults.Clear();
        await registry["ledger"].EchoAsync("back");
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(context, Token)).Status);
    }

    private static IHost Host(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Services);
        return builder.Build();
    }
}
