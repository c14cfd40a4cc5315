using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Resilience;

/// <summary>The outside witness: npm's server-everything, killed and restarted under load.</summary>
public sealed class EverythingRestartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_and_restarted_under_twenty_callers_it_is_opened_once_more_and_every_echo_is_answered()
    {
        await using var server = await EverythingServer.StartAsync();
        await using var shared = new SharedMcpSession(
            connect => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient), options: new() { RecoveryTimeout = TimeSpan.FromMinutes(5) });
        var echo = (await shared.ListToolsAsync(Token)).Single(tool => tool.Name == "echo");

        await server.KillAsync();
        var calls = Enumerable.Range(0, 20).Select(i => echo.CallAsync(new Dictionary<string, object?> { ["message"] = $"{i}" }, cancellationToken: Token).AsTask()).ToList();
        await server.StartAgainAsync();
        var answers = await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"Echo: {i}"), answers.Select(answer => answer.Text()));
        Assert.Equal(2, server.Initializes);
        Assert.Equal(2, shared.Status.Openings);
    }
}
