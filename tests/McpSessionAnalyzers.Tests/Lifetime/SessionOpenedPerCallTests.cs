using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer>;

namespace McpSessionAnalyzers.Tests.Lifetime;

public sealed class SessionOpenedPerCallTests
{
    private const string T = "new HttpClientTransport(new() { Endpoint = new Uri(\"http://localhost:1/mcp\") })";

    public static TheoryData<Case> Silent => Case.For(
        new("top-level program", $$"""
            await using var c = await McpClient.CreateAsync({{T}});
            await c.PingAsync();
            """),
        new("Main", $$"""
            class Program { static async Task Main(string[] args) { await using var c = await McpClient.CreateAsync({{T}}); await c.PingAsync(); } }
            """),
        new("helper called from Main only", $$"""
            class Program { static Task Main() => ExecuteAsync("hello"); static async Task ExecuteAsync(string prompt) { await using var c = await McpClient.CreateAsync({{T}}); await c.PingAsync(); } }
            """),
        new("kept in a field", $$"""
            class Agent { McpClient? _c; public async Task<string> AskAsync(string question) { _c ??= await McpClient.CreateAsync({{T}}); return _c.ServerInfo!.Name; } }
            """),
        new("kept in a field behind a semaphore", $$"""
            class Agent
            {
                readonly SemaphoreSlim _gate = new(1); McpClient? _c;
                public async Task<string> AskAsync(string question) { var c = await GetAsync(); return c.ServerInfo!.Name; }
                async Task<McpClient> GetAsync() { if (_c is { } known) return known; await _gate.WaitAsync(); try { return _c ??= await McpClient.CreateAsync({{T}}); } finally { _gate.Release(); } }
            }
            """),
        new("virtual opener behind a guarded getter", $$"""
            class Agent
            {
                McpClient? _c;
                protected virtual Task<McpClient> CreateClientAsync() => McpClient.CreateAsync({{T}});
                protected async Task<McpClient> GetClientAsync() { if (_c is null) { _c = await CreateClientAsync(); } return _c; }
                public async Task<string> AskAsync(string question) => (await GetClientAsync()).ServerInfo!.Name;
            }
            """),
        new("kept in a static field", $$"""
            class Agent { static McpClient? s_c; public async Task<string> AskAsync(string question) { s_c = s_c ?? await McpClient.CreateAsync({{T}}); return ""; } }
            """),
        new("kept in a dictionary by server", $$"""
            class Agent { readonly System.Collections.Concurrent.ConcurrentDictionary<string, McpClient> _all = new(); public async Task AskAsync(string server, string question) { if (!_all.TryGetValue(server, out var c)) { c = await McpClient.CreateAsync({{T}}); _all[server] = c; } await c.PingAsync(); } }
            """),
        new("cached by GetOrAdd", $$"""
            class Agent { readonly System.Collections.Concurrent.ConcurrentDictionary<string, Task<McpClient>> _all = new(); public async Task AskAsync(string question) { var c = await _all.GetOrAdd("x", _ => McpClient.CreateAsync({{T}})); await c.PingAsync(); } }
            """),
        new("lazy field", $$"""
            class Agent { readonly Lazy<Task<McpClient>> _c = new(() => McpClient.CreateAsync({{T}})); public async Task AskAsync(string question) => await (await _c.Value).PingAsync(); }
            """),
        new("constructor", $$"""
            class Agent { readonly McpClient _c; public Agent() { _c = McpClient.CreateAsync({{T}}).GetAwaiter().GetResult(); } public ValueTask AskAsync(string question) => new(_c.PingAsync().AsTask()); }
            """),
        new("initialization", $$"""
            class Agent { public async Task InitializeAsync(string question) { await using var c = await McpClient.CreateAsync({{T}}); await c.ListToolsAsync(); } }
            """),
        new("hosted service", $$"""
            class Warmup : Microsoft.Extensions.Hosting.IHostedService
            {
                public async Task StartAsync(CancellationToken ct) { await using var c = await McpClient.CreateAsync({{T}}, cancellationToken: ct); await c.PingAsync(); }
                public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
            }
            """),
        new("background service before its loop", $$"""
            class Worker : Microsoft.Extensions.Hosting.BackgroundService
            {
                protected override async Task ExecuteAsync(CancellationToken ct) { await using var c = await McpClient.CreateAsync({{T}}, cancellationToken: ct); while (!ct.IsCancellationRequested) await c.PingAsync(cancellationToken: ct); }
            }
            """),
        new("singleton factory", $$"""
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddSingleton(_ => McpClient.CreateAsync({{T}}).GetAwaiter().GetResult());
            """),
        new("transport is a parameter", """
            class ToolExecutor { public async Task ExecuteAsync(string toolName, IClientTransport transport) { await using var c = await McpClient.CreateAsync(transport); await c.CallToolAsync(toolName); } }
            """),
        new("connection test", $$"""
            class ServerHandler { public async Task<bool> HandleTestConnectionAsync(string request) { await using var c = await McpClient.CreateAsync({{T}}); return c.ServerInfo is not null; } public async Task<bool> VerifyServerAsync(string message) { await using var c = await McpClient.CreateAsync({{T}}); return true; } }
            """),
        new("health check", $$"""
            class Check : Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck
            {
                public async Task<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult> CheckHealthAsync(Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckContext context, CancellationToken ct) { await using var c = await McpClient.CreateAsync({{T}}); return new(); }
            }
            """),
        new("resuming a known session", $$"""
            class Agent { public async Task AskAsync(string question, ResumeClientSessionOptions known) { await using var c = await McpClient.ResumeSessionAsync({{T}}, known); await c.PingAsync(); } }
            """),
        new("helper that only returns it, called from Main", $$"""
            class Program { static async Task Main() { await using var c = await OpenAsync(); await c.PingAsync(); } static Task<McpClient> OpenAsync() => McpClient.CreateAsync({{T}}); }
            """),
        new("helper that only returns it, called by nobody here", $$"""
            public class Sessions { public Task<McpClient> OpenAsync(string message) => McpClient.CreateAsync({{T}}); }
            """),
        new("Run is often a program", $$"""
            class Demo { public static async Task RunAsync(string[] args) { await using var c = await McpClient.CreateAsync({{T}}); await c.PingAsync(); } }
            """),
        new("a borrowed client", """
            class Agent(McpSessions.SharedMcpSession mcp) { public async Task<string> AskAsync(string question, CancellationToken ct) { var c = await mcp.GetClientAsync(ct); return c.ServerInfo!.Name; } }
            """) { CSharp = 12 },
        new("a shared session in a field", $$"""
            sealed class Agent : IAsyncDisposable { readonly McpSessions.SharedMcpSession _s = new(_ => {{T}}); public async Task AskAsync(string question) => await (await _s.GetClientAsync()).PingAsync(); public ValueTask DisposeAsync() => _s.DisposeAsync(); }
            """),
        new("test method", $$"""
            namespace Xunit { [AttributeUsage(AttributeTargets.Method)] public class FactAttribute : Attribute { } }
            class AgentTests { [Xunit.Fact] public async Task Handle_message() { await using var c = await McpClient.CreateAsync({{T}}); await c.PingAsync(); } }
            """),
        new("pool", $$"""
            class Pool { readonly System.Threading.Channels.Channel<McpClient> _idle = System.Threading.Channels.Channel.CreateBounded<McpClient>(4); public async Task HandleAsync(string message) { var c = await McpClient.CreateAsync({{T}}); await c.PingAsync(); await _idle.Writer.WriteAsync(c); } }
            """),
        new("a class of the same name", """
            namespace Mine { class McpClient : IAsyncDisposable { public static Task<McpClient> CreateAsync() => Task.FromResult(new McpClient()); public ValueTask DisposeAsync() => default; } class Agent { public async Task AskAsync(string question) { await using var c = await McpClient.CreateAsync(); } } }
            """),
        new("kept by a local outside of the handler", $$"""
            McpClient? known = null;
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapPost("/chat", async (string text) => { known ??= await McpClient.CreateAsync({{T}}); return known.ServerInfo!.Name; });
            app.Run();
            """),
        new("a cache in an agent", $$"""
            interface ICache { Task<V> GetOrCreateAsync<V>(string key, Func<Task<V>> make); }
            class Agent { readonly ICache _cache; public Agent(ICache cache) => _cache = cache; public async Task AskAsync(string question) { var c = await _cache.GetOrCreateAsync("mcp", () => McpClient.CreateAsync({{T}})); await c.PingAsync(); } }
            """),
        new("a delegate that others may replace", $$"""
            class Options { public Func<Task<McpClient>> Open { get; set; } = () => McpClient.CreateAsync({{T}}); }
            class Agent { readonly Options _o = new(); public Func<Task<McpClient>> Factory = () => McpClient.CreateAsync({{T}}); public async Task AskAsync(string question) { await using var a = await _o.Open(); await using var b = await Factory(); } }
            """),
        new("a delegate whose session is kept", $$"""
            class Agent { readonly Func<Task<McpClient>> _open = () => McpClient.CreateAsync({{T}}); McpClient? _c; public async Task AskAsync(string question) { _c ??= await _open(); await _c.PingAsync(); } }
            """),
        new("reconnect on failure", $$"""
            class Agent
            {
                McpClient? _c;
                public async Task AskAsync(string question)
                {
                    try { _c ??= await McpClient.CreateAsync({{T}}); await _c.PingAsync(); }
                    catch (IOException) { if (_c is not null) await _c.DisposeAsync(); _c = null; throw; }
                }
            }
            """));

    public static TheoryData<Case> Reported => Case.For(
        new("agent method", $$"""
            class TravelAgent { public async Task<string> AskAsync(string question) { await using var c = await McpClient.[|CreateAsync|]({{T}}); return c.ServerInfo!.Name; } }
            """),
        new("never disposed", $$"""
            class TravelAgent { public async Task<string> AskAsync(string question) { var c = await McpClient.[|CreateAsync|]({{T}}); return c.ServerInfo!.Name; } }
            """),
        new("expression body", $$"""
            class Bot { public async Task<string> Reply(string message) => (await McpClient.[|CreateAsync|]({{T}})).ServerInfo!.Name; }
            """),
        new("primary constructor's transport", """
            class Bot(IClientTransport transport) { public async Task ReplyAsync(string message) { await using var c = await McpClient.[|CreateAsync|](transport); await c.PingAsync(); } }
            """) { CSharp = 12 },
        new("the three nested scopes of the incident", $$"""
            class ResearchAgent
            {
                readonly Polly.ResiliencePipeline _retry = Polly.ResiliencePipeline.Empty;
                public async Task<string> RunAsync(string prompt) =>
                    await _retry.ExecuteAsync(async ct => { await using var c = await McpClient.[|CreateAsync|]({{T}}, cancellationToken: ct); return (await c.ListToolsAsync()).Count.ToString(); });
                public async IAsyncEnumerable<string> ChatStreamAsync(string message)
                {
                    await using var c = await _retry.ExecuteAsync(async ct => await McpClient.[|CreateAsync|]({{T}}, cancellationToken: ct));
                    foreach (var tool in await c.ListToolsAsync()) yield return tool.Name;
                }
                public async Task<(string, int)> ChatWithDetailsAsync(string message)
                {
                    async Task<string> Once() { await using var c = await McpClient.[|CreateAsync|]({{T}}); return c.ServerInfo!.Name; }
                    return (await Once(), 1);
                }
            }
            """),
        new("controller action", $$"""
            [Microsoft.AspNetCore.Mvc.ApiController]
            public class ChatController : Microsoft.AspNetCore.Mvc.ControllerBase { [Microsoft.AspNetCore.Mvc.HttpPost] public async Task<string> Post(string text) { await using var c = await McpClient.[|CreateAsync|]({{T}}); return c.ServerInfo!.Name; } }
            """),
        new("field of a controller", $$"""
            public class ChatController : Microsoft.AspNetCore.Mvc.ControllerBase { McpClient? _c; [Microsoft.AspNetCore.Mvc.HttpPost] public async Task<string> Post(string text) { _c ??= await McpClient.[|CreateAsync|]({{T}}); return _c.ServerInfo!.Name; } }
            """),
        new("constructor of a controller", $$"""
            public class ChatController : Microsoft.AspNetCore.Mvc.ControllerBase { readonly McpClient _c; public ChatController() { _c = McpClient.[|CreateAsync|]({{T}}).Result; } [Microsoft.AspNetCore.Mvc.HttpPost] public string Post(string text) => _c.ServerInfo!.Name; }
            """),
        new("minimal API", $$"""
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapPost("/chat", async (string text) => { await using var c = await McpClient.[|CreateAsync|]({{T}}); return c.ServerInfo!.Name; });
            app.MapGet("/tools", Tools);
            app.Run();
            static async Task<int> Tools() { await using var c = await McpClient.[|CreateAsync|]({{T}}); return (await c.ListToolsAsync()).Count; }
            """),
        new("SignalR hub", $$"""
            class ChatHub : Microsoft.AspNetCore.SignalR.Hub { public async Task Send(string text) { await using (var c = await McpClient.[|CreateAsync|]({{T}})) { await c.PingAsync(); } } }
            """),
        new("timer callback in a run-once place", $$"""
            class Host { Timer? _t; public void Start() { _t = new Timer(async _ => { await using var c = await McpClient.[|CreateAsync|]({{T}}); await c.PingAsync(); }); } }
            """),
        new("tool function", $$"""
            class Tools { [ModelContextProtocol.Server.McpServerTool] public static async Task<int> Count() { await using var c = await McpClient.[|CreateAsync|]({{T}}); return (await c.ListToolsAsync()).Count; } }
            """),
        new("function made of a lambda", $$"""
            class Tools { public AIFunction Make() => AIFunctionFactory.Create(async (string city) => { await using var c = await McpClient.[|CreateAsync|]({{T}}); return c.ServerInfo!.Name; }); }
            """),
        new("chat client", $$"""
            class Routing : DelegatingChatClient
            {
                public Routing(IChatClient inner) : base(inner) { }
                public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken ct = default)
                { await using var c = await McpClient.[|CreateAsync|]({{T}}); return await base.GetResponseAsync(messages, options, ct); }
            }
            """),
        new("private helper that opens and closes", $$"""
            class Bot { public Task<string> AskAsync(string question) => CoreAsync(); async Task<string> CoreAsync() { await using var c = await McpClient.[|CreateAsync|]({{T}}); return c.ServerInfo!.Name; } }
            """),
        new("helper that returns it", $$"""
            class Bot { Task<McpClient> OpenAsync() => McpClient.CreateAsync({{T}}); public async Task AskAsync(string question) { await using var c = await [|OpenAsync|](); await c.PingAsync(); } public async Task ChatAsync(string message) { await using var c = await [|OpenAsync|](); await c.PingAsync(); } }
            """),
        new("helper of another type, over two hops", $$"""
            static class Sessions { public static async Task<McpClient> OpenAsync() { var c = await CoreAsync(); return c; } static ValueTask<McpClient> CoreAsync() => new(McpClient.CreateAsync({{T}})); }
            class Bot { public async Task AskAsync(string question) { await using var c = await Sessions.[|OpenAsync|](); await c.PingAsync(); } }
            """),
        new("helper behind an interface with one implementation", $$"""
            interface IOpener { Task<McpClient> OpenAsync(); }
            class Opener : IOpener { public Task<McpClient> OpenAsync() => McpClient.CreateAsync({{T}}); }
            class Bot { readonly IOpener _o; public Bot(IOpener o) => _o = o; public async Task AskAsync(string question) { await using var c = await _o.[|OpenAsync|](); await c.PingAsync(); } }
            """),
        new("helper that returns a tuple", $$"""
            class Bot
            {
                async Task<(McpClient Client, IList<McpClientTool> Tools)> ConnectAsync() { var c = await McpClient.CreateAsync({{T}}); return (c, await c.ListToolsAsync()); }
                public async Task AskAsync(string question) { var (c, tools) = await [|ConnectAsync|](); await using (c) { Console.WriteLine(tools.Count); } }
            }
            """),
        new("over the configured servers", $$"""
            class Bot { readonly Uri[] _servers = Array.Empty<Uri>(); public async Task AskAsync(string question) { foreach (var uri in _servers) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = uri })); await c.PingAsync(); } } }
            """),
        new("a field that the same invocation empties", $$"""
            class Bot { McpClient? _c; public async Task AskAsync(string question) { _c = await McpClient.[|CreateAsync|]({{T}}); try { await _c.PingAsync(); } finally { await _c.DisposeAsync(); _c = null; } } }
            """),
        new("Connect and Close in one invocation", $$"""
            class Bot
            {
                McpClient? _c;
                public async Task AskAsync(string question) { await ConnectAsync(); try { await _c!.PingAsync(); } finally { await CloseAsync(); } }
                async Task ConnectAsync() { _c = await McpClient.[|CreateAsync|]({{T}}); }
                async Task CloseAsync() { if (_c is not null) { await _c.DisposeAsync(); _c = null; } }
            }
            """),
        new("chat loop in a program calls a chat method", $$"""
            while (Console.ReadLine() is { } line) await ChatAsync(line);
            static async Task ChatAsync(string message) { await using var c = await McpClient.[|CreateAsync|]({{T}}); await c.PingAsync(); }
            """),
        new("struct, generic class, partial type", $$"""
            partial class Agent<T> { public partial Task<T> AskAsync(T question); }
            partial class Agent<T> { public partial async Task<T> AskAsync(T question) { await using var c = await McpClient.[|CreateAsync|]({{T}}); return question; } }
            readonly struct QuickBot { public async Task AskAsync(string question) { await using var c = await McpClient.[|CreateAsync|]({{T}}); await c.PingAsync(); } }
            """),
        new("owner made per call", $$"""
            sealed class Handle : IAsyncDisposable { readonly McpSessions.SharedMcpSession _s = new(_ => {{T}}); public ValueTask DisposeAsync() => _s.DisposeAsync(); }
            class Bot { public async Task AskAsync(string question) { await using var h = new [|Handle|](); } }
            """),
        new("a delegate in a field", $$"""
            class Agent
            {
                readonly Func<Task<McpClient>> _open = () => McpClient.CreateAsync({{T}});
                static readonly Func<string, CancellationToken, Task<McpClient>> Connect = async (command, ct) => await McpClient.CreateAsync(new StdioClientTransport(new() { Command = command }), cancellationToken: ct);
                readonly Func<Task<McpClient>> _group;
                public Agent() => _group = OpenAsync;
                static Task<McpClient> OpenAsync() => McpClient.CreateAsync({{T}});
                public async Task AskAsync(string question, CancellationToken ct) { await using var a = await [|_open|](); await using var b = await [|Connect|]("server", ct); await using var c = await [|_group|](); }
            }
            """),
        new("a tool function in an initializer", $$"""
            class Tools { readonly AIFunction _ask = AIFunctionFactory.Create(async (string q) => { await using var c = await McpClient.[|CreateAsync|]({{T}}); return q; }, "ask"); }
            """));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task NamesTheMemberTheEvidenceAndTheWayOut() => Verify.VerifyAnalyzerAsync(
        $$"""
        class Tools { [ModelContextProtocol.Server.McpServerTool] public static async Task<int> Count() { await using var c = await McpClient.{|#0:CreateAsync|}({{T}}); return 0; } }
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("Tools.Count", "an MCP server tool", "open it once and share it between calls"));

    [Fact]
    public Task SpeaksOfOneSessionPerKeyWhereTheCallDecides() => Verify.VerifyAnalyzerAsync(
        """
        class Bot { public async Task AskAsync(string question, string token) { await using var c = await McpClient.{|#0:CreateAsync|}(new HttpClientTransport(new() { Endpoint = new Uri("http://x"), AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = token } })); await c.CallToolAsync(question); } }
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("Bot.AskAsync", "an agent method: 'Ask' takes 'question'", "keep one session per 'token' and share it between calls"));

    [Fact]
    public Task ATransportOfTheContainerIsNoKey() => Verify.VerifyAnalyzerAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapGet("/tools", async (HttpClientTransport transport) =>
        {
            await using var c = await McpClient.{|#0:CreateAsync|}(transport);
            return Results.Ok((await c.ListToolsAsync()).Select(tool => tool.Name));
        });
        app.Run();
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("the program", "a minimal API endpoint", "open it once and share it between calls"));

    [Fact]
    public Task NamesTheParameterByWhichTheServerIsFound() => Verify.VerifyAnalyzerAsync(
        """
        record Server(string Name, Uri Endpoint);
        class Gateway
        {
            readonly List<Server> _servers = new();
            public async Task<object> CallToolAsync(string serverName, string toolName)
            {
                var server = _servers.First(one => one.Name == serverName);
                await using var c = await McpClient.{|#0:CreateAsync|}(new HttpClientTransport(new() { Endpoint = server.Endpoint }));
                return await c.CallToolAsync(toolName);
            }
        }
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("Gateway.CallToolAsync", "an agent method: 'Call' takes 'toolName'", "keep one session per 'serverName' and share it between calls"));

    [Fact]
    public Task ShowsTheWayToTheOpening() => Verify.VerifyAnalyzerAsync(
        $$"""
        class Bot { Task<McpClient> OpenAsync() => McpClient.{|#1:CreateAsync|}({{T}}); public async Task AskAsync(string question) { await using var c = await {|#0:OpenAsync|}(); } }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("Bot.AskAsync", "an agent method: 'Ask' takes 'question', through 'OpenAsync'", "open it once and share it between calls"));

    [Fact]
    public Task NamesTheProgramOfAnEndpointOnce() => Verify.VerifyAnalyzerAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/ask", async (string question) =>
        {
            await using var c = await McpClient.{|#0:CreateAsync|}(new StdioClientTransport(new() { Command = "server" }));
            return (await c.CallToolAsync(question)).ToString();
        });
        app.Run();
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("the program", "a minimal API endpoint", "open it once and share it between calls"));

    [Fact]
    public Task AServiceOfTheApplicationIsNoKey() => Verify.VerifyAnalyzerAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/ask", async (string question, string tenant, IConfiguration configuration) =>
        {
            await using var c = await McpClient.{|#0:CreateAsync|}(new HttpClientTransport(new() { Endpoint = new Uri(configuration["Mcp"]!) }));
            await using var d = await McpClient.{|#1:CreateAsync|}(new HttpClientTransport(new() { Endpoint = new Uri(configuration[tenant]!) }));
            return (await c.CallToolAsync(question)).ToString() + (await d.CallToolAsync(question)).ToString();
        });
        app.Run();
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("the program", "a minimal API endpoint", "open it once and share it between calls"),
        Verify.Diagnostic().WithLocation(1).WithArguments("the program", "a minimal API endpoint", "keep one session per 'tenant' and share it between calls"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = """
            class Agent(IClientTransport t)
            {
                public async Task AskAsync(string question) { await using var c = await McpClientFactory.[|CreateAsync|](t); await c.PingAsync(); }
            }
            """.Replace("class Agent(IClientTransport t)\n{", "class Agent\n{\n    readonly IClientTransport t; public Agent(IClientTransport t) => this.t = t;"),
    }.RunAsync(TestContext.Current.CancellationToken);
}
