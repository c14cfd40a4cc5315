using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionRegisteredShortLivedAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionRegisteredShortLivedFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

public sealed class SessionRegisteredShortLivedFixTests
{
    public static TheoryData<Case> Fixed => Case.For(
        new("fields of two consumers, a token, options and a logger factory", """
            public static class Services
            {
                public static void Add(IServiceCollection services)
                {
                    services.[|AddScoped|]<McpClient>(sp =>
                    {
                        var configuration = sp.GetRequiredService<IConfiguration>();
                        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(configuration["Mcp"]!) });
                        return McpClient.CreateAsync(transport, new McpClientOptions { InitializationTimeout = TimeSpan.FromSeconds(9) }, sp.GetRequiredService<ILoggerFactory>()).GetAwaiter().GetResult();
                    });
                    services.AddScoped<Agent>();
                }
            }

            public class Agent
            {
                private readonly McpClient _mcp; // from the container
                private readonly string _name;

                public Agent(McpClient mcp, string name)
                {
                    _mcp = mcp ?? throw new ArgumentNullException(nameof(mcp));
                    _name = name;
                }

                public async Task<int> CountAsync(CancellationToken ct)
                {
                    await Log(_mcp);
                    return (await _mcp.ListToolsAsync(cancellationToken: ct)).Count + _name.Length;
                }

                private static async Task Log(McpClient client) => await client.PingAsync();
            }

            public class Other
            {
                private readonly McpClient _client;

                public Other(McpClient client) => _client = client;

                public async Task PingAsync() => await _client.PingAsync();
            }
            """, """
            using McpSessions;

            public static class Services
            {
                public static void Add(IServiceCollection services)
                {
                    services.AddSingleton(sp => new SharedMcpSession(
                        connect => new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(sp.GetRequiredService<IConfiguration>()["Mcp"]!) }, connect.HttpClient),
                        () => new McpClientOptions { InitializationTimeout = TimeSpan.FromSeconds(9) },
                        new() { LoggerFactory = sp.GetRequiredService<ILoggerFactory>() }));
                    services.AddScoped<Agent>();
                }
            }

            public class Agent
            {
                private readonly SharedMcpSession _mcp; // from the container
                private readonly string _name;

                public Agent(SharedMcpSession mcp, string name)
                {
                    _mcp = mcp ?? throw new ArgumentNullException(nameof(mcp));
                    _name = name;
                }

                public async Task<int> CountAsync(CancellationToken ct)
                {
                    await Log(await _mcp.GetClientAsync(ct));
                    return (await (await _mcp.GetClientAsync(ct)).ListToolsAsync(cancellationToken: ct)).Count + _name.Length;
                }

                private static async Task Log(McpClient client) => await client.PingAsync();
            }

            public class Other
            {
                private readonly SharedMcpSession _client;

                public Other(SharedMcpSession client) => _client = client;

                public async Task PingAsync() => await (await _client.GetClientAsync()).PingAsync();
            }
            """),
        new("a task, and a primary constructor", """
            public static class Services
            {
                public static void Add(IServiceCollection services, Uri endpoint) =>
                    services.[|AddSingleton|](async sp => await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }))).AddScoped<Agent>();
            }

            public class Agent(Task<McpClient> mcp)
            {
                public async Task PingAsync()
                {
                    var client = await mcp;
                    await client.PingAsync();
                }
            }
            """, """
            using McpSessions;

            public static class Services
            {
                public static void Add(IServiceCollection services, Uri endpoint) =>
                    services.AddSingleton(sp => new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient))).AddScoped<Agent>();
            }

            public class Agent(SharedMcpSession mcp)
            {
                public async Task PingAsync()
                {
                    var client = await mcp.GetClientAsync();
                    await client.PingAsync();
                }
            }
            """) { CSharp = 12 },
        new("a lambda of an async member, a factory that blocks on another thread", """
            public static class Services
            {
                public static void Add(IServiceCollection services) =>
                    services.[|AddTransient|](_ => Task.Run(() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }))).Result);
            }

            public class Agent
            {
                private readonly McpClient _mcp;

                public Agent(McpClient mcp) { this._mcp = mcp; }

                public async Task PingAsync(CancellationToken stop)
                {
                    Func<Task> ping = async () => await this._mcp.PingAsync(cancellationToken: stop);
                    await ping();
                }
            }
            """, """
            using McpSessions;

            public static class Services
            {
                public static void Add(IServiceCollection services) =>
                    services.AddSingleton(_ => new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "server" })));
            }

            public class Agent
            {
                private readonly SharedMcpSession _mcp;

                public Agent(SharedMcpSession mcp) { this._mcp = mcp; }

                public async Task PingAsync(CancellationToken stop)
                {
                    Func<Task> ping = async () => await (await this._mcp.GetClientAsync(stop)).PingAsync(cancellationToken: stop);
                    await ping();
                }
            }
            """));

    public static TheoryData<Case> NotOffered => Case.For(
        new("nobody gets it from the container", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            """),
        new("a member that isn't async uses it", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public ValueTask<IList<McpClientTool>> ListAsync() => _mcp.ListToolsAsync(); }
            """),
        new("a consumer disposes it", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task CloseAsync() => await _mcp.DisposeAsync(); }
            """),
        new("a consumer gives it away", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public McpClient Client => _mcp; }
            """),
        new("a consumer is made by hand, too", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            class T { object Make(McpClient c) => new Agent(c); }
            """),
        new("a consumer is derived from", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            class B : Agent { public B(McpClient c) : base(c) { } }
            """),
        new("somebody asks the container for it", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            class T { object Get(IServiceProvider sp) => sp.GetRequiredService<McpClient>(); }
            """),
        new("an endpoint takes it", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            class T { void Map(WebApplication app) => app.MapGet("/", async (McpClient c) => await c.PingAsync()); }
            """),
        new("a consumer takes all of them", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            class T { readonly IEnumerable<McpClient> _all; public T(IEnumerable<McpClient> all) => _all = all; }
            """),
        new("two are registered", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            class S { void Add(IServiceCollection s) => s.AddSingleton(sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "other" })).GetAwaiter().GetResult()); }
            """),
        new("the container makes the transport", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(sp.GetRequiredService<IClientTransport>()).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            """),
        new("the opening needs a scoped service", """
            record Settings(string Command);
            class R { void Add(IServiceCollection s) { s.AddScoped<Settings>(); s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = sp.GetRequiredService<Settings>().Command })).GetAwaiter().GetResult()); } }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            """),
        new("the opening needs the request", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = sp.GetRequiredService<IHttpContextAccessor>().HttpContext!.TraceIdentifier })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            """),
        new("the delegate does more", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => { Console.WriteLine(1); return McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult(); }); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            """),
        new("it is keyed", """
            class R { void Add(IServiceCollection s) => s.[|AddKeyedScoped|]("a", (sp, key) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            """),
        new("a type keeps the session", """
            class Agent { McpClient? _mcp; public async Task PingAsync(IClientTransport t) => _mcp ??= await McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<Agent>(); }
            """));

    [Theory, MemberData(nameof(Fixed))]
    public Task RegistersOneSharedSession(Case row) => VerifyAsync(row);

    [Theory, MemberData(nameof(NotOffered))]
    public Task IsNotOffered(Case row) => VerifyAsync(row);

    [Fact]
    public Task IsNotOfferedWithoutMcpSessions() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp1,
        Variants = false,
        TestCode = """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public Task ReachesConsumersInOtherFiles()
    {
        var test = new Verify.Test { Variants = false };
        test.TestState.Sources.Add("""
            class R { void Add(IServiceCollection s) => s.[|TryAddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            """.Insert(0, "using Microsoft.Extensions.DependencyInjection.Extensions;\n\n"));
        test.TestState.Sources.Add("""
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            """);
        test.FixedState.Sources.Add("""
            class R { void Add(IServiceCollection s) => s.TryAddSingleton(sp => new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "server" }))); }
            """.Insert(0, "using McpSessions;\nusing Microsoft.Extensions.DependencyInjection.Extensions;\n\n"));
        test.FixedState.Sources.Add("""
            class Agent { readonly SharedMcpSession _mcp; public Agent(SharedMcpSession mcp) => _mcp = mcp; public async Task PingAsync() => await (await _mcp.GetClientAsync()).PingAsync(); }
            """.Insert(0, "using McpSessions;\n\n"));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    // Three copies of a registration are three registrations of one service, and then there is no fix.
    private static Task VerifyAsync(Case row) =>
        new Verify.Test { TestCode = row.Code, FixedCode = row.FixedCode ?? row.Code, Variants = false }.RunAsync(TestContext.Current.CancellationToken);
}
