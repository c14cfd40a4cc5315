using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Hosting;

/// <summary>Servers that are written down: in a file of the common shape or in the application's settings. What can't work fails the start.</summary>
public sealed class ConfigurationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_the_common_shape_is_understood_and_secrets_come_by_reference()
    {
        await using var server = await McpTestServer.StartAsync();
        var authorizations = new HashSet<string?>();
        server.OnRequest = context =>
        {
            lock (authorizations)
            {
                authorizations.Add(context.Request.Headers.Authorization);
            }
        };
        var folder = Directory.CreateTempSubdirectory("mcp-json-").FullName;
        var file = Path.Combine(folder, "mcp.json");
        await File.WriteAllTextAsync(file, $$$"""
            {
              // Comments are common in these files.
              "mcpServers": {
                "remote": { "type": "http", "url": "http://${Host}/mcp", "headers": { "Authorization": "Bearer ${Vault:Token}" } },
                "other-spelling": { "type": "streamableHttp", "url": "{{{server.Endpoint}}}" },
                "old": { "type": "sse", "url": "{{{server.SseEndpoint}}}" },
                "local": {
                  "command": "dotnet",
                  "args": [ "${Program}", "/dev/null" ],
                  "env": { "KEY": "${Vault:Token}", "LITERAL": "$${HOME}", "PORT": 8080 },
                  "inheritEnvironment": false,
                },
                "off": { "command": "rm", "disabled": true },
              }
            }
            """, Token);
        var configuration = new ConfigurationBuilder().AddJsonFile(file).AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Vault:Token"] = "t0ken",
            ["Host"] = server.Endpoint.Authority,
            ["Program"] = typeof(McpTestServer).Assembly.Location,
        }).Build();
        await using var services = Services(configuration, configuration);
        // On a busy machine a process may take longer to start than the SDK waits for its first answer.
        services.GetServices<McpServerDefinition>().Single(static server => server.Name == "local").ClientOptions = static () => new() { DiscoverProbeTimeout = TimeSpan.FromMinutes(1) };
        var registry = services.GetRequiredService<McpSessionRegistry>();

        Assert.Equal(["local", "old", "other-spelling", "remote"], registry.Names.Order());
        foreach (var name in registry.Names)
        {
            Assert.Equal(name, (await registry[name].EchoAsync(name)).Text());
        }

        Assert.Equal([null, "Bearer t0ken"], authorizations.Select(static value => string.IsNullOrEmpty(value) ? null : value).Distinct().Order());
        Assert.Equal(("t0ken", "${HOME}", "8080"), (await VariableAsync(registry, "KEY"), await VariableAsync(registry, "LITERAL"), await VariableAsync(registry, "PORT")));
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), await VariableAsync(registry, "PATH"));
        Assert.Equal("(none)", await VariableAsync(registry, "DOTNET_CLI_TELEMETRY_OPTOUT"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_section_of_the_settings_can_be_named_and_an_application_without_servers_starts()
    {
        var settings = Json("""{ "Logging": { "LogLevel": "None" }, "Agent": { "Servers": { "files": { "command": "x" } } }, "servers": { "editor": { "command": "x" } } }""");

        await using var named = Services(settings, settings.GetSection("Agent:Servers"));
        await using var editors = Services(settings, settings.GetSection("servers"));
        await using var none = Services(settings, settings);

        Assert.Equal(["files"], named.GetRequiredService<McpSessionRegistry>().Names);
        Assert.Equal(["editor"], editors.GetRequiredService<McpSessionRegistry>().Names);
        Assert.Empty(none.GetRequiredService<McpSessionRegistry>().Names);
    }

    [Theory]
    [InlineData("""{ "type": "carrier-pigeon", "url": "http://x/" }""", "transport 'carrier-pigeon' is not supported; supported are stdio, http, streamable-http, sse.")]
    [InlineData("""{ "command": " " }""", "a stdio server needs a command, which is missing or empty.")]
    [InlineData("""{ "type": "stdio" }""", "a stdio server needs a command, which is missing or empty.")]
    [InlineData("""{ "url": "/mcp" }""", "its url must be absolute and begin with http:// or https://.")]
    [InlineData("""{ "url": "ftp://x/mcp" }""", "its url must be absolute and begin with http:// or https://.")]
    [InlineData("""{ "type": "sse" }""", "an HTTP server needs a url, which is missing or empty.")]
    [InlineData("""{ "args": [ "x" ] }""", "it needs a command or a url; both are missing.")]
    [InlineData("""{ "command": "x", "url": "http://x/" }""", "it has a command and a url; one is enough.")]
    [InlineData("""{ "command": "x", "args": "-y server" }""", "its 'args' must be a list of texts.")]
    [InlineData("""{ "command": "x", "env": "KEY=1" }""", "its 'env' must be an object of texts.")]
    [InlineData("""{ "command": "x", "env": { "KEY": { "a": 1 } } }""", "its 'env' must be an object of texts.")]
    [InlineData("""{ "command": "x", "cwd": [ "a" ] }""", "its 'cwd' must be a text.")]
    [InlineData("""{ "command": "x", "warmUp": "later" }""", "its 'warmUp' must be true or false.")]
    [InlineData("""{ "command": "x", "env": { "KEY": "${No:Such}" } }""", "'KEY' refers to the configuration key 'No:Such', which has no value.")]
    [InlineData("""{ "command": "x", "args": [ "--token", "${env:NO_SUCH_VARIABLE}" ] }""", "'args' refers to the configuration key 'env:NO_SUCH_VARIABLE', which has no value.")]
    [InlineData("""{ "url": "https://${No:Host}/mcp" }""", "'url' refers to the configuration key 'No:Host', which has no value.")]
    [InlineData("""{ "url": "http://x/", "headers": { "Bad Name": "1" } }""", "'Bad Name' is no name of a header.")]
    [InlineData("""{ "url": "http://x/", "headers": { "X": "s3cret\r\nY: 2" } }""", "the value of header 'X' has a line break or another control character.")]
    [InlineData("""{ "command": "x", "fallbacks": [ "nobody\n" ] }""", "its fallback 'nobody ' is not a known server.")]
    [InlineData("""{ "command": "x", "fallbacks": [ "BAD" ] }""", "it is its own fallback.")]
    public async Task What_cannot_work_fails_the_start_and_is_named(string server, string reason)
    {
        var configuration = Json($$"""{ "mcpServers": { "good": { "command": "x" }, "bad": {{server}} } }""");
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddMcpSessions(configuration);
        using var host = builder.Build();

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Equal([$"MCP server 'bad': {reason}", "Known servers: bad, good."], e.Failures);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once_and_nothing_has_started()
    {
        var other = new Probe();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services
            .AddSingleton<IHostedService>(other)
            .AddMcpSession("slow", server => (server.Command, server.Session.ConnectTimeout) = ("x", TimeSpan.Zero))
            .AddMcpSession("both", (_, _) => StdioServer.Transport(), server => server.Url = "http://x/")
            .AddMcpSession("none", _ => { });
        using var host = builder.Build();

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Equal(4, e.Failures.Count());
        Assert.Contains("MCP server 'slow': ConnectTimeout must be more than zero", e.Message);
        Assert.Contains("MCP server 'both': it has a transport factory and a command or url", e.Message);
        Assert.Contains("MCP server 'none': it needs a command or a url", e.Message);
        Assert.False(other.Started);
    }

    [Fact]
    public async Task A_secret_that_turns_bad_later_fails_the_opening_without_being_shown()
    {
        var configuration = Json("""{ "Token": "good" }""");
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddMcpSession("ledger", server =>
            {
                server.Url = "http://127.0.0.1:1/mcp";
                server.Headers["Authorization"] = "Bearer ${Token}";
            })
            .BuildServiceProvider();
        var session = services.GetRequiredService<SharedMcpSession>();
        configuration["Token"] = "s3cret\n";

        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await session.GetClientAsync(Token));

        Assert.Contains("header 'Authorization' has a line break", e.Message);
        Assert.DoesNotContain("s3cret", e.ToString());
    }

    private static ServiceProvider Services(IConfiguration all, IConfiguration servers) =>
        new ServiceCollection().AddSingleton(all).AddMcpSessions(servers).BuildServiceProvider();

    private static IConfigurationRoot Json(string json) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private static async Task<string> VariableAsync(McpSessionRegistry registry, string name) =>
        (await registry["local"].CallToolAsync("variable", Results.Id(name), cancellationToken: Token)).Text();

    private sealed class Probe : IHostedService
    {
        public bool Started { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Started = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
