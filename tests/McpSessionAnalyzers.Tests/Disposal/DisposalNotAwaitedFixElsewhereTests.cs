using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.DisposalNotAwaitedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.DisposalNotAwaitedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1105: in Dispose, in methods whose callers can await, and through a local that has the task.</summary>
public sealed class DisposalNotAwaitedFixElsewhereTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new("Dispose that more hangs on", """
            class A : IDisposable, IAsyncDisposable
            {
                McpClient? _c; readonly HttpClient _http = new();
                public void Dispose()
                {
                    _c?.[|DisposeAsync|]().AsTask().Wait();
                    _http.Dispose();
                }
                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            class B : IDisposable, IAsyncDisposable
            {
                McpClient? _c;
                public void Dispose()
                {
                    _c?.[|DisposeAsync|]().AsTask().GetAwaiter().GetResult();
                    _c = null;
                }
                public ValueTask DisposeAsync() { Dispose(); return default; }
            }
            class C : IDisposable, IAsyncDisposable
            {
                readonly McpClient _c = null!;
                public void Dispose() => _ = _c.[|DisposeAsync|]();
                public ValueTask DisposeAsync() => _c.DisposeAsync();
            }
            """),
        new("callers that can't await, or that nobody knows", """
            public class A
            {
                readonly McpClient _c = null!;
                public void Close() => _c.[|DisposeAsync|]().AsTask().Wait();
                internal void Locked() => _c.[|DisposeAsync|]().AsTask().Wait();
                internal void Taken() => _c.DisposeAsync().AsTask().Wait();
                internal virtual void Overridden() => _c.[|DisposeAsync|]().AsTask().Wait();
                internal void Conditional() => _c.[|DisposeAsync|]().AsTask().Wait();
                public async Task M(A? other)
                {
                    await Task.Yield();
                    lock (_c) Locked();
                    Action close = Taken;
                    Overridden();
                    other?.Conditional();
                    close();
                }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("Dispose that has no asynchronous way waits", """
            class A : IDisposable
            {
                McpClient? _c;
                readonly HttpClient _http = new();
                public void Dispose()
                {
                    _http.Dispose();
                    _ = _c?.[|DisposeAsync|](); // closed
                    GC.SuppressFinalize(this);
                }
            }

            class B : IDisposable
            {
                McpClient? _c;
                public void Dispose() => _c?.[|DisposeAsync|]();
            }

            class C : IDisposable
            {
                McpClient _c = null!;
                public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
                protected virtual void Dispose(bool disposing)
                {
                    if (disposing)
                    {
                        Close();
                    }
                }

                private void Close() { _c.[|DisposeAsync|]().AsTask(); }
            }

            class D { void M(McpClient c, CancellationToken stop) => stop.Register(() => { _ = c.[|DisposeAsync|](); }); }
            """, """
            class A : IDisposable
            {
                McpClient? _c;
                readonly HttpClient _http = new();
                public void Dispose()
                {
                    _http.Dispose();
                    _c?.DisposeAsync().AsTask().GetAwaiter().GetResult(); // closed
                    GC.SuppressFinalize(this);
                }
            }

            class B : IDisposable
            {
                McpClient? _c;
                public void Dispose() => _c?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }

            class C : IDisposable
            {
                McpClient _c = null!;
                public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
                protected virtual void Dispose(bool disposing)
                {
                    if (disposing)
                    {
                        Close();
                    }
                }

                private void Close() { _c.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
            }

            class D { void M(McpClient c, CancellationToken stop) => stop.Register(() => { c.DisposeAsync().AsTask().GetAwaiter().GetResult(); }); }
            """),
        new("Dispose beside DisposeAsync doesn't hold its thread", """
            class A : IDisposable, IAsyncDisposable
            {
                readonly McpClient _c = null!;
                public void Dispose() => _c.[|DisposeAsync|]().AsTask().Wait();
                public ValueTask DisposeAsync() => _c.DisposeAsync();
            }

            class B : IDisposable, IAsyncDisposable
            {
                McpClient? _c;
                async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                public void Dispose()
                {
                    // for those who can't wait
                    [|DisposeAsync|]().AsTask().GetAwaiter().GetResult();
                    GC.SuppressFinalize(this);
                }

                public async ValueTask DisposeAsync()
                {
                    if (_c is not null)
                    {
                        await _c.DisposeAsync();
                    }
                }
            }

            class C : IDisposable, IAsyncDisposable
            {
                McpClient? _c;
                public void Dispose() { _c?.[|DisposeAsync|]().AsTask().Wait(); }
                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            """, """
            class A : IDisposable, IAsyncDisposable
            {
                readonly McpClient _c = null!;
                public void Dispose() => _ = Task.Run(async () => await _c.DisposeAsync());
                public ValueTask DisposeAsync() => _c.DisposeAsync();
            }

            class B : IDisposable, IAsyncDisposable
            {
                McpClient? _c;
                async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                public void Dispose()
                {
                    // for those who can't wait
                    _ = Task.Run(async () => await DisposeAsync());
                    GC.SuppressFinalize(this);
                }

                public async ValueTask DisposeAsync()
                {
                    if (_c is not null)
                    {
                        await _c.DisposeAsync();
                    }
                }
            }

            class C : IDisposable, IAsyncDisposable
            {
                McpClient? _c;
                public void Dispose() { _ = Task.Run(async () => await (_c?.DisposeAsync() ?? default)); }
                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;
            }
            """),
        new("made async together with its callers", """
            class A
            {
                McpClient? _c;

                internal void Close()
                {
                    _c?.[|DisposeAsync|]().AsTask().Wait();
                    _c = null;
                }

                private bool TryClose(McpClient c) { c.[|DisposeAsync|]().AsTask().Wait(); return true; }
                public async Task StopAsync() { Close(); await Task.Yield(); }
                public Task ResetAsync(McpClient c)
                {
                    if (!TryClose(c)) throw new InvalidOperationException(nameof(TryClose));
                    Inner();
                    return Task.CompletedTask;

                    void Inner() => Close();
                }

                public async Task<int> LengthAsync(McpClient c) => TryClose(c).ToString().Length;
            }
            """, """
            class A
            {
                McpClient? _c;

                internal async Task Close()
                {
                    await (_c?.DisposeAsync() ?? default);
                    _c = null;
                }

                private async Task<bool> TryClose(McpClient c) { await c.DisposeAsync(); return true; }
                public async Task StopAsync() { await Close(); await Task.Yield(); }
                public async Task ResetAsync(McpClient c)
                {
                    if (!await TryClose(c)) throw new InvalidOperationException(nameof(TryClose));
                    await Inner();
                    return;

                    async Task Inner() => await Close();
                }

                public async Task<int> LengthAsync(McpClient c) => (await TryClose(c)).ToString().Length;
            }
            """),
        new("a local that has the task, and a loop in a lambda", """
            class A
            {
                async Task M(McpClient c, McpClient? d)
                {
                    await Task.Yield();
                    var dropped = c.[|DisposeAsync|](); // dropped
                    var none = d?.[|DisposeAsync|]();
                    var closing = c.[|DisposeAsync|]();
                    if (!closing.IsCompleted) closing.AsTask().Wait();
                    var task = c.[|DisposeAsync|]().AsTask();
                    task.ConfigureAwait(false).GetAwaiter().GetResult();
                }

                async Task N(List<McpClient> all)
                {
                    // all of them
                    all.ForEach(c => c.[|DisposeAsync|]()); // gone
                    await Task.Yield();
                }
            }
            """, """
            class A
            {
                async Task M(McpClient c, McpClient? d)
                {
                    await Task.Yield();
                    await c.DisposeAsync(); // dropped
                    await (d?.DisposeAsync() ?? default);
                    var closing = c.DisposeAsync();
                    if (!closing.IsCompleted) await closing;
                    var task = c.DisposeAsync().AsTask();
                    await task.ConfigureAwait(false);
                }

                async Task N(List<McpClient> all)
                {
                    // all of them
                    foreach (var c in all)
                    {
                        await c.DisposeAsync();
                    } // gone
                    await Task.Yield();
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task Closes(Case test) => Verify.VerifyCodeFixAsync(test);

    [Fact]
    public Task CallersInAnotherDocumentAwaitIt() => new Verify.Test
    {
        // Three copies would be called by each other's names.
        Variants = false,
        TestState =
        {
            Sources =
            {
                """
                static class Sessions
                {
                    internal static void Close(McpClient c) => c.[|DisposeAsync|]().AsTask().Wait();
                }
                """,
                """
                class A
                {
                    public async Task StopAsync(McpClient c)
                    {
                        await Task.Yield();
                        Sessions.Close(c);
                    }

                    private void Reset(McpClient c) => Sessions.Close(c);

                    public Task RestartAsync(McpClient c)
                    {
                        Reset(c);
                        return Task.CompletedTask;
                    }
                }
                """,
            },
        },
        FixedState =
        {
            Sources =
            {
                """
                static class Sessions
                {
                    internal static async Task Close(McpClient c) => await c.DisposeAsync();
                }
                """,
                """
                class A
                {
                    public async Task StopAsync(McpClient c)
                    {
                        await Task.Yield();
                        await Sessions.Close(c);
                    }

                    private async Task Reset(McpClient c) => await Sessions.Close(c);

                    public async Task RestartAsync(McpClient c)
                    {
                        await Reset(c);
                    }
                }
                """,
            },
        },
    }.RunAsync(TestContext.Current.CancellationToken);
}
