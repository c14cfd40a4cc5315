using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>
/// MSA1001 in instances that live for one call, where the opening needs what their constructor was given: the session is registered as a singleton, and
/// the constructor takes it.
/// </summary>
public sealed class SessionOpenedPerCallFixInjectionTests
{
    public static TheoryData<Case> Injected => Case.For(
        new("a controller's fields, made of singletons", """
            public class Settings
            {
                public string Command { get; set; } = "";
            }

            public class Startup
            {
                public void ConfigureServices(IServiceCollection services)
                {
                    services.AddOptions();
                    // the web
                    services.AddControllers().AddControllersAsServices();
                }
            }

            public class AskController : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                private readonly Settings _settings;
                private readonly ILoggerFactory _loggers;

                public AskController(Microsoft.Extensions.Options.IOptions<Settings> options, ILoggerFactory loggers)
                {
                    _settings = options.Value;
                    _loggers = loggers ?? throw new ArgumentNullException(nameof(loggers));
                }

                public async Task<string> Ask(string question, CancellationToken ct)
                {
                    var transport = new StdioClientTransport(new StdioClientTransportOptions { Command = _settings.Command }, this._loggers);
                    await using var mcp = await McpClient.[|CreateAsync|](transport, loggerFactory: _loggers, cancellationToken: ct);
                    return (await mcp.CallToolAsync("ask", cancellationToken: ct)).ToString()!;
                }

                public async Task<int> Count(string question, CancellationToken ct)
                {
                    await using var mcp = await McpClient.[|CreateAsync|](new StdioClientTransport(new StdioClientTransportOptions { Command = _settings.Command }, this._loggers), loggerFactory: _loggers, cancellationToken: ct);
                    return (await mcp.ListToolsAsync(cancellationToken: ct)).Count;
                }
            }
            """, """
            using McpSessions;
            using Microsoft.Extensions.Options;

            public class Settings
            {
                public string Command { get; set; } = "";
            }

            public class Startup
            {
                public void ConfigureServices(IServiceCollection services)
                {
                    services.AddOptions();
                    services.AddSingleton(sp => new SharedMcpSession(
                        _ => new StdioClientTransport(new StdioClientTransportOptions { Command = sp.GetRequiredService<IOptions<Settings>>().Value.Command }, sp.GetRequiredService<ILoggerFactory>()),
                        options: new() { LoggerFactory = sp.GetRequiredService<ILoggerFactory>() }));
                    // the web
                    services.AddControllers().AddControllersAsServices();
                }
            }

            public class AskController : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                private readonly Settings _settings;
                private readonly ILoggerFactory _loggers;
                private readonly SharedMcpSession _mcpSession;

                public AskController(Microsoft.Extensions.Options.IOptions<Settings> options, ILoggerFactory loggers, SharedMcpSession mcpSession)
                {
                    _settings = options.Value;
                    _loggers = loggers ?? throw new ArgumentNullException(nameof(loggers));
                    _mcpSession = mcpSession;
                }

                public async Task<string> Ask(string question, CancellationToken ct)
                {
                    var mcp = await _mcpSession.GetClientAsync(ct);
                    return (await mcp.CallToolAsync("ask", cancellationToken: ct)).ToString()!;
                }

                public async Task<int> Count(string question, CancellationToken ct)
                {
                    return (await _mcpSession.ListToolsAsync(ct)).Count;
                }
            }
            """),
        new("a service that is registered as scoped, in a chain; a constant, and a field's default", """
            public static class Setup
            {
                public static IServiceCollection Add(this IServiceCollection services) => services
                    .AddLogging()
                    .AddScoped<OrderAgent>();
            }

            public class OrderAgent
            {
                private const string Key = "Mcp";
                private readonly string _url;

                public OrderAgent(IConfiguration configuration, string tenant = "a") => _url = configuration[Key] ?? "http://localhost";

                public async Task<string> AskAsync(string question)
                {
                    await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_url) }));
                    return (await mcp.CallToolAsync("ask")).ToString()!;
                }
            }
            """, """
            using McpSessions;

            public static class Setup
            {
                public static IServiceCollection Add(this IServiceCollection services) => services
                    .AddLogging()
                    .AddSingleton(sp => new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = new Uri(sp.GetRequiredService<IConfiguration>()["Mcp"] ?? "http://localhost") }, connect.HttpClient)))
                    .AddScoped<OrderAgent>();
            }

            public class OrderAgent
            {
                private const string Key = "Mcp";
                private readonly string _url;
                private readonly SharedMcpSession _mcpSession;

                public OrderAgent(IConfiguration configuration, SharedMcpSession mcpSession, string tenant = "a")
                {
                    _url = configuration[Key] ?? "http://localhost";
                    _mcpSession = mcpSession;
                }

                public async Task<string> AskAsync(string question)
                {
                    var mcp = await _mcpSession.GetClientAsync();
                    return (await mcp.CallToolAsync("ask")).ToString()!;
                }
            }
            """),
        new("a hub, set up by a host", """
            public static class Setup
            {
                public static IHostBuilder Build() => Host.CreateDefaultBuilder().ConfigureServices((context, services) =>
                {
                    services.AddSignalR();
                });
            }

            public class ChatHub : Microsoft.AspNetCore.SignalR.Hub
            {
                private readonly IConfiguration _configuration;

                public ChatHub(IConfiguration configuration)
                {
                    _configuration = configuration;
                }

                public async Task<string> Ask(string question)
                {
                    var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_configuration["Mcp"]!) }));
                    try
                    {
                        return (await mcp.CallToolAsync("ask")).ToString()!;
                    }
                    finally
                    {
                        await mcp.DisposeAsync();
                    }
                }
            }
            """, """
            using McpSessions;

            public static class Setup
            {
                public static IHostBuilder Build() => Host.CreateDefaultBuilder().ConfigureServices((context, services) =>
                {
                    services.AddSingleton(sp => new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = new Uri(sp.GetRequiredService<IConfiguration>()["Mcp"]!) }, connect.HttpClient)));
                    services.AddSignalR();
                });
            }

            public class ChatHub : Microsoft.AspNetCore.SignalR.Hub
            {
                private readonly IConfiguration _configuration;
                private readonly SharedMcpSession _mcpSession;

                public ChatHub(IConfiguration configuration, SharedMcpSession mcpSession)
                {
                    _configuration = configuration;
                    _mcpSession = mcpSession;
                }

                public async Task<string> Ask(string question)
                {
                    var mcp = await _mcpSession.GetClientAsync();
                    return (await mcp.CallToolAsync("ask")).ToString()!;
                }
            }
            """),
        new("two servers, parameters that nobody reads any more, and one that is read elsewhere", """
            public static class Setup
            {
                public static void Add(IServiceCollection services)
                {
                    services.AddControllers();
                }
            }

            public class AskController(IConfiguration configuration) : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                public async Task<string> Ask(string question)
                {
                    await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(configuration["One"]!) }));
                    await using var weather = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(configuration["Weather"]!) }));
                    return (await mcp.CallToolAsync("ask")).ToString()! + await weather.CallToolAsync("now");
                }
            }

            public class WeatherController(
                ILogger<WeatherController> logger,
                IConfiguration configuration) : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                public async Task<string> Now(string question)
                {
                    logger.LogInformation("now");
                    await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(configuration["Weather"]!) }));
                    return (await mcp.CallToolAsync("now")).ToString()!;
                }
            }
            """, """
            using McpSessions;

            public static class Setup
            {
                public static void Add(IServiceCollection services)
                {
                    services.AddSingleton(sp => new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = new Uri(sp.GetRequiredService<IConfiguration>()["One"]!) }, connect.HttpClient)));
                    services.AddKeyedSingleton("weather", (sp, _) => new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = new Uri(sp.GetRequiredService<IConfiguration>()["Weather"]!) }, connect.HttpClient)));
                    services.AddControllers();
                }
            }

            public class AskController(SharedMcpSession mcpSession, [FromKeyedServices("weather")] SharedMcpSession weatherSession) : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                public async Task<string> Ask(string question)
                {
                    var mcp = await mcpSession.GetClientAsync();
                    var weather = await weatherSession.GetClientAsync();
                    return (await mcp.CallToolAsync("ask")).ToString()! + await weather.CallToolAsync("now");
                }
            }

            public class WeatherController(
                ILogger<WeatherController> logger,
                [FromKeyedServices("weather")] SharedMcpSession mcpSession) : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                public async Task<string> Now(string question)
                {
                    logger.LogInformation("now");
                    var mcp = await mcpSession.GetClientAsync();
                    return (await mcp.CallToolAsync("now")).ToString()!;
                }
            }
            """) { CSharp = 12 });

    public static TheoryData<Case> NotOffered => Case.For(
        new("the opening needs what only a request has", """
            class S { public string Url { get; set; } = ""; }
            class Setup { void Add(IServiceCollection s) { s.AddControllers(); s.AddScoped<S>(); } }
            class A : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly S _s; public A(S s) => _s = s;
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_s.Url) })); await c.PingAsync(); }
            }
            class B : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly Microsoft.Extensions.Options.IOptionsSnapshot<S> _s; public B(Microsoft.Extensions.Options.IOptionsSnapshot<S> s) => _s = s;
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_s.Value.Url) })); await c.PingAsync(); }
            }
            """),
        new("the instance changes what it needs, or makes it by a method of its own", """
            class Setup { void Add(IServiceCollection s) => s.AddControllers(); }
            class A : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                string _url; public A(IConfiguration c) => _url = c["Mcp"]!;
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_url) })); await c.PingAsync(); }
                public void Use(string url) => _url = url;
            }
            class B : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly IConfiguration _c; public B(IConfiguration c) => _c = c;
                Uri Url() => new(_c["Mcp"]!);
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = Url() })); await c.PingAsync(); }
            }
            """),
        new("each object has a value of its own, or has one only sometimes, by a local or another field", """
            class Setup { void Add(IServiceCollection s) => s.AddControllers(); }
            class A : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly string _id = Guid.NewGuid().ToString();
                readonly IConfiguration _c; public A(IConfiguration c) => _c = c;
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Name = _id, Endpoint = new Uri(_c["Mcp"]!) })); await c.PingAsync(); }
            }
            class B : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly string? _url; public B(IConfiguration c) { if (c["On"] == "1") _url = c["Mcp"]; }
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_url ?? "http://a") })); await c.PingAsync(); }
            }
            class C : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly string _url; public C(IConfiguration c) { var url = c["Mcp"]!; _url = url; }
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_url) })); await c.PingAsync(); }
            }
            class D : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly IConfiguration _c; readonly string _url; public D(IConfiguration c) { _c = c; _url = _c["Mcp"]!; }
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_url) })); await c.PingAsync(); }
            }
            class E<T> : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly ILogger<T> _log; readonly IConfiguration _c; public E(IConfiguration c, ILogger<T> log) { _c = c; _log = log; }
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_c["Mcp"]!) })); await c.PingAsync(); _log.LogInformation("a"); }
            }
            """),
        new("somebody else makes it, or derives from it; it has two constructors", """
            class Setup { void Add(IServiceCollection s) => s.AddControllers(); }
            class A : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly IConfiguration _c; public A(IConfiguration c) => _c = c;
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_c["Mcp"]!) })); await c.PingAsync(); }
            }
            class Tests { object Make(IConfiguration c) => new A(c); }
            class B : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly IConfiguration _c; public B(IConfiguration c) => _c = c;
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_c["Mcp"]!) })); await c.PingAsync(); }
            }
            class B2 : B { public B2(IConfiguration c) : base(c) { } }
            class C : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly IConfiguration _c; public C(IConfiguration c) => _c = c; public C(IConfiguration c, string s) => _c = c;
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_c["Mcp"]!) })); await c.PingAsync(); }
            }
            """),
        new("nobody is seen to register anything", """
            class A : Microsoft.AspNetCore.Mvc.ControllerBase
            {
                readonly IConfiguration _c; public A(IConfiguration c) => _c = c;
                public async Task Ask(string question) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_c["Mcp"]!) })); await c.PingAsync(); }
            }
            """));

    [Theory, MemberData(nameof(Injected))]
    public Task TakesItFromTheContainer(Case row) => VerifyAsync(row);

    [Theory, MemberData(nameof(NotOffered))]
    public Task IsNotOffered(Case row) => VerifyAsync(row);

    [Fact]
    public Task RegistersOneForControllersInSeveralFiles()
    {
        var test = new Verify.Test { Variants = false };
        static string Controller(string name, string opening, string constructor) => $$"""
            using Microsoft.AspNetCore.Mvc;

            namespace Web.Controllers
            {
                public class {{name}}Controller : ControllerBase
                {
                    private readonly IConfiguration _configuration;
            {{constructor}}

                    public async Task<string> Ask(string question)
                    {
            {{opening}}
                        return (await mcp.CallToolAsync("ask")).ToString()!;
                    }
                }
            }
            """;
        foreach (var name in new[] { "First", "Second", "Third" })
        {
            test.TestState.Sources.Add(Controller(name, """
                            await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(_configuration["Mcp"]!) }));
                """, $$"""

                        public {{name}}Controller(IConfiguration configuration) => _configuration = configuration;
                """));
            test.FixedState.Sources.Add("using McpSessions;\n" + Controller(name, """
                            var mcp = await _mcpSession.GetClientAsync();
                """, $$"""
                        private readonly SharedMcpSession _mcpSession;

                        public {{name}}Controller(IConfiguration configuration, SharedMcpSession mcpSession)
                        {
                            _configuration = configuration;
                            _mcpSession = mcpSession;
                        }
                """));
        }

        test.TestState.Sources.Add("""
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddHttpClient();
            builder.Services.AddControllers();
            builder.Build().Run();
            """);
        test.FixedState.Sources.Add("""
            using McpSessions;

            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddHttpClient();
            builder.Services.AddSingleton(sp => new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = new Uri(sp.GetRequiredService<IConfiguration>()["Mcp"]!) }, connect.HttpClient)));
            builder.Services.AddControllers();
            builder.Build().Run();
            """);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    // Three copies of a controller are three consumers of one registration.
    private static Task VerifyAsync(Case row) =>
        new Verify.Test { TestCode = row.Code, FixedCode = row.FixedCode ?? row.Code, Variants = false }.RunAsync(TestContext.Current.CancellationToken);
}
