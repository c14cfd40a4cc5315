using System.Collections.Concurrent;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>The server dies a hundred times at random moments while twenty callers write: what each of them is told is true.</summary>
public sealed class KillsUnderLoadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_ends_in_an_answer_or_in_the_truth_about_it_and_no_write_runs_twice()
    {
        await using var server = await McpTestServer.StartAsync();
        var shared = server.Shared(options: new() { RecoveryTimeout = TimeSpan.FromMinutes(5), OpeningBackoff = TimeSpan.Zero });
        await shared.ListToolsAsync(Token);
        var outcomes = new ConcurrentDictionary<string, string>();
        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 20).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var id = $"{caller}-{i}";
                try
                {
                    outcomes[id] = (await shared.CallToolAsync("write", Results.Id(id), cancellationToken: Token)).Text() == id ? "answered" : "garbled";
                }
                catch (McpOutcomeUnknownException)
                {
                    outcomes[id] = "unknown";
                }
                catch (McpConnectException)
                {
                    outcomes[id] = "not delivered";
                }
            }
        })).ToList();

        var random = new Random(20260728);
        for (var kill = 0; kill < 100; kill++)
        {
            var moment = server.Counters.ToolCalls + random.Next(1, 40);
            await server.Counters.Reaches(c => c.ToolCalls >= moment);
            await server.RestartAsync();
        }

        await enough.CancelAsync();
        await Task.WhenAll(callers);
        await shared.DisposeAsync();

        Assert.All(outcomes, call => Assert.Contains(call.Value, (string[])["answered", "unknown", "not delivered"]));
        Assert.All(outcomes, call => Assert.InRange(server.Counters.Executed(call.Key), call.Value == "answered" ? 1 : 0, call.Value == "not delivered" ? 0 : 1));
        Assert.Contains("answered", outcomes.Values);
        await server.Counters.Reaches(c => c.OpenConnections == 0);
    }
}
