using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Disposal.SessionNotDisposedOnEveryPathAnalyzer>;

namespace McpSessionAnalyzers.Tests.Disposal;

public sealed class SessionNotDisposedOnEveryPathTests
{
    public static TheoryData<Case> Silent => Case.For(
        new("each round of a loop closes its own", """
            class A
            {
                static async IAsyncEnumerable<McpClient> Stream(IEnumerable<IClientTransport> ts) { foreach (var t in ts) yield return await McpClient.CreateAsync(t); }
                static async Task<List<McpClient>> All(IEnumerable<IClientTransport> ts) { var all = new List<McpClient>(); foreach (var t in ts) all.Add(await McpClient.CreateAsync(t)); return all; }
                async Task M(IEnumerable<IClientTransport> ts) { await foreach (var c in Stream(ts)) await using (c) await c.PingAsync(); }
                async Task N(IEnumerable<IClientTransport> ts) { await foreach (var c in Stream(ts).ConfigureAwait(false)) { try { await c.PingAsync(); } finally { await c.DisposeAsync(); } } }
                async Task O(IEnumerable<IClientTransport> ts) { foreach (var c in await All(ts)) await using (c) Console.WriteLine(c.ServerInfo.Name); }
            }
            """),
        new("opened by a method group that can't fail, or whose sessions are looked through", """
            class A
            {
                static async Task<McpClient?[]> M(string[] commands) => await Task.WhenAll(commands.Select(TryOpen));
                static async Task<McpClient?> TryOpen(string command) { try { return await McpClient.CreateAsync(new StdioClientTransport(new() { Command = command })); } catch (Exception e) { Console.WriteLine(e); return null; } }
                static async Task<McpClient[]> N(string[] commands) { var tasks = commands.Select(Open).ToArray(); try { return await Task.WhenAll(tasks); } catch { foreach (var t in tasks) if (t.IsCompletedSuccessfully) await (await t).DisposeAsync(); throw; } }
                static Task<McpClient> Open(string command) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = command }));
            }
            """),
        new("given to whoever listens", """
            class A
            {
                event Action<McpClient>? Opened; List<McpClient>? _sink;
                async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); Opened?.Invoke(c); }
                async Task N(IClientTransport t) { var c = await McpClient.CreateAsync(t); _sink?.Add(c); }
            }
            """),
        new("a filter that lets in what can be thrown, or a flag", """
            class A
            {
                async Task<McpClient> Fatal(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); return c; } catch (Exception e) when (e is not OutOfMemoryException and not StackOverflowException) { await c.DisposeAsync(); throw; } }
                async Task<McpClient> NoToken(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); return c; } catch (Exception e) when (e is not OperationCanceledException) { await c.DisposeAsync(); throw; } }
                async Task<McpClient> Both(IClientTransport t, CancellationToken ct)
                {
                    var c = await McpClient.CreateAsync(t);
                    try { await c.PingAsync(cancellationToken: ct); return c; }
                    catch (OperationCanceledException) { await c.DisposeAsync(); throw; }
                    catch (Exception e) when (e is not OperationCanceledException) { await c.DisposeAsync(); throw; }
                }
                async Task<McpClient> Flag(IClientTransport t, bool k) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); return c; } catch (Exception e) when (k || e is IOException) { await c.DisposeAsync(); throw; } }
                async Task<McpClient> Log(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); return c; } catch (Exception e) when (Seen(e)) { await c.DisposeAsync(); throw; } }
                static bool Seen(Exception e) => true;
            }
            """),
        new("every branch of what is returned has the session, closes it or has none", """
            record H(McpClient C, bool Ok);
            class A
            {
                static readonly Dictionary<string, McpClient> s_all = new();
                async Task<H> Wrapped(IClientTransport t, bool k) { var c = await McpClient.CreateAsync(t); return k ? new H(c, true) : new H(c, false); }
                async Task<McpClient?> Closed(IClientTransport t, bool k) { var c = await McpClient.CreateAsync(t); return k ? c : await DropAsync(c); }
                async Task<McpClient?> Null(IClientTransport t, bool k) { McpClient? c = null; if (k) { c = await McpClient.CreateAsync(t); } return c != null ? c : null; }
                async Task<McpClient?> SameCondition(IClientTransport t, bool k) { var c = k ? await McpClient.CreateAsync(t) : null; return k ? c : null; }
                async Task<McpClient?> ClosedBefore(IClientTransport t, bool k) { var c = await McpClient.CreateAsync(t); if (!k) await c.DisposeAsync(); return k ? c : null; }
                async Task<McpClient?> ClosedBeforeSwitch(IClientTransport t, bool k) { var c = await McpClient.CreateAsync(t); if (!k) { await c.DisposeAsync(); } return k switch { true => c, false => null }; }
                async Task<McpClient?> Kept(IClientTransport t, bool k) { var c = await McpClient.CreateAsync(t); s_all["a"] = c; return k ? c : null; }
                static async Task<McpClient?> DropAsync(McpClient c) { await c.DisposeAsync(); return null; }
            }
            """),
        new("a handler is registered", """
            class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); c.RegisterNotificationHandler("x", (_, _) => default); return c; } }
            """),
        new("no session on the other way: coalescing", """
            class A { Task<McpClient?> T() => Task.FromResult<McpClient?>(null); async Task M(IClientTransport t) { await using var c = await McpClient.CreateAsync(t) ?? throw new InvalidOperationException(); await c.PingAsync(); } }
            """),
        new("no session on the other way: patterns", """
            class A
            {
                async Task M(IClientTransport t) { if (await McpClient.CreateAsync(t) is { } c) { await using var _ = c; await c.PingAsync(); } }
                async Task N(IClientTransport t) { if (await McpClient.CreateAsync(t) is not { } c) return; await using (c) { await c.PingAsync(); } }
                async Task O(IClientTransport t) { switch (await McpClient.CreateAsync(t)) { case { } c: await using (c) { await c.PingAsync(); } break; } }
            }
            """),
        new("await using declaration", """
            class A { async Task M(IClientTransport t) { await using var c = await McpClient.CreateAsync(t); await c.PingAsync(); if (c.ServerInfo is null) return; await c.PingAsync(); } }
            """),
        new("await using statement", """
            class A { async Task M(IClientTransport t) { await using (var c = await McpClient.CreateAsync(t)) { await c.PingAsync(); } } }
            """),
        new("await using over an expression, at once", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await using (c) { await c.PingAsync(); } } }
            """),
        new("await using over ConfigureAwait, at once", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t).ConfigureAwait(false); await using var _ = c.ConfigureAwait(false); await c.PingAsync(); } }
            """),
        new("finally", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); } finally { await c.DisposeAsync(); } } }
            """),
        new("opened within the try, null check in finally", """
            class A { async Task M(IClientTransport t) { McpClient? c = null; try { c = await McpClient.CreateAsync(t); await c.PingAsync(); } finally { if (c is not null) await c.DisposeAsync(); } } }
            """),
        new("conditional access in finally", """
            class A { async Task M(IClientTransport t) { McpClient? c = null; try { c = await McpClient.CreateAsync(t); await c.PingAsync(); } finally { await (c?.DisposeAsync() ?? default); } } }
            """),
        new("a flag in finally says whether it was handed on", """
            class A { async Task<McpClient> M(IClientTransport t) { var ok = false; var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); ok = true; return c; } finally { if (!ok) await c.DisposeAsync(); } } }
            """),
        new("catch that disposes and rethrows", """
            class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); return c; } catch { await c.DisposeAsync(); throw; } } }
            """),
        new("catch that disposes what there is", """
            class A
            {
                async Task<(McpClient, IList<McpClientTool>)> M(IClientTransport t)
                {
                    McpClient? c = null;
                    try { c = await McpClient.CreateAsync(t); var tools = await c.ListToolsAsync(); return (c, tools); }
                    catch (Exception) { if (c != null) { await c.DisposeAsync(); } throw; }
                }
            }
            """),
        new("catch with a filter", """
            class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); } catch (Exception e) when (e is not OutOfMemoryException) { await c.DisposeAsync(); throw; } return c; } }
            """),
        new("catch that disposes by a helper", """
            class A
            {
                async Task<McpClient> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); return c; } catch { await Quietly(c); throw; } }
                static async Task Quietly(IAsyncDisposable d) { try { await d.DisposeAsync(); } catch { } }
            }
            """),
        new("returned at once", """
            class A { async Task<McpClient> M(IClientTransport t) => await McpClient.CreateAsync(t); async Task<McpClient> N(IClientTransport t) { var c = await McpClient.CreateAsync(t); return c; } }
            """),
        new("field first, then listing", """
            class A { McpClient? _c; IList<McpClientTool>? _tools; async Task M(IClientTransport t) { _c = await McpClient.CreateAsync(t); _tools = await _c.ListToolsAsync(); } }
            """),
        new("coalescing into the field, then listing", """
            class A { McpClient? _c; async Task<IList<McpClientTool>> M(IClientTransport t) { var c = _c ??= await McpClient.CreateAsync(t); return await c.ListToolsAsync(); } }
            """),
        new("registered first, then listing", """
            class A { readonly List<McpClient> _all = new(); async Task<IList<McpClientTool>> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); _all.Add(c); return await c.ListToolsAsync(); } }
            """),
        new("added to a list that is returned", """
            class A { async Task<List<McpClient>> M(IClientTransport[] ts) { var all = new List<McpClient>(); foreach (var t in ts) { var c = await McpClient.CreateAsync(t); all.Add(c); } return all; } }
            """),
        new("logging and properties between opening and return", """
            class A
            {
                async Task<McpClient> M(IClientTransport t, ILogger log)
                {
                    var c = await McpClient.CreateAsync(t);
                    log.LogInformation("connected to {Server} {Id}", c.ServerInfo.Name, c.SessionId);
                    Console.WriteLine(c.ServerCapabilities?.Tools);
                    await Console.Out.WriteLineAsync(c.ServerInfo.Version);
                    var handle = new object();
                    return c;
                }
            }
            """),
        new("a pause that nothing cancels", """
            class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await Task.Yield(); await Task.CompletedTask; await Task.Delay(10); return c; } }
            """),
        new("several awaits, all of them before it", """
            class A { async Task<McpClient> M(IClientTransport t, HttpClient http) { await http.GetStringAsync("x"); var c = await McpClient.CreateAsync(t); return c; } }
            """),
        new("null check of a helper's session", """
            class A
            {
                async Task<McpClient?> OpenAsync(IClientTransport? t) => t is null ? null : await McpClient.CreateAsync(t);
                async Task<McpClient?> M(IClientTransport? t) { var c = await OpenAsync(t); if (c is null) return null; return c; }
                async Task N(IClientTransport? t) { var c = await OpenAsync(t); if (c == null) { throw new InvalidOperationException(); } await using var x = c; await x.PingAsync(); }
            }
            """),
        new("retry that leaves once it is open", """
            class A
            {
                async Task<McpClient> M(IClientTransport t)
                {
                    for (var i = 0; ; i++)
                    {
                        try { return await McpClient.CreateAsync(t); }
                        catch (IOException) when (i < 3) { await Task.Delay(100); }
                    }
                }
            }
            """),
        new("retry with a flag", """
            class A
            {
                async Task<McpClient> M(IClientTransport t)
                {
                    McpClient? c = null; var connected = false;
                    for (var i = 0; i < 3 && !connected; i++)
                    {
                        try { c = await McpClient.CreateAsync(t); connected = true; }
                        catch (IOException) { await Task.Delay(100); }
                    }
                    if (!connected) throw new InvalidOperationException();
                    return c!;
                }
            }
            """),
        new("retry whose failure is told by null", """
            class A
            {
                async Task<McpClient> M(IClientTransport t, CancellationToken ct)
                {
                    McpClient? c = null;
                    while (c is null)
                    {
                        ct.ThrowIfCancellationRequested();
                        try { c = await McpClient.CreateAsync(t, cancellationToken: ct); }
                        catch (IOException) { await Task.Delay(100, ct); }
                    }
                    return c;
                }
            }
            """),
        new("owner that takes it, then works", """
            class Owner : IAsyncDisposable { readonly McpClient _c; public Owner(McpClient c) => _c = c; public async Task Go() => await _c.PingAsync(); public ValueTask DisposeAsync() => _c.DisposeAsync(); }
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await using var o = new Owner(c); await o.Go(); } }
            """),
        new("disposing lambda registered first", """
            class A { async Task<McpClient> M(IClientTransport t, CancellationToken stop) { var c = await McpClient.CreateAsync(t); stop.Register(() => c.DisposeAsync().AsTask().Wait()); await c.PingAsync(); return c; } }
            """),
        new("disposing local function in finally", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); } finally { await CloseAsync(); } async Task CloseAsync() => await c.DisposeAsync(); } }
            """),
        new("response disposes, then it works", """
            class A { async Task M(HttpContext http, IClientTransport t) { var c = await McpClient.CreateAsync(t); http.Response.RegisterForDisposeAsync(c); await c.PingAsync(); } }
            """),
        new("given to a variable of the method around", """
            class A
            {
                async Task M(IClientTransport t, Polly.ResiliencePipeline p)
                {
                    McpClient? c = null;
                    try { await p.ExecuteAsync(async ct => { c = await McpClient.CreateAsync(t); await c.PingAsync(); }); }
                    finally { if (c is not null) await c.DisposeAsync(); }
                }
            }
            """),
        new("collected by parallel lambdas, disposed around", """
            class A
            {
                async Task M(IClientTransport[] ts)
                {
                    var all = new List<McpClient>();
                    try { await Parallel.ForEachAsync(ts, async (t, ct) => { var c = await McpClient.CreateAsync(t, cancellationToken: ct); lock (all) { all.Add(c); } await c.PingAsync(); }); }
                    finally { foreach (var c in all) await c.DisposeAsync(); }
                }
            }
            """),
        new("opened together, each opening catches for itself", """
            class A
            {
                async Task<McpClient?[]> M(IClientTransport[] ts) => await Task.WhenAll(ts.Select(async t => { try { return await McpClient.CreateAsync(t); } catch (Exception e) { Console.WriteLine(e); return null; } }));
            }
            """),
        new("opened together by a helper that catches", """
            class A
            {
                async Task<McpClient?> TryOpenAsync(IClientTransport t) { try { return await McpClient.CreateAsync(t); } catch (Exception) { return null; } }
                async Task<McpClient?[]> M(IClientTransport[] ts) => await Task.WhenAll(ts.Select(TryOpenAsync));
                async Task<McpClient?[]> N(IClientTransport[] ts) => await Task.WhenAll(ts.Select(t => TryOpenAsync(t)));
            }
            """),
        new("opened together, the successful ones disposed when one fails", """
            class A
            {
                async Task<McpClient[]> M(IClientTransport[] ts)
                {
                    var tasks = ts.Select(t => McpClient.CreateAsync(t)).ToArray();
                    try { return await Task.WhenAll(tasks); }
                    catch { foreach (var task in tasks) { if (task.IsCompletedSuccessfully) await (await task).DisposeAsync(); } throw; }
                }
            }
            """),
        new("listed together after opening one by one", """
            class A { readonly List<McpClient> _all = new(); async Task M(IClientTransport[] ts) { foreach (var t in ts) _all.Add(await McpClient.CreateAsync(t)); await Task.WhenAll(_all.Select(c => c.PingAsync().AsTask())); } }
            """),
        new("process ends instead", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); if (c.ServerInfo.Name == "x") { Environment.Exit(1); } await c.DisposeAsync(); } }
            """),
        new("opened by a call whose result tells", """
            class A { bool TryOpen(IClientTransport t, out McpClient c) { c = McpClient.CreateAsync(t).Result; return true; } McpClient? M(IClientTransport t) { if (!TryOpen(t, out var c)) return null; return c; } }
            """),
        new("helper's result object tells", """
            record Opened(bool Success, McpClient? Client);
            class A
            {
                async Task<Opened> OpenAsync(IClientTransport t) => new(true, await McpClient.CreateAsync(t));
                async Task<McpClient?> M(IClientTransport t) { var o = await OpenAsync(t); if (!o.Success) return null; return o.Client; }
            }
            """),
        new("never disposed at all is the other rule's", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await c.PingAsync(); } }
            """),
        new("overwritten and never reached is the other rule's", """
            class A { async Task M(IClientTransport x, IClientTransport y) { var c = await McpClient.CreateAsync(x); c = await McpClient.CreateAsync(y); await c.DisposeAsync(); } }
            """),
        new("yielded at once", """
            class A { async IAsyncEnumerable<McpClient> M(IClientTransport[] ts) { foreach (var t in ts) { var c = await McpClient.CreateAsync(t); yield return c; } } }
            """),
        new("given to code that can't be seen", """
            class A { async Task<U> M<U>(IClientTransport t, Func<McpClient, Task<U>> f) { var c = await McpClient.CreateAsync(t); return await f(c); } }
            """),
        new("task under way is no session yet", """
            class A { async Task M(IClientTransport t, HttpClient http) { var opening = McpClient.CreateAsync(t); await http.GetStringAsync("x"); await using var c = await opening; await c.PingAsync(); } }
            """),
        new("program that registers it for shutdown, and ends with the exception", """
            var app = WebApplication.CreateBuilder(args).Build();
            var c = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
            foreach (var tool in await c.ListToolsAsync()) Console.WriteLine(tool.Name);
            app.Lifetime.ApplicationStopping.Register(() => c.DisposeAsync().AsTask().Wait());
            await app.RunAsync();
            """),
        new("tested in a way that never succeeds is another rule's", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); await c.PingAsync(); if (c is IDisposable d) d.Dispose(); } }
            """),
        new("half-typed", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.CreateAsync(t); try { await c.PingAsync(); } finally { await c.DisposeAsync(); } {|CS0103:whi|} {|CS1002:}|} }
            """));

    public static TheoryData<Case> Reported => Case.For(
        new("opened by a method group, for each element", """
            class A
            {
                static async Task<McpClient[]> M(string[] commands) => await Task.WhenAll(commands.Select([|Open|]));
                static async Task<List<McpClient>> N(string[] commands) { var tasks = commands.Select(A.[|Open|]).ToList(); return (await Task.WhenAll(tasks)).ToList(); }
                static Task<McpClient> Open(string command) => McpClient.CreateAsync(new StdioClientTransport(new() { Command = command }));
            }
            """),
        new("a filter for some exceptions only", """
            class A
            {
                async Task<McpClient> Some(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); try { await c.PingAsync(); return c; } catch (Exception e) when (e is HttpRequestException or IOException) { await c.DisposeAsync(); throw; } }
                async Task<McpClient> OneOf(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); try { await c.PingAsync(); return c; } catch (Exception e) when (e is HttpRequestException || e is IOException) { await c.DisposeAsync(); throw; } }
                async Task<McpClient> Cancelled(IClientTransport t, CancellationToken ct) { var c = await McpClient.[|CreateAsync|](t); try { await c.PingAsync(cancellationToken: ct); return c; } catch (Exception e) when (e is not OperationCanceledException) { await c.DisposeAsync(); throw; } }
                async Task<McpClient> Negated(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); try { await c.PingAsync(); return c; } catch (Exception e) when (!(e is IOException)) { await c.DisposeAsync(); throw; } }
            }
            """),
        new("in a lambda that initializes a member", """
            class A
            {
                static Func<IClientTransport, Task<McpClient>> Open { get; } = async t => { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); return c; };
                static readonly Func<IClientTransport, Task<McpClient>> s_open = async t => { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); return c; };
            }
            """),
        new("one branch of what is returned is not the session", """
            class A
            {
                async Task<McpClient?> Conditional(IClientTransport t, bool test) { var c = await McpClient.[|CreateAsync|](t); return test ? c : null; }
                async Task<McpClient?> Switch(IClientTransport t, int k) { var c = await McpClient.[|CreateAsync|](t); return k switch { 0 => c, 1 => null, _ => c }; }
                async Task<(bool, McpClient?)> Tuple(IClientTransport t, bool k) { var c = await McpClient.[|CreateAsync|](t); return k ? (true, c) : (false, null); }
            }
            """),
        new("listed in the initializer of the object that is to carry it", """
            class Connection { public McpClient? Client; public IList<McpClientTool>? Tools; }
            class A
            {
                async Task<Connection> First(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); return new Connection { Client = c, Tools = await c.ListToolsAsync() }; }
                async Task<Connection> Last(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); return new() { Tools = await c.ListToolsAsync(), Client = c }; }
                async Task<Connection> Local(IClientTransport t) { var o = new Connection { Client = await McpClient.[|CreateAsync|](t) }; o.Tools = await o.Client.ListToolsAsync(); return o; }
            }
            """),
        new("an await before the dispose", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); await c.DisposeAsync(); } }
            """),
        new("top-level program", """
            var c = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
            foreach (var tool in await c.ListToolsAsync()) Console.WriteLine(tool.Name);
            await c.DisposeAsync();
            """),
        new("an await of something else before the dispose", """
            class A { async Task M(IClientTransport t, HttpClient http) { var c = await McpClient.[|CreateAsync|](t); await http.GetStringAsync("x"); await c.DisposeAsync(); } }
            """),
        new("listing before the return", """
            class A { async Task<(McpClient, IList<McpClientTool>)> M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); var tools = await c.ListToolsAsync(); return (c, tools); } }
            """),
        new("listing within the return", """
            class A { async Task<(McpClient, IList<McpClientTool>)> M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); return (c, await c.ListToolsAsync()); } }
            """),
        new("ping before the Add", """
            class A { readonly List<McpClient> _all = new(); async Task M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); _all.Add(c); } }
            """),
        new("listing before the field", """
            class A { McpClient? _c; async Task M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); var tools = await c.ListToolsAsync(); Console.WriteLine(tools.Count); _c = c; } }
            """),
        new("listing before the field, failure logged", """
            class A
            {
                readonly Dictionary<string, McpClient> _all = new();
                async Task M(string n, IClientTransport t) { try { var c = await McpClient.[|CreateAsync|](t); await c.ListToolsAsync(); _all[n] = c; } catch (Exception e) { Console.WriteLine(e); } }
            }
            """),
        new("early return", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); if (c.ServerCapabilities.Tools is null) { return; } await c.DisposeAsync(); } }
            """),
        new("throw", """
            class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); if (c.ServerCapabilities.Tools is null) throw new NotSupportedException(); return c; } }
            """),
        new("throw expression", """
            class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); var name = c.ServerInfo.Name ?? throw new NotSupportedException(); return c; } }
            """),
        new("disposed on one branch only", """
            class A { async Task M(bool b, IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); if (b) { await c.DisposeAsync(); } } }
            """),
        new("only one exception is caught", """
            class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); try { await c.PingAsync(); return c; } catch (IOException) { await c.DisposeAsync(); throw; } } }
            """),
        new("catch that forgets it", """
            class A { async Task<McpClient?> M(IClientTransport t) { McpClient? c = null; try { c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); return c; } catch (Exception) { return null; } } }
            """),
        new("an await between the opening and the try", """
            class A { async Task M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); try { await c.ListToolsAsync(); } finally { await c.DisposeAsync(); } } }
            """),
        new("second opening fails, first is lost", """
            class A { async Task<(McpClient, McpClient)> M(IClientTransport x, IClientTransport y) { var a = await McpClient.[|CreateAsync|](x); var b = await McpClient.CreateAsync(y); return (a, b); } }
            """),
        new("second opening in the same expression", """
            class A { async Task<(McpClient, McpClient)> M(IClientTransport x, IClientTransport y) => (await McpClient.[|CreateAsync|](x), await McpClient.CreateAsync(y)); }
            """),
        new("call on the session that nobody awaits yet", """
            class A { async Task<(McpClient, ValueTask<IList<McpClientTool>>)> M(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); var tools = c.ListToolsAsync(); return (c, tools); } }
            """),
        new("blocking", """
            class A { McpClient M(IClientTransport t) { var c = McpClient.[|CreateAsync|](t).GetAwaiter().GetResult(); c.PingAsync().AsTask().Wait(); return c; } }
            """),
        new("opened together", """
            class A { async Task<McpClient[]> M(IClientTransport[] ts) => await Task.WhenAll(ts.Select(t => McpClient.[|CreateAsync|](t))); }
            """),
        new("opened together from a list of tasks", """
            class A { readonly List<McpClient> _all = new(); async Task M(IClientTransport[] ts) { var tasks = new List<Task<McpClient>>(); foreach (var t in ts) tasks.Add(McpClient.[|CreateAsync|](t)); _all.AddRange(await Task.WhenAll(tasks)); } }
            """),
        new("opened together by a helper", """
            class A { Task<McpClient> OpenAsync(IClientTransport t) => McpClient.CreateAsync(t); async Task<McpClient[]> M(IClientTransport[] ts) { var tasks = ts.Select(t => [|OpenAsync|](t)).ToList(); return await Task.WhenAll(tasks); } }
            """),
        new("failed attempt in a retry", """
            class A
            {
                async Task<McpClient> M(IClientTransport t)
                {
                    while (true)
                    {
                        try { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); return c; }
                        catch (IOException) { await Task.Delay(100); }
                    }
                }
            }
            """),
        new("local list that is emptied too late", """
            class A { async Task M(IClientTransport[] ts) { var all = new List<McpClient>(); foreach (var t in ts) all.Add(await McpClient.[|CreateAsync|](t)); foreach (var c in all) await c.PingAsync(); foreach (var c in all) await c.DisposeAsync(); } }
            """),
        new("after its task", """
            class A { async Task M(IClientTransport t) { var opening = McpClient.[|CreateAsync|](t); Console.WriteLine(); var c = await opening; await c.PingAsync(); await c.DisposeAsync(); } }
            """),
        new("in a lambda", """
            class A { Func<Task<McpClient>> M(IClientTransport t) => async () => { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); return c; }; }
            """),
        new("in a lambda of a pipeline", """
            class A { async Task M(IClientTransport t, Polly.ResiliencePipeline p) { await using var c = await p.ExecuteAsync(async ct => { var x = await McpClient.[|CreateAsync|](t, cancellationToken: ct); await x.PingAsync(); return x; }); } }
            """),
        new("in a local function", """
            class A { async Task<McpClient> M(IClientTransport t) { return await Go(); async Task<McpClient> Go() { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); return c; } } }
            """),
        new("in an iterator", """
            class A { async IAsyncEnumerable<McpClient> M(IClientTransport[] ts) { foreach (var t in ts) { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); yield return c; } } }
            """),
        new("primary constructor, expression of a static factory", """
            class Owner(McpClient c, IList<McpClientTool> tools) : IAsyncDisposable
            {
                public int Count => tools.Count;
                public static async Task<Owner> CreateAsync(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); var tools = await c.ListToolsAsync(); return new Owner(c, tools); }
                public ValueTask DisposeAsync() => c.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("helper's session", """
            class A { Task<McpClient> OpenAsync(IClientTransport t) => McpClient.CreateAsync(t); async Task M(IClientTransport t) { var c = await [|OpenAsync|](t); await c.PingAsync(); await c.DisposeAsync(); } }
            """),
        new("transport connected by hand", """
            class A { async Task M(IClientTransport t, JsonRpcMessage m) { var s = await t.[|ConnectAsync|](); await s.SendMessageAsync(m); await s.DisposeAsync(); } }
            """),
        new("resumed", """
            class A { async Task<McpClient> M(IClientTransport t, ResumeClientSessionOptions o) { var c = await McpClient.[|ResumeSessionAsync|](t, o); await c.PingAsync(); return c; } }
            """),
        new("shared session", """
            class A { async Task M(IClientTransport t) { var s = new [|McpSessions.SharedMcpSession|](_ => t); var c = await s.GetClientAsync(); await c.PingAsync(); await s.DisposeAsync(); } }
            """),
        new("generic, nested", """
            class Outer<T> { class Inner { async Task<(McpClient, U)> M<U>(IClientTransport t, Func<Task<U>> f) { var c = await McpClient.[|CreateAsync|](t).ConfigureAwait(false); return (c, await f().ConfigureAwait(false)); } } }
            """));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => Verify.VerifyAnalyzerAsync(test);

    [Fact]
    public Task PointsAtTheCallThatMayFail() => Verify.VerifyAnalyzerAsync(
        """
        class A { async Task<McpClient> M(IClientTransport t) { var c = await McpClient.{|#0:CreateAsync|}(t); await c.{|#1:PingAsync|}(); return c; } }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments(
            "McpClient.CreateAsync", "'PingAsync' fails", "hand it on first, or dispose it in a 'catch' and rethrow"));

    [Fact]
    public Task PointsAtTheCallWhoseFailureIsSwallowed() => Verify.VerifyAnalyzerAsync(
        """
        class A { McpClient? _c; async Task M(IClientTransport t) { try { var c = await McpClient.{|#0:CreateAsync|}(t); await c.{|#1:PingAsync|}(); _c = c; } catch (Exception e) { Console.WriteLine(e); } } }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments(
            "McpClient.CreateAsync", "'PingAsync' fails", "hand it on first, or dispose it in a 'catch' and rethrow"));

    [Fact]
    public Task PointsAtTheEarlyReturn() => Verify.VerifyAnalyzerAsync(
        """
        class A { async Task M(IClientTransport t) { var c = await McpClient.{|#0:CreateAsync|}(t); if (c.ServerCapabilities.Tools is null) { {|#1:return;|} } await c.DisposeAsync(); } }
        """,
        Verify.Diagnostic().WithLocation(0).WithLocation(1).WithArguments(
            "McpClient.CreateAsync", "this path leaves without it", "dispose it with 'await using' or in a 'finally'"));

    [Fact]
    public Task KnowsTheOldSdk() => new Verify.Test
    {
        ReferenceAssemblies = References.Mcp0,
        TestCode = """
            class A
            {
                async Task<IMcpClient> M(IClientTransport t) { var c = await McpClientFactory.[|CreateAsync|](t); await c.PingAsync(); return c; }
                async Task N(IClientTransport t) { await using IMcpClient c = await McpClientFactory.CreateAsync(t); await c.PingAsync(); }
            }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
