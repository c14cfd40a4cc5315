using McpSessionAnalyzers.CodeFixes.Lifetime;
using Microsoft.CodeAnalysis;
using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: one fix reaches several documents and projects, and Fix All does what the fixes one by one do.</summary>
public sealed class SessionOpenedPerCallFixAllTests
{
    /// <summary>The agent of document <paramref name="number"/>.</summary>
    private static string Agent(int number) => $$"""
        public class Agent{{number}}
        {
            public async Task<int> AskAsync(string question)
            {
                await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server{{number}}" }));
                return (await client.ListToolsAsync()).Count;
            }
        }
        """;

    private static string FixedAgent(int number) => $$"""
        using McpSessions;

        public class Agent{{number}} : IAsyncDisposable
        {
            private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server{{number}}" }));

            public async Task<int> AskAsync(string question)
            {
                return (await _mcpSession.ListToolsAsync()).Count;
            }

            public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
        }
        """;

    [Fact]
    public Task ThreeDocuments() => new Verify.Test
    {
        TestState = { Sources = { Agent(1), Agent(2), Agent(3) } },
        FixedState = { Sources = { FixedAgent(1), FixedAgent(2), FixedAgent(3) } },
        CodeActionEquivalenceKey = SessionOpenedPerCallFix.ShareSession,
        NumberOfIncrementalIterations = 3,
        NumberOfFixAllInDocumentIterations = 3,
        NumberOfFixAllInProjectIterations = 1,
        NumberOfFixAllIterations = 1,
    }.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public Task LineEndsAreThoseOfTheDocument() => new Verify.Test
    {
        TestCode = Agent(1).ReplaceLineEndings("\r\n"),
        FixedCode = FixedAgent(1).ReplaceLineEndings("\r\n"),
    }.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public Task TheHelperIsInOneDocument_ItsCallersInOthers() => new Verify.Test
    {
        TestState =
        {
            Sources =
            {
                """
                public class ToolAgent
                {
                    public async Task<int> AskAsync(string question)
                    {
                        await using var client = await ToolServer.[|OpenAsync|]();
                        return (await client.ListToolsAsync()).Count;
                    }
                }
                """,
                """
                public class PromptAgent
                {
                    public async Task<int> AskAsync(string question)
                    {
                        await using (var client = await ToolServer.[|OpenAsync|]().ConfigureAwait(false))
                        {
                            return (await client.ListPromptsAsync()).Count;
                        }
                    }
                }
                """,
                """
                public static class ToolServer
                {
                    public static Task<McpClient> OpenAsync() => McpClient.CreateAsync(new StdioClientTransport(new() { Command = "server" }));
                }
                """,
            },
        },
        FixedState =
        {
            Sources =
            {
                """
                public class ToolAgent
                {
                    public async Task<int> AskAsync(string question)
                    {
                        var client = await ToolServer.OpenAsync();
                        return (await client.ListToolsAsync()).Count;
                    }
                }
                """,
                """
                public class PromptAgent
                {
                    public async Task<int> AskAsync(string question)
                    {
                        var client = await ToolServer.OpenAsync().ConfigureAwait(false);
                        return (await client.ListPromptsAsync()).Count;
                    }
                }
                """,
                """
                using McpSessions;

                public static class ToolServer
                {
                    private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                    public static Task<McpClient> OpenAsync() => _mcpSession.GetClientAsync().AsTask();
                }
                """,
            },
        },
        NumberOfIncrementalIterations = 1,
        NumberOfFixAllIterations = 1,
    }.RunAsync(TestContext.Current.CancellationToken);

    [Fact]
    public Task TheTypeHasPartsInTwoDocuments() => new Verify.Test
    {
        TestState =
        {
            Sources =
            {
                """
                public partial class ToolAgent
                {
                    public async Task<int> AskAsync(string question)
                    {
                        await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = _command }));
                        return (await client.ListToolsAsync()).Count;
                    }
                }
                """,
                """
                public partial class ToolAgent : IAsyncDisposable
                {
                    private readonly string _command;

                    public ToolAgent(string command) => _command = command;

                    public ValueTask DisposeAsync() => default;
                }
                """,
            },
        },
        FixedState =
        {
            Sources =
            {
                """
                using McpSessions;

                public partial class ToolAgent
                {
                    private readonly SharedMcpSession _mcpSession;

                    public async Task<int> AskAsync(string question)
                    {
                        return (await _mcpSession.ListToolsAsync()).Count;
                    }

                    private SharedMcpSession CreateMcpSession() => new(_ => new StdioClientTransport(new() { Command = _command }));
                }
                """,
                """
                public partial class ToolAgent : IAsyncDisposable
                {
                    private readonly string _command;

                    public ToolAgent(string command)
                    {
                        _command = command;
                        _mcpSession = CreateMcpSession();
                    }

                    public async ValueTask DisposeAsync()
                    {
                        await _mcpSession.DisposeAsync();
                    }
                }
                """,
            },
        },
    }.RunAsync(TestContext.Current.CancellationToken);

    /// <summary>A library can't see that its agent is scoped; the solution can.</summary>
    [Fact]
    public Task TheApplicationKnowsHowLongTheLibrarysInstancesLive() => new Verify.Test
    {
        TestState =
        {
            Sources = { "public static class Startup { public static void Register(IServiceCollection services) => services.AddScoped<ToolAgent>(); }" },
            AdditionalProjects =
            {
                ["Library"] =
                {
                    Sources =
                    {
                        """
                        using System.Threading.Tasks;
                        using ModelContextProtocol.Client;

                        public class ToolAgent
                        {
                            public async Task<int> AskAsync(string question)
                            {
                                await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                                return (await client.ListToolsAsync()).Count;
                            }
                        }
                        """,
                    },
                },
            },
            AdditionalProjectReferences = { "Library" },
        },
        FixedState =
        {
            AdditionalProjects =
            {
                ["Library"] =
                {
                    Sources =
                    {
                        """
                        using System.Threading.Tasks;
                        using McpSessions;
                        using ModelContextProtocol.Client;

                        public class ToolAgent
                        {
                            private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                            public async Task<int> AskAsync(string question)
                            {
                                return (await _mcpSession.ListToolsAsync()).Count;
                            }
                        }
                        """,
                    },
                },
            },
        },
    }.RunAsync(TestContext.Current.CancellationToken);

    /// <summary>A local of the program lives as long as the program does; SharedMcpSession opens nothing yet, so the program needn't be asynchronous.</summary>
    [Fact]
    public Task MainKeepsItInALocal() => new Verify.Test
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
                    public static void Main(string[] args)
                    {
                        var app = WebApplication.Create(args);
                        var command = app.Configuration["Command"]!;
                        app.MapPost("/ask", async (string question) =>
                        {
                            await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = command }));
                            return (await client.ListToolsAsync()).Count;
                        });
                        app.Run();
                    }
                }
                """,
            },
        },
        FixedCode = """
            using McpSessions;

            public static class Program
            {
                public static void Main(string[] args)
                {
                    var app = WebApplication.Create(args);
                    var command = app.Configuration["Command"]!;
                    using var mcpSession = new SharedMcpSession(_ => new StdioClientTransport(new() { Command = command }));
                    app.MapPost("/ask", async (string question) =>
                    {
                        return (await mcpSession.ListToolsAsync()).Count;
                    });
                    app.Run();
                }
            }
            """,
    }.RunAsync(TestContext.Current.CancellationToken);
}
