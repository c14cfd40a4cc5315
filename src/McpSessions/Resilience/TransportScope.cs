using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using McpSessions.Http;
using McpSessions.Opening;
using McpSessions.Resumption;

namespace McpSessions.Resilience;

/// <summary>What all sessions of one owner share: how to make a transport, the options, the HTTP connections, the counts.</summary>
internal sealed class TransportScope(
    Func<McpConnectContext, CancellationToken, ValueTask<IClientTransport>> factory,
    ResilientClientTransportOptions options,
    ILogger logger,
    HttpConnections? connections = null,
    SessionKeeper? keeper = null)
{
    private readonly HttpConnections _connections = connections ?? new();
    private readonly bool _ownsConnections = connections is null;
    private readonly OwnedTransports _transports = new();
    private volatile Task _closingFirst = Task.CompletedTask;
    private int _attempts;
    private int _openings;

    public ResilientClientTransportOptions Options { get; } = options;

    public ILogger Logger { get; } = logger;

    /// <summary>Keeps the session for the next process, where there is a store.</summary>
    public SessionKeeper? Keeper { get; } = keeper;

    /// <summary>Sessions opened so far.</summary>
    public int Openings => Volatile.Read(ref _openings);

    public int CountOpening() => Interlocked.Increment(ref _openings);

    public McpConnectContext NewContext(HttpSessionState http, string? knownSessionId = null) =>
        new(Options.Name, Interlocked.Increment(ref _attempts), Options.LoggerFactory, handlers => _connections.CreateClient(http, handlers), knownSessionId);

    public async Task<IClientTransport> MakeTransportAsync(McpConnectContext context, CancellationToken cancellationToken)
    {
        var transport = await factory(context, cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("The transport factory returned null.");
        if (_transports.Take(transport) is { } idle)
        {
            // Once at most, when the factory turns out to make a new one each time. An opening neither waits for it nor fails with it.
            _closingFirst = Detached.Run(() => DisposeAsync(idle));
        }

        return transport;
    }

    /// <summary>No session is open on it any more; disposes it, unless the factory may hand it out again.</summary>
    public ValueTask ReleaseAsync(IClientTransport? transport) => _transports.ReleaseAsync(transport);

    public string NameOf(IClientTransport? transport) => Options.Name ?? (transport is null ? SharedMcpSession.UnnamedServer : SafeText.TransportName(transport.Name));

    /// <summary>When all sessions are closed. Never throws; bounded by the dispose timeout.</summary>
    public async Task CloseAsync()
    {
        var closing = Task.WhenAll(_closingFirst, Detached.Run(() => DisposeAsync(_transports.Close())));
        if (!await Bounded.CompletesAsync(closing, Options.DisposeTimeout, Options.TimeProvider).ConfigureAwait(false))
        {
            Log.CloseTimedOut(Logger, NameOf(null), Options.DisposeTimeout.TotalSeconds);
        }

        if (_ownsConnections)
        {
            _connections.Dispose();
        }
    }

    private async Task DisposeAsync(IClientTransport? transport)
    {
        try
        {
            await Generation.DisposePartAsync(transport).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.CloseFailed(Logger, NameOf(null), SafeText.OneLine(e.Message));
        }
    }

    public static Func<McpConnectContext, CancellationToken, ValueTask<IClientTransport>> Asynchronous(Func<McpConnectContext, IClientTransport> transportFactory)
    {
        ArgumentNullException.ThrowIfNull(transportFactory);
        return (connect, _) => new ValueTask<IClientTransport>(transportFactory(connect));
    }
}
