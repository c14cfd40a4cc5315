using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001: what the opening needs moves with it.</summary>
public sealed class SessionOpenedPerCallFixRecipeTests
{
    /// <summary>Locals, options, loggers, tokens.</summary>
    public static TheoryData<Case> Recipes => Case.For(
        new("options that are completed under a condition, and for each of several", """
            public sealed class KeyAgent
            {
                private readonly string? _apiKey;
                private readonly Dictionary<string, string> _headers;

                public KeyAgent(string? apiKey, Dictionary<string, string> headers) => (_apiKey, _headers) = (apiKey, headers);

                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    var map = new Dictionary<string, string>();
                    var options = new HttpClientTransportOptions { Endpoint = new Uri("https://server/mcp"), AdditionalHeaders = map };
                    foreach (var header in _headers)
                    {
                        map[header.Key] = header.Value;
                    }

                    if (!string.IsNullOrEmpty(_apiKey))
                    {
                        // the application's own
                        map["X-Api-Key"] = _apiKey!;
                    }
                    else
                    {
                        options.Name = "anonymous";
                    }

                    await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(options), cancellationToken: ct);
                    return (await mcp.CallToolAsync("ask", cancellationToken: ct)).ToString()!;
                }
            }
            """, """
            using McpSessions;

            public sealed class KeyAgent : IAsyncDisposable
            {
                private readonly string? _apiKey;
                private readonly Dictionary<string, string> _headers;
                private readonly SharedMcpSession _mcpSession;

                public KeyAgent(string? apiKey, Dictionary<string, string> headers)
                {
                    (_apiKey, _headers) = (apiKey, headers);
                    _mcpSession = new SharedMcpSession(connect =>
                    {
                        var map = new Dictionary<string, string>();
                        var options = new HttpClientTransportOptions { Endpoint = new Uri("https://server/mcp"), AdditionalHeaders = map };
                        foreach (var header in _headers)
                        {
                            map[header.Key] = header.Value;
                        }
                        if (!string.IsNullOrEmpty(_apiKey))
                        {
                            // the application's own
                            map["X-Api-Key"] = _apiKey!;
                        }
                        else
                        {
                            options.Name = "anonymous";
                        }
                        return new HttpClientTransport(options, connect.HttpClient);
                    });
                }

                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    var mcp = await _mcpSession.GetClientAsync(ct);
                    return (await mcp.CallToolAsync("ask", cancellationToken: ct)).ToString()!;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("locals that only feed the opening move into the factory", """
            public class ToolAgent(IConfiguration configuration)
            {
                public async Task<int> AskAsync(string question)
                {
                    // The tool server.
                    var endpoint = new Uri(configuration["Endpoint"]!);
                    HttpClientTransportOptions options = new()
                    {
                        Endpoint = endpoint,
                        Name = "tools",
                    };
                    await using var transport = new HttpClientTransport(options);
                    await using var client = await McpClient.[|CreateAsync|](transport);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent(IConfiguration configuration) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new HttpClientTransportOptions()
                {
                    Endpoint = new Uri(configuration["Endpoint"]!),
                    Name = "tools",
                }, connect.HttpClient));

                public async Task<int> AskAsync(string question)
                {
                    // The tool server.
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("changes to them move along", """
            public class ToolAgent
            {
                private readonly IConfiguration _configuration;

                public ToolAgent(IConfiguration configuration)
                {
                    _configuration = configuration;
                }

                public async Task<int> AskAsync(string question)
                {
                    var headers = new Dictionary<string, string>();
                    headers["X-Tenant"] = _configuration["Tenant"]!;
                    var options = new HttpClientTransportOptions { Endpoint = new Uri(_configuration["Endpoint"]!) };
                    options.AdditionalHeaders = headers;
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(options));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly IConfiguration _configuration;
                private readonly SharedMcpSession _mcpSession;

                public ToolAgent(IConfiguration configuration)
                {
                    _configuration = configuration;
                    _mcpSession = new SharedMcpSession(connect =>
                    {
                        var headers = new Dictionary<string, string>();
                        headers["X-Tenant"] = _configuration["Tenant"]!;
                        var options = new HttpClientTransportOptions { Endpoint = new Uri(_configuration["Endpoint"]!) };
                        options.AdditionalHeaders = headers;
                        return new HttpClientTransport(options, connect.HttpClient);
                    });
                }

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("what is needed elsewhere too stays, and is copied", """
            public class ToolAgent(IConfiguration configuration)
            {
                public async Task<int> AskAsync(string question)
                {
                    var endpoint = configuration["Endpoint"];
                    if (endpoint is null)
                    {
                        return 0;
                    }

                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new Uri(endpoint) }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent(IConfiguration configuration) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new() { Endpoint = new Uri(configuration["Endpoint"]!) }, connect.HttpClient));

                public async Task<int> AskAsync(string question)
                {
                    var endpoint = configuration["Endpoint"];
                    if (endpoint is null)
                    {
                        return 0;
                    }

                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("client options are made anew at each opening, loggers go into the options", """
            public class ToolAgent(Uri endpoint, ILoggerFactory loggerFactory)
            {
                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var clientOptions = new McpClientOptions { ClientInfo = new() { Name = "agent", Version = "1.0" } };
                    await using var client = await McpClient.[|CreateAsync|](
                        new HttpClientTransport(new() { Endpoint = endpoint }, loggerFactory),
                        clientOptions,
                        loggerFactory,
                        ct);
                    return (await client.ListToolsAsync(cancellationToken: ct)).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent(Uri endpoint, ILoggerFactory loggerFactory) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(
                    connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient, loggerFactory),
                    () => new McpClientOptions { ClientInfo = new() { Name = "agent", Version = "1.0" } },
                    new() { LoggerFactory = loggerFactory });

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    return (await _mcpSession.ListToolsAsync(ct)).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("a logger factory that may be missing", """
            public class ToolAgent(ILoggerFactory? loggerFactory = null)
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }), loggerFactory: loggerFactory);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;
            using Microsoft.Extensions.Logging.Abstractions;

            public class ToolAgent(ILoggerFactory? loggerFactory = null) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }), options: new() { LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance });

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("an HTTP client of one's own stays", """
            public class ToolAgent(HttpClient http)
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = new("http://server/mcp") }, http));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent(HttpClient http) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new HttpClientTransport(new() { Endpoint = new("http://server/mcp") }, http));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("the transport is made by a method of the instance", """
            public class ToolAgent
            {
                private readonly string _command;

                public ToolAgent(string command)
                {
                    _command = command;
                }

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](CreateTransport());
                    return (await client.ListToolsAsync()).Count;
                }

                private IClientTransport CreateTransport() => new StdioClientTransport(new() { Command = _command });
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly string _command;
                private readonly SharedMcpSession _mcpSession;

                public ToolAgent(string command)
                {
                    _command = command;
                    _mcpSession = new SharedMcpSession(_ => CreateTransport());
                }

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                private IClientTransport CreateTransport() => new StdioClientTransport(new() { Command = _command });

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("the caller's token waits for the session, whatever it is", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server" }), null, null, timeout.Token);
                    return (await client.ListToolsAsync()).Count;
                }

                public async Task<int> ChatAsync(string message)
                {
                    await using var client = await McpClient.[|CreateAsync|](clientTransport: new StdioClientTransport(new() { Command = "server" }), cancellationToken: CancellationToken.None);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new() { Command = "server" }));

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
                    return (await _mcpSession.ListToolsAsync(timeout.Token)).Count;
                }

                public async Task<int> ChatAsync(string message)
                {
                    return (await _mcpSession.ListToolsAsync(CancellationToken.None)).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """),
        new("lines of an initializer keep their shape", """"
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    var tools = await Task.WhenAll(Enumerable.Range(0, 1).Select(async _ =>
                    {
                        await using var client = await McpClient.{|MSA1002:CreateAsync|}(new StdioClientTransport(new()
                        {
                            Command = "server",
                            EnvironmentVariables = new Dictionary<string, string?>
                            {
                                ["PROMPT"] = """
                                    You are
                                    a server.
                                    """,
                            },
                        }));
                        return await client.ListToolsAsync();
                    }));
                    return tools[0].Count;
                }
            }
            """", """"
            using McpSessions;

            public class ToolAgent : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(_ => new StdioClientTransport(new()
                {
                    Command = "server",
                    EnvironmentVariables = new Dictionary<string, string?>
                    {
                        ["PROMPT"] = """
                                    You are
                                    a server.
                                    """,
                    },
                }));

                public async Task<int> AskAsync(string question)
                {
                    var tools = await Task.WhenAll(Enumerable.Range(0, 1).Select(async _ =>
                    {
                        return await _mcpSession.ListToolsAsync();
                    }));
                    return tools[0].Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """"),
        new("an HTTP client that was made for the call is the shared session's", """
            public class ToolAgent(Uri endpoint)
            {
                public async Task<int> AskAsync(string question)
                {
                    using var http = new HttpClient();
                    await using var transport = new HttpClientTransport(new() { Endpoint = endpoint }, http);
                    await using var client = await McpClient.[|CreateAsync|](transport);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            using McpSessions;

            public class ToolAgent(Uri endpoint) : IAsyncDisposable
            {
                private readonly SharedMcpSession _mcpSession = new(connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));

                public async Task<int> AskAsync(string question)
                {
                    return (await _mcpSession.ListToolsAsync()).Count;
                }

                public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
            }
            """) { CSharp = 12 });

    [Theory, MemberData(nameof(Recipes))]
    public Task MovesTheOpening(Case test) => Verify.VerifyCodeFixAsync(test);
}
