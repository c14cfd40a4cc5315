using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Http;

/// <summary>Handlers of the user's own in the chain of HTTP handlers, as for a token that is renewed while the session goes on.</summary>
public sealed class OwnHandlersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_is_renewed_per_request_needs_no_new_session()
    {
        await using var server = await McpTestServer.StartAsync();
        var seen = new ConcurrentQueue<string>();
        server.OnRequest = request => seen.Enqueue(request.Request.Headers.Authorization.ToString());
        var token = "first";
        await using var shared = new SharedMcpSession(connect => new HttpClientTransport(
            new() { Endpoint = server.Endpoint },
            connect.CreateHttpClient(new TokenHandler(() => token))));
        await shared.EchoAsync("one");

        token = "second";
        seen.Clear();
        await shared.EchoAsync("two");

        Assert.Equal("Bearer second", Assert.Single(seen));
        Assert.Equal(1, shared.Status.Openings);
    }

    [Fact]
    public async Task A_session_that_is_lost_is_opened_again_through_handlers_of_its_own()
    {
        await using var server = await McpTestServer.StartAsync();
        var handlers = new List<TokenHandler>();
        await using (var shared = new SharedMcpSession(connect =>
        {
            handlers.Add(new TokenHandler(static () => "token"));
            return new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.CreateHttpClient(handlers[^1]));
        }))
        {
            await shared.EchoAsync("one");
            server.ExpireSessions();
            Assert.Equal("two", (await shared.EchoAsync("two")).Text());

            Assert.Equal((2, 2), (handlers.Count, shared.Status.Openings));
            Assert.Contains(HttpStatusCode.NotFound, handlers[0].Answers);
            Assert.DoesNotContain(HttpStatusCode.NotFound, handlers[1].Answers);
        }

        Assert.All(handlers, static handler => Assert.True(handler.IsDisposed));
    }

    [Fact]
    public async Task What_a_handler_throws_reaches_the_caller_as_it_is()
    {
        await using var server = await McpTestServer.StartAsync();
        string? token = "token";
        await using var shared = new SharedMcpSession(connect => new HttpClientTransport(
            new() { Endpoint = server.Endpoint },
            connect.CreateHttpClient(new TokenHandler(() => token ?? throw new UnauthorizedAccessException("No token today.")))));
        await shared.EchoAsync("one");

        token = null;
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => shared.EchoAsync("two"));

        token = "token";
        Assert.Equal("three", (await shared.EchoAsync("three")).Text());
        Assert.Equal(1, shared.Status.Openings);
    }

    [Fact]
    public async Task A_handler_of_another_chain_is_refused()
    {
        await using var server = await McpTestServer.StartAsync();
        var handler = new TokenHandler(static () => "token") { InnerHandler = new SocketsHttpHandler() };
        await using var shared = new SharedMcpSession(
            connect => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.CreateHttpClient(handler)),
            options: new() { OpeningRetries = 0 });

        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(Token));

        Assert.Contains("A TokenHandler is part of another chain already: make a new one for every opening", e.Message);
    }

    [Fact]
    public async Task A_defined_server_gets_its_handlers_from_the_container()
    {
        await using var server = await McpTestServer.StartAsync();
        var seen = new ConcurrentQueue<string>();
        server.OnRequest = request => seen.Enqueue(request.Request.Headers.Authorization.ToString());
        await using var services = new ServiceCollection()
            .AddTransient(static _ => new TokenHandler(static () => "from the container"))
            .AddMcpSession("files", definition =>
            {
                definition.Url = server.Endpoint.ToString();
                definition.HttpHandlers.Add(static provider => provider.GetRequiredService<TokenHandler>());
            })
            .BuildServiceProvider();

        await services.GetRequiredService<McpSessionRegistry>()["files"].EchoAsync("one");

        Assert.Equal(["Bearer from the container"], seen.Distinct());
    }

    [Fact]
    public void Handlers_where_nothing_is_sent_over_HTTP_are_a_mistake()
    {
        var services = new ServiceCollection()
            .AddMcpSession("files", static definition =>
            {
                definition.Command = "server";
                definition.HttpHandlers.Add(static _ => new TokenHandler(static () => "token"));
            })
            .BuildServiceProvider();

        var e = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<McpSessionRegistry>());

        Assert.Contains("MCP server 'files': a stdio server makes no HTTP requests that handlers could see.", e.Message);
    }

    private sealed class TokenHandler(Func<string> token) : DelegatingHandler
    {
        public ConcurrentQueue<HttpStatusCode> Answers { get; } = new();

        public bool IsDisposed { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token());
            var response = await base.SendAsync(request, cancellationToken);
            Answers.Enqueue(response.StatusCode);
            return response;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
