using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionReplacedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionReplacedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1104: the old session is taken out, and disposed once the new one is in its place.</summary>
public sealed class SessionReplacedFixTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new Case("nothing can be awaited here", """
            class A
            {
                McpClient? _c;
                async Task Open(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
                async Task Close() { if (_c is not null) await _c.DisposeAsync(); }
                void Off() => [|_c|] = null;
                void Off2() { [|_c|] = null; }
                Task Off3() { lock (this) { [|_c|] = null; } return Task.CompletedTask; }
                IEnumerable<int> Off4() { [|_c|] = null; yield return 1; }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("statements", """
            class A
            {
                McpClient? _c;
                McpClient _n = null!;

                public async Task Renew(IClientTransport t)
                {
                    // again
                    [|_c|] = await McpClient.CreateAsync(t); // new
                    [|this._n|] = await McpClient.CreateAsync(t).ConfigureAwait(false);
                    Console.WriteLine();
                }

                public async Task Renew2(IClientTransport t) => [|_n|] = await McpClient.CreateAsync(t);

                public async Task Renew3(IClientTransport t, bool b)
                {
                    if (b)
                        [|_c|] = null;
                    else
                        [|_n|] = await McpClient.CreateAsync(t);
                }

                public Task Off()
                {
                    [|_c|] = null;
                    return Task.CompletedTask;
                }

                public async Task Use()
                {
                    try
                    {
                        await _c!.PingAsync();
                    }
                    catch (IOException)
                    {
                        [|_c|] = null;
                        throw;
                    }
                }

                public async Task Via(IClientTransport t) { var c = await McpClient.CreateAsync(t); [|_c|] = c; await c.PingAsync(); }
            }
            """, """
            class A
            {
                McpClient? _c;
                McpClient _n = null!;

                public async Task Renew(IClientTransport t)
                {
                    // again
                    var previous = _c;
                    _c = await McpClient.CreateAsync(t); // new
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }

                    var previous2 = this._n;
                    this._n = await McpClient.CreateAsync(t).ConfigureAwait(false);
                    if (previous2 is not null)
                    {
                        await previous2.DisposeAsync().ConfigureAwait(false);
                    }

                    Console.WriteLine();
                }

                public async Task Renew2(IClientTransport t)
                {
                    var previous = _n;
                    _n = await McpClient.CreateAsync(t);
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }
                }

                public async Task Renew3(IClientTransport t, bool b)
                {
                    if (b)
                    {
                        var previous = _c;
                        _c = null;
                        if (previous is not null)
                        {
                            await previous.DisposeAsync();
                        }
                    }
                    else
                    {
                        var previous2 = _n;
                        _n = await McpClient.CreateAsync(t);
                        if (previous2 is not null)
                        {
                            await previous2.DisposeAsync();
                        }
                    }
                }

                public async Task Off()
                {
                    var previous = _c;
                    _c = null;
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }
                }

                public async Task Use()
                {
                    try
                    {
                        await _c!.PingAsync();
                    }
                    catch (IOException)
                    {
                        var previous = _c;
                        _c = null;
                        if (previous is not null)
                        {
                            await previous.DisposeAsync();
                        }

                        throw;
                    }
                }

                public async Task Via(IClientTransport t) { var c = await McpClient.CreateAsync(t); var previous = _c; _c = c; if (previous is not null) { await previous.DisposeAsync(); } await c.PingAsync(); }
            }
            """),
        new("atomic writes, tasks, shared sessions, a section", """
            class A
            {
                McpClient? _a;
                McpClient? _b;
                McpClient? _c;
                Task<McpClient>? _t;
                McpSessions.SharedMcpSession? _s;

                public async Task Renew(IClientTransport t)
                {
                    Interlocked.Exchange(ref [|_a|], await McpClient.CreateAsync(t));
                    _ = Interlocked.Exchange(ref [|_b|], null);
                    Volatile.Write(ref [|_c|], await McpClient.CreateAsync(t));
                    [|_t|] = McpClient.CreateAsync(t);
                }

                public async Task Fill(IClientTransport t) => _b ??= await McpClient.CreateAsync(t);

                public void Share(IClientTransport t)
                {
                    [|_s|] = new McpSessions.SharedMcpSession(_ => t);
                }

                public async Task Switch(int kind, IClientTransport t)
                {
                    switch (kind)
                    {
                        case 1:
                            [|_a|] = await McpClient.CreateAsync(t);
                            break;
                    }
                }
            }
            """, """
            class A
            {
                McpClient? _a;
                McpClient? _b;
                McpClient? _c;
                Task<McpClient>? _t;
                McpSessions.SharedMcpSession? _s;

                public async Task Renew(IClientTransport t)
                {
                    var previous = Interlocked.Exchange(ref _a, await McpClient.CreateAsync(t));
                    if (previous is not null)
                    {
                        await previous.DisposeAsync();
                    }

                    var previous2 = Interlocked.Exchange(ref _b, null);
                    if (previous2 is not null)
                    {
                        await previous2.DisposeAsync();
                    }

                    var previous3 = Interlocked.Exchange(ref _c, await McpClient.CreateAsync(t));
                    if (previous3 is not null)
                    {
                        await previous3.DisposeAsync();
                    }

                    var previous4 = _t;
                    _t = McpClient.CreateAsync(t);
                    if (previous4 is { IsCompletedSuccessfully: true })
                    {
                        await (await previous4).DisposeAsync();
                    }
                }

                public async Task Fill(IClientTransport t) => _b ??= await McpClient.CreateAsync(t);

                public void Share(IClientTransport t)
                {
                    var previous = _s;
                    _s = new McpSessions.SharedMcpSession(_ => t);
                    previous?.Dispose();
                }

                public async Task Switch(int kind, IClientTransport t)
                {
                    switch (kind)
                    {
                        case 1:
                            var previous = _a;
                            _a = await McpClient.CreateAsync(t);
                            if (previous is not null)
                            {
                                await previous.DisposeAsync();
                            }

                            break;
                    }
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task TakesOutAndDisposes(Case test) => Verify.VerifyCodeFixAsync(test);
}
