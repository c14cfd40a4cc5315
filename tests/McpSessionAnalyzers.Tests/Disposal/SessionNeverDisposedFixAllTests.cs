using McpSessionAnalyzers.CodeFixes.Disposal;
using Microsoft.CodeAnalysis;
using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionNeverDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionNeverDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1101: one fix in several documents, and in a program.</summary>
public sealed class SessionNeverDisposedFixAllTests
{
    private static string Agent(int number, string opening) => $$"""
        public class Agent{{number}}
        {
            public async Task<int> CountAsync(IClientTransport transport)
            {
                {{opening}}
                return (await client.ListToolsAsync()).Count;
            }
        }
        """;

    private static string Before(int number) => Agent(number, "var client = await McpClient.[|CreateAsync|](transport);");

    private static string After(int number) => Agent(number, "await using var client = await McpClient.CreateAsync(transport);");

    [Fact]
    public Task ThreeDocuments() => new Verify.Test
    {
        TestState = { Sources = { Before(1), Before(2), Before(3) } },
        FixedState = { Sources = { After(1), After(2), After(3) } },
        CodeActionEquivalenceKey = SessionNeverDisposedFix.AwaitUsing,
        NumberOfIncrementalIterations = 3,
        NumberOfFixAllInDocumentIterations = 3,
        NumberOfFixAllInProjectIterations = 1,
        NumberOfFixAllIterations = 1,
    }.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public Task LineEndsAreThoseOfTheDocument() => new Verify.Test
    {
        TestCode = """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport, bool deep)
                {
                    if (deep)
                        await McpClient.[|CreateAsync|](transport);

                    return (await (await McpClient.[|CreateAsync|](transport)).ListToolsAsync()).Count;
                }
            }
            """.ReplaceLineEndings("\r\n"),
        FixedCode = """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport, bool deep)
                {
                    if (deep)
                    {
                        await using var mcpClient = await McpClient.CreateAsync(transport);
                    }

                    await using var mcpClient2 = await McpClient.CreateAsync(transport);
                    return (await mcpClient2.ListToolsAsync()).Count;
                }
            }
            """.ReplaceLineEndings("\r\n"),
    }.RunAsync(TestContext.Current.CancellationToken);

    /// <summary>Nobody but the runtime calls Main, and it awaits.</summary>
    [Fact]
    public Task MainBecomesAsync() => new Verify.Test
    {
        // Three programs are none.
        Variants = false,
        TestState =
        {
            OutputKind = OutputKind.ConsoleApplication,
            Sources =
            {
                """
                public static class Program
                {
                    public static int Main()
                    {
                        var client = McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" })).GetAwaiter().GetResult();
                        Console.WriteLine(client.ServerInfo);
                        return 0;
                    }
                }
                """,
            },
        },
        FixedCode = """
            public static class Program
            {
                public static async Task<int> Main()
                {
                    await using var client = await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                    Console.WriteLine(client.ServerInfo);
                    return 0;
                }
            }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
