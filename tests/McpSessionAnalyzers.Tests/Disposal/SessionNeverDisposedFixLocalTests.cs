using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionNeverDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionNeverDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1101: a local becomes a using declaration.</summary>
public sealed class SessionNeverDisposedFixLocalTests
{
    /// <summary>Comments stay, and ConfigureAwait where it was.</summary>
    public static TheoryData<Case> Locals => Case.For(
        new("a local", """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    // Open.
                    var client = await McpClient.[|CreateAsync|](transport).ConfigureAwait(false); // the server
                    return (await client.ListToolsAsync().ConfigureAwait(false)).Count;
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    // Open.
                    await using var client = await McpClient.CreateAsync(transport).ConfigureAwait(false); // the server
                    return (await client.ListToolsAsync().ConfigureAwait(false)).Count;
                }
            }
            """),
        new("three in one method, one in a block of its own", """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport, bool deep)
                {
                    McpClient first = await McpClient.[|CreateAsync|](transport);
                    var count = (await first.ListToolsAsync()).Count;
                    if (deep)
                    {
                        var second = await McpClient.[|CreateAsync|](transport);
                        count += (await second.ListToolsAsync()).Count;
                    }

                    var third = await McpClient.[|CreateAsync|](transport);
                    return count + (await third.ListToolsAsync()).Count;
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport, bool deep)
                {
                    await using McpClient first = await McpClient.CreateAsync(transport);
                    var count = (await first.ListToolsAsync()).Count;
                    if (deep)
                    {
                        await using var second = await McpClient.CreateAsync(transport);
                        count += (await second.ListToolsAsync()).Count;
                    }

                    await using var third = await McpClient.CreateAsync(transport);
                    return count + (await third.ListToolsAsync()).Count;
                }
            }
            """),
        new("a local that gets its value later", """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    McpClient? client = null;
                    Console.WriteLine("opening");
                    client = await McpClient.[|CreateAsync|](transport);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    Console.WriteLine("opening");
                    await using var client = await McpClient.CreateAsync(transport);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("tools that are used up within the block", """
            public class ToolAgent(IChatClient chat)
            {
                public async Task<string> AskAsync(IClientTransport transport, string question)
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    var tools = await client.ListToolsAsync();
                    var answer = await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] });
                    return answer.Text;
                }

                public async IAsyncEnumerable<string> StreamAsync(IClientTransport transport, string question)
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    var tools = await client.ListToolsAsync();
                    await foreach (var update in chat.GetStreamingResponseAsync(question, new ChatOptions { Tools = [.. tools] }))
                    {
                        yield return update.Text;
                    }
                }
            }
            """, """
            public class ToolAgent(IChatClient chat)
            {
                public async Task<string> AskAsync(IClientTransport transport, string question)
                {
                    await using var client = await McpClient.CreateAsync(transport);
                    var tools = await client.ListToolsAsync();
                    var answer = await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] });
                    return answer.Text;
                }

                public async IAsyncEnumerable<string> StreamAsync(IClientTransport transport, string question)
                {
                    await using var client = await McpClient.CreateAsync(transport);
                    var tools = await client.ListToolsAsync();
                    await foreach (var update in chat.GetStreamingResponseAsync(question, new ChatOptions { Tools = [.. tools] }))
                    {
                        yield return update.Text;
                    }
                }
            }
            """) { CSharp = 12 },
        new("lambdas, local functions, and a section with a block", """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport, int kind)
                {
                    Func<Task> ping = async () =>
                    {
                        var client = await McpClient.[|CreateAsync|](transport);
                        await client.PingAsync();
                    };
                    await ping();
                    switch (kind)
                    {
                        case 1:
                        {
                            var client = await McpClient.[|CreateAsync|](transport);
                            return (await client.ListToolsAsync()).Count;
                        }

                        default:
                            return await LocalAsync();
                    }

                    async Task<int> LocalAsync()
                    {
                        var client = await McpClient.[|CreateAsync|](transport);
                        return (await client.ListToolsAsync()).Count;
                    }
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport, int kind)
                {
                    Func<Task> ping = async () =>
                    {
                        await using var client = await McpClient.CreateAsync(transport);
                        await client.PingAsync();
                    };
                    await ping();
                    switch (kind)
                    {
                        case 1:
                        {
                            await using var client = await McpClient.CreateAsync(transport);
                            return (await client.ListToolsAsync()).Count;
                        }

                        default:
                            return await LocalAsync();
                    }

                    async Task<int> LocalAsync()
                    {
                        await using var client = await McpClient.CreateAsync(transport);
                        return (await client.ListToolsAsync()).Count;
                    }
                }
            }
            """),
        new("top-level code, up to the end of the program", """
            var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
            Console.CancelKeyPress += async (_, _) => await client.PingAsync();
            Console.WriteLine((await client.ListToolsAsync()).Count);
            """, """
            await using var client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
            Console.CancelKeyPress += async (_, _) => await client.PingAsync();
            Console.WriteLine((await client.ListToolsAsync()).Count);
            """),
        new("helpers, resumed sessions and transports", """
            public class ToolAgent
            {
                public async Task AskAsync(IClientTransport transport)
                {
                    var client = await [|OpenAsync|](transport);
                    await client.PingAsync();
                    var session = await transport.[|ConnectAsync|]();
                    Console.WriteLine(session.SessionId);
                }

                private static async Task<McpClient> OpenAsync(IClientTransport transport) => await McpClient.CreateAsync(transport);
            }
            """, """
            public class ToolAgent
            {
                public async Task AskAsync(IClientTransport transport)
                {
                    await using var client = await OpenAsync(transport);
                    await client.PingAsync();
                    await using var session = await transport.ConnectAsync();
                    Console.WriteLine(session.SessionId);
                }

                private static async Task<McpClient> OpenAsync(IClientTransport transport) => await McpClient.CreateAsync(transport);
            }
            """),
        new("owners: synchronously, where nothing can be awaited", """
            using McpSessions;

            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    var session = new [|SharedMcpSession|](_ => transport);
                    return (await session.ListToolsAsync()).Count;
                }

                public int Openings(IClientTransport transport)
                {
                    var session = new [|SharedMcpSession|](_ => transport);
                    return session.Status.Openings;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    await using var session = new SharedMcpSession(_ => transport);
                    return (await session.ListToolsAsync()).Count;
                }

                public int Openings(IClientTransport transport)
                {
                    using var session = new SharedMcpSession(_ => transport);
                    return session.Status.Openings;
                }
            }
            """));

    [Theory, MemberData(nameof(Locals))]
    public Task Disposes(Case test) => Verify.VerifyCodeFixAsync(test);
}
