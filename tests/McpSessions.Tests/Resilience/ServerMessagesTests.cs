using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>What comes from the server of its own accord, across sessions.</summary>
public sealed class ServerMessagesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_sessions_questions_with_the_same_id_get_each_its_own_answer()
    {
        await using var server = await McpTestServer.StartAsync();
        var asked = new Dictionary<string, TaskCompletionSource> { ["first"] = new(), ["second"] = new() };
        var answer = new Dictionary<string, TaskCompletionSource> { ["first"] = new(), ["second"] = new() };
        await using var shared = server.Shared(() => new()
        {
            Handlers = new()
            {
                ElicitationHandler = async (question, ct) =>
                {
                    asked[question!.Message].SetResult();
                    await answer[question.Message].Task.WaitAsync(ct);
                    return new() { Action = "accept", Content = new Dictionary<string, JsonElement> { ["answer"] = JsonSerializer.SerializeToElement("to " + question.Message) } };
                },
            },
        }, new() { DrainTimeout = TimeSpan.Zero });

        var first = shared.CallToolAsync("ask", new Dictionary<string, object?> { ["question"] = "first" }, cancellationToken: Token).AsTask();
        await asked["first"].Task.WaitAsync(Token);
        server.ExpireSessions();
        var second = shared.CallToolAsync("ask", new Dictionary<string, object?> { ["question"] = "second" }, cancellationToken: Token).AsTask();
        await asked["second"].Task.WaitAsync(Token);

        answer["second"].SetResult();
        Assert.Equal("to second", (await second).Text());
        answer["first"].SetResult();

        // The old session is unknown to the server by now, so this answer may not arrive there; it must not arrive at the new one.
        Assert.Equal(2, server.Counters.Initializes);
    }

    [Fact]
    public async Task Subscriptions_and_the_log_level_are_there_again_on_the_new_session()
    {
        await using var server = await McpTestServer.StartAsync(options =>
        {
            options.Capabilities = new() { Resources = new() { Subscribe = true } };
            options.Handlers.ListResourcesHandler = (_, _) => ValueTask.FromResult(new ListResourcesResult { Resources = [] });
            options.Handlers.ReadResourceHandler = (_, _) => ValueTask.FromResult(new ReadResourceResult());
            options.Handlers.SubscribeToResourcesHandler = (_, _) => ValueTask.FromResult(new EmptyResult());
            options.Handlers.UnsubscribeFromResourcesHandler = (_, _) => ValueTask.FromResult(new EmptyResult());
#pragma warning disable MCP9005 // Deprecated; servers and clients of older revisions still use it.
            options.Handlers.SetLoggingLevelHandler = (_, _) => ValueTask.FromResult(new EmptyResult());
#pragma warning restore MCP9005
        });
        await using var shared = server.Shared();
        var client = await shared.GetClientAsync(Token);
        await client.SubscribeToResourceAsync("test://kept", cancellationToken: Token);
        await client.SubscribeToResourceAsync("test://dropped", cancellationToken: Token);
        await client.UnsubscribeFromResourceAsync("test://dropped", cancellationToken: Token);
        await client.SendRequestAsync(new JsonRpcRequest { Method = "logging/setLevel", Params = new JsonObject { ["level"] = "error" } }, Token);
        server.Counters.Reset();

        server.ExpireSessions();
        await shared.EchoAsync("again");

        Assert.Equal((1, 1), (server.Counters.Requests("resources/subscribe"), server.Counters.Requests("logging/setLevel")));
    }

    [Fact]
    public async Task A_notification_handler_in_the_options_opens_the_standalone_stream_on_every_session()
    {
        await using var server = await McpTestServer.StartAsync();
        var heard = new SemaphoreSlim(0);
        await using var shared = server.Shared(() => new()
        {
            Handlers = new() { NotificationHandlers = [new("notifications/tools/list_changed", (_, _) => { heard.Release(); return default; })] },
        });
        await shared.GetClientAsync(Token);
        await server.Counters.Reaches(c => c.Requests("GET") == 1);
        await server.NotifyAllAsync("notifications/tools/list_changed");
        await heard.WaitAsync(Token);

        server.ExpireSessions();
        await shared.EchoAsync("again");
        await server.Counters.Reaches(c => c.Requests("GET") == 2);
        await server.NotifyAllAsync("notifications/tools/list_changed");
        await heard.WaitAsync(Token);
    }

    [Fact]
    public async Task Closing_from_within_a_notification_handler_does_not_wait_for_itself()
    {
        await using var server = await McpTestServer.StartAsync();
        SharedMcpSession? shared = null;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shared = server.Shared(
            () => new()
            {
                Handlers = new()
                {
                    NotificationHandlers =
                    [
                        new("notifications/tools/list_changed", async (_, _) =>
                        {
                            await shared!.DisposeAsync();
                            closed.SetResult();
                        }),
                    ],
                },
            },
            // A clock that stands still: were it to wait for any timeout, it would wait for ever.
            new() { TimeProvider = new ManualTime() });
        await shared.GetClientAsync(Token);
        await server.Counters.Reaches(c => c.Requests("GET") == 1);

        await server.NotifyAllAsync("notifications/tools/list_changed");

        await closed.Task.WaitAsync(Token);
        Assert.Equal(0, server.Counters.OpenSessions);
    }
}
