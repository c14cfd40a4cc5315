using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.BorrowedSessionDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.BorrowedSessionDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1107: the disposal goes, with the using, the finally or the test that was there for it; the object that has the session disposes it.</summary>
public sealed class BorrowedSessionDisposedFixTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new("more than a disposal", """
            class A(McpSessions.SharedMcpSession s)
            {
                async Task Together(Stream o) { var c = await s.GetClientAsync(); await Task.WhenAll(c.[|DisposeAsync|]().AsTask(), o.DisposeAsync().AsTask()); }
                async Task Kept() { var c = await s.GetClientAsync(); var t = c.[|DisposeAsync|](); await t; }
                async Task Later(List<Func<ValueTask>> all) { var c = await s.GetClientAsync(); all.Add(() => c.[|DisposeAsync|]()); }
                async Task Alone(bool b) { if (b) await [|using|] (var c = await s.GetClientAsync()) await c.PingAsync(); }
                async Task Typed() { await [|using|] System.Runtime.CompilerServices.ConfiguredAsyncDisposable c = (await s.GetClientAsync()).ConfigureAwait(false); Console.WriteLine(c); }
            }
            class P { public static void M(WebApplication app) => app.MapGet("/x", async (McpClient c) => await c.[|DisposeAsync|]()); }
            """) { CSharp = 12 },
        new("nobody else could dispose it", """
            class Base : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
            class Owner : IAsyncDisposable { readonly McpClient _c; Owner(McpClient c) => _c = c; public static async Task<Owner> OpenAsync() => new(await McpClient.CreateAsync(null!)); public Task<string> RunAsync(string q) => null!; public ValueTask DisposeAsync() => _c.DisposeAsync(); }
            class ChatAgent : Base
            {
                Owner? _o;
                public async Task StartAsync() => _o ??= await Owner.OpenAsync();
                public async Task<string> ChatAsync(string message) { await [|using|] (_o) { return await _o!.RunAsync(message); } }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("among other statements on one line, and in a handler", """
            class A
            {
                readonly McpSessions.SharedMcpSession _s = null!;
                async Task M() { await [|using|] (var c = await _s.GetClientAsync()) { await c.PingAsync(); } }
                async Task N() { await [|using|] (await _s.GetClientAsync()) { Console.WriteLine(); } Console.WriteLine("closed"); }
                async Task<int> O() { var c = await _s.GetClientAsync(); try { await c.PingAsync(); return 1; } catch { await c.[|DisposeAsync|](); throw; } }
                async Task P() { var c = await _s.GetClientAsync(); if (c is IAsyncDisposable d) await d.[|DisposeAsync|](); }
            }
            """, """
            class A
            {
                readonly McpSessions.SharedMcpSession _s = null!;
                async Task M() { var c = await _s.GetClientAsync(); await c.PingAsync(); }
                async Task N() { await _s.GetClientAsync(); Console.WriteLine(); Console.WriteLine("closed"); }
                async Task<int> O() { var c = await _s.GetClientAsync(); await c.PingAsync(); return 1; }
                async Task P() { var c = await _s.GetClientAsync(); }
            }
            """),
        new("clients of a shared session", """
            class A(McpSessions.SharedMcpSession s)
            {
                async Task<string> Declaration(string q)
                {
                    // borrow
                    await [|using|] var c = await s.GetClientAsync(); // shared
                    return (await c.CallToolAsync(q)).ToString()!;
                }

                async Task<string> Block(string q)
                {
                    await [|using|] (var c = await s.GetClientAsync().ConfigureAwait(false))
                    {
                        // ask
                        return (await c.CallToolAsync(q)).ToString()!;
                    }
                }

                async Task<string> Finally(string q)
                {
                    var c = await s.GetClientAsync();
                    try
                    {
                        return (await c.CallToolAsync(q)).ToString()!;
                    }
                    finally
                    {
                        await c.[|DisposeAsync|]();
                    }
                }

                async Task Response(HttpContext ctx)
                {
                    var c = await s.GetClientAsync();
                    ctx.Response.[|RegisterForDisposeAsync|](c);
                    await c.PingAsync();
                }

                async Task Names()
                {
                    await [|using|] (var d = await s.GetClientAsync())
                    {
                        var x = 2;
                        Console.WriteLine(x);
                    }

                    await [|using|] (var d = await s.GetClientAsync())
                    {
                        var x = 3;
                        Console.WriteLine(x);
                    }
                }

                async Task Configured()
                {
                    var c = await s.GetClientAsync();
                    await [|using|] var _ = c.ConfigureAwait(false);
                    await c.PingAsync();
                }
            }
            """, """
            class A(McpSessions.SharedMcpSession s)
            {
                async Task<string> Declaration(string q)
                {
                    // borrow
                    var c = await s.GetClientAsync(); // shared
                    return (await c.CallToolAsync(q)).ToString()!;
                }

                async Task<string> Block(string q)
                {
                    var c = await s.GetClientAsync().ConfigureAwait(false);
                    // ask
                    return (await c.CallToolAsync(q)).ToString()!;
                }

                async Task<string> Finally(string q)
                {
                    var c = await s.GetClientAsync();
                    return (await c.CallToolAsync(q)).ToString()!;
                }

                async Task Response(HttpContext ctx)
                {
                    var c = await s.GetClientAsync();
                    await c.PingAsync();
                }

                async Task Names()
                {
                    {
                        var d = await s.GetClientAsync();
                        var x = 2;
                        Console.WriteLine(x);
                    }

                    {
                        var d = await s.GetClientAsync();
                        var x = 3;
                        Console.WriteLine(x);
                    }
                }

                async Task Configured()
                {
                    var c = await s.GetClientAsync();
                    await c.PingAsync();
                }
            }
            """) { CSharp = 12 },
        new("the borrower's own disposal", """
            class A(McpSessions.SharedMcpSession s) : IAsyncDisposable
            {
                McpClient? _c;
                async Task Init() => _c ??= await s.GetClientAsync();

                public async ValueTask DisposeAsync()
                {
                    if (_c is not null)
                    {
                        await _c.[|DisposeAsync|]();
                    }
                }
            }

            class B(McpSessions.SharedMcpSession s, Stream other) : IAsyncDisposable
            {
                McpClient? _c;
                async Task Init() => _c ??= await s.GetClientAsync();

                public async ValueTask DisposeAsync()
                {
                    // closing
                    if (_c is not null) await _c.[|DisposeAsync|]();
                    GC.SuppressFinalize(this);
                }

                async ValueTask CloseAsync()
                {
                    await other.DisposeAsync();
                    await _c!.[|DisposeAsync|]().ConfigureAwait(false);
                }

                ValueTask EndAsync() => _c?.[|DisposeAsync|]() ?? default;
                async Task StopAsync() => await _c!.[|DisposeAsync|]().ConfigureAwait(false);
                ValueTask ReturnAsync() { return _c!.[|DisposeAsync|](); }
                void Block() => _c!.[|DisposeAsync|]().AsTask().Wait();
            }
            """, """
            class A(McpSessions.SharedMcpSession s) : IAsyncDisposable
            {
                McpClient? _c;
                async Task Init() => _c ??= await s.GetClientAsync();

                public ValueTask DisposeAsync() => default;
            }

            class B(McpSessions.SharedMcpSession s, Stream other) : IAsyncDisposable
            {
                McpClient? _c;
                async Task Init() => _c ??= await s.GetClientAsync();

                public ValueTask DisposeAsync()
                {
                    // closing
                    GC.SuppressFinalize(this);
                    return default;
                }

                async ValueTask CloseAsync()
                {
                    await other.DisposeAsync();
                }

                ValueTask EndAsync() => default;
                Task StopAsync() => Task.CompletedTask;
                ValueTask ReturnAsync() { return default; }
                void Block() { }
            }
            """) { CSharp = 12 },
        new("the incident: its owner disposes it", """
            class TravelAgent : IAsyncDisposable
            {
                McpClient? _c;
                public async Task OpenAsync(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
                public Task<string> RunAsync(string q) => null!;
            }

            class ChatService
            {
                readonly TravelAgent _agent = new();

                public async Task<string> ChatAsync(string message)
                {
                    await [|using|] (_agent)
                    {
                        return await _agent.RunAsync(message);
                    }
                }
            }
            """, """
            class TravelAgent : IAsyncDisposable
            {
                McpClient? _c;
                public async Task OpenAsync(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
                public Task<string> RunAsync(string q) => null!;
            }

            class ChatService : IAsyncDisposable
            {
                readonly TravelAgent _agent = new();

                public async Task<string> ChatAsync(string message)
                {
                    return await _agent.RunAsync(message);
                }

                public ValueTask DisposeAsync() => _agent.DisposeAsync();
            }
            """),
        new("fields and handlers", """
            class Agent
            {
                readonly McpClient _c;
                public Agent(McpClient c) => _c = c;
                public async Task<string> AskAsync(string question) { var r = await _c.CallToolAsync(question); await Finish(); return r.ToString()!; }
                async Task Finish() { await _c.[|DisposeAsync|](); }

                public async Task<string> SendAsync(string question)
                {
                    await _c.CallToolAsync(question);
                    if (_c is IAsyncDisposable d)
                    {
                        await d.[|DisposeAsync|]();
                    }

                    return question;
                }
            }

            class P
            {
                static void M(WebApplication app) => app.MapPost("/a", async (McpClient c, string q) => { await [|using|] (c) { return (await c.CallToolAsync(q)).ToString(); } });
            }
            """, """
            class Agent
            {
                readonly McpClient _c;
                public Agent(McpClient c) => _c = c;
                public async Task<string> AskAsync(string question) { var r = await _c.CallToolAsync(question); await Finish(); return r.ToString()!; }
                Task Finish() => Task.CompletedTask;

                public async Task<string> SendAsync(string question)
                {
                    await _c.CallToolAsync(question);

                    return question;
                }
            }

            class P
            {
                static void M(WebApplication app) => app.MapPost("/a", async (McpClient c, string q) => { return (await c.CallToolAsync(q)).ToString(); });
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task Borrows(Case test) => Verify.VerifyCodeFixAsync(test);
}
