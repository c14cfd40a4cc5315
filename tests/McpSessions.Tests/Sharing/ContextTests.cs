using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Sharing;

/// <summary>Law 5: nobody's ambient context gets into the shared session.</summary>
public sealed class ContextTests
{
    private static readonly AsyncLocal<string?> s_user = new();

    [Fact]
    public async Task The_first_callers_context_reaches_neither_the_factory_nor_the_requests_of_the_opening()
    {
        await using var server = await McpTestServer.StartAsync();
        var seen = new List<string?>();
        await using var shared = new SharedMcpSession(connect =>
        {
            seen.Add(s_user.Value);
            return new HttpClientTransport(new() { Endpoint = server.Endpoint }, new HttpClient(new Stamp(seen) { InnerHandler = new SocketsHttpHandler() }), ownsHttpClient: true);
        });

        s_user.Value = "alice";
        await shared.GetClientAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty(seen);
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public async Task A_callers_own_context_still_reaches_that_callers_requests()
    {
        await using var server = await McpTestServer.StartAsync();
        var seen = new List<string?>();
        await using var shared = new SharedMcpSession(_ => new HttpClientTransport(
            new() { Endpoint = server.Endpoint }, new HttpClient(new Stamp(seen) { InnerHandler = new SocketsHttpHandler() }), ownsHttpClient: true));
        await shared.GetClientAsync(TestContext.Current.CancellationToken);
        seen.Clear();

        s_user.Value = "bob";
        await shared.EchoAsync("hello");

        Assert.Equal(["bob"], seen);
    }

    private sealed class Stamp(List<string?> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Post)
            {
                lock (seen)
                {
                    seen.Add(s_user.Value);
                }
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
