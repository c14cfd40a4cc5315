using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionNotDisposedOnEveryPathAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionNotDisposedOnEveryPathFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1102: a session that a path loses is disposed on that path, and where something fails.</summary>
public sealed class SessionNotDisposedOnEveryPathFixPathsTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new("whose it is on some path can't be said", """
            class A : IAsyncDisposable
            {
                McpClient? _c; readonly List<McpClient> _all = new();
                async Task BehindTheHandOver(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    try
                    {
                        await c.PingAsync();
                        _c = c;
                        await Task.Delay(1, CancellationToken.None);
                    }
                    catch (InvalidOperationException)
                    {
                        Console.WriteLine();
                    }
                }
                async Task InOneArm(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    await c.PingAsync();
                    if (x)
                    {
                        _c = c;
                        await Task.Delay(1, CancellationToken.None);
                        return;
                    }

                    await c.DisposeAsync();
                }
                async Task<McpClient?> Choice(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    var tools = await c.ListToolsAsync();
                    return tools switch { { Count: > 0 } => c, _ => null };
                }
                async Task<IList<McpClientTool>?> ToolsLeave(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    var tools = await c.ListToolsAsync();
                    if (x) return tools;
                    _c = c;
                    return null;
                }
                async Task<string?> AskedOnTheWayOut(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    if (x) return c.ServerInstructions;
                    _c = c;
                    return null;
                }
                async Task UsedAfterwards(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    await c.PingAsync();
                    if (x)
                    {
                        _c = c;
                    }

                    await c.PingAsync();
                }
                async Task Maybe(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    await c.PingAsync();
                    _c = x ? c : null;
                }
                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); foreach (var c in _all) await c.DisposeAsync(); }
            }
            """),
        new("more is done with what was opened together, or it is read in a loop", """
            class A : IAsyncDisposable
            {
                readonly List<McpClient> _all = new();
                async Task M(IClientTransport[] ts)
                {
                    foreach (var c in await Task.WhenAll(ts.Select(t => McpClient.[|CreateAsync|](t)))) _all.Add(c);
                }
                async Task N(IClientTransport[] ts)
                {
                    var all = await Task.WhenAll(ts.Select(t => McpClient.[|CreateAsync|](t)));
                    await Task.Delay(1, CancellationToken.None);
                    _all.AddRange(all);
                }
                public async ValueTask DisposeAsync() { foreach (var c in _all) await c.DisposeAsync(); }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("a helper disposes it, or nothing is awaited", """
            class A
            {
                async Task Helper(IClientTransport t, bool b)
                {
                    var c = await McpClient.[|CreateAsync|](t);

                    // ask
                    var tools = await c.ListToolsAsync();
                    if (b)
                    {
                        throw new InvalidOperationException();
                    }

                    await CloseAsync(c); // closed
                    Console.WriteLine(tools.Count);
                }

                void Blocking(IClientTransport t)
                {
                    var c = McpClient.[|CreateAsync|](t).GetAwaiter().GetResult();
                    c.PingAsync().AsTask().Wait();
                    c.DisposeAsync().AsTask().Wait();
                }

                static async Task CloseAsync(McpClient? client) { if (client is not null) await client.DisposeAsync(); }
            }
            """, """
            class A
            {
                async Task Helper(IClientTransport t, bool b)
                {
                    var c = await McpClient.CreateAsync(t);

                    IList<McpClientTool> tools;
                    try
                    {
                        // ask
                        tools = await c.ListToolsAsync();
                        if (b)
                        {
                            throw new InvalidOperationException();
                        }
                    }
                    finally
                    {
                        await CloseAsync(c);
                    }

                    // closed
                    Console.WriteLine(tools.Count);
                }

                void Blocking(IClientTransport t)
                {
                    var c = McpClient.CreateAsync(t).GetAwaiter().GetResult();
                    try
                    {
                        c.PingAsync().AsTask().Wait();
                    }
                    finally
                    {
                        c.DisposeAsync().AsTask().Wait();
                    }
                }

                static async Task CloseAsync(McpClient? client) { if (client is not null) await client.DisposeAsync(); }
            }
            """),
        new("two sessions, a lock, a handler that sorts out", """
            class A : IAsyncDisposable
            {
                readonly List<McpClient> _all = new();

                static async Task<(McpClient, McpClient)?> Two(IClientTransport t, IClientTransport u, bool x)
                {
                    var a = await McpClient.[|CreateAsync|](t);
                    var b = await McpClient.[|CreateAsync|](u);
                    if (x)
                        return null;

                    return (a, b);
                }

                async Task Locked(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    await c.PingAsync();
                    lock (_all)
                    {
                        _all.Add(c);
                    }
                }

                async Task<McpClient> Some(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    try
                    {
                        await c.PingAsync();
                        return c;
                    }
                    catch (Exception e) when (e is HttpRequestException or IOException)
                    {
                        await c.DisposeAsync();
                        throw;
                    }
                }

                public async ValueTask DisposeAsync() { foreach (var c in _all) await c.DisposeAsync(); }
            }
            """, """
            class A : IAsyncDisposable
            {
                readonly List<McpClient> _all = new();

                static async Task<(McpClient, McpClient)?> Two(IClientTransport t, IClientTransport u, bool x)
                {
                    var a = await McpClient.CreateAsync(t);
                    try
                    {
                        var b = await McpClient.CreateAsync(u);
                        if (x)
                        {
                            await b.DisposeAsync();
                            await a.DisposeAsync();
                            return null;
                        }

                        return (a, b);
                    }
                    catch
                    {
                        await a.DisposeAsync();
                        throw;
                    }
                }

                async Task Locked(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        await c.PingAsync();
                        lock (_all)
                        {
                            _all.Add(c);
                        }
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }
                }

                async Task<McpClient> Some(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        try
                        {
                            await c.PingAsync();
                            return c;
                        }
                        catch (Exception e) when (e is HttpRequestException or IOException)
                        {
                            await c.DisposeAsync();
                            throw;
                        }
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }
                }

                public async ValueTask DisposeAsync() { foreach (var c in _all) await c.DisposeAsync(); }
            }
            """),
        new("a path leaves early", """
            class A : IAsyncDisposable
            {
                McpClient? _c; string? _name; readonly List<McpClient> _all = new();

                async Task<McpClient?> M(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    if (!await Ok(c)) return null;
                    return c;
                }

                async Task<McpClient?> N(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    if (x)
                    {
                        Console.WriteLine("no");
                        return null; // not today
                    }

                    return c;
                }

                async Task Connect(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t).ConfigureAwait(false);
                    await c.PingAsync();
                    if (_name is null)
                        return;
                    _c = c;
                }

                async Task Switch(IClientTransport t, int x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    switch (x)
                    {
                        case 1:
                            return;
                        case 2:
                            Console.WriteLine(c.ServerInfo);
                            break;
                    }

                    _c = c;
                }

                async Task Add(IClientTransport[] all)
                {
                    foreach (var t in all)
                    {
                        try
                        {
                            var c = await McpClient.[|CreateAsync|](t);
                            var tools = await c.ListToolsAsync();
                            if (tools.Count == 0)
                                continue;
                            _all.Add(c);
                            Console.WriteLine(tools.Count);
                        }
                        catch (Exception e)
                        {
                            Console.WriteLine(e.Message);
                        }
                    }
                }

                static async Task<bool> Ok(McpClient c) { await c.PingAsync(); return true; }
                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); foreach (var c in _all) await c.DisposeAsync(); }
            }
            """, """
            class A : IAsyncDisposable
            {
                McpClient? _c; string? _name; readonly List<McpClient> _all = new();

                async Task<McpClient?> M(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        if (!await Ok(c))
                        {
                            await c.DisposeAsync();
                            return null;
                        }

                        return c;
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }
                }

                async Task<McpClient?> N(IClientTransport t, bool x)
                {
                    var c = await McpClient.CreateAsync(t);
                    if (x)
                    {
                        Console.WriteLine("no");
                        await c.DisposeAsync();
                        return null; // not today
                    }

                    return c;
                }

                async Task Connect(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t).ConfigureAwait(false);
                    try
                    {
                        await c.PingAsync();
                        if (_name is null)
                        {
                            await c.DisposeAsync().ConfigureAwait(false);
                            return;
                        }

                        _c = c;
                    }
                    catch
                    {
                        await c.DisposeAsync().ConfigureAwait(false);
                        throw;
                    }
                }

                async Task Switch(IClientTransport t, int x)
                {
                    var c = await McpClient.CreateAsync(t);
                    switch (x)
                    {
                        case 1:
                            await c.DisposeAsync();
                            return;
                        case 2:
                            Console.WriteLine(c.ServerInfo);
                            break;
                    }

                    _c = c;
                }

                async Task Add(IClientTransport[] all)
                {
                    foreach (var t in all)
                    {
                        try
                        {
                            var c = await McpClient.CreateAsync(t);
                            IList<McpClientTool> tools;
                            try
                            {
                                tools = await c.ListToolsAsync();
                                if (tools.Count == 0)
                                {
                                    await c.DisposeAsync();
                                    continue;
                                }

                                _all.Add(c);
                            }
                            catch
                            {
                                await c.DisposeAsync();
                                throw;
                            }

                            Console.WriteLine(tools.Count);
                        }
                        catch (Exception e)
                        {
                            Console.WriteLine(e.Message);
                        }
                    }
                }

                static async Task<bool> Ok(McpClient c) { await c.PingAsync(); return true; }
                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); foreach (var c in _all) await c.DisposeAsync(); }
            }
            """),
        new("only one way hands it on", """
            class A : IAsyncDisposable
            {
                McpClient? _c;

                async Task<McpClient?> M(IClientTransport t, string name)
                {
                    var client = await McpClient.[|CreateAsync|](t);
                    var ok = (await client.ListToolsAsync()).Any(x => x.Name == name);
                    return ok ? client : null;
                }

                async Task<(bool, McpClient?)> N(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    return c.ServerCapabilities.Tools is null ? (false, null) : (true, c);
                }

                async Task O(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    if (x)
                    {
                        _c = c;
                    }
                }

                async Task P(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    await c.PingAsync();
                    if (x) { _c = c; } else { Console.WriteLine(c.ServerInfo); }
                }

                async Task Q(IClientTransport t, bool x)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    await c.PingAsync();
                    if (x)
                    {
                        _c = c;
                        return;
                    }

                    Console.WriteLine();
                }

                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            """, """
            class A : IAsyncDisposable
            {
                McpClient? _c;

                async Task<McpClient?> M(IClientTransport t, string name)
                {
                    var client = await McpClient.CreateAsync(t);
                    try
                    {
                        var ok = (await client.ListToolsAsync()).Any(x => x.Name == name);
                        if (!ok)
                        {
                            await client.DisposeAsync();
                            return null;
                        }

                        return client;
                    }
                    catch
                    {
                        await client.DisposeAsync();
                        throw;
                    }
                }

                async Task<(bool, McpClient?)> N(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    if (c.ServerCapabilities.Tools is null)
                    {
                        await c.DisposeAsync();
                        return (false, null);
                    }

                    return (true, c);
                }

                async Task O(IClientTransport t, bool x)
                {
                    var c = await McpClient.CreateAsync(t);
                    if (x)
                    {
                        _c = c;
                    }
                    else
                    {
                        await c.DisposeAsync();
                    }
                }

                async Task P(IClientTransport t, bool x)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        await c.PingAsync();
                        if (x) { _c = c; } else { Console.WriteLine(c.ServerInfo); await c.DisposeAsync(); }
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }
                }

                async Task Q(IClientTransport t, bool x)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        await c.PingAsync();
                        if (x)
                        {
                            _c = c;
                            return;
                        }

                        Console.WriteLine();
                        await c.DisposeAsync();
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }
                }

                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            """),
        new("handlers around it", """
            class A : IAsyncDisposable
            {
                McpClient? _c;

                async Task<McpClient?> Outside(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    try
                    {
                        await c.PingAsync();
                        return c;
                    }
                    catch (Exception e)
                    {
                        Console.WriteLine(e);
                        return null;
                    }
                }

                async Task<McpClient?> Some(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    try
                    {
                        await c.PingAsync();
                        return c;
                    }
                    catch (InvalidOperationException e)
                    {
                        Console.WriteLine(e);
                        return null;
                    }
                }

                async Task Late(IClientTransport t)
                {
                    McpClient? c = null;
                    try
                    {
                        c = await McpClient.[|CreateAsync|](t);
                        await c.PingAsync();
                        _c = c;
                    }
                    catch (Exception e)
                    {
                        Console.WriteLine(e);
                    }
                }

                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            """, """
            class A : IAsyncDisposable
            {
                McpClient? _c;

                async Task<McpClient?> Outside(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        await c.PingAsync();
                        return c;
                    }
                    catch (Exception e)
                    {
                        Console.WriteLine(e);
                        await c.DisposeAsync();
                        return null;
                    }
                }

                async Task<McpClient?> Some(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        try
                        {
                            await c.PingAsync();
                            return c;
                        }
                        catch (InvalidOperationException e)
                        {
                            Console.WriteLine(e);
                            await c.DisposeAsync();
                            return null;
                        }
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }
                }

                async Task Late(IClientTransport t)
                {
                    McpClient? c = null;
                    try
                    {
                        c = await McpClient.CreateAsync(t);
                        try
                        {
                            await c.PingAsync();
                            _c = c;
                        }
                        catch
                        {
                            await c.DisposeAsync();
                            throw;
                        }
                    }
                    catch (Exception e)
                    {
                        Console.WriteLine(e);
                    }
                }

                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            """),
        new("one line, one expression, three at once", """
            class Hub : IAsyncDisposable
            {
                readonly McpClient _c;
                public Hub(McpClient c, int n) => _c = c;
                public ValueTask DisposeAsync() => _c.DisposeAsync();
                static Task<int> Count() => Task.FromResult(1);
                static async Task<Hub> Open(IClientTransport t) => new Hub(await McpClient.[|CreateAsync|](t), await Count());

                static async Task<Hub> Open2(IClientTransport t)
                {
                    // both
                    return new Hub(
                        await McpClient.[|CreateAsync|](t).ConfigureAwait(false),
                        await Count());
                }

                static async Task<McpClient> Line(IClientTransport t) { var c = await McpClient.[|CreateAsync|](t); await c.PingAsync(); return c; }

                static async Task<(McpClient, McpClient, McpClient)> Three(IClientTransport t)
                {
                    var a = await McpClient.[|CreateAsync|](t);
                    var b = await McpClient.[|CreateAsync|](t);
                    var c = await McpClient.[|CreateAsync|](t);
                    await c.PingAsync();
                    return (a, b, c);
                }
            }
            """, """
            class Hub : IAsyncDisposable
            {
                readonly McpClient _c;
                public Hub(McpClient c, int n) => _c = c;
                public ValueTask DisposeAsync() => _c.DisposeAsync();
                static Task<int> Count() => Task.FromResult(1);
                static async Task<Hub> Open(IClientTransport t)
                {
                    var mcpClient = await McpClient.CreateAsync(t);
                    try
                    {
                        return new Hub(mcpClient, await Count());
                    }
                    catch
                    {
                        await mcpClient.DisposeAsync();
                        throw;
                    }
                }

                static async Task<Hub> Open2(IClientTransport t)
                {
                    var mcpClient = await McpClient.CreateAsync(t).ConfigureAwait(false);
                    try
                    {
                        // both
                        return new Hub(
                            mcpClient,
                            await Count());
                    }
                    catch
                    {
                        await mcpClient.DisposeAsync().ConfigureAwait(false);
                        throw;
                    }
                }

                static async Task<McpClient> Line(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        await c.PingAsync();
                        return c;
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }
                }

                static async Task<(McpClient, McpClient, McpClient)> Three(IClientTransport t)
                {
                    var a = await McpClient.CreateAsync(t);
                    try
                    {
                        var b = await McpClient.CreateAsync(t);
                        try
                        {
                            var c = await McpClient.CreateAsync(t);
                            try
                            {
                                await c.PingAsync();
                                return (a, b, c);
                            }
                            catch
                            {
                                await c.DisposeAsync();
                                throw;
                            }
                        }
                        catch
                        {
                            await b.DisposeAsync();
                            throw;
                        }
                    }
                    catch
                    {
                        await a.DisposeAsync();
                        throw;
                    }
                }
            }
            """),
        new("there may be none", """
            class A
            {
                static async Task<McpClient?> TryOpen(IClientTransport t) { try { return await McpClient.CreateAsync(t); } catch (Exception) { return null; } }

                async Task<McpClient?> M(IClientTransport t)
                {
                    var c = await [|TryOpen|](t);
                    if (c is null) return null;
                    await c.PingAsync();
                    return c;
                }
            }
            """, """
            class A
            {
                static async Task<McpClient?> TryOpen(IClientTransport t) { try { return await McpClient.CreateAsync(t); } catch (Exception) { return null; } }

                async Task<McpClient?> M(IClientTransport t)
                {
                    var c = await TryOpen(t);
                    try
                    {
                        if (c is null) return null;
                        await c.PingAsync();
                        return c;
                    }
                    catch
                    {
                        await (c?.DisposeAsync() ?? default);
                        throw;
                    }
                }
            }
            """),
        new("locals that are used further down", """
            class A : IAsyncDisposable
            {
                readonly Dictionary<string, McpClient> _all = new();

                async Task M(Dictionary<string, IClientTransport> ts)
                {
                    foreach (var (name, t) in ts)
                    {
                        var client = await McpClient.[|CreateAsync|](t);
                        var tools = await client.ListToolsAsync(); // all
                        int count = tools.Count;
                        _all[name] = client;
                        Console.WriteLine($"{name}: {tools.Count} {count}");
                    }
                }

                public async ValueTask DisposeAsync() { foreach (var c in _all.Values) await c.DisposeAsync(); }
            }
            """, """
            class A : IAsyncDisposable
            {
                readonly Dictionary<string, McpClient> _all = new();

                async Task M(Dictionary<string, IClientTransport> ts)
                {
                    foreach (var (name, t) in ts)
                    {
                        var client = await McpClient.CreateAsync(t);
                        IList<McpClientTool> tools;
                        int count;
                        try
                        {
                            tools = await client.ListToolsAsync(); // all
                            count = tools.Count;
                            _all[name] = client;
                        }
                        catch
                        {
                            await client.DisposeAsync();
                            throw;
                        }

                        Console.WriteLine($"{name}: {tools.Count} {count}");
                    }
                }

                public async ValueTask DisposeAsync() { foreach (var c in _all.Values) await c.DisposeAsync(); }
            }
            """),
        new("it ends in the middle", """
            class A
            {
                async Task M(IClientTransport t, bool b)
                {
                    // open it
                    var client = await McpClient.[|CreateAsync|](t, new McpClientOptions
                    {
                        ClientInfo = new() { Name = "a", Version = "1" },
                    }); // opened

                    // list
                    var tools = await client.ListToolsAsync();
                    if (b)
                    {
                        await client.DisposeAsync();
                        return;
                    }

                    await client.DisposeAsync();

                    // after
                    Console.WriteLine(tools.Count);
                    await Task.Delay(10);
                }
            }
            """, """
            class A
            {
                async Task M(IClientTransport t, bool b)
                {
                    // open it
                    IList<McpClientTool> tools;
                    await using (var client = await McpClient.CreateAsync(t, new McpClientOptions
                    {
                        ClientInfo = new() { Name = "a", Version = "1" },
                    })) // opened
                    {
                        // list
                        tools = await client.ListToolsAsync();
                        if (b)
                        {
                            return;
                        }
                    }

                    // after
                    Console.WriteLine(tools.Count);
                    await Task.Delay(10);
                }
            }
            """),
        new("opened together", """
            class A : IAsyncDisposable
            {
                readonly List<McpClient> _all = new(); McpClient[] _array = Array.Empty<McpClient>();

                async Task Two(IClientTransport a, IClientTransport b)
                {
                    // both
                    var both = await Task.WhenAll(McpClient.[|CreateAsync|](a), McpClient.[|CreateAsync|](b));
                    _all.AddRange(both);
                }

                async Task<McpClient[]> Many(IEnumerable<IClientTransport> ts) => await Task.WhenAll(ts.Select(async t => await McpClient.[|CreateAsync|](t)));

                async Task Named(IEnumerable<IClientTransport> ts)
                {
                    var tasks = ts.Select(t => McpClient.[|CreateAsync|](t));
                    _array = await Task.WhenAll(tasks).ConfigureAwait(false);
                }

                async Task Locals(IClientTransport a, IClientTransport b)
                {
                    var x = McpClient.[|CreateAsync|](a);
                    var y = McpClient.[|CreateAsync|](b);
                    await Task.WhenAll(x, y);
                    _all.Add(await x);
                    _all.Add(await y);
                }

                async Task<Dictionary<string, McpClient>> Pairs(Dictionary<string, IClientTransport> ts)
                {
                    var opened = await Task.WhenAll(ts.Select(async t =>
                    {
                        var c = await McpClient.[|CreateAsync|](t.Value);
                        return (t.Key, Client: c);
                    }));
                    return opened.ToDictionary(x => x.Key, x => x.Client);
                }

                public async ValueTask DisposeAsync() { foreach (var c in _all) await c.DisposeAsync(); foreach (var c in _array) await c.DisposeAsync(); }
            }
            """, """
            class A : IAsyncDisposable
            {
                readonly List<McpClient> _all = new(); McpClient[] _array = Array.Empty<McpClient>();

                async Task Two(IClientTransport a, IClientTransport b)
                {
                    var openings = new[] { McpClient.CreateAsync(a), McpClient.CreateAsync(b) };
                    McpClient[] both;
                    try
                    {
                        // both
                        both = await Task.WhenAll(openings);
                    }
                    catch
                    {
                        foreach (var opening in openings)
                        {
                            if (opening.IsCompletedSuccessfully)
                            {
                                await (await opening).DisposeAsync();
                            }
                        }

                        throw;
                    }

                    _all.AddRange(both);
                }

                async Task<McpClient[]> Many(IEnumerable<IClientTransport> ts)
                {
                    var openings = ts.Select(async t => await McpClient.CreateAsync(t)).ToList();
                    try
                    {
                        return await Task.WhenAll(openings);
                    }
                    catch
                    {
                        foreach (var opening in openings)
                        {
                            if (opening.IsCompletedSuccessfully)
                            {
                                await (await opening).DisposeAsync();
                            }
                        }

                        throw;
                    }
                }

                async Task Named(IEnumerable<IClientTransport> ts)
                {
                    var tasks = ts.Select(t => McpClient.CreateAsync(t)).ToList();
                    try
                    {
                        _array = await Task.WhenAll(tasks).ConfigureAwait(false);
                    }
                    catch
                    {
                        foreach (var opening in tasks)
                        {
                            if (opening.IsCompletedSuccessfully)
                            {
                                await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
                            }
                        }

                        throw;
                    }
                }

                async Task Locals(IClientTransport a, IClientTransport b)
                {
                    var x = McpClient.CreateAsync(a);
                    var y = McpClient.CreateAsync(b);
                    try
                    {
                        await Task.WhenAll(x, y);
                    }
                    catch
                    {
                        if (x.IsCompletedSuccessfully)
                        {
                            await (await x).DisposeAsync();
                        }

                        if (y.IsCompletedSuccessfully)
                        {
                            await (await y).DisposeAsync();
                        }

                        throw;
                    }

                    _all.Add(await x);
                    _all.Add(await y);
                }

                async Task<Dictionary<string, McpClient>> Pairs(Dictionary<string, IClientTransport> ts)
                {
                    var openings = ts.Select(async t =>
                    {
                        var c = await McpClient.CreateAsync(t.Value);
                        return (t.Key, Client: c);
                    }).ToList();
                    (string Key, McpClient Client)[] opened;
                    try
                    {
                        opened = await Task.WhenAll(openings);
                    }
                    catch
                    {
                        foreach (var opening in openings)
                        {
                            if (opening.IsCompletedSuccessfully)
                            {
                                await (await opening).Client.DisposeAsync();
                            }
                        }

                        throw;
                    }

                    return opened.ToDictionary(x => x.Key, x => x.Client);
                }

                public async ValueTask DisposeAsync() { foreach (var c in _all) await c.DisposeAsync(); foreach (var c in _array) await c.DisposeAsync(); }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task DisposesOnEveryPath(Case test) => Verify.VerifyCodeFixAsync(test);
}
