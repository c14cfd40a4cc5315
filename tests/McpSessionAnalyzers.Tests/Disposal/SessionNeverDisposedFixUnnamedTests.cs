using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionNeverDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionNeverDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1101: a session without a name gets one.</summary>
public sealed class SessionNeverDisposedFixUnnamedTests
{
    /// <summary>In front of the statement that uses it.</summary>
    public static TheoryData<Case> Unnamed => Case.For(
        new("a dropped session gets a name", """
            public class ToolAgent
            {
                public async Task AskAsync(IClientTransport transport)
                {
                    // Wake the server.
                    await McpClient.[|CreateAsync|](transport);
                    _ = await McpClient.[|CreateAsync|](transport).ConfigureAwait(false); // and again
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task AskAsync(IClientTransport transport)
                {
                    // Wake the server.
                    await using var mcpClient = await McpClient.CreateAsync(transport);
                    await using var mcpClient2 = await McpClient.CreateAsync(transport).ConfigureAwait(false); // and again
                }
            }
            """),
        new("and a block, where it stands alone", """
            public class ToolAgent
            {
                public async Task AskAsync(IClientTransport transport, bool first, IEnumerable<int> times)
                {
                    if (first)
                        await McpClient.[|CreateAsync|](transport);
                    else
                        _ = await McpClient.[|CreateAsync|](transport);

                    foreach (var time in times) await McpClient.[|CreateAsync|](transport);
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task AskAsync(IClientTransport transport, bool first, IEnumerable<int> times)
                {
                    if (first)
                    {
                        await using var mcpClient = await McpClient.CreateAsync(transport);
                    }
                    else
                    {
                        await using var mcpClient2 = await McpClient.CreateAsync(transport);
                    }

                    foreach (var time in times)
                    {
                        await using var mcpClient3 = await McpClient.CreateAsync(transport);
                    }
                }
            }
            """),
        new("a session that is used where it is opened is opened in front", """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport, bool deep)
                {
                    var tools = await (await McpClient.[|CreateAsync|](transport)).ListToolsAsync();
                    if (deep)
                        Console.WriteLine((await (await McpClient.[|CreateAsync|](transport)).ListPromptsAsync()).Count);

                    foreach (var tool in await (await McpClient.[|CreateAsync|](transport)).ListToolsAsync())
                    {
                        Console.WriteLine(tool.Name);
                    }

                    return tools.Count;
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport, bool deep)
                {
                    await using var mcpClient = await McpClient.CreateAsync(transport);
                    var tools = await mcpClient.ListToolsAsync();
                    if (deep)
                    {
                        await using var mcpClient2 = await McpClient.CreateAsync(transport);
                        Console.WriteLine((await mcpClient2.ListPromptsAsync()).Count);
                    }

                    await using var mcpClient3 = await McpClient.CreateAsync(transport);
                    foreach (var tool in await mcpClient3.ListToolsAsync())
                    {
                        Console.WriteLine(tool.Name);
                    }

                    return tools.Count;
                }
            }
            """),
        new("an expression becomes a block", """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport) => (await (await McpClient.[|CreateAsync|](transport)).ListToolsAsync()).Count;

                public async Task WakeAsync(IClientTransport transport) => await McpClient.[|CreateAsync|](transport);

                public async Task PingAsync(IClientTransport transport) =>
                    await (await McpClient.[|CreateAsync|](transport)).PingAsync();

                public Func<Task<int>> Counter(IClientTransport transport) =>
                    async () => (await (await McpClient.[|CreateAsync|](transport)).ListToolsAsync()).Count;
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    await using var mcpClient = await McpClient.CreateAsync(transport);
                    return (await mcpClient.ListToolsAsync()).Count;
                }

                public async Task WakeAsync(IClientTransport transport)
                {
                    await using var mcpClient = await McpClient.CreateAsync(transport);
                }

                public async Task PingAsync(IClientTransport transport)
                {
                    await using var mcpClient = await McpClient.CreateAsync(transport);
                    await mcpClient.PingAsync();
                }

                public Func<Task<int>> Counter(IClientTransport transport) =>
                    async () =>
                    {
                        await using var mcpClient = await McpClient.CreateAsync(transport);
                        return (await mcpClient.ListToolsAsync()).Count;
                    };
            }
            """));

    [Theory, MemberData(nameof(Unnamed))]
    public Task NamesAndDisposes(Case test) => Verify.VerifyCodeFixAsync(test);

    /// <summary>Where callers can not tell the difference.</summary>
    public static TheoryData<Case> Synchronous => Case.For(
        new("a method that returns a task", """
            public class ToolAgent
            {
                public Task<int> CountAsync(IClientTransport transport)
                {
                    var client = McpClient.[|CreateAsync|](transport).GetAwaiter().GetResult();
                    if (client.ServerInfo is null)
                    {
                        return NoneAsync();
                    }

                    return Task.FromResult(client.ServerInfo.Name.Length);
                }

                public Task PingAsync(IClientTransport transport)
                {
                    var client = McpClient.[|CreateAsync|](transport).Result;
                    if (client.ServerInfo is null)
                    {
                        return NoneAsync();
                    }

                    return client.PingAsync().AsTask();
                }

                private static Task<int> NoneAsync() => Task.FromResult(0);
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    await using var client = await McpClient.CreateAsync(transport);
                    if (client.ServerInfo is null)
                    {
                        return await NoneAsync();
                    }

                    return client.ServerInfo.Name.Length;
                }

                public async Task PingAsync(IClientTransport transport)
                {
                    await using var client = await McpClient.CreateAsync(transport);
                    if (client.ServerInfo is null)
                    {
                        await NoneAsync();
                        return;
                    }

                    await client.PingAsync().AsTask();
                }

                private static Task<int> NoneAsync() => Task.FromResult(0);
            }
            """),
        new("a lambda that returns a task", """
            public class ToolAgent
            {
                public Func<Task<int>> Counter(IClientTransport transport) => () =>
                {
                    var client = McpClient.[|CreateAsync|](transport).Result;
                    return Task.FromResult(client.ServerInfo!.Name.Length);
                };
            }
            """, """
            public class ToolAgent
            {
                public Func<Task<int>> Counter(IClientTransport transport) => async () =>
                {
                    await using var client = await McpClient.CreateAsync(transport);
                    return client.ServerInfo!.Name.Length;
                };
            }
            """));

    [Theory, MemberData(nameof(Synchronous))]
    public Task MakesItAsync(Case test) => Verify.VerifyCodeFixAsync(test);

    /// <summary>Sessions of SDK 0.x.</summary>
    public static TheoryData<Case> BeforeOne => Case.For(
        new Case("the SDK before 1.0", """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    var client = await McpClientFactory.[|CreateAsync|](transport);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    await using var client = await McpClientFactory.CreateAsync(transport);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """));

    [Theory, MemberData(nameof(BeforeOne))]
    public Task DisposesWithTheOldSdk(Case test) => new Verify.Test
    {
        TestCode = test.Code,
        FixedCode = test.FixedCode ?? test.Code,
        ReferenceAssemblies = References.Mcp0,
    }.RunAsync(TestContext.Current.CancellationToken);
}
