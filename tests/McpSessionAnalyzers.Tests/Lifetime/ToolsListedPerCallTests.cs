using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Lifetime.ToolsListedPerCallAnalyzer>;

namespace McpSessionAnalyzers.Tests.Lifetime;

public sealed class ToolsListedPerCallTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("per-call session", "class Agent { async Task<string> AskAsync(string question) { await using var c = await McpClient.CreateAsync(null!); var l = await c.ListToolsAsync(); return l[0].Name; } }"),
        new("shared session keeps the list", "class Agent(McpSessions.SharedMcpSession s) { async Task<string> AskAsync(string question) { var l = await s.ListToolsAsync(); return l[0].Name; } }") { CSharp = 12 },
        new("into a field", "class Agent(McpClient c) { IList<McpClientTool>? _l; async Task<string> AskAsync(string question) { _l ??= await c.ListToolsAsync(); return _l[0].Name; } }") { CSharp = 12 },
        new("into a field behind a check", "class Agent(McpClient c) { IList<AITool>? _l; async Task<string> AskAsync(string question) { if (_l is null) { var l = await c.ListToolsAsync(); _l = l.Cast<AITool>().ToList(); } return _l[0].Name; } }") { CSharp = 12 },
        new("run-once", "class Agent(McpClient c) { async Task InitializeAsync() { var l = await c.ListToolsAsync(); Console.WriteLine(l.Count); } }") { CSharp = 12 },
        new("main", "class P { static async Task Main() { await using var c = await McpClient.CreateAsync(null!); var l = await c.ListToolsAsync(); Console.WriteLine(l.Count); } }"),
        new("dictionary cache", "class Agent(McpClient c) { readonly Dictionary<string, IList<McpClientTool>> _all = new(); async Task<string> AskAsync(string question) { if (!_all.TryGetValue(\"a\", out var l)) { _all[\"a\"] = l = await c.ListToolsAsync(); } return l[0].Name; } }") { CSharp = 12 },
        new("opened and ended field", "class Agent { McpClient? _c; async Task<string> AskAsync(string question) { _c = await McpClient.CreateAsync(null!); try { return (await _c.ListToolsAsync())[0].Name; } finally { await _c.DisposeAsync(); } } }"),
        new("controller's own field", "public class C : Microsoft.AspNetCore.Mvc.ControllerBase { McpClient? _c; [Microsoft.AspNetCore.Mvc.HttpGet] public async Task<string> Get(string q) { _c = await McpClient.CreateAsync(null!); return (await _c.ListToolsAsync())[0].Name; } }"),
        new("no evidence", "class Catalog(McpClient c) { public async Task<int> CountAsync() => (await c.ListToolsAsync()).Count; }") { CSharp = 12 },
        new("helper with the caller's session", "class Agent { async Task<string> AskAsync(string question) { await using var c = await McpClient.CreateAsync(null!); return await First(c); } static async Task<string> First(McpClient c) => (await c.ListToolsAsync())[0].Name; }"),
        new("helper that opens", "class Agent { static Task<McpClient> Open() => McpClient.CreateAsync(null!); async Task<string> AskAsync(string question) { await using var c = await Open(); return (await c.ListToolsAsync())[0].Name; } }"),
        new("calls a tool", "class Agent(McpClient c) { async Task<string> AskAsync(string question) => (await c.CallToolAsync(question)).ToString()!; }") { CSharp = 12 },
        new("concurrent dictionary", "class Agent(McpClient c) { readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lazy<Task<IList<McpClientTool>>>> _all = new(); async Task<string> AskAsync(string question) { var l = await _all.GetOrAdd(\"a\", _ => new Lazy<Task<IList<McpClientTool>>>(async () => await c.ListToolsAsync())).Value; return l[0].Name; } }") { CSharp = 12 },
        new("helper stores", "class Agent(McpClient c) { IList<McpClientTool>? _l; async Task<string> AskAsync(string question) { await Ensure(); return _l![0].Name; } async Task Ensure() { if (_l == null) _l = await c.ListToolsAsync(); } }") { CSharp = 12 },
        new("unknown getter", "interface IFactory { Task<McpClient> CreateAsync(); } class Agent(IFactory f) { async Task<string> AskAsync(string question) { await using var c = await f.CreateAsync(); return (await c.ListToolsAsync())[0].Name; } }") { CSharp = 12 },
        new("factory of a cache", "class Cache { public Task<T> GetOrCreateAsync<T>(string key, Func<Task<T>> make) => make(); } class Agent { readonly McpClient _c = null!; readonly Cache _cache = new(); async Task<string> AskAsync(string question) { var l = await _cache.GetOrCreateAsync(\"tools\", async () => await _c.ListToolsAsync()); return l[0].Name; } }"),
        new("a session that derives from nothing of ours", "namespace Mine { class McpClient { public Task<string[]> ListToolsAsync() => null!; } class Agent { readonly McpClient _c = new(); async Task<string> AskAsync(string question) => (await _c.ListToolsAsync())[0]; } }"),
        new("startup of a hosted service", "class S : IHostedService { readonly McpClient _c; public S(McpClient c) => _c = c; public async Task StartAsync(CancellationToken ct) { foreach (var x in await _c.ListToolsAsync()) Console.WriteLine(x.Name); } public Task StopAsync(CancellationToken ct) => Task.CompletedTask; }"),
        new("constructor-time catalog", "class Agent { readonly IList<McpClientTool> _l; public Agent(McpClient c) => _l = c.ListToolsAsync().AsTask().GetAwaiter().GetResult(); public Task<string> AskAsync(string question) => Task.FromResult(_l[0].Name); }"),
        new("kept in a property", "class Agent { readonly McpClient _c = null!; IList<McpClientTool>? Tools { get; set; } public async Task<string> AskAsync(string question) { Tools ??= await _c.ListToolsAsync(); return Tools[0].Name; } }"),
        new("kept as a dictionary of tools", "class Agent { readonly McpClient _c = null!; Dictionary<string, McpClientTool>? _map; public async Task<string> AskAsync(string question) { if (_map is null) { var l = await _c.ListToolsAsync(); _map = l.ToDictionary(x => x.Name); } return _map[question].Name; } }"),
        new("kept within an agent", "class Agent { readonly McpClient _c = null!; readonly IChatClient _chat = null!; Microsoft.Agents.AI.AIAgent? _agent; public async Task<string> AskAsync(string question) { if (_agent is null) { var l = await _c.ListToolsAsync(); _agent = _chat.AsAIAgent(tools: l.Cast<AITool>().ToList()); } return (await _agent.RunAsync(question)).Text; } }"),
        new("static Lazy", "class Agent { static readonly McpClient C = null!; static readonly Lazy<Task<IList<McpClientTool>>> L = new(async () => await C.ListToolsAsync()); public async Task<string> AskAsync(string question) => (await L.Value)[0].Name; }"),
        new("closed by the same call", "class Agent { McpClient? _c; public async Task<string> AskAsync(string question) { await Open(); var l = await _c!.ListToolsAsync(); await _c.DisposeAsync(); return l[0].Name; } async Task Open() => _c = await McpClient.CreateAsync(null!); }"),
        new("names kept with the session that they are of", """
            class Agent
            {
                readonly McpClient _c = null!;
                Known? _known;
                HashSet<string>? _names;
                public async Task<string> AskAsync(string question) { var known = _known; if (known?.Of != _c) { known = new Known(_c, (await _c.ListToolsAsync()).Select(x => x.Name).ToHashSet()); _known = known; } return known!.Names.First(); }
                public async Task<bool> InvokeAsync(string toolName) { _names ??= (await _c.ListToolsAsync()).Select(x => x.Name).ToHashSet(); return _names.Contains(toolName); }
                record Known(McpClient Of, HashSet<string> Names);
            }
            """),
        new("memory cache", "using Microsoft.Extensions.Caching.Memory; class Agent { readonly McpClient _c = null!; readonly IMemoryCache _cache = null!; public async Task<string> AskAsync(string question) { if (!_cache.TryGetValue(\"tools\", out IList<McpClientTool>? l)) { l = await _c.ListToolsAsync(); _cache.Set(\"tools\", l, TimeSpan.FromMinutes(5)); } return l![0].Name; } }"),
        new("memory cache, a copy", "using Microsoft.Extensions.Caching.Memory; class Agent { readonly McpClient _c = null!; readonly IMemoryCache _cache = null!; public async Task<string> AskAsync(string question) { if (_cache.TryGetValue(\"tools\", out McpClientTool[]? kept)) { return kept![0].Name; } var l = await _c.ListToolsAsync(); return _cache.Set(\"tools\", l.ToArray())[0].Name; } }"),
        new("entry of a memory cache", "using Microsoft.Extensions.Caching.Memory; class Agent { readonly McpClient _c = null!; readonly IMemoryCache _cache = null!; public async Task<string> AskAsync(string question) { if (!_cache.TryGetValue(\"tools\", out IList<McpClientTool>? l)) { l = await _c.ListToolsAsync(); using var entry = _cache.CreateEntry(\"tools\"); entry.Value = l; } return l![0].Name; } }"),
        new("names kept behind a check", "class Agent { readonly McpClient _c = null!; List<string>? _names; public async Task<bool> AskAsync(string question) { if (_names is null) { var l = await _c.ListToolsAsync(); _names = l.Select(t => t.Name).ToList(); } return _names.Contains(question); } }"),
        new("names added behind a check", "class Agent { readonly McpClient _c = null!; readonly HashSet<string> _names = new(); public async Task<bool> AskAsync(string question) { if (_names.Count == 0) { foreach (var t in await _c.ListToolsAsync()) _names.Add(t.Name); } return _names.Contains(question); } }"),
        new("a text kept behind a check", "class Agent { readonly McpClient _c = null!; string? _text; public async Task<string> AskAsync(string question) { if (_text == null) { var b = new System.Text.StringBuilder(); foreach (var t in await _c.ListToolsAsync()) b.AppendLine(t.Name); _text = b.ToString(); } return _text; } }"),
        new("a store of the user's own", "interface IStore { Task<string[]?> ReadAsync(string key); Task SaveAsync(string key, string[] value); } class Agent { readonly McpClient _c = null!; readonly IStore _store = null!; public async Task<string[]> AskAsync(string question) { var n = await _store.ReadAsync(\"n\"); if (n is null) { n = (await _c.ListToolsAsync()).Select(t => t.Name).ToArray(); await _store.SaveAsync(\"n\", n); } return n; } }"),
        new("a helper whose caller keeps", "class Agent { readonly McpClient _c = null!; string[]? _names; public async Task<string> AskAsync(string question) { _names ??= await LoadAsync(); return _names[0]; } async Task<string[]> LoadAsync() => (await _c.ListToolsAsync()).Select(t => t.Name).ToArray(); }"),
        new("several per-call sessions", "class Agent { readonly string[] _urls = null!; public async Task<int> AskAsync(string question) { var all = new List<McpClient>(); foreach (var u in _urls) all.Add(await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(u) }))); var n = await Task.WhenAll(all.Select(async c => (await c.ListToolsAsync()).Count)); foreach (var c in all) await c.DisposeAsync(); return n.Sum(); } }"),
        new("per-call sessions of an action, per element", "public class C : Microsoft.AspNetCore.Mvc.ControllerBase { readonly string[] _urls = null!; [Microsoft.AspNetCore.Mvc.HttpGet] public async Task<int> Get() { var all = await Open(); var n = await Task.WhenAll(all.Select(async c => (await c.ListToolsAsync()).Count)); foreach (var c in all) await c.DisposeAsync(); return n.Sum(); } async Task<McpClient[]> Open() => await Task.WhenAll(_urls.Select(u => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(u) })))); }"),
        new("a delegate of somebody else's", "public class C : Microsoft.AspNetCore.Mvc.ControllerBase { readonly Func<Task<McpClient>> _open; public C(Func<Task<McpClient>> open) => _open = open; [Microsoft.AspNetCore.Mvc.HttpGet] public async Task<int> Get() { await using var c = await _open(); return (await c.ListToolsAsync()).Count; } }"),
        new("into an object that is injected", "class Registry { public IReadOnlyList<string> Names { get; set; } = Array.Empty<string>(); } class Agent { readonly McpClient _c = null!; readonly Registry _r; public Agent(Registry r) => _r = r; public async Task HandleAsync(string command) => _r.Names = (await _c.ListToolsAsync()).Select(t => t.Name).ToList(); }"),
        new("an item of the request", "public class C : Microsoft.AspNetCore.Mvc.ControllerBase { [Microsoft.AspNetCore.Mvc.HttpGet] public async Task<int> Get() => (await ((McpClient)HttpContext.Items[\"mcp\"]!).ListToolsAsync()).Count; }"),
        new("a scoped object's", "class Current { public McpClient? Client { get; set; } } class Agent { readonly Current _c; public Agent(Current c) => _c = c; public async Task<int> AskAsync(string question) => (await _c.Client!.ListToolsAsync()).Count; static void Add(IServiceCollection s) => s.AddScoped<Current>(); }"),
        new("the handler's own local", "class P { static async Task M(WebApplication app) { McpClient? c = null; app.MapGet(\"/a\", async () => { c = await McpClient.CreateAsync(null!); return (await c.ListToolsAsync()).Count; }); await app.RunAsync(); } }"));

    public static TheoryData<Case> Reported => Case.For(
        new("field", "class Agent { readonly McpClient _c; readonly IChatClient _chat; public Agent(McpClient c, IChatClient chat) { _c = c; _chat = chat; } public async Task<string> AskAsync(string question) { var l = await _c.[|ListToolsAsync|](); return (await _chat.GetResponseAsync(question, new ChatOptions { Tools = [.. l] })).Text; } }") { CSharp = 12 },
        new("primary constructor", "class Agent(McpClient c, IChatClient chat) { public async Task<string> AskAsync(string question) => (await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. await c.[|ListToolsAsync|]()] })).Text; }") { CSharp = 12 },
        new("shared client", "class Agent(McpSessions.SharedMcpSession s) { public async Task<string> AskAsync(string question) { var c = await s.GetClientAsync(); var l = await c.[|ListToolsAsync|](); return l[0].Name; } }") { CSharp = 12 },
        new("a count of them kept", "class Agent { readonly McpClient _c = null!; int _count; public async Task<string> AskAsync(string question) { var l = await _c.[|ListToolsAsync|](); _count = l.Count; return l[0].Name; } }"),
        new("handler", "class P { static void M(WebApplication app) => app.MapPost(\"/a\", async (McpClient c, IChatClient chat, string q) => { var l = await c.[|ListToolsAsync|](); return (await chat.GetResponseAsync(q, new ChatOptions { Tools = [.. l] })).Text; }); }") { CSharp = 12 },
        new("prompts, resources", "class Agent(McpClient c) { public async Task<string> AskAsync(string question) { var p = await c.[|ListPromptsAsync|](); var r = await c.[|ListResourcesAsync|](); var t = await c.[|ListResourceTemplatesAsync|](); return p[0].Name + r[0].Name + t[0].Name; } }") { CSharp = 12 },
        new("lazy field getter", "class Agent { McpClient? _c; async Task<McpClient> GetAsync() => _c ??= await McpClient.CreateAsync(null!); public async Task<string> AskAsync(string question) { var c = await GetAsync(); return (await c.[|ListToolsAsync|]())[0].Name; } }"),
        new("private helper", "class Agent(McpClient c) { public async Task<string> AskAsync(string question) => (await Tools())[0].Name; async Task<IList<McpClientTool>> Tools() => await c.[|ListToolsAsync|](); }") { CSharp = 12 },
        new("IChatClient", "class Mine(IChatClient inner, McpClient c) : DelegatingChatClient(inner) { public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken ct = default) { o ??= new(); o.Tools = [.. await c.[|ListToolsAsync|](cancellationToken: ct)]; return await base.GetResponseAsync(m, o, ct); } }") { CSharp = 12 },
        new("controller with injected client", "public class C(McpClient c) : Microsoft.AspNetCore.Mvc.ControllerBase { [Microsoft.AspNetCore.Mvc.HttpGet] public async Task<string> Get(string q) => (await c.[|ListToolsAsync|]())[0].Name; }") { CSharp = 12 },
        new("tool function", "[ModelContextProtocol.Server.McpServerToolType] class T { [ModelContextProtocol.Server.McpServerTool] public static async Task<string> Run(McpClient c, string q) => (await c.[|ListToolsAsync|]())[0].Name; }"),
        new("service locator", "class Agent(IServiceProvider sp) { public async Task<string> AskAsync(string question) { var c = sp.GetRequiredService<McpClient>(); return (await c.[|ListToolsAsync|]())[0].Name; } }") { CSharp = 12 },
        new("lazily opened in the same method", "class Agent { McpClient? _c; public async Task<string> AskAsync(string question) { _c ??= await McpClient.CreateAsync(null!); return (await _c.[|ListToolsAsync|]())[0].Name; } }"),
        new("static", "class Agent { static readonly McpClient Mcp = null!; public async IAsyncEnumerable<string> StreamAsync(string question) { foreach (var x in await Mcp.[|ListToolsAsync|]()) yield return x.Name; } }"),
        new("keyed", "class Agent(McpSessions.KeyedMcpSessions<string> s) { public async Task<string> AskAsync(string question, string user) => (await (await s.GetClientAsync(user)).[|ListToolsAsync|]())[0].Name; }") { CSharp = 12 },
        new("keyed, through a local", "class Agent(McpSessions.KeyedMcpSessions<string> s) { public async Task<string> AskAsync(string question, string user) { var c = await s.GetClientAsync(user); var l = await c.[|ListToolsAsync|](); return l[0].Name; } }") { CSharp = 12 },
        new("shared client, nested call", "class Agent(McpSessions.SharedMcpSession s) { public async Task<string> AskAsync(string question, string user) { return (await (await s.GetClientAsync()).[|ListToolsAsync|]())[0].Name; } }") { CSharp = 12 },
        new("a local of the code around", "class P { static async Task M(WebApplication app) { await using var c = await McpClient.CreateAsync(null!); app.MapGet(\"/a\", async () => (await c.[|ListToolsAsync|]()).Count); await app.RunAsync(); } }"),
        new("a parameter of the code around", "class P { static void M(WebApplication app, McpClient c) => app.MapGet(\"/a\", async () => (await c.[|ListToolsAsync|]()).Count); }"),
        new("an entry's", "class Entry { public McpClient Client { get; set; } = null!; } class Agent { readonly Dictionary<string, Entry> _all = null!; readonly Dictionary<string, (McpClient Client, int Uses)> _pairs = null!; public async Task<int> AskAsync(string question, string server) => (await _all[server].Client.[|ListToolsAsync|]()).Count + (await _pairs[server].Client.[|ListToolsAsync|]()).Count; }"),
        new("sessions by key", "class Agent { readonly Dictionary<string, McpClient> _all = null!; public async Task<int> AskAsync(string question, string server) => (await _all[server].[|ListToolsAsync|]()).Count; public async Task<int> SendAsync(string message, string server) { if (!_all.TryGetValue(server, out var c)) return 0; return (await c.[|ListToolsAsync|]()).Count; } }"),
        new("each of the sessions", "class Agent { readonly Dictionary<string, McpClient> _all = null!; readonly List<McpClient> _list = null!; public async Task<int> AskAsync(string question) { var n = 0; foreach (var c in _all.Values) n += (await c.[|ListToolsAsync|]()).Count; foreach (var (_, c) in _all) n += (await c.[|ListToolsAsync|]()).Count; return n + (await Task.WhenAll(_list.Select(async c => (await c.[|ListToolsAsync|]()).Count))).Sum(); } }"),
        new("a handle's session", "class Handle { public McpClient Client { get; } public Handle(McpClient c) => Client = c; } class Agent { readonly Handle _h; public Agent(Handle h) => _h = h; public async Task<int> AskAsync(string question) => (await _h.Client.[|ListToolsAsync|]()).Count; }"),
        new("lazily", "class Agent { static readonly Lazy<Task<McpClient>> C = new(() => McpClient.CreateAsync(null!)); public async Task<int> AskAsync(string question) { var c = await C.Value; return (await c.[|ListToolsAsync|]()).Count; } }"),
        new("one of two", "class Agent { readonly McpClient _a = null!; readonly McpClient _b = null!; public async Task<int> AskAsync(string question) { var c = question.Length > 9 ? _a : _b; return (await c.[|ListToolsAsync|]()).Count; } }"),
        new("a page model's own property", "public class M : Microsoft.AspNetCore.Mvc.RazorPages.PageModel { readonly McpClient _c; public M(McpClient c) => _c = c; public List<string> Names { get; set; } = new(); public async Task OnGetAsync() => Names = (await _c.[|ListToolsAsync|]()).Select(t => t.Name).ToList(); }"),
        new("options made for the call", "class Agent { readonly McpClient _c = null!; readonly IChatClient _chat = null!; public async Task<string> AskAsync(string question) { var o = new ChatOptions { Tools = (await _c.[|ListToolsAsync|]()).ToArray() }; return (await _chat.GetResponseAsync(question, o)).Text; } }"),
        new("a count in a field", "class Agent { readonly McpClient _c = null!; int _last; public async Task<int> AskAsync(string question) { var l = await _c.[|ListToolsAsync|](); _last = l.Count; return _last; } }"));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task SaysWhatIsListedAndWhatToDo() => Verify.VerifyAnalyzerAsync(
        """
        class Agent
        {
            readonly McpClient _c = null!;
            readonly McpSessions.SharedMcpSession _s = null!;
            public async Task<string> AskAsync(string question) { var c = await _s.GetClientAsync(); return (await c.{|#0:ListToolsAsync|}())[0].Name + (await _c.{|#1:ListPromptsAsync|}())[0].Name; }
        }
        """,
        Verify.Diagnostic().WithLocation(0).WithArguments("Agent.AskAsync", "tools", "an agent method: 'Ask' takes 'question'", "ask the shared session for them, which keeps the list"),
        Verify.Diagnostic().WithLocation(1).WithArguments("Agent.AskAsync", "prompts", "an agent method: 'Ask' takes 'question'", "list them once and keep them"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = "class Agent { readonly IMcpClient _c; public Agent(IMcpClient c) => _c = c; public async Task<string> AskAsync(string question) => (await _c.[|ListToolsAsync|]())[0].Name; }",
    }.RunAsync(TestContext.Current.CancellationToken);
}
