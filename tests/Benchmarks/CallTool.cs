using BenchmarkDotNet.Attributes;
using McpSessions.TestServer;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpSessions.Benchmarks;

/// <summary>A tool call over loopback HTTP: on a plain client, on the shared session, and with a session per call.</summary>
[MemoryDiagnoser]
public class CallTool
{
    private static readonly Dictionary<string, object?> s_arguments = new() { ["message"] = "hello" };
    private readonly HttpClient _http = new();
    private McpTestServer _server = null!;
    private SharedMcpSession _shared = null!;
    private McpClient _plain = null!;

    // Synchronous: the in-process toolchain does not wait for an asynchronous one.
    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void CleanUp() => CleanUpAsync().GetAwaiter().GetResult();

    private async Task SetUpAsync()
    {
        _server = await McpTestServer.StartAsync();
        _shared = new(connect => new HttpClientTransport(new() { Endpoint = _server.Endpoint }, connect.HttpClient));
        _plain = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _server.Endpoint, EnableStandaloneGetStream = false }, _http));

        // The first call over loopback opens connections and compiles code: none of that is what the first benchmark should measure.
        for (var i = 0; i < 2_000; i++)
        {
            await Plain();
            await Shared();
        }
    }

    private async Task CleanUpAsync()
    {
        await _shared.DisposeAsync();
        await _plain.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Benchmark(Baseline = true, Description = "plain McpClient")]
    public ValueTask<CallToolResult> Plain() => _plain.CallToolAsync("echo", s_arguments);

    [Benchmark(Description = "SharedMcpSession")]
    public ValueTask<CallToolResult> Shared() => _shared.CallToolAsync("echo", s_arguments);

    [Benchmark(Description = "a session per call")]
    public async Task<CallToolResult> PerCall()
    {
        await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = _server.Endpoint }, _http));
        return await client.CallToolAsync("echo", s_arguments);
    }
}
