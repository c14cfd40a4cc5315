using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Sharing;

/// <summary>A server that can't be reached: the caller learns why, in time, and the next attempt starts afresh.</summary>
public sealed class FailedOpeningTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task The_exception_names_the_server_the_reason_and_what_was_tried()
    {
        await using var server = await McpTestServer.StartAsync();
        await server.KillAsync();
        await using var shared = server.Shared(options: new() { Name = "github" });

        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));

        Assert.Equal("github", e.ServerName);
        Assert.Contains("'github' (HttpClientTransport)", e.Message);
        Assert.Contains("refused", e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"POST {server.Endpoint}", e.Message);
        Assert.IsType<HttpRequestException>(e.InnerException, exactMatch: false);
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_named()
    {
        await using var shared = new SharedMcpSession(_ => new StdioClientTransport(new() { Name = "files", Command = "no-such-command-here" }));

        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));

        Assert.Contains("'files' (StdioClientTransport)", e.Message);
        Assert.NotNull(e.InnerException);
    }

    [Fact]
    public async Task An_exception_of_the_transport_factory_is_the_inner_one()
    {
        var broken = new InvalidOperationException("no endpoint configured");
        await using var shared = new SharedMcpSession(_ => throw broken);

        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));

        Assert.Same(broken, e.InnerException);
        Assert.Contains("no endpoint configured", e.Message);
    }

    [Fact]
    public async Task A_key_in_the_address_does_not_reach_the_message()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Status(500));
        var endpoint = new Uri($"{server.Endpoint}?api_key=s3cret");
        var logs = new LogCollector();
        await using var shared = new SharedMcpSession(
            connect => new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient), options: new() { LoggerFactory = logs });

        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));

        Assert.Contains("HTTP 500", e.Message);
        Assert.DoesNotContain("s3cret", e.Message);
        Assert.DoesNotContain(logs.Own, line => line.Message.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_never_answers_fails_the_opening_within_the_configured_time()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Hang());
        await using var shared = server.Shared(options: new() { TimeProvider = _time, ConnectTimeout = TimeSpan.FromSeconds(3) });

        var opening = shared.GetClientAsync(TestContext.Current.CancellationToken).AsTask();
        await server.Counters.Reaches(c => c.AllRequests > 0);
        _time.Advance(TimeSpan.FromSeconds(3));

        var e = await Assert.ThrowsAsync<McpConnectException>(() => opening);
        Assert.Contains("no session within 3 s", e.Message);
    }

    [Fact]
    public async Task A_factory_that_blocks_and_ignores_its_token_fails_in_time_too_and_what_it_makes_later_is_closed()
    {
        await using var server = await McpTestServer.StartAsync();
        using var entered = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        await using var shared = new SharedMcpSession(
            connect =>
            {
                entered.Set();
                goOn.Wait();
                return new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient);
            },
            options: new() { TimeProvider = _time, ConnectTimeout = TimeSpan.FromSeconds(3) });

        var opening = shared.GetClientAsync(TestContext.Current.CancellationToken).AsTask();
        entered.Wait(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<McpConnectException>(() => opening);

        goOn.Set();
        await server.Counters.Reaches(c => c.OpenSessions == 0);
    }

    [Fact]
    public async Task Within_the_backoff_callers_get_the_same_failure_without_another_attempt()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Status(503));
        await using var shared = server.Shared(options: new() { TimeProvider = _time, OpeningRetries = 0 });

        var first = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));
        var requests = server.Counters.AllRequests;
        var second = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));

        Assert.Equal(first.Message, second.Message);
        Assert.NotSame(first, second);
        Assert.Equal(requests, server.Counters.AllRequests);
        Assert.Equal(McpSessionState.Down, shared.Status.State);
        Assert.Equal(1, shared.Status.ConsecutiveFailures);
    }

    [Fact]
    public async Task After_the_backoff_a_server_that_is_back_is_simply_used()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Status(503));
        await using var shared = server.Shared(options: new() { TimeProvider = _time, OpeningRetries = 0 });
        await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(TestContext.Current.CancellationToken));

        server.Faults.Clear();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("hello", (await shared.EchoAsync("hello")).Text());
        Assert.Equal(0, shared.Status.ConsecutiveFailures);
        Assert.Null(shared.Status.LastError);
    }
}
