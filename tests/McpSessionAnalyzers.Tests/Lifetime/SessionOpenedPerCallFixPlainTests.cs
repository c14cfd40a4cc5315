using McpSessionAnalyzers.Harness;
using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.SessionOpenedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.SessionOpenedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1001 where McpSessions is not referenced: what the fix writes needs nothing but the framework.</summary>
public sealed class SessionOpenedPerCallFixPlainTests
{
    /// <summary>Not without McpSessions.</summary>
    public static TheoryData<Case> NoFix => Case.For(
        new("one session per key takes McpSessions", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question, string tenant)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "server", Arguments = new[] { tenant } }));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """),
        new("nobody would dispose the HTTP client", """
            public class ToolAgent(Uri endpoint)
            {
                public async Task<int> AskAsync(string question)
                {
                    using var http = new HttpClient();
                    await using var client = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }, http));
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """) { CSharp = 12 });

    [Theory, MemberData(nameof(NoFix))]
    public Task OffersNoFix(Case test) => new Verify.Test
    {
        TestCode = test.Code,
        FixedCode = test.FixedCode ?? test.Code,
        ReferenceAssemblies = References.Mcp2,
    }.RunAsync(TestContext.Current.CancellationToken);

    /// <summary>One opening for all who wait, none that fails is kept, and a session that has ended is replaced.</summary>
    public static TheoryData<Case> Plain => Case.For(
        new("in a field, behind a semaphore", """
            public sealed class TravelAgent(IChatClient chat, Uri endpoint)
            {
                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    await using var mcp = await McpClient.[|CreateAsync|](new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: ct);
                    var tools = await mcp.ListToolsAsync(cancellationToken: ct);
                    var answer = await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] }, ct);
                    return answer.Text;
                }
            }
            """, """
            public sealed class TravelAgent(IChatClient chat, Uri endpoint) : IAsyncDisposable
            {
                private readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private McpClient? _mcpClient;

                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    var mcp = await GetMcpClientAsync(ct);
                    var tools = await mcp.ListToolsAsync(cancellationToken: ct);
                    var answer = await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] }, ct);
                    return answer.Text;
                }

                private async Task<McpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
                {
                    await _mcpClientGate.WaitAsync(cancellationToken);
                    try
                    {
                        if (_mcpClient is { Completion: { IsCompleted: true } } ended)
                        {
                            _mcpClient = null;
                            await ended.DisposeAsync();
                        }

                        return _mcpClient ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: cancellationToken);
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                private async ValueTask CloseMcpClientAsync()
                {
                    await _mcpClientGate.WaitAsync();
                    try
                    {
                        if (_mcpClient is { } open)
                        {
                            _mcpClient = null;
                            await open.DisposeAsync();
                        }
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                public ValueTask DisposeAsync() => CloseMcpClientAsync();
            }
            """) { CSharp = 12 },
        new("fields of the instance can be read in place", """
            public class ToolAgent
            {
                private readonly string _command;

                public ToolAgent(string command)
                {
                    _command = command;
                }

                public async Task<int> AskAsync(string question)
                {
                    await using var client = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = _command })).ConfigureAwait(false);
                    return (await client.ListToolsAsync().ConfigureAwait(false)).Count;
                }

                public async Task<int> ChatAsync(string message)
                {
                    var transport = new StdioClientTransport(new() { Command = _command });
                    var client = await McpClient.[|CreateAsync|](transport);
                    try
                    {
                        return (await client.ListToolsAsync()).Count;
                    }
                    finally
                    {
                        await client.DisposeAsync();
                    }
                }
            }
            """, """
            public class ToolAgent : IAsyncDisposable
            {
                private readonly string _command;
                private readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private McpClient? _mcpClient;

                public ToolAgent(string command)
                {
                    _command = command;
                }

                public async Task<int> AskAsync(string question)
                {
                    var client = await GetMcpClientAsync().ConfigureAwait(false);
                    return (await client.ListToolsAsync().ConfigureAwait(false)).Count;
                }

                public async Task<int> ChatAsync(string message)
                {
                    var client = await GetMcpClientAsync();
                    return (await client.ListToolsAsync()).Count;
                }

                private async Task<McpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
                {
                    await _mcpClientGate.WaitAsync(cancellationToken).ConfigureAwait(false);
                    try
                    {
                        if (_mcpClient is { Completion: { IsCompleted: true } } ended)
                        {
                            _mcpClient = null;
                            await ended.DisposeAsync().ConfigureAwait(false);
                        }

                        return _mcpClient ??= await McpClient.CreateAsync(new StdioClientTransport(new() { Command = _command }), cancellationToken: cancellationToken).ConfigureAwait(false);
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                private async ValueTask CloseMcpClientAsync()
                {
                    await _mcpClientGate.WaitAsync().ConfigureAwait(false);
                    try
                    {
                        if (_mcpClient is { } open)
                        {
                            _mcpClient = null;
                            await open.DisposeAsync().ConfigureAwait(false);
                        }
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                public ValueTask DisposeAsync() => CloseMcpClientAsync();
            }
            """),
        new("statements that prepare the opening run only before one", """
            public class ToolAgent(IConfiguration configuration, ILoggerFactory loggerFactory)
            {
                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var options = new HttpClientTransportOptions { Endpoint = new Uri(configuration["Endpoint"]!) };
                    options.Name = "tools";
                    await using var client = await McpClient.[|CreateAsync|](
                        new HttpClientTransport(options, loggerFactory),
                        new McpClientOptions { ClientInfo = new() { Name = "agent", Version = "1.0" } },
                        loggerFactory,
                        ct);
                    return (await client.ListToolsAsync(cancellationToken: ct)).Count;
                }
            }
            """, """
            public class ToolAgent(IConfiguration configuration, ILoggerFactory loggerFactory) : IAsyncDisposable
            {
                private readonly SemaphoreSlim _mcpClientGate = new(1, 1);
                private McpClient? _mcpClient;

                public async Task<int> AskAsync(string question, CancellationToken ct)
                {
                    var client = await GetMcpClientAsync(ct);
                    return (await client.ListToolsAsync(cancellationToken: ct)).Count;
                }

                private async Task<McpClient> GetMcpClientAsync(CancellationToken cancellationToken = default)
                {
                    await _mcpClientGate.WaitAsync(cancellationToken);
                    try
                    {
                        if (_mcpClient is { Completion: { IsCompleted: true } } ended)
                        {
                            _mcpClient = null;
                            await ended.DisposeAsync();
                        }

                        if (_mcpClient is null)
                        {
                            var options = new HttpClientTransportOptions { Endpoint = new Uri(configuration["Endpoint"]!) };
                            options.Name = "tools";
                            _mcpClient = await McpClient.CreateAsync(
                                new HttpClientTransport(options, loggerFactory),
                                new McpClientOptions { ClientInfo = new() { Name = "agent", Version = "1.0" } },
                                loggerFactory,
                                cancellationToken);
                        }

                        return _mcpClient;
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                private async ValueTask CloseMcpClientAsync()
                {
                    await _mcpClientGate.WaitAsync();
                    try
                    {
                        if (_mcpClient is { } open)
                        {
                            _mcpClient = null;
                            await open.DisposeAsync();
                        }
                    }
                    finally
                    {
                        _mcpClientGate.Release();
                    }
                }

                public ValueTask DisposeAsync() => CloseMcpClientAsync();
            }
            """) { CSharp = 12 },
        new("two servers, and a container that may dispose the singleton synchronously", """
            public class ToolAgent
            {
                public async Task<int> AskAsync(string question)
                {
                    await using var weatherClient = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "weather" }));
                    await using var searchClient = await McpClient.[|CreateAsync|](new StdioClientTransport(new() { Command = "search" }));
                    return (await weatherClient.ListToolsAsync()).Count + (await searchClient.ListToolsAsync()).Count;
                }
            }

            public static class Startup
            {
                public static void Register(IServiceCollection services) => services.AddSingleton<ToolAgent>();
            }
            """, """
            public class ToolAgent : IAsyncDisposable, IDisposable
            {
                private readonly SemaphoreSlim _weatherClientGate = new(1, 1);
                private McpClient? _weatherClient;
                private readonly SemaphoreSlim _searchClientGate = new(1, 1);
                private McpClient? _searchClient;

                public async Task<int> AskAsync(string question)
                {
                    var weatherClient = await GetWeatherClientAsync();
                    var searchClient = await GetSearchClientAsync();
                    return (await weatherClient.ListToolsAsync()).Count + (await searchClient.ListToolsAsync()).Count;
                }

                private async Task<McpClient> GetWeatherClientAsync(CancellationToken cancellationToken = default)
                {
                    await _weatherClientGate.WaitAsync(cancellationToken);
                    try
                    {
                        if (_weatherClient is { Completion: { IsCompleted: true } } ended)
                        {
                            _weatherClient = null;
                            await ended.DisposeAsync();
                        }

                        return _weatherClient ??= await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "weather" }), cancellationToken: cancellationToken);
                    }
                    finally
                    {
                        _weatherClientGate.Release();
                    }
                }

                private async ValueTask CloseWeatherClientAsync()
                {
                    await _weatherClientGate.WaitAsync();
                    try
                    {
                        if (_weatherClient is { } open)
                        {
                            _weatherClient = null;
                            await open.DisposeAsync();
                        }
                    }
                    finally
                    {
                        _weatherClientGate.Release();
                    }
                }

                private async Task<McpClient> GetSearchClientAsync(CancellationToken cancellationToken = default)
                {
                    await _searchClientGate.WaitAsync(cancellationToken);
                    try
                    {
                        if (_searchClient is { Completion: { IsCompleted: true } } ended)
                        {
                            _searchClient = null;
                            await ended.DisposeAsync();
                        }

                        return _searchClient ??= await McpClient.CreateAsync(new StdioClientTransport(new() { Command = "search" }), cancellationToken: cancellationToken);
                    }
                    finally
                    {
                        _searchClientGate.Release();
                    }
                }

                private async ValueTask CloseSearchClientAsync()
                {
                    await _searchClientGate.WaitAsync();
                    try
                    {
                        if (_searchClient is { } open)
                        {
                            _searchClient = null;
                            await open.DisposeAsync();
                        }
                    }
                    finally
                    {
                        _searchClientGate.Release();
                    }
                }

                public async ValueTask DisposeAsync()
                {
                    await CloseWeatherClientAsync();
                    await CloseSearchClientAsync();
                }

                public void Dispose()
                {
                    _ = Task.Run(async () => await CloseWeatherClientAsync());
                    _ = Task.Run(async () => await CloseSearchClientAsync());
                }
            }

            public static class Startup
            {
                public static void Register(IServiceCollection services) => services.AddSingleton<ToolAgent>();
            }
            """));

    [Theory, MemberData(nameof(Plain))]
    public Task Shares(Case test) => new Verify.Test
    {
        TestCode = test.Code,
        FixedCode = test.FixedCode ?? test.Code,
        ReferenceAssemblies = References.Mcp2,
    }.RunAsync(TestContext.Current.CancellationToken);
}
