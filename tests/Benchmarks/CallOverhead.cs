using BenchmarkDotNet.Attributes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpSessions.Benchmarks;

/// <summary>What sharing adds to a tool call: the server answers at once, so the difference to the plain client is all ours.</summary>
[MemoryDiagnoser]
[WarmupCount(10)]
[IterationCount(15)]
public class CallOverhead
{
    private static readonly Dictionary<string, object?> s_arguments = new() { ["message"] = "hello" };
    private McpClient _plain = null!;
    private SharedMcpSession _shared = null!;
    private KeyedMcpSessions<string> _keyed = null!;

    // Synchronous: the in-process toolchain does not wait for an asynchronous one.
    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void CleanUp() => CleanUpAsync().GetAwaiter().GetResult();

    private async Task SetUpAsync()
    {
        _plain = await McpClient.CreateAsync(new InstantTransport());
        _shared = new(_ => new InstantTransport());
        _keyed = new((_, _) => new InstantTransport());

        // All three before any is measured: what is measured first must not warm the process for the others.
        for (var i = 0; i < 20_000; i++)
        {
            await Plain();
            await Shared();
            await Keyed();
        }
    }

    private async Task CleanUpAsync()
    {
        await _keyed.DisposeAsync();
        await _shared.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Benchmark(Baseline = true, Description = "plain McpClient")]
    public ValueTask<CallToolResult> Plain() => _plain.CallToolAsync("echo", s_arguments);

    [Benchmark(Description = "SharedMcpSession")]
    public ValueTask<CallToolResult> Shared() => _shared.CallToolAsync("echo", s_arguments);

    [Benchmark(Description = "KeyedMcpSessions")]
    public ValueTask<CallToolResult> Keyed() => _keyed.CallToolAsync("user-1", "echo", s_arguments);
}
