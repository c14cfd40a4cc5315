using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Sharing;

/// <summary>A cancelled caller stops waiting, and that is all that it stops.</summary>
public sealed class CancellationTests
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task The_first_callers_cancellation_does_not_cancel_the_opening_for_the_others()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Next("initialize", new Fault.Slow(_gate.Task));
        await using var shared = server.Shared();
        using var impatient = new CancellationTokenSource();

        var first = shared.GetClientAsync(impatient.Token).AsTask();
        var second = shared.GetClientAsync(TestContext.Current.CancellationToken).AsTask();
        await impatient.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _gate.SetResult();

        Assert.Equal(impatient.Token, e.CancellationToken);
        Assert.Equal("hello", (await (await second).EchoAsync("hello")).Text());
        Assert.Equal(1, server.Counters.Initializes);
    }

    [Fact]
    public async Task An_opening_that_everybody_has_left_is_there_for_the_next_caller()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Next("initialize", new Fault.Slow(_gate.Task));
        await using var shared = server.Shared();
        using var impatient = new CancellationTokenSource();

        var only = shared.GetClientAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        _gate.SetResult();

        await shared.GetClientAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, server.Counters.Initializes);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_opens_nothing()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await shared.GetClientAsync(new CancellationToken(canceled: true)));

        Assert.Equal(McpSessionState.Idle, shared.Status.State);
    }
}
