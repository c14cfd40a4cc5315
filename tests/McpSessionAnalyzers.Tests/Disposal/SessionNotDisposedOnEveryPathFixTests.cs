using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionNotDisposedOnEveryPathAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionNotDisposedOnEveryPathFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1102: a using declaration where the session ends in the member, a catch that disposes and rethrows where it is handed on.</summary>
public sealed class SessionNotDisposedOnEveryPathFixTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new Case("a returned disposal", """
            class A
            {
              Task P(IClientTransport t)
              {
                  var c = McpClient.[|CreateAsync|](t).GetAwaiter().GetResult();
                  c.PingAsync().GetAwaiter().GetResult();
                  return c.DisposeAsync().AsTask();
              }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("it ends here", """
            class A
            {
                async Task<int> M(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    var tools = await c.ListToolsAsync();
                    await c.DisposeAsync(); // close
                    return tools.Count;
                }

                async Task N(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t).ConfigureAwait(false);
                    await c.PingAsync();
                    try
                    {
                        await c.PingAsync();
                    }
                    finally
                    {
                        await c.DisposeAsync();
                    }
                }

                async Task O(IClientTransport t, bool b)
                {
                    // open
                    McpClient c = await McpClient.[|CreateAsync|](t);
                    if (b)
                    {
                        await c.PingAsync();
                        await c.DisposeAsync();
                        return;
                    }

                    await c.PingAsync();
                    if (c != null)
                    {
                        await c.DisposeAsync();
                    }
                }
            }
            """, """
            class A
            {
                async Task<int> M(IClientTransport t)
                {
                    await using var c = await McpClient.CreateAsync(t);
                    var tools = await c.ListToolsAsync();
                    // close
                    return tools.Count;
                }

                async Task N(IClientTransport t)
                {
                    await using var c = await McpClient.CreateAsync(t).ConfigureAwait(false);
                    await c.PingAsync();
                    await c.PingAsync();
                }

                async Task O(IClientTransport t, bool b)
                {
                    // open
                    await using McpClient c = await McpClient.CreateAsync(t);
                    if (b)
                    {
                        await c.PingAsync();
                        return;
                    }

                    await c.PingAsync();
                }
            }
            """),
        new("it is handed on", """
            class A
            {
                McpClient? _c; IList<McpClientTool>? _tools; readonly List<McpClient> _all = new();

                static async Task<(McpClient, IList<McpClientTool>)> M(IClientTransport t)
                {
                    var mcp = await McpClient.[|CreateAsync|](t).ConfigureAwait(false);

                    // list
                    var tools = await mcp.ListToolsAsync();
                    return (mcp, tools); // both
                }

                async Task N(IClientTransport t)
                {
                    if (_c is not null) return;
                    var c = await McpClient.[|CreateAsync|](t);
                    _tools = await c.ListToolsAsync();
                    foreach (var tool in _tools)
                    {
                        if (tool.Name == "x")
                        {
                            continue;
                        }

                        Console.WriteLine(
                            tool.Name);
                    }
                    _c = c;
                    Console.WriteLine("done");
                }

                async Task<List<McpClient>> O(IClientTransport[] all)
                {
                    var clients = new List<McpClient>();
                    foreach (var t in all)
                    {
                        var c = await McpClient.[|CreateAsync|](t);
                        await c.PingAsync();
                        clients.Add(c);
                    }

                    return clients;
                }

                async Task<int> P(IClientTransport t)
                {
                    var c = await McpClient.[|CreateAsync|](t);
                    _tools = await c.ListToolsAsync();
                    _all.Add(c);
                    return _tools.Count;
                }
                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); foreach (var c in _all) await c.DisposeAsync(); }
            }
            """, """
            class A
            {
                McpClient? _c; IList<McpClientTool>? _tools; readonly List<McpClient> _all = new();

                static async Task<(McpClient, IList<McpClientTool>)> M(IClientTransport t)
                {
                    var mcp = await McpClient.CreateAsync(t).ConfigureAwait(false);

                    try
                    {
                        // list
                        var tools = await mcp.ListToolsAsync();
                        return (mcp, tools); // both
                    }
                    catch
                    {
                        await mcp.DisposeAsync().ConfigureAwait(false);
                        throw;
                    }
                }

                async Task N(IClientTransport t)
                {
                    if (_c is not null) return;
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        _tools = await c.ListToolsAsync();
                        foreach (var tool in _tools)
                        {
                            if (tool.Name == "x")
                            {
                                continue;
                            }

                            Console.WriteLine(
                                tool.Name);
                        }
                        _c = c;
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }

                    Console.WriteLine("done");
                }

                async Task<List<McpClient>> O(IClientTransport[] all)
                {
                    var clients = new List<McpClient>();
                    foreach (var t in all)
                    {
                        var c = await McpClient.CreateAsync(t);
                        try
                        {
                            await c.PingAsync();
                            clients.Add(c);
                        }
                        catch
                        {
                            await c.DisposeAsync();
                            throw;
                        }
                    }

                    return clients;
                }

                async Task<int> P(IClientTransport t)
                {
                    var c = await McpClient.CreateAsync(t);
                    try
                    {
                        _tools = await c.ListToolsAsync();
                        _all.Add(c);
                    }
                    catch
                    {
                        await c.DisposeAsync();
                        throw;
                    }

                    return _tools.Count;
                }
                public async ValueTask DisposeAsync() { await (_c?.DisposeAsync() ?? default); foreach (var c in _all) await c.DisposeAsync(); }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task DisposesOnEveryPath(Case test) => Verify.VerifyCodeFixAsync(test);
}
