using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Sharing;

/// <summary>What has ended is replaced at the next access, once for all who ask.</summary>
public sealed class ReplacementTests
{
    [Fact]
    public async Task A_client_that_a_borrower_disposed_by_mistake_is_replaced()
    {
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await (await shared.GetClientAsync(TestContext.Current.CancellationToken)).DisposeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => shared.EchoAsync($"{i}")));

        Assert.Equal(100, answers.Select(answer => answer.Text()).Distinct().Count());
        Assert.Equal(2, shared.Status.Openings);
        Assert.Equal(1, server.Counters.OpenSessions);
    }

    [Fact]
    public async Task Client_options_are_made_anew_because_the_client_writes_to_them()
    {
        await using var server = await McpTestServer.StartAsync();
        var made = new List<McpClientOptions>();
        await using var shared = server.Shared(() =>
        {
            var options = new McpClientOptions();
            made.Add(options);
            return options;
        });

        await (await shared.GetClientAsync(TestContext.Current.CancellationToken)).DisposeAsync();
        await shared.EchoAsync("hello");

        Assert.Equal(2, made.Distinct().Count());
    }
}
