using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedInLoopAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedInLoopFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1002: the session is opened in front of the loop, or shared between calls where the code around it is one.</summary>
public sealed class SessionOpenedInLoopFixTests
{
    /// <summary>A round may not need the session, may fail alone, or has something of its own in it.</summary>
    public static TheoryData<Case> NoFix => Case.For(
        new("a failure is one round's, a condition, a time limit per round", """
            class A
            {
                readonly Uri _u = new("http://x");
                public async Task CatchAsync(string[] cities) { foreach (var city in cities) { try { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } catch (Exception e) { Console.WriteLine(e); } } }
                public async Task IfAsync(string[] cities) { foreach (var city in cities) { if (city.Length > 3) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); } } }
                public async Task LimitAsync(string[] cities) { foreach (var city in cities) { using var cts = new CancellationTokenSource(1000); await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u }), cancellationToken: cts.Token); await c.CallToolAsync(city, cancellationToken: cts.Token); } }
            }
            """),
        new("an inner loop retries or goes through the servers", """
            class A
            {
                readonly Uri _u = new("http://x");
                public async Task RetryAsync(string[] cities) { foreach (var city in cities) { for (var attempt = 0; ; attempt++) { try { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); break; } catch (Exception) when (attempt < 3) { } } } }
                public async Task AllAsync(Uri[] servers, string[] questions) { foreach (var q in questions) { foreach (var s in servers) { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = s })); await c.CallToolAsync(q); } } }
            }
            """),
        new("nobody waits for the lambdas here, or nothing can stand in front of them", """
            class A
            {
                readonly Uri _u = new("http://x");
                public Task ArrowAsync(string[] cities) => Task.WhenAll(cities.Select(async city => { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); }));
                public async Task<Task[]> LaterAsync(string[] cities) { await Task.Yield(); return cities.Select(async city => { await using var c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); await c.CallToolAsync(city); }).ToArray(); }
            }
            """),
        new("the local is older than the loop, or the session has no name", """
            class A
            {
                readonly Uri _u = new("http://x");
                public async Task OlderAsync(string[] cities) { McpClient? c = null; foreach (var city in cities) { c = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u })); try { await c.CallToolAsync(city); } finally { await c.DisposeAsync(); } } }
                public async Task UnnamedAsync(string[] cities) { foreach (var city in cities) { await (await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = _u }))).CallToolAsync(city); } }
            }
            """));

    /// <summary>With what it is made of and the comments about it; a using declaration closes it.</summary>
    public static TheoryData<Case> Hoisted => Case.For(
        new("with the locals that feed it", """
            public sealed class CityImport
            {
                private readonly Uri _endpoint = new("http://server/mcp");

                public async Task RunAsync(IEnumerable<string> cities, CancellationToken ct)
                {
                    // All cities.
                    foreach (var city in cities)
                    {
                        // Where to.
                        var options = new HttpClientTransportOptions { Endpoint = _endpoint }; // ours
                        options.Name = "import";
                        await using var transport = new HttpClientTransport(options);
                        await using var mcp = await McpClient.[|CreateAsync|](transport, cancellationToken: ct).ConfigureAwait(false);

                        if (city.Length == 0)
                        {
                            continue;
                        }

                        await mcp.CallToolAsync(city, cancellationToken: ct);
                    }
                }
            }
            """, """
            public sealed class CityImport
            {
                private readonly Uri _endpoint = new("http://server/mcp");

                public async Task RunAsync(IEnumerable<string> cities, CancellationToken ct)
                {
                    // Where to.
                    var options = new HttpClientTransportOptions { Endpoint = _endpoint }; // ours
                    options.Name = "import";
                    await using var transport = new HttpClientTransport(options);
                    await using var mcp = await McpClient.CreateAsync(transport, cancellationToken: ct).ConfigureAwait(false);

                    // All cities.
                    foreach (var city in cities)
                    {
                        if (city.Length == 0)
                        {
                            continue;
                        }

                        await mcp.CallToolAsync(city, cancellationToken: ct);
                    }
                }
            }
            """),
        new("three in one method: a using statement, a try, a local declared for its finally", """
            public static class Import
            {
                public static async Task RunAsync(string[] items)
                {
                    foreach (var item in items)
                    {
                        await using (var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })))
                        {
                            await client.CallToolAsync(item);
                        }
                    }

                    for (var i = 0; i < 3; i++)
                    {
                        var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new()
                        {
                            Command = "server",
                        }));
                        try
                        {
                            await client.PingAsync();
                        }
                        finally
                        {
                            await client.DisposeAsync();
                        }
                    }

                    foreach (var item in items)
                    {
                        McpClient? client = null;
                        try
                        {
                            client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                            await client.CallToolAsync(item);
                        }
                        finally
                        {
                            if (client is not null)
                            {
                                await client.DisposeAsync();
                            }
                        }
                    }
                }
            }
            """, """
            public static class Import
            {
                public static async Task RunAsync(string[] items)
                {
                    await using var client2 = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                    foreach (var item in items)
                    {
                        await client2.CallToolAsync(item);
                    }

                    await using var client3 = await McpClient.CreateAsync(new StdioClientTransport(new()
                    {
                        Command = "server",
                    }));
                    for (var i = 0; i < 3; i++)
                    {
                        await client3.PingAsync();
                    }

                    await using var client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                    foreach (var item in items)
                    {
                        await client.CallToolAsync(item);
                    }
                }
            }
            """),
        new("lambdas that run per element, all at once", """
            public static class Import
            {
                public static async Task RunAsync(string[] items, CancellationToken ct)
                {
                    await Parallel.ForEachAsync(items, ct, static async (item, token) =>
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }), cancellationToken: token);
                        await client.CallToolAsync(item, cancellationToken: token);
                    });
                }

                public static async Task SelectAsync(string[] items)
                {
                    var tasks = items.Select(async item =>
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                        return await client.CallToolAsync(item);
                    });
                    await Task.WhenAll(tasks);
                }
            }
            """, """
            public static class Import
            {
                public static async Task RunAsync(string[] items, CancellationToken ct)
                {
                    await using var client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }), cancellationToken: ct);
                    await Parallel.ForEachAsync(items, ct, async (item, token) =>
                    {
                        await client.CallToolAsync(item, cancellationToken: token);
                    });
                }

                public static async Task SelectAsync(string[] items)
                {
                    await using var client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                    var tasks = items.Select(async item =>
                    {
                        return await client.CallToolAsync(item);
                    });
                    await Task.WhenAll(tasks);
                }
            }
            """),
        new("out of as many loops as repeat it", """
            public static class Import
            {
                public static async Task RunAsync(IEnumerable<Uri> servers, string[] items)
                {
                    foreach (var server in servers)
                    {
                        var transport = new HttpClientTransport(new() { Endpoint = server });
                        foreach (var item in items)
                        {
                            for (var i = 0; i < 2; i++)
                            {
                                await using var client = await McpClient.[|CreateAsync|](transport);
                                await client.CallToolAsync(item);
                            }
                        }
                    }
                }
            }
            """, """
            public static class Import
            {
                public static async Task RunAsync(IEnumerable<Uri> servers, string[] items)
                {
                    foreach (var server in servers)
                    {
                        var transport = new HttpClientTransport(new() { Endpoint = server });
                        await using var client = await McpClient.CreateAsync(transport);
                        foreach (var item in items)
                        {
                            for (var i = 0; i < 2; i++)
                            {
                                await client.CallToolAsync(item);
                            }
                        }
                    }
                }
            }
            """));

    /// <summary>A loop in per-call code, and a method that opens and closes in a loop: one session for all calls.</summary>
    public static TheoryData<Case> Shared => Case.For(
        new("an agent's loop", """
            using McpSessions;

            public sealed class Agent
            {
                public async Task AskAsync(string question)
                {
                    foreach (var word in question.Split(' '))
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                        await client.CallToolAsync(word);
                    }
                }
            }
            """, """
            using McpSessions;

            public sealed class Agent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task AskAsync(string question)
                {
                    foreach (var word in question.Split(' '))
                    {
                        var client = await _mcpSession.GetClientAsync();
                        await client.CallToolAsync(word);
                    }
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("a method that the loop calls", """
            using McpSessions;

            public sealed class Import
            {
                public async Task RunAsync(string[] items)
                {
                    foreach (var item in items)
                    {
                        await [|OneAsync|](item);
                    }
                }

                private async Task OneAsync(string item)
                {
                    await using var client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                    await client.CallToolAsync(item);
                }
            }
            """, """
            using McpSessions;

            public sealed class Import : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task RunAsync(string[] items)
                {
                    foreach (var item in items)
                    {
                        await OneAsync(item);
                    }
                }

                private async Task OneAsync(string item)
                {
                    var client = await _mcpSession.GetClientAsync();
                    await client.CallToolAsync(item);
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task OffersNoFix(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Hoisted))]
    public Task OpensBeforeTheLoop(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Shared))]
    public Task Shares(Case test) => Verify.VerifyCodeFixAsync(test);
}
