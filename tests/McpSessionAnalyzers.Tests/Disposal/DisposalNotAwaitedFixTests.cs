using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.DisposalNotAwaitedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.DisposalNotAwaitedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1105: what was dropped or blocked on is awaited, and the member made async where its callers can't tell.</summary>
public sealed class DisposalNotAwaitedFixTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new("nothing can be awaited here, and the callers would see it", """
            class A : IDisposable, IAsyncDisposable
            {
                readonly McpClient _c = null!;
                void M(McpClient c) { c.[|DisposeAsync|](); }
                public void Dispose() => _c.[|DisposeAsync|]();
                public ValueTask DisposeAsync() => _c.DisposeAsync();
                IEnumerable<int> I(McpClient c) { c.[|DisposeAsync|](); yield return 1; }
                Task L(McpClient c) { lock (this) { _ = c.[|DisposeAsync|](); } return Task.CompletedTask; }
                Task R(McpClient c, ref int x) { _ = c.[|DisposeAsync|](); return Task.CompletedTask; }
                Task S(McpClient c, ReadOnlySpan<char> x) { _ = c.[|DisposeAsync|](); return Task.CompletedTask; }
                int N(McpClient c) { _ = c.[|DisposeAsync|](); return 1; }
                A(McpClient c) { _ = c.[|DisposeAsync|](); }
            }
            """),
        new("callbacks that return nothing", """
            class A
            {
                void M(McpClient c, List<McpClient> all)
                {
                    AppDomain.CurrentDomain.ProcessExit += (_, _) => { _ = c.[|DisposeAsync|](); };
                    all.ForEach(one => one.[|DisposeAsync|]());
                }
            }
            """),
        new("a wait with a limit, whose result says whether it was enough", """
            class A
            {
                async Task M(McpClient c)
                {
                    await c.PingAsync();
                    if (!c.[|DisposeAsync|]().AsTask().Wait(100)) Console.WriteLine("still open");
                    c.[|DisposeAsync|]().AsTask().Wait(TimeSpan.FromSeconds(1));
                }
            }
            """),
        new("another task is dropped in the same function, which the compiler would warn of", """
            class A
            {
                Task M(McpClient c)
                {
                    c.[|DisposeAsync|]();
                    Task.Run(() => Console.WriteLine());
                    return Task.CompletedTask;
                }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("every form, in one method", """
            class A
            {
                McpClient? _c;

                async Task M(McpClient c, McpClient? d, Dictionary<string, McpClient> all, CancellationToken stop)
                {
                    _ = c.[|DisposeAsync|](); // dropped
                    c.[|DisposeAsync|]().AsTask().Wait();
                    c.[|DisposeAsync|]().ConfigureAwait(false).GetAwaiter().GetResult();
                    // null-safe
                    d?.[|DisposeAsync|]();
                    _ = _c?.[|DisposeAsync|]().AsTask();
                    _c?.[|DisposeAsync|]().AsTask().ConfigureAwait(false).GetAwaiter().GetResult();
                    if (d is null) c.[|DisposeAsync|]();
                    foreach (var one in all.Values)
                        one.[|DisposeAsync|]();
                    this._c!.[|DisposeAsync|]().AsTask().Wait(stop);
                    Task.WaitAll(c.[|DisposeAsync|]().AsTask(), d!.[|DisposeAsync|]().AsTask());
                }
            }
            """, """
            class A
            {
                McpClient? _c;

                async Task M(McpClient c, McpClient? d, Dictionary<string, McpClient> all, CancellationToken stop)
                {
                    await c.DisposeAsync(); // dropped
                    await c.DisposeAsync();
                    await c.DisposeAsync().ConfigureAwait(false);
                    // null-safe
                    await (d?.DisposeAsync() ?? default);
                    await (_c?.DisposeAsync() ?? default);
                    await (_c?.DisposeAsync() ?? default).ConfigureAwait(false);
                    if (d is null) await c.DisposeAsync();
                    foreach (var one in all.Values)
                        await one.DisposeAsync();
                    await this._c!.DisposeAsync().AsTask().WaitAsync(stop);
                    await Task.WhenAll(c.DisposeAsync().AsTask(), d!.DisposeAsync().AsTask());
                }
            }
            """),
        new("made async: methods, local functions, lambdas", """
            class A
            {
                Task M(McpClient c, McpClient d)
                {
                    c.[|DisposeAsync|]();
                    _ = d.[|DisposeAsync|]();
                    return Task.CompletedTask;
                }

                Task<int> N(McpClient? c, bool b)
                {
                    _ = c?.[|DisposeAsync|]();
                    if (b)
                        return Task.FromResult(1);
                    return b ? Task.FromResult(3) : Task.FromResult(2);
                }

                ValueTask V(McpClient c, McpClient? d) { c.[|DisposeAsync|]().AsTask().Wait(); return d?.DisposeAsync() ?? default; }

                Func<Task> F(McpClient c)
                {
                    return () => { _ = Close(c); return Task.CompletedTask; };
                    Task Close(McpClient one) { one.[|DisposeAsync|](); return Task.CompletedTask; }
                }
            }
            """, """
            class A
            {
                async Task M(McpClient c, McpClient d)
                {
                    await c.DisposeAsync();
                    await d.DisposeAsync();
                }

                async Task<int> N(McpClient? c, bool b)
                {
                    await (c?.DisposeAsync() ?? default);
                    if (b)
                        return 1;
                    return await (b ? Task.FromResult(3) : Task.FromResult(2));
                }

                async ValueTask V(McpClient c, McpClient? d) { await c.DisposeAsync(); await (d?.DisposeAsync() ?? default); }

                Func<Task> F(McpClient c)
                {
                    return () => { _ = Close(c); return Task.CompletedTask; };
                    async Task Close(McpClient one) { await one.DisposeAsync(); }
                }
            }
            """),
        new("expression bodies, owners and nested access", """
            class Hub : IAsyncDisposable
            {
                public McpClient? Client;
                async Task M(IClientTransport t) => Client ??= await McpClient.CreateAsync(t);
                public ValueTask DisposeAsync() => Client?.DisposeAsync() ?? default;
            }

            class A
            {
                async Task M(Hub h) => h.[|DisposeAsync|]().AsTask().Wait();
                async Task N(Hub? h, List<Func<Task>> stop)
                {
                    h?.Client?.[|DisposeAsync|]();
                    stop.Add(async () => h!.[|DisposeAsync|]().AsTask().Wait());
                }
            }
            """, """
            class Hub : IAsyncDisposable
            {
                public McpClient? Client;
                async Task M(IClientTransport t) => Client ??= await McpClient.CreateAsync(t);
                public ValueTask DisposeAsync() => Client?.DisposeAsync() ?? default;
            }

            class A
            {
                async Task M(Hub h) => await h.DisposeAsync();
                async Task N(Hub? h, List<Func<Task>> stop)
                {
                    await (h?.Client?.DisposeAsync() ?? default);
                    stop.Add(async () => await h!.DisposeAsync());
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task Awaits(Case test) => Verify.VerifyCodeFixAsync(test);
}
