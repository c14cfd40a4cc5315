using Microsoft.CodeAnalysis;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer>;

namespace McpSessionAnalyzers.Tests.Lifetime;

public sealed class SessionOpenedAndEndedTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("evidence 5 silent where never disposed", """
            class WeatherService { readonly Uri _u = new("http://x"); public async Task<int> FetchAsync() { var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("evidence 5 silent where not on every path", """
            class WeatherService { readonly Uri _u = new("http://x"); public async Task<int> FetchAsync() { var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); var n = (await c.ListToolsAsync()).Count; await c.DisposeAsync(); return n; } }
            """),
        new("evidence 5 silent where the tools leave", """
            class WeatherService { readonly Uri _u = new("http://x"); public async Task<IList<McpClientTool>> FetchAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); return await c.ListToolsAsync(); } }
            """),
        new("evidence 5 silent in run-once types", """
            class Program { static async Task Main() { await DemoAsync(); await new Program().OtherAsync(); } static async Task DemoAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } public async Task OtherAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } }
            class W : Microsoft.Extensions.Hosting.IHostedService { public async Task RefreshAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } public Task StartAsync(CancellationToken ct) => RefreshAsync(); public Task StopAsync(CancellationToken ct) => Task.CompletedTask; }
            """),
        new("evidence 5 silent for initialization verbs", """
            class S { public async Task InitializeAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } public async Task LoadToolNamesAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } public async Task EnsureReadyAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } }
            """),
        new("evidence 5 silent in constructors and tests", """
            class S { public S() { var c = McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })).GetAwaiter().GetResult(); try { } finally { c.DisposeAsync().AsTask().Wait(); } } }
            class T { [Xunit.Fact] public async Task Works() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } }
            namespace Xunit { public class FactAttribute : Attribute { } }
            """),
        new("evidence 5 silent where the loop around its call is reported", """
            class S { readonly Uri _u = new("http://x"); public async Task ImportAsync(int n) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync("x" + n); } }
            class Program { static async Task Main() { var s = new S(); for (var i = 0; i < 9; i++) await s.ImportAsync(i); } }
            """),
        new("evidence 5 silent on a transport parameter and connection tests", """
            class S { public async Task<int> CountAsync(IClientTransport t) { await using var c = await McpClient.CreateAsync(t); return (await c.ListToolsAsync()).Count; } public async Task<bool> CheckServerAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); return true; } }
            """),
        new("evidence 5 silent where the answer is kept", """
            class S { readonly Uri _u = new("http://x"); string? _name; int? _count; string[]? _all; public async Task<string> NameAsync() { if (_name is not null) return _name; await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); return _name = c.ServerInfo.Name; } public async Task<int> CountAsync() { if (_count == null) { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); _count = (await c.ListToolsAsync()).Count; } return _count.Value; } public async Task<string[]> AllAsync() => _all ??= await FetchAsync(); async Task<string[]> FetchAsync() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); return (await c.ListToolsAsync()).Select(t => t.Name).ToArray(); } }
            """),
        new("evidence 5 silent where the call chooses the server by out variable, pattern or tuple", """
            class S { readonly Dictionary<string, IClientTransport> _all = new(); IClientTransport? Find(string t) => null; (string, string[]) For(string t) => (t, Array.Empty<string>()); public async Task FetchAsync(string tenant) { if (!_all.TryGetValue(tenant, out var t)) return; await using var c = await McpClient.CreateAsync(t); await c.PingAsync(); } public async Task RefreshAsync(string tenant) { if (Find(tenant) is not { } t) return; await using var c = await McpClient.CreateAsync(t); await c.PingAsync(); } public async Task SyncAsync(string tenant) { var (command, arguments) = For(tenant); await using var c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = command, Arguments = arguments })); await c.PingAsync(); } }
            """),
        new("a helper that closes the old session and opens the next one keeps it, called twice or not", """
            class Agent : IAsyncDisposable { McpClient? _c; bool _lost; readonly SemaphoreSlim _gate = new(1, 1); readonly Uri _u = new("http://x"); async Task<McpClient> GetAsync() { await _gate.WaitAsync(); try { if (_c is not null && !_lost) return _c; if (_c is not null) { await _c.DisposeAsync(); _c = null; } var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); _c = c; _lost = false; return c; } finally { _gate.Release(); } } public async Task CallAsync(string toolName) { var c = await GetAsync(); try { await c.CallToolAsync(toolName); } catch (Exception) { _lost = true; c = await GetAsync(); await c.CallToolAsync(toolName); } } public async ValueTask DisposeAsync() { if (_c is not null) await _c.DisposeAsync(); } }
            """),
        new("evidence 5 silent in a type that is named for its tests", """
            class WeatherServerTests { public async Task Answers() { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); } }
            """),
        new("evidence 5 silent in a delegate that is kept", """
            class S { public Func<Task> F; public S() { F = async () => { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); }; } public void Wire(Action<Func<Task>> later) { Func<Task> f = async () => { await using var c = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); await c.PingAsync(); }; F = f; } }
            """));

    public static TheoryData<Case> Reported => Case.For(
        new("configured servers in per-call code", """
            class Agent { readonly List<Uri> _servers = new(); public async Task<int> AskAsync(string question) { var n = 0; foreach (var s in _servers) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = s })); n += (await c.ListToolsAsync()).Count; } return n; } }
            """),
        new("configured servers collected in per-call code", """
            class Agent { readonly List<Uri> _servers = new(); public async Task<int> AskAsync(string question) { var all = new List<McpClient>(); try { foreach (var s in _servers) all.Add(await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = s }))); return all.Count; } finally { foreach (var c in all) await c.DisposeAsync(); } } }
            """),
        new("configured servers by select", """
            class Agent { readonly List<Uri> _servers = new(); public async Task<int> AskAsync(string question) { var all = await Task.WhenAll(_servers.Select(s => McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = s })))); try { return all.Length; } finally { foreach (var c in all) await c.DisposeAsync(); } } }
            """),
        new("configured servers through helper", """
            class Agent { readonly List<Uri> _servers = new(); public async Task<int> AskAsync(string question) { var n = 0; foreach (var s in _servers) n += await CountAsync(s); return n; } async Task<int> CountAsync(Uri s) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = s })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("connect and close, public helper", """
            class Agent { McpClient? _c; readonly Uri _u = new("http://x"); public async Task AskAsync(string question) { await ConnectAsync(); try { await _c!.PingAsync(); } finally { await CloseAsync(); } } public async Task ConnectAsync() { _c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); } public async Task CloseAsync() { if (_c != null) await _c.DisposeAsync(); _c = null; } }
            """),
        new("field opened used and nulled", """
            class Agent { McpClient? _c; readonly Uri _u = new("http://x"); public async Task AskAsync(string question) { _c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await _c.CallToolAsync(question); await _c.DisposeAsync(); _c = null; } }
            """),
        new("field opened used and nulled without dispose", """
            class Agent { McpClient? _c; readonly Uri _u = new("http://x"); public async Task AskAsync(string question) { _c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await _c.CallToolAsync(question); _c = null; } }
            """),
        new("helper whose result is ended inside", """
            class Agent { readonly Uri _u = new("http://x"); public async Task AskAsync(string question) { await WithClientAsync(c => c.PingAsync().AsTask()); await WithClientAsync(c => c.CallToolAsync(question).AsTask()); } async Task WithClientAsync(Func<McpClient, Task> f) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await f(c); } }
            """),
        new("each call of a returning helper", """
            class Agent { readonly Uri _u = new("http://x"); Task<McpClient> OpenAsync() => McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _u })); public async Task AskAsync(string question) { await using var c = await [|OpenAsync|](); await c.PingAsync(); } public async Task ChatAsync(string message) { await using var c = await [|OpenAsync|](); await c.PingAsync(); } }
            """),
        new("evidence 5", """
            class WeatherService { readonly Uri _u = new("http://x"); public async Task<int> FetchAsync() { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); return (await c.ListToolsAsync()).Count; } }
            """),
        new("evidence 5 try finally, static, generic", """
            static class Weather { public static async Task<T?> GetAsync<T>(string city) { var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri("http://x") })); try { await c.CallToolAsync(city); return default; } finally { await c.DisposeAsync(); } } }
            """));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task SaysSoInAWhisperWhereNothingElseIsKnown() => Verify.VerifyAnalyzerAsync(
        """
        class WeatherService { readonly Uri _u = new("http://x"); public async Task<int> FetchAsync() { await using var c = await McpClient.{|#0:CreateAsync|}(new HttpClientTransport(new() { Endpoint = _u })); return (await c.ListToolsAsync()).Count; } }
        """,
        Verify.Diagnostic().WithLocation(0).WithSeverity(DiagnosticSeverity.Info).WithArguments("WeatherService.FetchAsync", "the session ends where it was opened", "open it once and share it between calls"));
}
