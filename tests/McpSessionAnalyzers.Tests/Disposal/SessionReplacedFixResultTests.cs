using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionReplacedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionReplacedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1104: the new session is a result as well, comes from elsewhere, or is written where nothing could be awaited so far.</summary>
public sealed class SessionReplacedFixResultTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new Case("the old one is still used, callers that nobody knows, the wrong place", """
            public class A : IAsyncDisposable
            {
                McpClient? _c;
                public async Task Open(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                public void Clear() { [|_c|] = null; }
                public async Task M(IClientTransport t)
                {
                    var old = _c;
                    [|_c|] = await McpClient.CreateAsync(t);
                    Console.WriteLine(old?.ServerInfo);
                }
                public async Task Wrap(IClientTransport t) { var c = await McpClient.CreateAsync(t); [|_hub|] = new Hub(c, _hub); }
                Hub? _hub;
                public async Task N(IClientTransport t, bool x)
                {
                    Console.WriteLine(x ? [|_c|] = await McpClient.CreateAsync(t) : null);
                    if (([|_c|] = await McpClient.CreateAsync(t)) is not null) Console.WriteLine();
                }
                public async ValueTask DisposeAsync() => await (_c?.DisposeAsync() ?? _hub?.DisposeAsync() ?? default);
            }
            public class Hub : IAsyncDisposable { readonly McpClient _c; public Hub(McpClient c, Hub? other) => _c = c; public ValueTask DisposeAsync() => _c.DisposeAsync(); }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("the value is a result as well", """
            class A : IAsyncDisposable
            {
                McpClient? _c;
                public McpClient? Client { get; private set; }
                bool _ok;

                public async Task<McpClient> Arrow(IClientTransport t) => [|_c|] = await McpClient.CreateAsync(t);

                public async Task<McpClient> Return(IClientTransport t)
                {
                    // again
                    return [|_c|] = await McpClient.CreateAsync(t); // new
                }

                public async Task<McpClient> Line(IClientTransport t) { return [|Client|] = await McpClient.CreateAsync(t); }

                public async Task<bool> Declaration(IClientTransport t)
                {
                    var c = [|_c|] = await McpClient.CreateAsync(t);
                    return c.ServerInfo != null;
                }

                public async Task Tuple(IClientTransport t)
                {
                    ([|_c|], _ok) = (await McpClient.CreateAsync(t), true);
                }

                public async Task Choice(IClientTransport t, bool x)
                {
                    [|_c|] = x ? await McpClient.CreateAsync(t) : null;
                }

                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); await (Client?.DisposeAsync() ?? default); }
            }
            """, """
            class A : IAsyncDisposable
            {
                McpClient? _c;
                public McpClient? Client { get; private set; }
                bool _ok;

                public async Task<McpClient> Arrow(IClientTransport t)
                {
                    var previous = _c;
                    _c = await McpClient.CreateAsync(t);
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }

                    return _c;
                }

                public async Task<McpClient> Return(IClientTransport t)
                {
                    // again
                    var previous = _c;
                    _c = await McpClient.CreateAsync(t); // new
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }

                    return _c;
                }

                public async Task<McpClient> Line(IClientTransport t) { var previous = Client; Client = await McpClient.CreateAsync(t); if (previous is not null) { await previous.DisposeAsync(); } return Client; }

                public async Task<bool> Declaration(IClientTransport t)
                {
                    var previous = _c;
                    var c = _c = await McpClient.CreateAsync(t);
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }

                    return c.ServerInfo != null;
                }

                public async Task Tuple(IClientTransport t)
                {
                    var previous = _c;
                    (_c, _ok) = (await McpClient.CreateAsync(t), true);
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }
                }

                public async Task Choice(IClientTransport t, bool x)
                {
                    var previous = _c;
                    _c = x ? await McpClient.CreateAsync(t) : null;
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }
                }

                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); await (Client?.DisposeAsync() ?? default); }
            }
            """),
        new("two members get it", """
            class A : IAsyncDisposable
            {
                McpClient? _c;
                McpClient? _d;

                public async Task M(IClientTransport t)
                {
                    [|_c|] = [|_d|] = await McpClient.CreateAsync(t);
                }

                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); await (_d?.DisposeAsync() ?? default); }
            }
            """, """
            class A : IAsyncDisposable
            {
                McpClient? _c;
                McpClient? _d;

                public async Task M(IClientTransport t)
                {
                    var previous = _c;
                    _c = [|_d|] = await McpClient.CreateAsync(t);
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }
                }

                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); await (_d?.DisposeAsync() ?? default); }
            }
            """),
        new("it comes from elsewhere, and may be the same", """
            class A : IAsyncDisposable
            {
                McpClient? _c;

                public async Task Open(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                public async Task M(IClientTransport t, Func<IClientTransport, Task<McpClient>> open)
                {
                    [|_c|] = await open(t);
                }

                public async ValueTask DisposeAsync() => await (_c?.DisposeAsync() ?? default);
            }
            """, """
            class A : IAsyncDisposable
            {
                McpClient? _c;

                public async Task Open(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                public async Task M(IClientTransport t, Func<IClientTransport, Task<McpClient>> open)
                {
                    var previous = _c;
                    _c = await open(t);
                    if (previous is not null && previous != _c)
                    {
                        await previous.DisposeAsync();
                    }
                }

                public async ValueTask DisposeAsync() => await (_c?.DisposeAsync() ?? default);
            }
            """),
        new("the callers of a synchronous method await it", """
            class A : IAsyncDisposable
            {
                McpClient? _c;

                public async Task Open(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                private void Reset() => [|_c|] = null;

                internal void Clear()
                {
                    [|_c|] = null;
                }

                public async Task Again()
                {
                    Reset();
                    Clear();
                    await Task.Yield();
                }

                public async ValueTask DisposeAsync() => await (_c?.DisposeAsync() ?? default);
            }
            """, """
            class A : IAsyncDisposable
            {
                McpClient? _c;

                public async Task Open(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                private async Task Reset()
                {
                    var previous = _c;
                    _c = null;
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }
                }

                internal async Task Clear()
                {
                    var previous = _c;
                    _c = null;
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }
                }

                public async Task Again()
                {
                    await Reset();
                    await Clear();
                    await Task.Yield();
                }

                public async ValueTask DisposeAsync() => await (_c?.DisposeAsync() ?? default);
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task DisposesTheOldOne(Case test) => Verify.VerifyCodeFixAsync(test);
}
