using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Sharing;

/// <summary>Closing: complete, bounded, by the owner only, and harmless to repeat.</summary>
public sealed class ClosingTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Closing_ends_the_session_on_the_server_and_its_connections()
    {
        await using var server = await McpTestServer.StartAsync();
        var shared = server.Shared();
        await shared.EchoAsync("hello");

        await shared.DisposeAsync();

        Assert.Equal(0, server.Counters.OpenSessions);
        await server.Counters.Reaches(c => c.OpenConnections == 0);
        Assert.Equal(McpSessionState.Closed, shared.Status.State);
    }

    [Fact]
    public async Task Closing_ends_the_process_of_a_stdio_server()
    {
        var shared = new SharedMcpSession(_ => StdioServer.Transport(), StdioServer.Patient);
        var process = await StdioServer.ProcessIdAsync(await shared.GetClientAsync(TestContext.Current.CancellationToken));
        Assert.True(StdioServer.IsRunning(process));

        await shared.DisposeAsync();

        Assert.False(StdioServer.IsRunning(process));
    }

    [Fact]
    public async Task Synchronous_disposal_returns_at_once_and_closes_in_the_background()
    {
        await using var server = await McpTestServer.StartAsync();
        var goodbye = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Faults.Next("DELETE", new Fault.Slow(goodbye.Task));
        var shared = server.Shared();
        await shared.EchoAsync("hello");

        shared.Dispose();
        Assert.Equal(1, server.Counters.OpenSessions);

        goodbye.SetResult();
        await server.Counters.Reaches(c => c.OpenSessions == 0);
    }

    [Fact]
    public async Task A_session_that_was_never_opened_closes_without_opening_one()
    {
        await using var server = await McpTestServer.StartAsync();

        await server.Shared().DisposeAsync();

        Assert.Equal(0, server.Counters.AllRequests);
    }

    [Fact]
    public async Task Closing_twice_is_closing_once()
    {
        await using var server = await McpTestServer.StartAsync();
        var shared = server.Shared();
        await shared.EchoAsync("hello");

        await Task.WhenAll(shared.DisposeAsync().AsTask(), shared.DisposeAsync().AsTask());
        shared.Dispose();

        Assert.Equal(1, server.Counters.Requests("DELETE"));
    }

    [Fact]
    public async Task After_closing_callers_are_told_that_it_is_closed()
    {
        await using var server = await McpTestServer.StartAsync();
        var shared = server.Shared();
        await shared.EchoAsync("hello");
        await shared.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => shared.EchoAsync("hello"));
    }

    [Fact]
    public async Task A_running_call_is_let_finish()
    {
        await using var server = await McpTestServer.StartAsync();
        var shared = server.Shared();
        var call = shared.CallToolAsync("wait", Results.Id("w1"), cancellationToken: TestContext.Current.CancellationToken).AsTask();
        await server.Counters.Reaches(c => c.Executed("w1") == 1);

        var closing = shared.DisposeAsync().AsTask();
        server.OpenGate();

        Assert.Equal("w1", (await call).Text());
        await closing;
        Assert.Equal(0, server.Counters.OpenSessions);
    }

    [Fact]
    public async Task A_server_that_never_says_goodbye_is_left_in_time()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("DELETE", new Fault.Hang());
        var shared = server.Shared(options: new() { TimeProvider = _time, DisposeTimeout = TimeSpan.FromSeconds(4) });
        await shared.EchoAsync("hello");

        var closing = shared.DisposeAsync().AsTask();
        await server.Counters.Reaches(c => c.Requests("DELETE") == 1);
        _time.Advance(TimeSpan.FromSeconds(4));

        await closing;
        await server.Counters.Reaches(c => c.OpenConnections == 0);
    }

    [Fact]
    public async Task Closing_while_the_session_is_being_opened_leaves_nothing_behind()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("initialize", new Fault.Hang());
        var shared = server.Shared();
        var opening = shared.GetClientAsync(TestContext.Current.CancellationToken).AsTask();
        await server.Counters.Reaches(c => c.Initializes == 1);

        await shared.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => opening);
        await server.Counters.Reaches(c => c.OpenConnections == 0);
    }

    [Fact]
    public async Task The_transport_that_the_factory_made_is_disposed_with_the_session()
    {
        await using var server = await McpTestServer.StartAsync();
        var own = new HttpClient();
        var shared = new SharedMcpSession(_ => new HttpClientTransport(new() { Endpoint = server.Endpoint }, own, ownsHttpClient: true));
        await shared.EchoAsync("hello");

        await shared.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => own.GetAsync(server.Endpoint, TestContext.Current.CancellationToken));
    }
}
