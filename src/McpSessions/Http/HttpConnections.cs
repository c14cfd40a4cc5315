namespace McpSessions.Http;

/// <summary>
/// The HTTP connections of one session owner. Each opening gets a cheap client of its own on top, so that what one session left hanging can
/// be cut off without touching the next, while the connections, and their TLS handshakes, are shared.
/// </summary>
internal sealed class HttpConnections(Func<HttpMessageHandler> connect) : IDisposable
{
    private readonly Lazy<HttpMessageHandler> _handler = new(connect);

    public HttpConnections()
        : this(static () => new SocketsHttpHandler
        {
            // A shared session lives for days: connections must be renewed to notice that a name has a new address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // No cookie jar: it would carry one principal's cookies into the next session.
            UseCookies = false,
            // Redirects are followed by SameOriginRedirects: API keys in custom headers must not travel to another host.
            AllowAutoRedirect = false,
        })
    {
    }

    public HttpClient CreateClient(HttpSessionState state, DelegatingHandler[] handlers)
    {
        var redirects = new SameOriginRedirects(Chain(handlers), state.Attempts);
        return new HttpClient(new SessionGuard(state, redirects), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private HttpMessageInvoker Chain(DelegatingHandler[] handlers)
    {
        if (handlers.Length == 0)
        {
            return new HttpMessageInvoker(_handler.Value, disposeHandler: false);
        }

        HttpMessageHandler inner = new KeepsConnections(_handler.Value);
        foreach (var handler in handlers.AsEnumerable().Reverse())
        {
            handler.InnerHandler = inner;
            inner = handler;
        }

        return new HttpMessageInvoker(inner, disposeHandler: true);
    }

    public void Dispose()
    {
        if (_handler.IsValueCreated)
        {
            _handler.Value.Dispose();
        }
    }

    /// <summary>A handler disposes the one that it delegates to, and the connections outlive a session.</summary>
    private sealed class KeepsConnections(HttpMessageHandler connections) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _connections = new(connections, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _connections.SendAsync(request, cancellationToken);
    }
}
