using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Sharing;

/// <summary>A session that nobody uses is closed; the client and its tools stay, and the next call opens another.</summary>
public sealed class IdleTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_idle_session_is_closed_on_the_server_and_opened_again_by_the_next_call()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { TimeProvider = _time, IdleTimeout = TimeSpan.FromMinutes(20) });
        var echo = (await shared.ListToolsAsync(Token)).Single(tool => tool.Name == "echo");

        _time.Advance(TimeSpan.FromMinutes(20));
        await server.Counters.Reaches(c => c.OpenSessions == 0);
        Assert.Equal(McpSessionState.Idle, shared.Status.State);

        Assert.Equal("awake", (await echo.CallAsync(new Dictionary<string, object?> { ["message"] = "awake" }, cancellationToken: Token)).Text());
        Assert.Equal(1, server.Counters.OpenSessions);
    }

    [Fact]
    public async Task A_session_in_use_is_not_idle()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { TimeProvider = _time, IdleTimeout = TimeSpan.FromMinutes(20) });
        await shared.EchoAsync("one");

        _time.Advance(TimeSpan.FromMinutes(19));
        await shared.EchoAsync("two");
        _time.Advance(TimeSpan.FromMinutes(19));
        await shared.EchoAsync("three");
        var running = shared.CallToolAsync("wait", Results.Id("w"), cancellationToken: Token).AsTask();
        await server.Counters.Reaches(c => c.Executed("w") == 1);
        _time.Advance(TimeSpan.FromMinutes(60));
        server.OpenGate();

        Assert.Equal("w", (await running).Text());
        Assert.Equal(1, server.Counters.Initializes);
    }
}
