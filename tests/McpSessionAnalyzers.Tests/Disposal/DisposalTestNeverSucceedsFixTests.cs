using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.DisposalTestNeverSucceedsAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.DisposalTestNeverSucceedsFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1106: the test goes, and the session is closed.</summary>
public sealed class DisposalTestNeverSucceedsFixTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new("nothing can be awaited here", """
            class A
            {
                public void M(McpClient c, List<McpClient> all) { foreach (var one in all.[|OfType<IDisposable>|]()) one.Dispose(); all.ForEach(one => ([|one as IDisposable|])?.Dispose()); }
                Task L(McpClient c) { lock (this) { if ([|c is IDisposable d|]) d.Dispose(); } return Task.CompletedTask; }
                IEnumerable<int> I(McpClient c) { ([|c as IDisposable|])?.Dispose(); yield return 1; }
            }
            """),
        new("more is done with what the test yields", """
            class A
            {
                async Task M(McpClient c, McpClient? n, List<IDisposable> all)
                {
                    await Task.Yield();
                    if ([|c is IDisposable d|]) all.Add(d);
                    if ([|n is IDisposable e|]) { Action close = () => e.Dispose(); close(); }
                    var f = [|n as IDisposable|];
                    all.Add(f!);
                }

                async Task<bool> N(McpClient c) { await Task.Yield(); return [|c is IDisposable|]; }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("patterns", """
            class A
            {
                McpClient? _c;
                McpClient? Client { get; set; }

                async Task M(McpClient a, McpClient b, McpClient? n)
                {
                    if ([|a is IDisposable d|]) d.Dispose();
                    if ([|b is IDisposable e|])
                    {
                        e.Dispose();
                    }

                    if ([|n is IDisposable f|])
                    {
                        // closed last
                        f.Dispose();
                        Console.WriteLine("closed");
                    }

                    if ([|_c is IDisposable { } g|]) g.Dispose(); // the field
                    if (Client is not null && [|Client is IDisposable h|]) h.Dispose();
                }

                async Task N(McpClient? n)
                {
                    if ([|n is not IDisposable d|]) return;
                    d.Dispose();
                }

                async Task O(McpClient? n)
                {
                    if ([|n is IDisposable|]) ((IDisposable)n).Dispose();
                }

                Task P(McpClient c)
                {
                    if ([|c is IDisposable d|]) { d.Dispose(); }
                    return Task.CompletedTask;
                }
            }
            """, """
            class A
            {
                McpClient? _c;
                McpClient? Client { get; set; }

                async Task M(McpClient a, McpClient b, McpClient? n)
                {
                    await a.DisposeAsync();
                    await b.DisposeAsync();

                    if (n is { } f)
                    {
                        // closed last
                        await f.DisposeAsync();
                        Console.WriteLine("closed");
                    }

                    if (_c is { } g) await g.DisposeAsync(); // the field
                    if (Client is not null && Client is { } h) await h.DisposeAsync();
                }

                async Task N(McpClient? n)
                {
                    if (n is not { } d) return;
                    await d.DisposeAsync();
                }

                async Task O(McpClient? n)
                {
                    if (n != null) await n.DisposeAsync();
                }

                async Task P(McpClient c)
                {
                    await c.DisposeAsync();
                }
            }
            """),
        new("as, and sequences", """
            class A
            {
                McpClient? _c;

                async Task M(McpClient a, McpClient b, McpClient c)
                {
                    ([|a as IDisposable|])?.Dispose(); // first
                    ([|_c as IDisposable|])?.Dispose();
                    ([|(object)b as IDisposable|])?.Dispose();
                    using ([|c as IDisposable|]) { Console.WriteLine(); }
                }

                async Task N(McpClient? m, McpClient? n)
                {
                    var d = [|m as IDisposable|];
                    d?.Dispose();
                    IDisposable? e = [|n as IDisposable|];
                    if (e != null) e.Dispose();
                }

                async Task O(McpClient c) => ([|c as IDisposable|])?.Dispose();

                async Task P(List<McpClient> all)
                {
                    foreach (var one in all.[|OfType<IDisposable>|]()) one.Dispose();
                }

                async Task Q(Dictionary<string, McpClient> all)
                {
                    foreach (IDisposable one in all.Values.[|OfType<IDisposable>|]())
                    {
                        one.Dispose();
                    }
                }
            }
            """, """
            class A
            {
                McpClient? _c;

                async Task M(McpClient a, McpClient b, McpClient c)
                {
                    await a.DisposeAsync(); // first
                    await (_c?.DisposeAsync() ?? default);
                    await b.DisposeAsync();
                    await using (c) { Console.WriteLine(); }
                }

                async Task N(McpClient? m, McpClient? n)
                {
                    var d = m;
                    await (d?.DisposeAsync() ?? default);
                    var e = n;
                    if (e != null) await e.DisposeAsync();
                }

                async Task O(McpClient c) => await c.DisposeAsync();

                async Task P(List<McpClient> all)
                {
                    foreach (var one in all.OfType<IAsyncDisposable>()) await one.DisposeAsync();
                }

                async Task Q(Dictionary<string, McpClient> all)
                {
                    foreach (IAsyncDisposable one in all.Values.OfType<IAsyncDisposable>())
                    {
                        await one.DisposeAsync();
                    }
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task Awaits(Case test) => Verify.VerifyCodeFixAsync(test);
}
