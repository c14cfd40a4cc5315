using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.DisposalTestNeverSucceedsAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.DisposalTestNeverSucceedsFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1106: in Dispose, for a session whose whole life is in the member, and with the callers of a synchronous method.</summary>
public sealed class DisposalTestNeverSucceedsFixWholeTests
{
    public static TheoryData<Case> Fixed => Case.For(
        new("in Dispose of a type that has no other way", """
            class A : IDisposable
            {
                McpClient? _c;
                public void Dispose()
                {
                    if ([|_c is IDisposable d|]) d.Dispose(); // last
                }
            }

            class B : IDisposable
            {
                McpClient? _c;
                public void Dispose() => ([|_c as IDisposable|])?.Dispose();
            }

            class C : IDisposable
            {
                readonly List<McpClient> _all = new();
                public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
                protected virtual void Dispose(bool disposing)
                {
                    if (disposing)
                    {
                        foreach (var d in _all.[|OfType<IDisposable>|]()) d.Dispose();
                        _all.Clear();
                    }
                }
            }

            class D : IDisposable
            {
                readonly List<McpClient> _all = new();
                public void Dispose()
                {
                    foreach (var c in _all)
                    {
                        if ([|c is IDisposable d|])
                        {
                            d.Dispose();
                        }
                    }
                }
            }
            """, """
            class A : IDisposable
            {
                McpClient? _c;
                public void Dispose()
                {
                    if (_c is { } d) d.DisposeAsync().AsTask().GetAwaiter().GetResult(); // last
                }
            }

            class B : IDisposable
            {
                McpClient? _c;
                public void Dispose() => _c?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }

            class C : IDisposable
            {
                readonly List<McpClient> _all = new();
                public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
                protected virtual void Dispose(bool disposing)
                {
                    if (disposing)
                    {
                        foreach (var d in _all.OfType<IAsyncDisposable>()) d.DisposeAsync().AsTask().GetAwaiter().GetResult();
                        _all.Clear();
                    }
                }
            }

            class D : IDisposable
            {
                readonly List<McpClient> _all = new();
                public void Dispose()
                {
                    foreach (var c in _all)
                    {
                        c.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    }
                }
            }
            """),
        new("in Dispose beside DisposeAsync", """
            class A : IDisposable, IAsyncDisposable
            {
                McpClient? _c;
                readonly HttpClient _http = new();

                public async Task OpenAsync(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                public void Dispose()
                {
                    if ([|_c is IDisposable d|])
                    {
                        d.Dispose();
                    }

                    _http.Dispose();
                }

                public ValueTask DisposeAsync()
                {
                    Dispose();
                    return ValueTask.CompletedTask;
                }
            }

            class B : IDisposable, IAsyncDisposable
            {
                readonly McpClient _c = null!;
                public void Dispose() => ([|_c as IDisposable|])?.Dispose();
                public ValueTask DisposeAsync() => _c.DisposeAsync();
            }

            class C : IDisposable, IAsyncDisposable
            {
                readonly List<McpClient> _all = new();
                public async Task OpenAsync(IClientTransport t) => _all.Add(await McpClient.CreateAsync(t));
                public void Dispose()
                {
                    foreach (var d in _all.[|OfType<IDisposable>|]()) d.Dispose();
                    GC.SuppressFinalize(this);
                }

                public async ValueTask DisposeAsync()
                {
                    await Task.Yield();
                }
            }
            """, """
            class A : IDisposable, IAsyncDisposable
            {
                McpClient? _c;
                readonly HttpClient _http = new();

                public async Task OpenAsync(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                public void Dispose()
                {
                    _http.Dispose();
                }

                public async ValueTask DisposeAsync()
                {
                    Dispose();
                    await (_c?.DisposeAsync() ?? default);
                }
            }

            class B : IDisposable, IAsyncDisposable
            {
                readonly McpClient _c = null!;
                public void Dispose() { }
                public ValueTask DisposeAsync() => _c.DisposeAsync();
            }

            class C : IDisposable, IAsyncDisposable
            {
                readonly List<McpClient> _all = new();
                public async Task OpenAsync(IClientTransport t) => _all.Add(await McpClient.CreateAsync(t));
                public void Dispose()
                {
                    GC.SuppressFinalize(this);
                }

                public async ValueTask DisposeAsync()
                {
                    await Task.Yield();
                    foreach (var session in _all)
                    {
                        await session.DisposeAsync();
                    }
                }
            }
            """),
        new("its whole life is in the method", """
            class A
            {
                async Task<int> M(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    var tools = await c.ListToolsAsync();
                    if ([|c is IDisposable d|]) d.Dispose();
                    return tools.Count;
                }

                async Task N(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        await c.PingAsync();
                    }
                    finally
                    {
                        ([|c as IDisposable|])?.Dispose();
                    }
                }

                async Task<int> O(IClientTransport t, bool b)
                {
                    // open
                    var c = await McpClient.CreateAsync(t);
                    if (b)
                    {
                        if ([|c is IDisposable e|])
                        {
                            e.Dispose();
                        }

                        return 0;
                    }

                    await c.PingAsync();
                    ([|c as IDisposable|])?.Dispose();
                    return 1;
                }

                async Task P(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    using var d = [|c as IDisposable|];
                    await c.PingAsync();
                }
            }
            """, """
            class A
            {
                async Task<int> M(IClientTransport t)
                {
                    await using var c = await McpClient.CreateAsync(t);
                    var tools = await c.ListToolsAsync();
                    return tools.Count;
                }

                async Task N(IClientTransport t)
                {
                    await using var c = await McpClient.CreateAsync(t);
                    await c.PingAsync();
                }

                async Task<int> O(IClientTransport t, bool b)
                {
                    // open
                    await using var c = await McpClient.CreateAsync(t);
                    if (b)
                    {
                        return 0;
                    }

                    await c.PingAsync();
                    return 1;
                }

                async Task P(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    await using var d = c;
                    await c.PingAsync();
                }
            }
            """),
        new("callers await it, and it is asserted", """
            class A
            {
                void Close(McpClient c) { if ([|c is IDisposable d|]) d.Dispose(); }
                public async Task StopAsync(McpClient c, McpClient? n) { Close(c); await Task.Yield(); ([|n as IDisposable|])!.Dispose(); ([|c as IDisposable|])!.Dispose(); }
            }
            """, """
            class A
            {
                async Task Close(McpClient c) { await c.DisposeAsync(); }
                public async Task StopAsync(McpClient c, McpClient? n) { await Close(c); await Task.Yield(); await n!.DisposeAsync(); await c.DisposeAsync(); }
            }
            """));

    [Theory, MemberData(nameof(Fixed))]
    public Task Closes(Case test) => Verify.VerifyCodeFixAsync(test);
}
