using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: where instances do not outlive the call, the type keeps the shared session; in top-level code, a local.</summary>
public sealed class SessionOpenedPerCallFixStaticTests
{
    /// <summary>Static fields live as long as the process.</summary>
    public static TheoryData<Case> Statics => Case.For(
        new("instances live for one request: a static field", """
            public class ChatHub : Microsoft.AspNetCore.SignalR.Hub
            {
                public async Task<int> Send(string message)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ChatHub : Microsoft.AspNetCore.SignalR.Hub
            {
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> Send(string message)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }
            }
            """),
        new("an initializer can't name an instance field: a static field", """
            public class Tools
            {
                private readonly AIFunction _count = AIFunctionFactory.Create(async (string query) =>
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.CallToolAsync(query)).Content.Count;
                }, "count");
            }
            """, """
            using McpSessions;

            public class Tools
            {
                private readonly AIFunction _count = AIFunctionFactory.Create(async (string query) =>
                {
                    var client = await _mcpSession.GetClientAsync();
                    return (await client.CallToolAsync(query)).Content.Count;
                }, "count");
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));
            }
            """),
        new("instances are transient: a static field", """
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
                public static void Register(IServiceCollection services) => services.AddTransient<ToolAgent>();
            }
            """, """
            using McpSessions;

            public class ToolAgent
            {
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }
            }

            public static class Startup
            {
                public static void Register(IServiceCollection services) => services.AddTransient<ToolAgent>();
            }
            """),
        new("an instance for each call: a static field", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }

            public class Bot
            {
                public Task<int> ChatAsync(string message) => new ToolAgent().AskAsync(message);
            }
            """, """
            using McpSessions;

            public class ToolAgent
            {
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }
            }

            public class Bot
            {
                public Task<int> ChatAsync(string message) => new ToolAgent().AskAsync(message);
            }
            """),
        new("a static member, a record, a struct: static fields", """
            public static class ToolAgent
            {
                public static async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }

            public record RecordAgent(string Name)
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }

            public struct StructAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public static class ToolAgent
            {
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public static async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }
            }

            public record RecordAgent(string Name)
            {
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }
            }

            public struct StructAgent
            {
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }
            }
            """),
        new("the base disposes in a way that can not be added to: a static field", """
            public class AgentBase : IAsyncDisposable
            {
                public ValueTask DisposeAsync() => default;
            }

            public class ToolAgent : AgentBase
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class AgentBase : IAsyncDisposable
            {
                public ValueTask DisposeAsync() => default;
            }

            public class ToolAgent : AgentBase
            {
                private static readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }
            }
            """));

    [Theory, MemberData(nameof(Statics))]
    public Task KeepsItInTheType(Case test) => Verify.VerifyCodeFixAsync(test);

    /// <summary>Before what uses it.</summary>
    public static TheoryData<Case> TopLevel => Case.For(
        new("services that the endpoint is given", """
            var app = WebApplication.Create(args);
            app.MapPost("/ask", async (string question, IConfiguration configuration, ILoggerFactory loggers) =>
            {
                await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(configuration["Mcp"]!) }), loggerFactory: loggers);
                return (await client.CallToolAsync(question)).Content.Count;
            });
            app.Run();
            """, """
            using McpSessions;

            var app = WebApplication.Create(args);
            await using var mcpSession = new SharedMcpSession(
                connect => new HttpClientTransport(new() { Endpoint = new Uri(app.Services.GetRequiredService<IConfiguration>()["Mcp"]!) }, connect.HttpClient),
                options: new() { LoggerFactory = app.Services.GetRequiredService<ILoggerFactory>() });
            app.MapPost("/ask", async (string question, IConfiguration configuration, ILoggerFactory loggers) =>
            {
                var client = await mcpSession.GetClientAsync();
                return (await client.CallToolAsync(question)).Content.Count;
            });
            app.Run();
            """),
        new("top-level code that begins with the call: under the import", """
            using var timer = new Timer(async _ =>
            {
                await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }));
                await client.PingAsync();
            }, null, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            """, """
            using McpSessions;

            await using var mcpSession = new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "server" }));
            using var timer = new Timer(async _ =>
            {
                var client = await mcpSession.GetClientAsync();
                await client.PingAsync();
            }, null, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            """),
        new("top-level code: a local before the endpoint", """
            var app = WebApplication.Create(args);
            var endpoint = new Uri(app.Configuration["Endpoint"]!);
            app.MapGet("/", () => "hello");

            // Ask.
            app.MapPost("/ask", static async (string question, CancellationToken ct) =>
            {
                await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }), cancellationToken: ct);
                return (await client.ListToolsAsync(cancellationToken: ct)).Count;
            });
            app.MapPost("/chat", async (string message, CancellationToken ct) =>
            {
                await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: ct);
                return (await client.ListToolsAsync(cancellationToken: ct)).Count;
            });
            app.Run();
            """, """
            using McpSessions;

            var app = WebApplication.Create(args);
            var endpoint = new Uri(app.Configuration["Endpoint"]!);
            app.MapGet("/", () => "hello");

            await using var mcpSession = new SharedMcpSession(_ => new StdioClientTransport(new() { Command = "server" }));
            // Ask.
            app.MapPost("/ask", async (string question, CancellationToken ct) =>
            {
                return (await mcpSession.ListToolsAsync(ct)).Count;
            });
            await using var mcpSession2 = new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
            app.MapPost("/chat", async (string message, CancellationToken ct) =>
            {
                return (await mcpSession2.ListToolsAsync(ct)).Count;
            });
            app.Run();
            """),
        new("top-level code: a local before the loop that calls the local function", """
            var endpoint = new Uri(args[0]);
            while (Console.ReadLine() is { } line)
            {
                Console.WriteLine(await AskAsync(line));
            }

            async Task<int> AskAsync(string question)
            {
                await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }));
                return (await client.ListToolsAsync()).Count;
            }
            """, """
            using McpSessions;

            var endpoint = new Uri(args[0]);
            await using var mcpSession = new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
            while (Console.ReadLine() is { } line)
            {
                Console.WriteLine(await AskAsync(line));
            }

            async Task<int> AskAsync(string question)
            {
                return (await mcpSession.ListToolsAsync()).Count;
            }
            """));

    [Theory, MemberData(nameof(TopLevel))]
    public Task KeepsItInALocal(Case test) => Verify.VerifyCodeFixAsync(test);
}
