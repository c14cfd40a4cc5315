using System.Security.Claims;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using McpSessions.Tests.Servers;
using McpSessions.Tests.State;
using Polly;

namespace McpSessions.Tests;

/// <summary>
/// The examples of docs/runtime.md, compiled and run. Each region below must stand there word for word, and each example there below.
/// </summary>
public sealed partial class DocsTests
{
    [Fact]
    public async Task The_examples_run()
    {
        await using var server = await McpTestServer.StartAsync();
        var (endpoint, userId, cancellationToken) = (server.Endpoint, "alice", TestContext.Current.CancellationToken);

        // <example>
        await using var github = new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
        var tools = await github.ListToolsAsync(cancellationToken);
        var reply = await github.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "hello" }, cancellationToken: cancellationToken);
        // </example>
        Assert.Equal("hello", reply.Text());
        Assert.NotEmpty(tools);

        // <example>
        await using var files = new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "dotnet", Arguments = ["server.dll"] }));
        // </example>
        Assert.Equal(McpSessionState.Idle, files.Status.State);

        // <example>
        var client = await github.GetClientAsync(cancellationToken);
        // </example>
        Assert.NotNull(client);

        // <example>
        var options = new SharedMcpSessionOptions
        {
            Name = "ledger",
            MayRepeat = request => request.Method == "tools/call" ? false : null,
        };
        // </example>

        // <example>
        options.CallPipeline = new ResiliencePipelineBuilder().AddRetry(new() { MaxRetryAttempts = 4, UseJitter = true }).Build();
        // </example>

        // <example>
        try
        {
            await github.CallToolAsync("write", new Dictionary<string, object?> { ["id"] = "42" }, cancellationToken: cancellationToken);
        }
        catch (McpOutcomeUnknownException e)
        {
            Console.WriteLine($"{e.ServerName} may have done it; look before you do it again.");
        }

        // </example>

        // <example>
        options.Reopened = reopened => Console.WriteLine($"{reopened.ServerName}: opening {reopened.Opening}, {reopened.Difference ?? "nothing else changed"}");
        // </example>

        // <example>
        await using var perUser = new KeyedMcpSessions<string>((user, connect) => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
        var mine = await perUser.GetClientAsync(userId, cancellationToken);
        // </example>
        Assert.NotSame(client, mine);

        IdentityProvider identity = new();
        // <example>
        await using var guarded = new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.CreateHttpClient(new TokenHandler(identity))));
        // </example>
        Assert.Equal("token", (await guarded.EchoAsync("token")).Text());

        var builder = Host.CreateEmptyApplicationBuilder(new());
        var (services, configuration) = (builder.Services, builder.Configuration);
        // <example>
        services.AddMcpSession("github", server =>
        {
            server.Url = "https://example.com/mcp";
            server.Headers["Authorization"] = "Bearer ${GitHub:Token}";
            server.Session.RecoveryTimeout = TimeSpan.FromSeconds(30);
        });
        // </example>

        // <example>
        configuration.AddJsonFile("mcp.json", optional: true);
        services.AddMcpSessions(configuration);
        // </example>

        // <example>
        services.AddHealthChecks().AddCheck<McpSessionsHealthCheck>("mcp");
        // </example>
        services.AddSingleton<Librarian>();
        configuration["GitHub:Token"] = "t0ken";
        await using (var provider = services.BuildServiceProvider())
        {
            Assert.NotNull(provider.GetRequiredService<Librarian>());
        }

        // <example>
        var traffic = new McpTraffic();
        await using var counted = new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient), options: new() { Traffic = traffic });
        await counted.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "one" }, cancellationToken: cancellationToken);
        await counted.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "two" }, cancellationToken: cancellationToken);
        Console.WriteLine($"{traffic.SessionOpenings} session, {traffic.ToolCalls} calls");
        // </example>
        Assert.Equal((1, 2), (traffic.SessionOpenings, traffic.ToolCalls));

        var (stdio, clientOptions) = (StdioServer.Options(), StdioServer.Patient());
        // <example>
        var plain = new McpTraffic();
        using var http = new HttpClient(new McpTrafficHandler(plain) { InnerHandler = new SocketsHttpHandler() });
        await using var one = await McpClient.CreateAsync(new McpTrafficTransport(new StdioClientTransport(stdio), plain), clientOptions, cancellationToken: cancellationToken);
        // </example>
        Assert.Equal(1, plain.SessionOpenings);

        IMcpSessionStore store = new MemorySessionStore();
        // <example>
        var resumable = new SharedMcpSessionOptions { SessionStore = store };
        await using var resumed = new SharedMcpSession(
            connect => new HttpClientTransport(new() { Endpoint = endpoint, KnownSessionId = connect.KnownSessionId }, connect.HttpClient), options: resumable);
        // </example>
        Assert.Equal("resumed", (await resumed.EchoAsync("resumed")).Text());

        // <example>
        await using var transport = new ResilientClientTransport(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
        await using var own = await McpClient.CreateAsync(transport, cancellationToken: cancellationToken);
        // </example>
        Assert.Equal("own", (await own.EchoAsync("own")).Text());
        server.ExpireSessions();
        Assert.Equal("still", (await own.EchoAsync("still")).Text());

        var key = "a key of this application"u8.ToArray();
        // <example>
        services.AddStackExchangeRedisCache(redis => redis.Configuration = "localhost");
        services.AddPrincipalState("baskets", BasketJson.Default.Basket, state => state.HashKey = key);
        // </example>

        var baskets = new ServiceCollection().AddPrincipalState("baskets", BasketJson.Default.Basket).BuildServiceProvider().GetRequiredService<IPrincipalState<Basket>>();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new("sub", "42")], "test"));
        // <example>
        var basket = await baskets.GetAsync(user.StableSubject(), cancellationToken) ?? new Basket([]);
        await baskets.SetAsync(user.StableSubject(), basket with { Items = [.. basket.Items, "tea"] }, cancellationToken);
        // </example>
        Assert.Equal(["tea"], (await baskets.GetAsync(user.StableSubject(), cancellationToken))!.Items);

        // <example>
        long milliseconds = DurationMilliseconds.ToInt64(TimeSpan.FromMilliseconds(642.0392990112305));
        // </example>
        Assert.Equal(642, milliseconds);
    }

    // <example>
    public sealed class Librarian([FromKeyedServices("github")] SharedMcpSession github)
    {
        public async Task<int> CountAsync(CancellationToken cancellationToken) => (await github.ListToolsAsync(cancellationToken)).Count;
    }

    // </example>

    // <example>
    public sealed class TokenHandler(IdentityProvider identity) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new("Bearer", await identity.CurrentTokenAsync(cancellationToken));
            return await base.SendAsync(request, cancellationToken);
        }
    }

    // </example>

    public sealed class IdentityProvider
    {
        public ValueTask<string> CurrentTokenAsync(CancellationToken cancellationToken) => new("t0ken");
    }

    [Fact]
    public async Task The_file_of_the_page_is_a_file_that_works()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "runtime.md"));
        var json = JsonFence().Match(page).Groups[1].Value;
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        (configuration["Files:Key"], configuration["env:SEARCH_TOKEN"]) = ("key", "token");
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddMcpSessions(configuration).BuildServiceProvider();

        Assert.Equal(["files", "search", "search-eu"], services.GetRequiredService<McpSessionRegistry>().Names);
    }

    [Fact]
    public void The_examples_here_are_those_of_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "runtime.md"));
        var here = File.ReadAllText(Path.Combine(Root(), "tests", "McpSessions.Tests", "DocsTests.cs"));

        var examples = Fence().Matches(page).Select(match => match.Groups[1].Value.Trim());
        var regions = Region().Matches(here).Select(match => Unindented(match.Groups[1].Value).Trim());

        Assert.Equal(regions.Order(StringComparer.Ordinal), examples.Order(StringComparer.Ordinal));
    }

    private static string Unindented(string region) => region.Replace("\n" + Indentation().Match(region).Value, "\n", StringComparison.Ordinal);

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "McpSessionAnalyzers.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonFence();

    [GeneratedRegex("// <example>\n(.*?)// </example>", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex("^ +")]
    private static partial Regex Indentation();
}
