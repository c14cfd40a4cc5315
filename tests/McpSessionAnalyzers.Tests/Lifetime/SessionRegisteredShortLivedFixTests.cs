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
        new("an endpoint, an action, and who asks the container", """
            public static class Services
            {
                public static void Add(IServiceCollection services) =>
                    services.[|AddScoped|](typeof(McpClient), _ => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult());

                public static void Map(WebApplication app) =>
                    app.MapGet("/ask", async (string question, McpClient mcp, CancellationToken ct) => (await mcp.CallToolAsync(question, cancellationToken: ct)).ToString());
            }

            public class AskController : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                [Microsoft.AspNetCore.Mvc.HttpGet]
                public async Task<Microsoft.AspNetCore.Mvc.IActionResult> Ask([Microsoft.AspNetCore.Mvc.FromServices] McpClient mcp)
                {
                    await mcp.PingAsync();
                    return Ok();
                }
            }

            public class Agent
            {
                private readonly IServiceProvider _services;

                public Agent(IServiceProvider services) => _services = services;

                public async Task PingAsync(CancellationToken ct)
                {
                    var mcp = _services.GetRequiredService<McpClient>();
                    await mcp.PingAsync(cancellationToken: ct);
                    await _services.GetRequiredService<McpClient>().PingAsync(cancellationToken: ct);
                }
            }
            """, """
            using McpSessions;

            public static class Services
            {
                public static void Add(IServiceCollection services) =>
                    services.AddSingleton(typeof(SharedMcpSession), _ => new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "server" })));

                public static void Map(WebApplication app) =>
                    app.MapGet("/ask", async (string question, SharedMcpSession mcp, CancellationToken ct) => (await (await mcp.GetClientAsync(ct)).CallToolAsync(question, cancellationToken: ct)).ToString());
            }

            public class AskController : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                [Microsoft.AspNetCore.Mvc.HttpGet]
                public async Task<Microsoft.AspNetCore.Mvc.IActionResult> Ask([Microsoft.AspNetCore.Mvc.FromServices] SharedMcpSession mcp)
                {
                    await (await mcp.GetClientAsync()).PingAsync();
                    return Ok();
                }
            }

            public class Agent
            {
                private readonly IServiceProvider _services;

                public Agent(IServiceProvider services) => _services = services;

                public async Task PingAsync(CancellationToken ct)
                {
                    var mcp = await _services.GetRequiredService<SharedMcpSession>().GetClientAsync(ct);
                    await mcp.PingAsync(cancellationToken: ct);
                    await (await _services.GetRequiredService<SharedMcpSession>().GetClientAsync(ct)).PingAsync(cancellationToken: ct);
                }
            }
            """),
        new("two keyed sessions", """
            public static class Services
            {
                public static void Add(IServiceCollection services)
                {
                    services.[|AddKeyedScoped|]<McpClient>("code", (_, _) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "code" })).GetAwaiter().GetResult());
                    services.[|AddKeyedTransient|]("mail", (_, key) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = (string)key! })).GetAwaiter().GetResult());
                }
            }

            public class Agent
            {
                private readonly McpClient _code, _unused = null!;
                private readonly McpClient _mail;

                public Agent([FromKeyedServices("mail")] McpClient mail) => _mail = mail;

                public async Task PingAsync() => await _mail.PingAsync();
            }

            public class Other
            {
                private readonly McpClient _code;

                public Other([FromKeyedServices("code")] McpClient code) => _code = code;

                public async Task PingAsync() => await _code.PingAsync();
            }
            """, """
            using McpSessions;

            public static class Services
            {
                public static void Add(IServiceCollection services)
                {
                    services.AddKeyedSingleton("code", (_, _) => new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "code" })));
                    services.AddKeyedSingleton("mail", (_, key) => new SharedMcpSession(_ => new StdioClientTransport(new() { Command = (string)key! })));
                }
            }

            public class Agent
            {
                private readonly McpClient _code, _unused = null!;
                private readonly SharedMcpSession _mail;

                public Agent([FromKeyedServices("mail")] SharedMcpSession mail) => _mail = mail;

                public async Task PingAsync() => await (await _mail.GetClientAsync()).PingAsync();
            }

            public class Other
            {
                private readonly SharedMcpSession _code;

                public Other([FromKeyedServices("code")] SharedMcpSession code) => _code = code;

                public async Task PingAsync() => await (await _code.GetClientAsync()).PingAsync();
            }
            """),
        new("a lazy task, made by the container or by hand, and a transport that the container has", """
            public static class Services
            {
                public static void Add(IServiceCollection services) => services
                    .AddSingleton<IClientTransport>(_ => new StdioClientTransport(new() { Command = "server" }))
                    .[|AddSingleton|](sp => new Lazy<Task<McpClient>>(() => McpClient.CreateAsync(sp.GetRequiredService<IClientTransport>())));
            }

            public class Agent
            {
                private readonly Lazy<Task<McpClient>> _mcp;

                public Agent(Lazy<Task<McpClient>> mcp) => _mcp = mcp;

                public async Task PingAsync()
                {
                    var client = await _mcp.Value.ConfigureAwait(false);
                    await client.PingAsync();
                }
            }
            """, """
            using McpSessions;

            public static class Services
            {
                public static void Add(IServiceCollection services) => services
                    .AddSingleton<IClientTransport>(_ => new StdioClientTransport(new() { Command = "server" }))
                    .AddSingleton(sp => new SharedMcpSession(_ => sp.GetRequiredService<IClientTransport>()));
            }

            public class Agent
            {
                private readonly SharedMcpSession _mcp;

                public Agent(SharedMcpSession mcp) => _mcp = mcp;

                public async Task PingAsync()
                {
                    var client = await _mcp.GetClientAsync().ConfigureAwait(false);
                    await client.PingAsync();
                }
            }
            """),
        new("an object that is made by hand, and descriptors", """
            public static class Services
            {
                public static void Add(IServiceCollection services, Uri endpoint)
                {
                    services.[|AddSingleton|](new Lazy<Task<McpClient>>(() => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }))));
                    services.Add(ServiceDescriptor.[|KeyedScoped|]("a", (_, _) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "a" })).GetAwaiter().GetResult()));
                    services.Add(new [|ServiceDescriptor|](typeof(McpClient), "b", (_, _) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "b" })).GetAwaiter().GetResult(), ServiceLifetime.Transient));
                }
            }

            public class Agent
            {
                private readonly Lazy<Task<McpClient>> _mcp;
                private readonly McpClient _a;
                private readonly McpClient _b;

                public Agent(Lazy<Task<McpClient>> mcp, [FromKeyedServices("a")] McpClient a, [FromKeyedServices("b")] McpClient b)
                {
                    _mcp = mcp;
                    _a = a;
                    _b = b;
                }

                public async Task PingAsync()
                {
                    await (await _mcp.Value).PingAsync();
                    await _a.PingAsync();
                    await _b.PingAsync();
                }
            }
            """, """
            using McpSessions;

            public static class Services
            {
                public static void Add(IServiceCollection services, Uri endpoint)
                {
                    services.AddSingleton(_ => new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient)));
                    services.Add(ServiceDescriptor.KeyedSingleton("a", (_, _) => new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "a" }))));
                    services.Add(new ServiceDescriptor(typeof(SharedMcpSession), "b", (_, _) => new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "b" })), ServiceLifetime.Singleton));
                }
            }

            public class Agent
            {
                private readonly SharedMcpSession _mcp;
                private readonly SharedMcpSession _a;
                private readonly SharedMcpSession _b;

                public Agent(SharedMcpSession mcp, [FromKeyedServices("a")] SharedMcpSession a, [FromKeyedServices("b")] SharedMcpSession b)
                {
                    _mcp = mcp;
                    _a = a;
                    _b = b;
                }

                public async Task PingAsync()
                {
                    await (await _mcp.GetClientAsync()).PingAsync();
                    await (await _a.GetClientAsync()).PingAsync();
                    await (await _b.GetClientAsync()).PingAsync();
                }
            }
            """),
        new("types that keep a session of their own, and need nothing of a request", """
            public static class Services
            {
                public static void Add(IServiceCollection services) => services
                    .[|AddScoped|]<IToolBox, ToolBox>()
                    .[|AddTransient|](sp => new LazyBox(sp.GetRequiredService<IConfiguration>()["Mcp"]!))
                    .[|AddScoped|](_ => new McpSessions.SharedMcpSession(_ => new StdioClientTransport(new() { Command = "server" })))
                    .Add(ServiceDescriptor.[|Scoped|]<EagerBox, EagerBox>());
            }

            public interface IToolBox
            {
                Task<McpClient> GetAsync();
            }

            public sealed class ToolBox : IToolBox, IAsyncDisposable
            {
                private readonly SemaphoreSlim _gate = new(1);
                private readonly IConfiguration _configuration;
                private readonly ILogger<ToolBox> _logger;
                private McpClient? _client;

                public ToolBox(IConfiguration configuration, ILogger<ToolBox> logger) => (_configuration, _logger) = (configuration, logger);

                public async Task<McpClient> GetAsync()
                {
                    await _gate.WaitAsync();
                    try
                    {
                        return _client ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(_configuration["Mcp"]!) }));
                    }
                    finally
                    {
                        _gate.Release();
                    }
                }

                public async ValueTask DisposeAsync()
                {
                    if (_client is not null) await _client.DisposeAsync();
                }
            }

            public sealed class LazyBox : IAsyncDisposable
            {
                private readonly Lazy<Task<McpClient>> _client;

                public LazyBox(string command) => _client = new(() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = command })));

                public async Task PingAsync() => await (await _client.Value).PingAsync();

                public async ValueTask DisposeAsync()
                {
                    if (_client.IsValueCreated) await (await _client.Value).DisposeAsync();
                }
            }

            public sealed class EagerBox : IAsyncDisposable
            {
                private readonly McpClient _client = McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult();

                public Uri Home { get; } = new("https://a.example");

                public Task PingAsync() => _client.PingAsync().AsTask();

                public ValueTask DisposeAsync() => _client.DisposeAsync();
            }
            """, """
            public static class Services
            {
                public static void Add(IServiceCollection services) => services
                    .AddSingleton<IToolBox, ToolBox>()
                    .AddSingleton(sp => new LazyBox(sp.GetRequiredService<IConfiguration>()["Mcp"]!))
                    .AddSingleton(_ => new McpSessions.SharedMcpSession(_ => new StdioClientTransport(new() { Command = "server" })))
                    .Add(ServiceDescriptor.Singleton<EagerBox, EagerBox>());
            }

            public interface IToolBox
            {
                Task<McpClient> GetAsync();
            }

            public sealed class ToolBox : IToolBox, IAsyncDisposable
            {
                private readonly SemaphoreSlim _gate = new(1);
                private readonly IConfiguration _configuration;
                private readonly ILogger<ToolBox> _logger;
                private McpClient? _client;

                public ToolBox(IConfiguration configuration, ILogger<ToolBox> logger) => (_configuration, _logger) = (configuration, logger);

                public async Task<McpClient> GetAsync()
                {
                    await _gate.WaitAsync();
                    try
                    {
                        return _client ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(_configuration["Mcp"]!) }));
                    }
                    finally
                    {
                        _gate.Release();
                    }
                }

                public async ValueTask DisposeAsync()
                {
                    if (_client is not null) await _client.DisposeAsync();
                }
            }

            public sealed class LazyBox : IAsyncDisposable
            {
                private readonly Lazy<Task<McpClient>> _client;

                public LazyBox(string command) => _client = new(() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = command })));

                public async Task PingAsync() => await (await _client.Value).PingAsync();

                public async ValueTask DisposeAsync()
                {
                    if (_client.IsValueCreated) await (await _client.Value).DisposeAsync();
                }
            }

            public sealed class EagerBox : IAsyncDisposable
            {
                private readonly McpClient _client = McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult();

                public Uri Home { get; } = new("https://a.example");

                public Task PingAsync() => _client.PingAsync().AsTask();

                public ValueTask DisposeAsync() => _client.DisposeAsync();
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
        new("an endpoint that isn't async takes it", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class T { void Map(WebApplication app) => app.MapGet("/", (McpClient c) => c.PingAsync()); }
            """),
        new("an action takes it that another one calls", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            public class AskController : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                public async Task<Microsoft.AspNetCore.Mvc.IActionResult> Ask([Microsoft.AspNetCore.Mvc.FromServices] McpClient mcp) { await mcp.PingAsync(); return Ok(); }
                public async Task<Microsoft.AspNetCore.Mvc.IActionResult> Twice([Microsoft.AspNetCore.Mvc.FromServices] McpClient mcp) { await Ask(mcp); return Ok(); }
            }
            """),
        new("somebody asks the container for it and closes it", """
            class R { void Add(IServiceCollection s) => s.[|AddScoped|](sp => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class T { async Task PingAsync(IServiceProvider sp) { await using var mcp = sp.GetRequiredService<McpClient>(); await mcp.PingAsync(); } }
            """),
        new("a lazy that is more than a lazy", """
            class R { void Add(IServiceCollection s) => s.[|AddSingleton|](_ => new Lazy<Task<McpClient>>(() => { Console.WriteLine(); return McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })); })); }
            class Agent { readonly Lazy<Task<McpClient>> _mcp; public Agent(Lazy<Task<McpClient>> mcp) => _mcp = mcp; public async Task PingAsync() => await (await _mcp.Value).PingAsync(); }
            """),
        new("a lazy that somebody asks for more than its value", """
            class R { void Add(IServiceCollection s) => s.[|AddSingleton|](_ => new Lazy<Task<McpClient>>(() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })))); }
            class Agent { readonly Lazy<Task<McpClient>> _mcp; public Agent(Lazy<Task<McpClient>> mcp) => _mcp = mcp; public async Task PingAsync() { if (_mcp.IsValueCreated) await (await _mcp.Value).PingAsync(); } }
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
        new("nobody asks for its key", """
            class R { void Add(IServiceCollection s) => s.[|AddKeyedScoped|]("a", (sp, key) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult()); }
            class Agent { readonly McpClient _mcp; public Agent(McpClient mcp) => _mcp = mcp; public async Task PingAsync() => await _mcp.PingAsync(); }
            """),
        new("a type opens its session in a way that two callers at once would do twice", """
            class Agent { McpClient? _mcp; public async Task PingAsync(IClientTransport t) => _mcp ??= await McpClient.CreateAsync(t); }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<Agent>(); }
            """),
        new("a type remembers what it was asked", """
            class Agent
            {
                readonly List<string> _history = new();
                readonly Lazy<Task<McpClient>> _mcp = new(() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })));
                public async Task PingAsync(string question) { _history.Add(question); await (await _mcp.Value).PingAsync(); }
            }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<Agent>(); }
            """),
        new("a type knows whose request it is", """
            interface IUser { string Name { get; } }
            class Agent
            {
                readonly Lazy<Task<McpClient>> _mcp;
                public Agent(IUser user) => _mcp = new(() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = user.Name })));
                public async Task PingAsync() => await (await _mcp.Value).PingAsync();
            }
            class R { void Add(IServiceCollection s) => s.[|AddScoped|]<Agent>(); }
            """),
        new("a type that its borrower closes", """
            class Agent : IAsyncDisposable
            {
                readonly Lazy<Task<McpClient>> _mcp = new(() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" })));
                public async Task PingAsync() => await (await _mcp.Value).PingAsync();
                public async ValueTask DisposeAsync() { if (_mcp.IsValueCreated) await (await _mcp.Value).DisposeAsync(); }
            }
            class R { void Add(IServiceCollection s) => s.[|AddTransient|]<Agent>(); }
            class T { async Task PingAsync(IServiceProvider sp) { await using var agent = sp.GetRequiredService<Agent>(); await agent.PingAsync(); } }
            """),
        new("a shared session that needs a scoped service", """
            record Settings(string Command);
            class R { void Add(IServiceCollection s) { s.AddScoped<Settings>(); s.[|AddScoped|](sp => new McpSessions.SharedMcpSession(_ => new StdioClientTransport(new() { Command = sp.GetRequiredService<Settings>().Command }))); } }
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
