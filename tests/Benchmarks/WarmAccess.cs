using BenchmarkDotNet.Attributes;
using McpSessions.TestServer;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;

namespace McpSessions.Benchmarks;

/// <summary>What it costs to get at a client that is there already, beside what people write without this library.</summary>
[MemoryDiagnoser]
public class WarmAccess
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private McpTestServer _server = null!;
    private SharedMcpSession _shared = null!;
    private KeyedMcpSessions<string> _keyed = null!;
    private McpClient _client = null!;
    private IHttpClientFactory _factory = null!;

    // Synchronous: the in-process toolchain does not wait for an asynchronous one.
    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void CleanUp() => CleanUpAsync().GetAwaiter().GetResult();

    private async Task SetUpAsync()
    {
        _server = await McpTestServer.StartAsync();
        _shared = new(connect => new HttpClientTransport(new() { Endpoint = _server.Endpoint }, connect.HttpClient));
        _keyed = new((_, connect) => new HttpClientTransport(new() { Endpoint = _server.Endpoint }, connect.HttpClient));
        _client = await _shared.GetClientAsync();
        await _shared.ListToolsAsync();
        for (var i = 0; i < 100; i++)
        {
            await _keyed.GetClientAsync($"user-{i}");
        }

        _factory = new ServiceCollection().AddHttpClient("mcp").Services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>();
    }

    private async Task CleanUpAsync()
    {
        await _shared.DisposeAsync();
        await _keyed.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public ValueTask<McpClient> GetClientAsync() => _shared.GetClientAsync();

    [Benchmark]
    public ValueTask<McpClient> GetClientAsyncByKey() => _keyed.GetClientAsync("user-50");

    [Benchmark]
    public ValueTask<IList<McpClientTool>> ListToolsAsync() => _shared.ListToolsAsync();

    [Benchmark(Description = "SemaphoreSlim-guarded lazy")]
    public async ValueTask<McpClient> SemaphoreGuarded()
    {
        await _semaphore.WaitAsync();
        try
        {
            return _client;
        }
        finally
        {
            _semaphore.Release();
        }
    }

    [Benchmark(Description = "IHttpClientFactory.CreateClient")]
    public HttpClient HttpClientFactory() => _factory.CreateClient("mcp");
}
