using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionNeverDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionNeverDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1101: in methods whose callers can await them, among other statements on one line, and in switch sections.</summary>
public sealed class SessionNeverDisposedFixCallersTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new("callers that can't await it, or that nobody knows", """
            public class A
            {
                public void Known(IClientTransport t) { var c = McpClient.[|CreateAsync|](t).Result; Console.WriteLine(c.ServerInfo); }
                internal int InLock(IClientTransport t) { var c = McpClient.[|CreateAsync|](t).Result; return c.ServerInfo.Name.Length; }
                internal void InSync(IClientTransport t) { var c = McpClient.[|CreateAsync|](t).Result; Console.WriteLine(c.ServerInfo); }
                internal void AsDelegate(IClientTransport t) { var c = McpClient.[|CreateAsync|](t).Result; Console.WriteLine(c.ServerInfo); }
                public async Task M(IClientTransport t, List<Action<IClientTransport>> all)
                {
                    await Task.Yield();
                    Known(t);
                    lock (this) InLock(t);
                    all.Add(AsDelegate);
                }
                public void N(IClientTransport t) => InSync(t);
            }
            """),
        new("a section's local that another section has as well", """
            class A
            {
                async Task M(IClientTransport t, int x)
                {
                    switch (x)
                    {
                        case 1:
                            var c = await McpClient.[|CreateAsync|](t);
                            await c.PingAsync();
                            break;
                        case 2:
                            c = null!;
                            break;
                    }
                }
            }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("callers of a synchronous method await it", """
            class A
            {
                private void Ping(IClientTransport t)
                {
                    var c = McpClient.[|CreateAsync|](t).GetAwaiter().GetResult();
                    Console.WriteLine(c.ServerInfo);
                }

                internal static string? Name(IClientTransport t) { var c = McpClient.[|CreateAsync|](t).Result; return c.ServerInfo.Name; }

                public async Task<bool> GoAsync(IClientTransport t, bool again)
                {
                    await Task.Yield();
                    Ping(t);
                    if (again) Ping(t);
                    return Name(t)?.Length > 0 && Name(t) == "x";
                }

                public Task LocalAsync(IClientTransport t)
                {
                    Show();
                    return Task.CompletedTask;

                    void Show()
                    {
                        var c = McpClient.[|CreateAsync|](t).Result;
                        Console.WriteLine(c.ServerInfo);
                    }
                }
            }
            """, """
            class A
            {
                private async Task Ping(IClientTransport t)
                {
                    await using var c = await McpClient.CreateAsync(t);
                    Console.WriteLine(c.ServerInfo);
                }

                internal static async Task<string?> Name(IClientTransport t) { await using var c = await McpClient.CreateAsync(t); return c.ServerInfo.Name; }

                public async Task<bool> GoAsync(IClientTransport t, bool again)
                {
                    await Task.Yield();
                    await Ping(t);
                    if (again) await Ping(t);
                    return (await Name(t))?.Length > 0 && await Name(t) == "x";
                }

                public async Task LocalAsync(IClientTransport t)
                {
                    await Show();
                    return;

                    async Task Show()
                    {
                        await using var c = await McpClient.CreateAsync(t);
                        Console.WriteLine(c.ServerInfo);
                    }
                }
            }
            """),
        new("among other statements on one line, and by a task", """
            class A
            {
                async Task M(IClientTransport t) { await (await McpClient.[|CreateAsync|](t)).PingAsync(); }
                async Task N(IClientTransport t) { foreach (var x in await (await McpClient.[|CreateAsync|](t)).ListToolsAsync()) Console.WriteLine(x.Name); }

                async Task O(IClientTransport t)
                {
                    var opening = McpClient.[|CreateAsync|](t);
                    Console.WriteLine("opening");
                    var c = await opening.ConfigureAwait(false);
                    await c.PingAsync();
                }
            }
            """, """
            class A
            {
                async Task M(IClientTransport t) { await using var mcpClient = await McpClient.CreateAsync(t); await mcpClient.PingAsync(); }
                async Task N(IClientTransport t) { await using var mcpClient = await McpClient.CreateAsync(t); foreach (var x in await mcpClient.ListToolsAsync()) Console.WriteLine(x.Name); }

                async Task O(IClientTransport t)
                {
                    var opening = McpClient.CreateAsync(t);
                    Console.WriteLine("opening");
                    await using var c = await opening.ConfigureAwait(false);
                    await c.PingAsync();
                }
            }
            """),
        new("a switch section gets a block", """
            class A
            {
                async Task M(IClientTransport t, int x)
                {
                    switch (x)
                    {
                        case 1:
                            // ping
                            var c = await McpClient.[|CreateAsync|](t);
                            await c.PingAsync();
                            break;
                        case 2:
                        case 3:
                            var d = await McpClient.[|CreateAsync|](t);
                            if (d.ServerInfo is null)
                            {
                                return;
                            }

                            break;
                    }
                }
            }
            """, """
            class A
            {
                async Task M(IClientTransport t, int x)
                {
                    switch (x)
                    {
                        case 1:
                            {
                                // ping
                                await using var c = await McpClient.CreateAsync(t);
                                await c.PingAsync();
                                break;
                            }
                        case 2:
                        case 3:
                            {
                                await using var d = await McpClient.CreateAsync(t);
                                if (d.ServerInfo is null)
                                {
                                    return;
                                }

                                break;
                            }
                    }
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task Disposes(Case test) => Verify.VerifyCodeFixAsync(test);
}
