using McpSessionAnalyzers.Harness;
using McpSessionAnalyzers.Lifetime;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedInLoopAnalyzer>;

namespace McpSessionAnalyzers.Tests.Lifetime;

public sealed class SessionOpenedInLoopTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("per server foreach", """
            class A { public async Task RunAsync(IEnumerable<Uri> servers) { foreach (var s in servers) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = s })); await c.PingAsync(); } } }
            """),
        new("per server via options local", """
            class A { public async Task RunAsync(List<string> servers) { foreach (var s in servers) { var o = new HttpClientTransportOptions { Endpoint = new Uri("http://x") }; o.Endpoint = new Uri(s); var t = new HttpClientTransport(o); await using var c = await McpClient.CreateAsync(t); await c.PingAsync(); } } }
            """),
        new("per server index", """
            class A { public async Task RunAsync(string[] servers) { for (var i = 0; i < servers.Length; i++) { var url = servers[i]; await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(url) })); await c.PingAsync(); } } }
            """),
        new("per server while queue", """
            class A { public async Task RunAsync(Queue<Uri> servers) { while (servers.TryDequeue(out var s)) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = s })); await c.PingAsync(); } while (servers.Count > 0) { var s = servers.Dequeue(); await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = s })); await c.PingAsync(); } } }
            """),
        new("per server out variable", """
            class A { readonly Dictionary<string, IClientTransport> _all = new(); readonly Dictionary<string, Uri> _urls = new(); public async Task RunAsync(string[] names) { foreach (var n in names) { if (!_all.TryGetValue(n, out var t)) continue; await using var c = await McpClient.CreateAsync(t); await c.PingAsync(); } foreach (var n in names) { if (_urls.TryGetValue(n, out Uri? u)) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = u })); await c.PingAsync(); } } } }
            """),
        new("per server parallel", """
            class A { public Task RunAsync(IEnumerable<Uri> servers) => Parallel.ForEachAsync(servers, async (s, ct) => { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = s }), cancellationToken: ct); await c.PingAsync(); }); }
            """),
        new("per server select", """
            class A { public async Task RunAsync(IEnumerable<Uri> servers) { await Task.WhenAll(servers.Select(async s => { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = s })); await c.PingAsync(); })); } }
            """),
        new("per server deconstruct", """
            class A { public async Task RunAsync(Dictionary<string, Uri> servers) { foreach (var (name, s) in servers) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = s, Name = name })); await c.PingAsync(); } } }
            """),
        new("per server receiver", """
            class Server { public Uri Url = new("http://x"); public Task<McpClient> ConnectAsync() => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = Url })); }
            class A { public async Task RunAsync(IEnumerable<Server> servers) { foreach (var s in servers) { await using var c = await s.ConnectAsync(); await c.PingAsync(); } } }
            """),
        new("per server local function capturing", """
            class A { public async Task RunAsync(IEnumerable<Uri> servers) { foreach (var s in servers) { IClientTransport Make() => new HttpClientTransport(new() { Endpoint = s }); await using var c = await McpClient.CreateAsync(Make()); await c.PingAsync(); } } }
            """),
        new("retry while true return", """
            class A { public async Task<string> RunAsync(IClientTransport t) { while (true) { try { await using var c = await McpClient.CreateAsync(t); return (await c.ListToolsAsync())[0].Name; } catch (HttpRequestException) { await Task.Yield(); } } } }
            """),
        new("retry for attempt returning client", """
            class A { readonly Uri _u = new("http://x"); async Task<McpClient> OpenAsync() { for (var attempt = 1; ; attempt++) { try { return await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); } catch (Exception) when (attempt < 3) { await Task.Yield(); } } } }
            """),
        new("retry for with break", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync() { McpClient? c = null; for (int i = 0; i < 5; i++) { try { c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); break; } catch (HttpRequestException) { } } await using var own = c ?? throw new InvalidOperationException(); await own.PingAsync(); } }
            """),
        new("retry while client null", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync() { McpClient? c = null; while (c is null) { try { c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); } catch (HttpRequestException) { await Task.Yield(); } } try { await c.PingAsync(); } finally { await c.DisposeAsync(); } } }
            """),
        new("retry flag", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync() { var done = false; while (!done) { try { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.PingAsync(); done = true; } catch (HttpRequestException) { await Task.Yield(); } } } }
            """),
        new("retry flag in for condition", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync() { var ok = false; for (var attempt = 0; attempt < 3 && !ok; attempt++) { try { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.PingAsync(); ok = true; } catch (HttpRequestException) { } } } }
            """),
        new("deadline", """
            class A { readonly Uri _u = new("http://x"); public async Task<bool> RunAsync() { var deadline = DateTime.UtcNow.AddSeconds(30); while (DateTime.UtcNow < deadline) { try { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.PingAsync(); return true; } catch { await Task.Yield(); } } return false; } }
            """),
        new("do while attempts", """
            class A { readonly Uri _u = new("http://x"); public async Task<int> RunAsync() { int retries = 0; do { try { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); var r = await c.CallToolAsync("x"); if (r.IsError != true) return 1; } catch (Exception) { } retries++; } while (retries < 3); return 0; } }
            """),
        new("supervisor completion", """
            class W : Microsoft.Extensions.Hosting.BackgroundService { protected override async Task ExecuteAsync(CancellationToken ct) { while (!ct.IsCancellationRequested) { try { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") }), cancellationToken: ct); await Task.Delay(Timeout.Infinite, ct); } catch (Exception) { await Task.Yield(); } } } }
            """),
        new("supervisor heartbeat", """
            class W : Microsoft.Extensions.Hosting.BackgroundService { protected override async Task ExecuteAsync(CancellationToken ct) { while (!ct.IsCancellationRequested) { try { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") }), cancellationToken: ct); while (!ct.IsCancellationRequested) { await c.PingAsync(cancellationToken: ct); await Task.Delay(TimeSpan.FromSeconds(30), ct); } } catch (Exception) { await Task.Yield(); } } } }
            """),
        new("supervisor channel", """
            class W : Microsoft.Extensions.Hosting.BackgroundService { readonly System.Threading.Channels.Channel<string> _q = System.Threading.Channels.Channel.CreateUnbounded<string>(); protected override async Task ExecuteAsync(CancellationToken ct) { while (!ct.IsCancellationRequested) { try { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") }), cancellationToken: ct); await foreach (var item in _q.Reader.ReadAllAsync(ct)) { await c.CallToolAsync(item, cancellationToken: ct); } } catch (HttpRequestException) { } } } }
            """),
        new("supervisor helper", """
            class W : Microsoft.Extensions.Hosting.BackgroundService { protected override async Task ExecuteAsync(CancellationToken ct) { while (!ct.IsCancellationRequested) { try { await RunSessionAsync(ct); } catch (HttpRequestException) { } } } async Task RunSessionAsync(CancellationToken ct) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") }), cancellationToken: ct); using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); while (await timer.WaitForNextTickAsync(ct)) await c.PingAsync(cancellationToken: ct); } }
            """),
        new("collected", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync() { var all = new List<McpClient>(); try { for (int i = 0; i < 4; i++) { all.Add(await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u }))); } await Task.WhenAll(all.Select(c => c.PingAsync().AsTask())); } finally { foreach (var c in all) await c.DisposeAsync(); } } }
            """),
        new("channel pool", """
            class A { readonly Uri _u = new("http://x"); readonly System.Threading.Channels.Channel<McpClient> _pool = System.Threading.Channels.Channel.CreateUnbounded<McpClient>(); public async Task FillAsync() { for (int i = 0; i < 4; i++) { var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await _pool.Writer.WriteAsync(c); } } }
            """),
        new("opened before loop", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); foreach (var city in cities) await c.CallToolAsync(city); } }
            """),
        new("in the collection of the loop", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync() { foreach (var tool in await ToolsAsync()) Console.WriteLine(tool); } async Task<List<string>> ToolsAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); return (await c.ListToolsAsync()).Select(t => t.Name).ToList(); } }
            """),
        new("lazily once", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { McpClient? c = null; try { foreach (var city in cities) { c ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } } finally { if (c is not null) await c.DisposeAsync(); } } }
            """),
        new("reopened after failure", """
            class A { readonly Uri _u = new("http://x"); Task<McpClient> OpenAsync() => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); public async Task RunAsync(string[] cities) { var c = await OpenAsync(); try { foreach (var city in cities) { try { await c.CallToolAsync(city); } catch (Exception) { await c.DisposeAsync(); c = await OpenAsync(); await c.CallToolAsync(city); } } } finally { await c.DisposeAsync(); } } }
            """),
        new("helper with server argument", """
            class A { public async Task RunAsync(IEnumerable<Uri> servers) { foreach (var s in servers) await PingOneAsync(s); } async Task PingOneAsync(Uri s) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = s })); await c.PingAsync(); } }
            """),
        new("helper on a new object per server", """
            class S { readonly Uri _u; public S(Uri u) => _u = u; public async Task SyncAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.PingAsync(); } }
            class A { public async Task RunAsync(IEnumerable<Uri> servers) { foreach (var u in servers) { var s = new S(u); await s.SyncAsync(); } } public async Task All(IEnumerable<S> all) { foreach (var s in all) await s.SyncAsync(); } }
            """),
        new("switch on server name", """
            class A { public async Task RunAsync(string[] names) { foreach (var n in names) { switch (n) { case "a": { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://a") })); await c.PingAsync(); break; } case "b": { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://b") })); await c.PingAsync(); break; } } } } }
            """),
        new("iterator returned", """
            class A { readonly Uri _u = new("http://x"); public async IAsyncEnumerable<McpClient> OpenAllAsync(int n) { for (int i = 0; i < n; i++) yield return await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); } }
            """),
        new("select sessions", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync() { var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })))); foreach (var c in all) { await c.PingAsync(); await c.DisposeAsync(); } } }
            """),
        new("test stress", """
            class T { [Xunit.Fact] public async Task Opens_many() { for (int i = 0; i < 3; i++) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } } }
            namespace Xunit { public class FactAttribute : Attribute { } }
            """),
        new("lambda in event per call is not a loop", """
            class A { event Func<Task>? Ticked; public void Wire(Uri u) { Ticked += async () => { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = u })); await c.PingAsync(); }; } }
            """),
        new("failover list", """
            class A { readonly Uri[] _urls = { new("http://a"), new("http://b") }; public async Task<string> AskX() { var i = 0; while (true) { try { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _urls[i % 2] })); return c.ServerInfo.Name; } catch (Exception) when (i < 4) { i++; } } } }
            """),
        new("user chooses server", """
            class P { static async Task Main() { while (Console.ReadLine() is { } url) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(url) })); await c.PingAsync(); } string? line; while ((line = Console.ReadLine()) != null) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(line) })); await c.PingAsync(); } } }
            """));

    public static TheoryData<Case> Reported => Case.For(
        new("foreach", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { foreach (var city in cities) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } } }
            """),
        new("with a loop within", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[][] groups) { foreach (var group in groups) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); foreach (var city in group) await c.CallToolAsync(city); } } }
            """),
        new("main repl", """
            class P { static async Task Main() { while (true) { var line = Console.ReadLine(); if (line == "exit") break; await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.CallToolAsync(line!); } } }
            """),
        new("top-level for", """
            for (int i = 0; i < 10; i++) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); }
            """),
        new("per call", """
            class Agent { readonly Uri _u = new("http://x"); public async Task<string> AskAsync(string question) { foreach (var part in question.Split(' ')) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(part); } return ""; } }
            """),
        new("worker poll", """
            class W : Microsoft.Extensions.Hosting.BackgroundService { protected override async Task ExecuteAsync(CancellationToken ct) { while (!ct.IsCancellationRequested) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://x") }), cancellationToken: ct); await c.CallToolAsync("poll", cancellationToken: ct); await Task.Delay(TimeSpan.FromMinutes(1), ct); } } }
            """),
        new("worker poll with catch", """
            class W : Microsoft.Extensions.Hosting.BackgroundService { protected override async Task ExecuteAsync(CancellationToken ct) { while (!ct.IsCancellationRequested) { try { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://x") }), cancellationToken: ct); await c.CallToolAsync("poll", cancellationToken: ct); } catch (Exception e) { Console.WriteLine(e); } await Task.Delay(TimeSpan.FromMinutes(1), ct); } } }
            """),
        new("timer", """
            class W : Microsoft.Extensions.Hosting.BackgroundService { protected override async Task ExecuteAsync(CancellationToken ct) { using var timer = new PeriodicTimer(TimeSpan.FromMinutes(5)); while (await timer.WaitForNextTickAsync(ct)) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://x") }), cancellationToken: ct); await c.CallToolAsync("poll", cancellationToken: ct); } } }
            """),
        new("parallel", """
            class A { readonly Uri _u = new("http://x"); public Task RunAsync(string[] cities) => Parallel.ForEachAsync(cities, async (city, ct) => { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u }), cancellationToken: ct); await c.CallToolAsync(city); }); }
            """),
        new("select", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { await Task.WhenAll(cities.Select(async city => { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); return await c.CallToolAsync(city); })); } }
            """),
        new("inner re-opens outer's", """
            class A { public async Task RunAsync(IEnumerable<Uri> servers, string[] cities) { foreach (var s in servers) { foreach (var city in cities) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = s })); await c.CallToolAsync(city); } } } }
            """),
        new("retry inside foreach", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { foreach (var city in cities) { for (var attempt = 0; ; attempt++) { try { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); break; } catch (Exception) when (attempt < 3) { } } } } }
            """),
        new("helper that returns", """
            class A { readonly Uri _u = new("http://x"); Task<McpClient> OpenAsync() => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); public async Task RunAsync(string[] cities) { foreach (var city in cities) { await using var c = await [|OpenAsync|](); await c.CallToolAsync(city); } } }
            """),
        new("helper that opens and closes", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { foreach (var city in cities) await [|CallOneAsync|](city); } async Task CallOneAsync(string city) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } }
            """),
        new("public helper of other type", """
            class S { readonly Uri _u = new("http://x"); public async Task ImportAsync(string file) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(file); } }
            class A { readonly S _s = new(); public async Task RunAsync(string[] files) { foreach (var f in files) await _s.[|ImportAsync|](f); } }
            """),
        new("helper called from per call loop", """
            class Agent { readonly Uri _u = new("http://x"); public async Task AskAsync(string question) { foreach (var city in question.Split(' ')) await [|OneAsync|](city); } async Task OneAsync(string city) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } }
            """),
        new("helper per call of its own", """
            class Agent { readonly Uri _u = new("http://x"); public async Task AskAsync(string question) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(question); } }
            class P { static async Task Main(string[] args) { var a = new Agent(); foreach (var q in args) await a.AskAsync(q); } }
            """),
        new("local function", """
            class P { static async Task Main(string[] args) { foreach (var q in args) await [|One|](q); async Task One(string q) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.CallToolAsync(q); } } }
            """),
        new("method group per element", """
            class A { readonly Uri _u = new("http://x"); public Task RunAsync(string[] cities) => Task.WhenAll(cities.Select([|OneAsync|])); async Task OneAsync(string city) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } }
            """),
        new("lambda variable", """
            class P { static async Task Main(string[] args) { Func<string, Task> one = async q => { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.CallToolAsync(q); }; foreach (var q in args) await [|one|](q); } }
            """),
        new("dispose at end of round", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { McpClient? c = null; foreach (var city in cities) { c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); try { await c.CallToolAsync(city); } finally { await c.DisposeAsync(); } } } }
            """),
        new("agent loop until done", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync() { var done = false; while (!done) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); var r = await c.CallToolAsync("step"); done = r.IsError != true; } } }
            """),
        new("options local in loop", """
            class A { readonly string _cmd = "npx"; public async Task RunAsync(string[] files) { foreach (var file in files) { var o = new StdioClientTransportOptions { Command = _cmd, Arguments = new[] { "-y", "server" } }; var t = new StdioClientTransport(o); await using var c = await McpClient.[|CreateAsync|](t); await c.CallToolAsync("read", new Dictionary<string, object?> { ["f"] = file }); } } }
            """),
        new("await foreach", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(IAsyncEnumerable<string> lines) { await foreach (var l in lines) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(l); } } }
            """),
        new("field opened and closed in round", """
            class A { McpClient? _c; readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { foreach (var city in cities) { _c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); try { await _c.CallToolAsync(city); } finally { await _c.DisposeAsync(); _c = null; } } } }
            """),
        new("dropped", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { foreach (var city in cities) { var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } } }
            """),
        new("paging inside", """
            class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { foreach (var city in cities) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); var more = true; while (more) { var r = await c.CallToolAsync(city); more = r.IsError == true; } } } }
            """),
        new("outer loop repeats all servers", """
            class A { public async Task RunAsync(Uri[] servers, string[] questions) { foreach (var q in questions) { foreach (var s in servers) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = s })); await c.CallToolAsync(q); } } } }
            """),
        new("chat with polly", """
            class P { static async Task Main() { while (Console.ReadLine() is { Length: > 0 } q) { var r = await RetryAsync(async () => { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); return await c.CallToolAsync(q); }); Console.WriteLine(r); } } static Task<T> RetryAsync<T>(Func<Task<T>> f) => f(); }
            """));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task NamesTheMemberTheLoopAndTheWayOut() => Verify.VerifyAnalyzerAsync(
        """
        class A { readonly Uri _u = new("http://x"); public async Task RunAsync(string[] cities) { {|#1:foreach|} (var city in cities) { await using var c = await McpClient.{|#0:CreateAsync|}(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } } }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("A.RunAsync", "a 'foreach' loop", "open it once, before the loop"));

    [Fact]
    public Task ShowsTheOpeningInsideTheMethodThatIsCalled() => Verify.VerifyAnalyzerAsync(
        """
        class Agent
        {
            readonly Uri _u = new("http://x");
            public async Task AskAsync(string question) => await Task.WhenAll(question.Split(' ').{|#2:Select|}(word => {|#0:OneAsync|}(word)));
            async Task OneAsync(string word) { await using var c = await McpClient.{|#1:CreateAsync|}(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(word); }
        }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithLocation(2).WithArguments("Agent.AskAsync", "'Select' through 'OneAsync'", "open it once and share it between calls"));

    [Fact]
    public Task TakesThePlaceOfThePerCallRule() => AnalyzerVerifier<SessionOpenedPerCallAnalyzer>.VerifyAnalyzerAsync(
        """
        class Agent
        {
            readonly Uri _u = new("http://x");
            public async Task AskAsync(string question) { foreach (var word in question.Split(' ')) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(word); } }
            public async Task AnswerAsync(string question) { foreach (var word in question.Split(' ')) await OneAsync(word); }
            async Task OneAsync(string word) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(word); }
            public async Task SendAsync(string message) { foreach (var server in new[] { "http://a", "http://b" }) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(server) })); await c.CallToolAsync(message); } }
        }
        """);

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = """
            class A { public async Task RunAsync(string[] files, IClientTransport t) { foreach (var file in files) { await using var c = await McpClientFactory.[|CreateAsync|](t); await c.CallToolAsync(file); } } }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
