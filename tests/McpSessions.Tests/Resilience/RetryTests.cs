using Polly;
using Polly.Retry;
using Polly.Timeout;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>Retrying: of openings by the library, of calls by the agent's own pipeline, never of what may have run and must not run twice.</summary>
public sealed class RetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_opening_that_fails_in_passing_is_tried_again()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Next("server/discover", new Fault.Status(503), new Fault.DropBefore());
        await using var shared = server.Shared(options: new() { OpeningRetries = 2 });

        Assert.Equal("hello", (await shared.EchoAsync("hello")).Text());
        Assert.Equal(3, server.Counters.Requests("server/discover"));
        Assert.Equal(1, shared.Status.Openings);
    }

    [Fact]
    public async Task An_opening_that_was_refused_is_not_tried_again()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Status(401));
        await using var shared = server.Shared(options: new() { OpeningRetries = 2 });

        await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(Token));

        Assert.Equal(1, server.Counters.Requests("server/discover"));
    }

    [Fact]
    public async Task Failed_openings_in_a_row_are_answered_for_longer_each_time_and_one_caller_tries_again_on_demand()
    {
        var time = new ManualTime();
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Status(401));
        await using var shared = server.Shared(options: new() { TimeProvider = time });
        async Task<int> RequestsOfOneCallAsync()
        {
            var before = server.Counters.Requests("server/discover");
            await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(Token));
            return server.Counters.Requests("server/discover") - before;
        }

        Assert.Equal(1, await RequestsOfOneCallAsync());
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, await RequestsOfOneCallAsync());
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(0, await RequestsOfOneCallAsync());
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, await RequestsOfOneCallAsync());

        for (var i = 0; i < 20; i++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(1, await RequestsOfOneCallAsync());
        }
    }

    [Fact]
    public async Task A_read_goes_through_the_agents_own_pipeline()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { CallPipeline = Retrying() });
        await shared.ListToolsAsync(Token);
        server.Faults.Next("tools/call", new Fault.Status(500), new Fault.Status(429));

        Assert.Equal("hello", (await shared.EchoAsync("hello")).Text());
        Assert.Equal(3, server.Counters.ToolCalls);
    }

    [Theory]
    [MemberData(nameof(MayHaveRun))]
    public async Task A_write_that_may_have_run_is_kept_from_the_pipeline(Fault fault, Type exception)
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { CallPipeline = Retrying() });
        await shared.ListToolsAsync(Token);
        server.Faults.Next("tools/call", fault);

        await Assert.ThrowsAsync(exception, () => shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token).AsTask());

        Assert.Equal(1, server.Counters.ToolCalls);
    }

    public static TheoryData<Fault, Type> MayHaveRun => new()
    {
        { new Fault.DropAfter(), typeof(McpOutcomeUnknownException) },
        { new Fault.Status(500), typeof(HttpRequestException) },
    };

    [Fact]
    public async Task A_write_that_the_pipelines_timeout_gives_up_is_an_unknown_outcome_and_not_repeated()
    {
        var time = new ManualTime();
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new()
        {
            CallPipeline = new ResiliencePipelineBuilder { TimeProvider = time }
                .AddRetry(new RetryStrategyOptions { Delay = TimeSpan.Zero, ShouldHandle = new PredicateBuilder().Handle<TimeoutRejectedException>() })
                .AddTimeout(TimeSpan.FromSeconds(5))
                .Build(),
        });
        await shared.ListToolsAsync(Token);

        var call = shared.CallToolAsync("wait", Results.Id("w"), cancellationToken: Token).AsTask();
        await server.Counters.Reaches(c => c.Executed("w") == 1);
        time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => call);
        Assert.Equal(1, server.Counters.Executed("w"));
    }

    private static ResiliencePipeline Retrying() => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 3, Delay = TimeSpan.Zero })
        .Build();
}
