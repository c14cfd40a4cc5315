using System.Collections.Concurrent;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>The server dies at random moments while twenty callers write: what each of them is told is true, and nothing is left behind.</summary>
public sealed class KillsUnderLoadTests : IDisposable
{
    private readonly string _writes = Path.GetTempFileName();
    private readonly Random _random = new(20260728);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_writes);

    [Theory]
    [InlineData(HttpTransportMode.StreamableHttp)]
    [InlineData(HttpTransportMode.Sse)]
    public async Task After_a_hundred_kills_every_call_has_ended_in_an_answer_or_in_the_truth_and_no_write_has_run_twice(HttpTransportMode mode)
    {
        await using var server = await McpTestServer.StartAsync();
        var endpoint = mode == HttpTransportMode.Sse ? server.SseEndpoint : server.Endpoint;
        var shared = new SharedMcpSession(connect => new HttpClientTransport(new() { Endpoint = endpoint, TransportMode = mode }, connect.HttpClient), options: Patient());
        await using var load = await Load.StartAsync(shared);

        for (var kill = 0; kill < 100; kill++)
        {
            var moment = server.Counters.ToolCalls + _random.Next(1, 25);
            await server.Counters.Reaches(c => c.ToolCalls >= moment);
            await server.RestartAsync();
        }

        await load.EndAsync();
        await shared.DisposeAsync();

        load.AssertTrue(server.Counters.Executed);
        await server.Counters.Reaches(c => c.OpenConnections == 0 && c.OpenSessions == 0);
    }

    [Fact]
    public async Task The_same_for_a_child_process_that_is_killed_five_times()
    {
        var shared = new SharedMcpSession(_ => StdioServer.Transport(_writes), StdioServer.Patient, Patient());
        await using var load = await Load.StartAsync(shared);
        var processes = new HashSet<int>();

        for (var kill = 0; kill < 5; kill++)
        {
            await load.AnswersAsync(_random.Next(1, 40));
            var process = await StdioServer.ProcessIdAsync(await shared.GetClientAsync(Token));
            processes.Add(process);
            await load.AnswersAsync(_random.Next(1, 40));
            await StdioServer.KillAsync(process);
        }

        processes.Add(await StdioServer.ProcessIdAsync(await shared.GetClientAsync(Token)));
        await load.EndAsync();
        await shared.DisposeAsync();

        var executed = (await File.ReadAllLinesAsync(_writes, Token)).CountBy(static id => id).ToDictionary();
        load.AssertTrue(id => executed.GetValueOrDefault(id));
        Assert.Equal(6, processes.Count);
        Assert.DoesNotContain(processes, StdioServer.IsRunning);
    }

    private static SharedMcpSessionOptions Patient() => new() { RecoveryTimeout = TimeSpan.FromMinutes(5), OpeningBackoff = TimeSpan.Zero };

    /// <summary>Twenty callers who write, one write after the other, and keep what they were told of each.</summary>
    private sealed class Load(SharedMcpSession shared) : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, string> _outcomes = new();
        private readonly SemaphoreSlim _answers = new(0);
        private readonly CancellationTokenSource _enough = new();
        private Task _callers = Task.CompletedTask;

        public static async Task<Load> StartAsync(SharedMcpSession shared)
        {
            await shared.ListToolsAsync(Token);
            var load = new Load(shared);
            load._callers = Task.WhenAll(Enumerable.Range(0, 20).Select(caller => Task.Run(() => load.WriteAsync(caller))));
            return load;
        }

        /// <summary>Waits until so many more writes have been answered.</summary>
        public async Task AnswersAsync(int count)
        {
            while (_answers.Wait(0, Token))
            {
                // Those from before don't count.
            }

            for (var i = 0; i < count; i++)
            {
                await _answers.WaitAsync(Token);
            }
        }

        public async Task EndAsync()
        {
            await _enough.CancelAsync();
            await _callers;
        }

        public void AssertTrue(Func<string, int> executed)
        {
            Assert.Contains("answered", _outcomes.Values);
            Assert.All(_outcomes, call => Assert.InRange(
                executed(call.Key), call.Value == "answered" ? 1 : 0, call.Value == "not delivered" ? 0 : 1));
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            _enough.Dispose();
            _answers.Dispose();
        }

        private async Task WriteAsync(int caller)
        {
            for (var i = 0; !_enough.IsCancellationRequested; i++)
            {
                var id = $"{caller}-{i}";
                try
                {
                    Assert.Equal(id, (await shared.CallToolAsync("write", Results.Id(id), cancellationToken: Token)).Text());
                    _outcomes[id] = "answered";
                    _answers.Release();
                }
                catch (McpOutcomeUnknownException)
                {
                    _outcomes[id] = "unknown";
                }
                catch (McpConnectException)
                {
                    _outcomes[id] = "not delivered";
                }
            }
        }
    }
}
