using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Opening;
using McpSessions.Resilience;

namespace McpSessions;

/// <summary>
/// A transport that outlives its server's sessions: when one is lost it opens the next underneath, introduces the client again, and sends
/// again what was not delivered. The <see cref="McpClient"/> on top, and every tool listed from it, go on working.
/// </summary>
/// <remarks>
/// <para><see cref="SharedMcpSession"/> is built on it and is what most agents want; use this one where the client's creation must stay in your hands.</para>
/// <para>What a call may throw: <see cref="McpConnectException"/> (not delivered, the server can't be reached),
/// <see cref="McpOutcomeUnknownException"/> (sent, answer lost, not safe to repeat), what the server answered, and
/// <see cref="OperationCanceledException"/> only for a token that its caller cancelled.</para>
/// <para>All members are thread-safe. Dispose it after the client.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var transport = new ResilientClientTransport(connect =&gt; new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
/// await using var client = await McpClient.CreateAsync(transport);
/// </code>
/// </example>
public sealed class ResilientClientTransport : IClientTransport, IAsyncDisposable
{
    private readonly TransportScope _scope;
    private readonly bool _ownsScope = true;
    private volatile ResilientSession? _session;

    /// <summary>Makes the transport over a factory of transports. Nothing is opened yet.</summary>
    /// <param name="transportFactory">Makes the transport underneath, anew for every session; this object owns and disposes what it returns.</param>
    /// <param name="options">Name, logging, clock, timeouts and the replay decision. Default: as documented there.</param>
    /// <exception cref="ArgumentNullException">There is no transport factory.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A timeout of the options is negative, too long, or zero where that makes no sense.</exception>
    public ResilientClientTransport(Func<McpConnectContext, IClientTransport> transportFactory, ResilientClientTransportOptions? options = null)
        : this(TransportScope.Asynchronous(transportFactory), options)
    {
    }

    /// <summary>Makes the transport over an asynchronous factory of transports. Nothing is opened yet.</summary>
    /// <param name="transportFactory">
    /// Makes the transport underneath, anew for every session; this object owns and disposes what it returns. Its token is the opening's own,
    /// never a caller's.
    /// </param>
    /// <param name="options">Name, logging, clock, timeouts and the replay decision. Default: as documented there.</param>
    /// <exception cref="ArgumentNullException">There is no transport factory.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A timeout of the options is negative, too long, or zero where that makes no sense.</exception>
    public ResilientClientTransport(
        Func<McpConnectContext, CancellationToken, ValueTask<IClientTransport>> transportFactory, ResilientClientTransportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transportFactory);
        var validated = (options ?? new()).Validated();
        _scope = new TransportScope(transportFactory, validated, validated.LoggerFactory.CreateLogger(typeof(ResilientClientTransport).FullName!));
    }

    internal ResilientClientTransport(TransportScope scope) => (_scope, _ownsScope) = (scope, false);

    /// <summary>The server's name: the options', else that of the transport underneath.</summary>
    public string Name => _session?.Generations.ServerName ?? _scope.NameOf(null);

    internal ResilientSession? Session => _session;

    /// <summary>Opens the first session and returns the connection that outlives it.</summary>
    /// <param name="cancellationToken">Ends this opening; later ones have no caller's token.</param>
    /// <exception cref="McpConnectException">The transport underneath could not be made or connected.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var session = await Detached.Run(() => Task.FromResult(new ResilientSession(_scope))).ConfigureAwait(false);
        _session = session;
        try
        {
            var (generation, failure) = await session.Generations.Flight.Join()!.WaitAsync(cancellationToken).ConfigureAwait(false);
            return generation is not null ? session : throw failure!.ToException();
        }
        catch
        {
            session.OwnerCloses = true;
#pragma warning disable MSA1105 // What is left of it closes in the background and never throws; the caller is told at once why the opening failed.
            _ = session.DisposeAsync().AsTask();
#pragma warning restore MSA1105
            throw;
        }
    }

    /// <summary>Closes what is still open, within <see cref="ResilientClientTransportOptions.DisposeTimeout"/>, and the HTTP connections. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
        {
            session.OwnerCloses = true;
            await session.DisposeAsync().ConfigureAwait(false);
        }

        if (_ownsScope)
        {
            await _scope.CloseAsync().ConfigureAwait(false);
        }
    }
}
