using Microsoft.Extensions.Logging;

namespace McpSessions;

/// <summary>
/// What a transport factory gets when a session is opened: the <see cref="HttpClient"/> to build an HTTP transport on, and who is asking.
/// </summary>
/// <remarks>
/// One context belongs to one opening. What it hands out is closed with the session that was opened from it, so a factory must not keep it.
/// </remarks>
public sealed class McpConnectContext
{
    private readonly Lazy<HttpClient> _httpClient;
    private readonly Func<DelegatingHandler[], HttpClient> _makeHttpClient;
    private readonly List<HttpClient> _httpClients = [];
    private readonly string? _knownSessionId;

    internal McpConnectContext(string? serverName, int opening, ILoggerFactory loggerFactory, Func<DelegatingHandler[], HttpClient> makeHttpClient, string? knownSessionId = null)
    {
        ServerName = serverName;
        Opening = opening;
        LoggerFactory = loggerFactory;
        _knownSessionId = knownSessionId;
        _makeHttpClient = makeHttpClient;
        _httpClient = new Lazy<HttpClient>(() => CreateHttpClient());
    }

    /// <summary>
    /// The client for an <c>HttpClientTransport</c>, over connections that all sessions of one owner share. It has no timeout of its own
    /// (tools may be slow; deadlines are the caller's tokens), keeps no cookies and follows redirects only within the server's origin.
    /// Made on first use, so a stdio transport costs none. Closed together with the session: do not dispose it, do not keep it.
    /// </summary>
    public HttpClient HttpClient => _httpClient.Value;

    /// <summary>
    /// The same with handlers of your own between it and the connections: for what differs from request to request, such as a token that is renewed while
    /// the session goes on. They see every request and every answer as it comes from the wire, and run once more where a redirect is followed.
    /// </summary>
    /// <param name="handlers">Handlers made for this opening, the outermost first. They are disposed with the session.</param>
    /// <exception cref="ArgumentNullException">There are no handlers, or one of them is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A handler is part of another chain already: make a new one for every opening.</exception>
    public HttpClient CreateHttpClient(params DelegatingHandler[] handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        foreach (var handler in handlers)
        {
            ArgumentNullException.ThrowIfNull(handler, nameof(handlers));
            if (handler.InnerHandler is not null)
            {
                throw new ArgumentException($"A {handler.GetType().Name} is part of another chain already: make a new one for every opening, without an inner handler.", nameof(handlers));
            }
        }

        var client = _makeHttpClient(handlers);
        lock (_httpClients)
        {
            _httpClients.Add(client);
        }

        return client;
    }

    /// <summary>The name that <see cref="ResilientClientTransportOptions.Name"/> gives the server, or <see langword="null"/>.</summary>
    public string? ServerName { get; }

    /// <summary>Which opening this is, counted from 1. A number above 1 means that an earlier opening failed or an earlier session was lost.</summary>
    public int Opening { get; }

    /// <summary>The logger factory of the owner's options, to pass on to the transport. Never <see langword="null"/>.</summary>
    public ILoggerFactory LoggerFactory { get; }

    /// <summary>
    /// The session to resume, for the property of that name of <c>HttpClientTransportOptions</c>; <see langword="null"/> where a new one is to be opened.
    /// Only ever set with a <see cref="SharedMcpSessionOptions.SessionStore"/>. A secret: whoever knows it can speak in the session.
    /// </summary>
    public string? KnownSessionId
    {
        get
        {
            KnownSessionIdIsUsed = true;
            return _knownSessionId;
        }
    }

    /// <summary>Whether the factory has asked for the session to resume; one that does not could never resume what was left open for it.</summary>
    internal bool KnownSessionIdIsUsed { get; private set; }

    internal void DisposeHttpClients()
    {
        foreach (var client in HttpClients)
        {
            client.Dispose();
        }
    }

    /// <summary>The clients that were made; none for a stdio transport.</summary>
    internal HttpClient[] HttpClients
    {
        get
        {
            lock (_httpClients)
            {
                return [.. _httpClients];
            }
        }
    }
}
