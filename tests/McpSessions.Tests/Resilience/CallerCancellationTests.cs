using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>Law 3: cancellation is the caller's alone, and reaches nobody else.</summary>
public sealed class CallerCancellationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancelled_call_tells_the_server_and_leaves_the_others_alone()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        using var impatient = new CancellationTokenSource();
        var other = shared.CallToolAsync("wait", Results.Id("other"), cancellationToken: Token).AsTask();
        var cancelled = shared.CallToolAsync("wait", Results.Id("cancelled"), cancellationToken: impatient.Token).AsTask();
        await server.Counters.Reaches(c => c.Executed("other") + c.Executed("cancelled") == 2);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await server.Counters.Reaches(c => c.Requests("notifications/cancelled") == 1);
        server.OpenGate();

        Assert.Equal("other", (await other).Text());
        Assert.Equal(1, server.Counters.Initializes);
    }

    [Fact]
    public async Task A_caller_waiting_for_a_server_to_come_back_can_leave()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { TimeProvider = new ManualTime() });
        await shared.GetClientAsync(Token);
        await server.KillAsync();
        using var impatient = new CancellationTokenSource();

        var call = shared.CallToolAsync("write", Results.Id("w"), cancellationToken: impatient.Token).AsTask();
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_server_that_hangs_on_one_call_holds_its_caller_alone_and_no_longer_than_that_caller_wants()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.ListToolsAsync(Token);
        server.Faults.Next("tools/call", new Fault.Hang());
        using var impatient = new CancellationTokenSource();
        var hanging = shared.CallToolAsync("write", Results.Id("w"), cancellationToken: impatient.Token).AsTask();
        await server.Counters.Reaches(c => c.ToolCalls == 1);

        Assert.Equal("others", (await shared.EchoAsync("others")).Text());
        await impatient.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);

        Assert.Equal(impatient.Token, e.CancellationToken);
        Assert.Equal((1, 0), (server.Counters.Initializes, server.Counters.Executed("w")));
    }

    [Fact]
    public async Task Closing_under_a_running_call_is_an_unknown_outcome_for_its_caller_and_no_cancellation()
    {
        await using var server = await McpTestServer.StartAsync();
        var shared = server.Shared(options: new() { DrainTimeout = TimeSpan.Zero });
        var call = shared.CallToolAsync("wait", Results.Id("w"), cancellationToken: Token).AsTask();
        await server.Counters.Reaches(c => c.Executed("w") == 1);

        await shared.DisposeAsync();

        var e = await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => call);
        Assert.Contains("closed by its owner", e.Message);
    }

    [Fact]
    public async Task The_same_over_stdio()
    {
        var shared = new SharedMcpSession(_ => StdioServer.Transport(), StdioServer.Patient, new() { DrainTimeout = TimeSpan.Zero });
        var call = shared.CallToolAsync("wait", Results.Id("w"), cancellationToken: Token).AsTask();
        await shared.EchoAsync("behind it");

        await shared.DisposeAsync();

        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => call);
    }

    [Fact]
    public async Task A_cancelled_call_over_stdio_tells_the_server_too()
    {
        await using var shared = new SharedMcpSession(_ => StdioServer.Transport(), StdioServer.Patient);
        using var impatient = new CancellationTokenSource();
        var call = shared.CallToolAsync("wait", Results.Id("w"), cancellationToken: impatient.Token).AsTask();
        await shared.EchoAsync("behind it");

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("after", (await shared.EchoAsync("after")).Text());
    }
}
