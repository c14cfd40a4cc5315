using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>A server that is a child process: when it dies it is started again, underneath the same client.</summary>
public sealed class StdioTests : IDisposable
{
    private readonly string _writes = Path.GetTempFileName();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_writes);

    [Fact]
    public async Task A_killed_process_is_started_again_and_the_tools_listed_before_still_work()
    {
        await using var shared = new SharedMcpSession(_ => StdioServer.Transport(), StdioServer.Patient);
        var client = await shared.GetClientAsync(Token);
        var echo = (await shared.ListToolsAsync(Token)).Single(tool => tool.Name == "echo");
        var first = await StdioServer.ProcessIdAsync(client);

        await StdioServer.KillAsync(first);

        Assert.Equal("again", (await echo.CallAsync(new Dictionary<string, object?> { ["message"] = "again" }, cancellationToken: Token)).Text());
        Assert.NotEqual(first, await StdioServer.ProcessIdAsync(client));
        Assert.Same(client, await shared.GetClientAsync(Token));
        Assert.Equal(2, shared.Status.Openings);
    }

    [Fact]
    public async Task A_write_that_took_the_process_down_is_an_unknown_outcome_and_is_not_repeated()
    {
        await using var shared = new SharedMcpSession(_ => StdioServer.Transport(_writes), StdioServer.Patient);
        await shared.ListToolsAsync(Token);

        var e = await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => shared.CallToolAsync(
            "write-and-die", new Dictionary<string, object?> { ["id"] = "w", ["exitCode"] = 3 }, cancellationToken: Token).AsTask());

        Assert.Contains("exited", e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("on", (await shared.EchoAsync("on")).Text());
        Assert.Equal(["w"], await File.ReadAllLinesAsync(_writes, Token));
    }

    [Fact]
    public async Task Twenty_callers_at_one_death_start_one_process()
    {
        var started = 0;
        var marker = Guid.NewGuid().ToString("N");
        var everything = EverythingServer.Stdio(marker);
        await using var shared = new SharedMcpSession(
            _ =>
            {
                Interlocked.Increment(ref started);
                return new StdioClientTransport(everything);
            },
            StdioServer.Patient);
        var echo = (await shared.ListToolsAsync(Token)).Single(tool => tool.Name == "echo");
        var process = NodeProcessWith(marker);

        await StdioServer.KillAsync(process);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => echo.CallAsync(new Dictionary<string, object?> { ["message"] = $"{i}" }, cancellationToken: Token).AsTask()));

        Assert.Equal(20, answers.Select(answer => answer.Text()).Distinct().Count());
        Assert.Equal((2, 2), (started, shared.Status.Openings));
    }

    private static int NodeProcessWith(string marker) => System.Diagnostics.Process.GetProcessesByName("node")
        .Single(process => File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(marker, StringComparison.Ordinal)).Id;
}
