using ModelContextProtocol;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>
/// Which calls are sent again. Not delivered: always. Outcome unknown: only what is safe to repeat. Answered, be it with an error: never.
/// </summary>
public sealed class ReplayDecisionTests
{
    private static readonly TimeSpan s_untilStopped = TimeSpan.FromDays(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<Fault> AnswersLost => [new Fault.DropBefore(), new Fault.DropAfter(), new Fault.NoReply(), new Fault.Status(503), new Fault.Status(502), new Fault.Status(504)];

    [Theory]
    [MemberData(nameof(AnswersLost))]
    public async Task A_write_whose_answer_is_lost_is_not_repeated_and_its_caller_is_told(Fault fault)
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { Name = "ledger" });
        await shared.ListToolsAsync(Token);
        server.Faults.Next("tools/call", fault);

        var e = await Assert.ThrowsAsync<McpOutcomeUnknownException>(
            () => shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token).AsTask());

        Assert.Equal(("ledger", "tools/call"), (e.ServerName, e.Method));
        Assert.Contains("may have been executed, or not", e.Message);
        Assert.InRange(server.Counters.Executed("w"), 0, 1);
        Assert.Equal(1, server.Counters.ToolCalls);
        Assert.Equal("next", (await shared.EchoAsync("next")).Text());
    }

    [Theory]
    [MemberData(nameof(AnswersLost))]
    public async Task A_read_whose_answer_is_lost_is_repeated(Fault fault)
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.ListToolsAsync(Token);
        server.Faults.Next("tools/call", fault);

        Assert.Equal("hello", (await shared.EchoAsync("hello")).Text());
        Assert.Equal(2, server.Counters.ToolCalls);
        Assert.Equal(1, server.Counters.Initializes);
    }

    [Fact]
    public async Task An_idempotent_write_may_run_twice_and_is_repeated()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.ListToolsAsync(Token);
        server.Faults.Next("tools/call", new Fault.DropAfter());

        Assert.Equal("p", (await shared.CallToolAsync("put", Results.Id("p"), cancellationToken: Token)).Text());
        Assert.Equal(2, server.Counters.Executed("p"));
    }

    [Fact]
    public async Task A_tool_that_nobody_has_described_is_taken_for_a_write()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.GetClientAsync(Token);
        server.Faults.Next("tools/call", new Fault.DropAfter());

        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => shared.EchoAsync("hello"));
    }

    [Fact]
    public async Task A_caller_who_knows_better_says_so()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new()
        {
            MayRepeat = request => request.Params?["name"]?.GetValue<string>() == "write" ? true : null,
        });
        await shared.GetClientAsync(Token);
        server.Faults.Next("tools/call", new Fault.DropBefore());

        Assert.Equal("w", (await shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token)).Text());
    }

    [Fact]
    public async Task A_read_that_keeps_failing_ends_with_the_truth()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.ListToolsAsync(Token);
        server.Faults.Always("tools/call", new Fault.DropBefore());

        var e = await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => shared.EchoAsync("hello"));

        Assert.Contains("Repeating it did not help", e.Message);
    }

    [Fact]
    public async Task A_call_that_could_not_be_delivered_waits_for_the_server_and_is_sent()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { RecoveryTimeout = s_untilStopped });
        await shared.GetClientAsync(Token);
        await server.KillAsync();

        var write = shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token).AsTask();
        await server.StartAsync();

        Assert.Equal("w", (await write).Text());
        Assert.Equal(1, server.Counters.Executed("w"));
    }

    [Fact]
    public async Task A_server_that_does_not_come_back_fails_the_call_when_the_time_for_recovery_is_over()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { Name = "ledger", RecoveryTimeout = TimeSpan.Zero });
        await shared.GetClientAsync(Token);
        await server.KillAsync();

        var e = await Assert.ThrowsAsync<McpConnectException>(() => shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token).AsTask());

        Assert.Contains("'ledger'", e.Message);
        Assert.Contains("refused", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    public async Task An_answer_with_an_HTTP_error_is_the_callers(int status)
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.ListToolsAsync(Token);
        server.Faults.Next("tools/call", new Fault.Status(status));

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => shared.EchoAsync("hello"));

        Assert.Equal(status, (int)e.StatusCode!);
        Assert.Equal((1, 1), (server.Counters.ToolCalls, server.Counters.Initializes));
    }

    [Fact]
    public async Task An_error_of_the_tool_or_the_protocol_is_the_callers_and_reopens_nothing()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();

        Assert.True((await shared.CallToolAsync("fail", cancellationToken: Token)).IsError);
        await Assert.ThrowsAsync<McpProtocolException>(() => shared.CallToolAsync("no-such-tool", cancellationToken: Token).AsTask());

        Assert.Equal((2, 1), (server.Counters.ToolCalls, server.Counters.Initializes));
    }

    /// <summary>What <see cref="HttpClient"/> throws of itself, without the waiting; the bare one where a connection is reset while it is made.</summary>
    public static TheoryData<Exception, string> ThrownByHttpClient => new()
    {
        { new TaskCanceledException("Canceled", new TimeoutException("it took too long")), "took too long" },
        { new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.NotConnected), "answer was lost" },
    };

    [Theory]
    [MemberData(nameof(ThrownByHttpClient), DisableDiscoveryEnumeration = true)]
    public async Task What_the_users_own_HttpClient_throws_is_an_unknown_outcome_and_no_cancellation(Exception thrown, string said)
    {
        await using var server = await McpTestServer.StartAsync();
        using var failing = new HttpClient(new FailsCalls(thrown) { InnerHandler = new SocketsHttpHandler() });
        await using var shared = new SharedMcpSession(_ => new HttpClientTransport(new() { Endpoint = server.Endpoint, EnableStandaloneGetStream = false }, failing));
        await shared.GetClientAsync(Token);

        var e = await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => shared.CallToolAsync("wait", Results.Id("w"), cancellationToken: Token).AsTask());

        Assert.Same(thrown.GetType(), e.InnerException!.GetType());
        Assert.Contains(said, e.Message);
    }

    private sealed class FailsCalls(Exception thrown) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Content is not null && (await request.Content.ReadAsStringAsync(cancellationToken)).Contains("tools/call", StringComparison.Ordinal)
                ? throw thrown
                : await base.SendAsync(request, cancellationToken);
    }
}
