using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionNeverDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionNeverDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1101 is not fixed where a using declaration would dispose too early, or can not stand.</summary>
public sealed class SessionNeverDisposedFixNotOfferedTests
{
    /// <summary>The diagnostic stands, and a person decides.</summary>
    public static TheoryData<Case> NoFix => Case.For(
        new("only the tools leave: they would die with the session", """
            public class ToolAgent(IClientTransport transport)
            {
                private readonly List<AITool> _tools = new();

                public async Task<IList<McpClientTool>> ToolsAsync()
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    return await client.ListToolsAsync();
                }

                public async Task InitializeAsync()
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    _tools.AddRange(await client.ListToolsAsync());
                }
            }
            """) { CSharp = 12 },
        new("the tools may be called when the block is over", """
            public class ToolAgent(IClientTransport transport, IChatClient chat)
            {
                public async Task<IAsyncEnumerable<ChatResponseUpdate>> AskAsync(string question)
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    var tools = await client.ListToolsAsync();
                    return chat.GetStreamingResponseAsync(question, new ChatOptions { Tools = tools.ToArray<AITool>() });
                }
            }
            """) { CSharp = 12 },
        new("a handler goes on using it", """
            public class ToolAgent(IClientTransport transport)
            {
                public event EventHandler? Changed;

                public async Task WatchAsync()
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    Changed += async (_, _) => await client.PingAsync();
                }
            }
            """) { CSharp = 12 },
        new("it is used outside the block", """
            public class ToolAgent(IClientTransport transport)
            {
                public async Task AskAsync()
                {
                    McpClient last;
                    {
                        var client = await McpClient.[|CreateAsync|](transport);
                        last = client;
                    }

                    await last.PingAsync();
                }
            }
            """) { CSharp = 12 },
        new("it is one of several in a collection", """
            public class ToolAgent(IClientTransport transport)
            {
                public async Task AskAsync()
                {
                    var clients = new List<McpClient>();
                    for (var i = 0; i < 2; i++)
                    {
                        clients.Add(await McpClient.[|CreateAsync|](transport));
                    }

                    await clients[0].PingAsync();
                }
            }
            """) { CSharp = 12 },
        new("a switch section takes no using declaration", """
            public class ToolAgent(IClientTransport transport)
            {
                public async Task AskAsync(int kind)
                {
                    switch (kind)
                    {
                        case 1: var client = await McpClient.[|CreateAsync|](transport); await client.PingAsync(); break;
                        case 2:
                            await McpClient.[|CreateAsync|](transport);
                            break;
                    }
                }
            }
            """) { CSharp = 12 },
        new("a jump may pass it", """
            public class ToolAgent(IClientTransport transport)
            {
                public async Task AskAsync(int count)
                {
                    again:
                    var client = await McpClient.[|CreateAsync|](transport);
                    await client.PingAsync();
                    if (count-- > 0)
                    {
                        goto again;
                    }
                }
            }
            """) { CSharp = 12 },
        new("the local is another session later", """
            public class ToolAgent(IClientTransport transport)
            {
                public async Task AskAsync()
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    await client.PingAsync();
                    client = await McpClient.[|CreateAsync|](transport);
                    await client.PingAsync();
                }
            }
            """) { CSharp = 12 },
        new("it may not be opened, or something happens before it is", """
            public class ToolAgent(IClientTransport transport)
            {
                public async Task<int> AskAsync(bool deep) => deep ? (await (await McpClient.[|CreateAsync|](transport)).ListToolsAsync()).Count : 0;

                public async Task<int> ChatAsync() => Next() + (await (await McpClient.[|CreateAsync|](transport)).ListToolsAsync()).Count;

                private int Next() => 1;
            }
            """) { CSharp = 12 },
        new("nothing can be awaited there", """
            public class ToolAgent
            {
                private readonly object _gate = new();

                public ToolAgent(IClientTransport transport)
                {
                    var client = McpClient.[|CreateAsync|](transport).GetAwaiter().GetResult();
                    Console.WriteLine(client.ServerInfo);
                }

                public Task LockedAsync(IClientTransport transport)
                {
                    lock (_gate)
                    {
                        var client = McpClient.[|CreateAsync|](transport).GetAwaiter().GetResult();
                        Console.WriteLine(client.ServerInfo);
                        return Task.CompletedTask;
                    }
                }
            }
            """),
        new("the callers of a synchronous method would have to change", """
            public class ToolAgent
            {
                public void Ask(IClientTransport transport)
                {
                    var client = McpClient.[|CreateAsync|](transport).Result;
                    Console.WriteLine(client.ServerInfo);
                }

                public Task<bool> TryAskAsync(IClientTransport transport, out string? name)
                {
                    var client = McpClient.[|CreateAsync|](transport).Result;
                    name = client.ServerInfo?.Name;
                    return Task.FromResult(name is not null);
                }
            }
            """),
        new("a task that is dropped on purpose would be warned of in an async method", """
            public class ToolAgent
            {
                public Task AskAsync(IClientTransport transport)
                {
                    LogAsync();
                    var client = McpClient.[|CreateAsync|](transport).Result;
                    Console.WriteLine(client.ServerInfo);
                    return Task.CompletedTask;
                }

                private static Task LogAsync() => Task.CompletedTask;
            }
            """),
        new("somebody is given the tools, and may keep them", """
            public class ToolAgent(IClientTransport transport)
            {
                public async Task RegisterAsync(IServiceCollection services)
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    var tools = await client.ListToolsAsync();
                    services.AddSingleton<IEnumerable<AITool>>(tools);
                }
            }
            """) { CSharp = 12 });

    [Theory, MemberData(nameof(NoFix))]
    public Task OffersNoFix(Case test) => Verify.VerifyCodeFixAsync(test);
}
