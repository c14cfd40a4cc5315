using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: the type disposes what it keeps now, in methods that it gets.</summary>
public sealed class SessionOpenedPerCallFixNewDisposalTests
{
    /// <summary>Overrides of what its base has, or new ones.</summary>
    public static TheoryData<Case> New => Case.For(
        new("a base to override, and overrides that call their base last", """
            public class AgentBase : IAsyncDisposable
            {
                public virtual ValueTask DisposeAsync() => default;
            }

            public class ToolAgent : AgentBase
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }

            public class OtherAgent : AgentBase
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }

                public override async ValueTask DisposeAsync()
                {
                    GC.SuppressFinalize(this);

                    // Last.
                    await base.DisposeAsync();
                }
            }
            """, """
            using McpSessions;

            public class AgentBase : IAsyncDisposable
            {
                public virtual ValueTask DisposeAsync() => default;
            }

            public class ToolAgent : AgentBase
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public override async ValueTask DisposeAsync()
                {
                    await _mcpSession.DisposeAsync();
                    await base.DisposeAsync();
                }
            }

            public class OtherAgent : AgentBase
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public override async ValueTask DisposeAsync()
                {
                    await _mcpSession.DisposeAsync();
                    GC.SuppressFinalize(this);

                    // Last.
                    await base.DisposeAsync();
                }
            }
            """),
        new("bases of the framework", """
            public class Worker : BackgroundService
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }

                protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
            }

            public class AgentStream : MemoryStream
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class Worker : BackgroundService
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;

                public override void Dispose()
                {
                    _mcpSession.Dispose();
                    base.Dispose();
                }
            }

            public class AgentStream : MemoryStream
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public override async ValueTask DisposeAsync()
                {
                    await _mcpSession.DisposeAsync();
                    await base.DisposeAsync();
                }

                protected override void Dispose(bool disposing)
                {
                    if (disposing)
                    {
                        _mcpSession.Dispose();
                    }

                    base.Dispose(disposing);
                }
            }
            """),
        new("a container may dispose the singleton synchronously", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }

            public static class Startup
            {
                public static void Register(IServiceCollection services) => services.AddSingleton<ToolAgent>();
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable, IDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();

                public void Dispose() => _mcpSession.Dispose();
            }

            public static class Startup
            {
                public static void Register(IServiceCollection services) => services.AddSingleton<ToolAgent>();
            }
            """),
        new("who makes an agent for himself disposes it from now on", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }

            public static class Program
            {
                public static async Task Main()
                {
                    var agent = new ToolAgent();
                    Console.WriteLine(await agent.AskAsync("tools"));
                }

                public static ToolAgent Make() => new();
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }

            public static class Program
            {
                public static async Task Main()
                {
                    await using var agent = new ToolAgent();
                    Console.WriteLine(await agent.AskAsync("tools"));
                }

                public static ToolAgent Make() => new();
            }
            """));

    [Theory, MemberData(nameof(New))]
    public Task Disposes(Case test) => Verify.VerifyCodeFixAsync(test);
}
