using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using McpSessions.Tests.Servers;

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
        options.Reopened = reopened => Console.WriteLine($"{reopened.ServerName}: opening {reopened.Opening}, {reopened.Difference ?? "nothing else changed"}");
        // </example>

        // <example>
        await using var perUser = new KeyedMcpSessions<string>((user, connect) => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
        var mine = await perUser.GetClientAsync(userId, cancellationToken);
        // </example>
        Assert.NotSame(client, mine);

        IServiceCollection services = new ServiceCollection();
        IConfiguration configuration = new ConfigurationBuilder().Build();
        // <example>
        services.AddMcpSession("github", server =>
        {
            server.Url = "https://example.com/mcp";
            server.Headers["Authorization"] = "Bearer ${GitHub:Token}";
            server.Session.RecoveryTimeout = TimeSpan.FromSeconds(30);
        });
        services.AddMcpSessions(configuration.GetSection("mcpServers"));
        // </example>

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
    }

    [Fact]
    public void The_examples_here_are_those_of_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "runtime.md"));
        var here = File.ReadAllText(Path.Combine(Root(), "tests", "McpSessions.Tests", "DocsTests.cs"));

        var examples = Fence().Matches(page).Select(match => match.Groups[1].Value.Trim());
        var regions = Region().Matches(here).Select(match => Indentation().Replace(match.Groups[1].Value, "").Trim());

        Assert.Equal(regions, examples);
    }

    private static string Root()
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

    [GeneratedRegex("// <example>\n(.*?)// </example>", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex("^ {8}", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
