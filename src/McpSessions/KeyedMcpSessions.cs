using System.Collections.Concurrent;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Http;
using McpSessions.Opening;

namespace McpSessions;

/// <summary>
/// One shared session per key, such as a user or a tenant: for servers where callers must not share what a session knows of them. Bounded: the
/// least recently used session is closed when there are too many, an idle one when it has not been used for long.
/// </summary>
/// <remarks>
/// <para>All members are thread-safe; no caller waits for another key's opening or closing.</para>
/// <para>The key must be the stable subject (a user id), never a credential: tokens rotate, and a new key is a new session. Get the current
/// token in the transport factory, or per request in a handler. Keys are never logged.</para>
/// </remarks>
/// <example>
/// <code>
/// private readonly KeyedMcpSessions&lt;string&gt; _perUser = new((user, connect) =&gt; new HttpClientTransport(new() { Endpoint = EndpointOf(user) }, connect.HttpClient));
///
/// var mcp = await _perUser.GetClientAsync(userId, ct);
/// </code>
/// </example>
/// <typeparam name="TKey">A type with value equality.</typeparam>
public sealed class KeyedMcpSessions<TKey> : IAsyncDisposable, IDisposable
    where TKey : notnull
{
    private readonly Func<TKey, McpConnectContext, CancellationToken, ValueTask<IClientTransport>> _transportFactory;
    private readonly Func<TKey, McpClientOptions?>? _clientOptions;
    private readonly KeyedMcpSessionsOptions _options;
    private readonly ConcurrentDictionary<TKey, Entry> _sessions;
    private readonly HttpConnections _connections = new();
    private readonly HashSet<Task> _evicted = [];

    // Guards adding, evicting and closing; looking a session up takes no lock.
    private readonly object _gate = new();
    private Task? _closing;
    private long _uses;

    /// <summary>Keeps sessions over the transports that the factory makes for each key. Nothing is opened yet.</summary>
    /// <param name="transportFactory">Makes a key's transport, anew for every opening, or the same one each time; what it returns is owned and disposed here.</param>
    /// <param name="clientOptions">Makes the client's options for a key, anew for every opening. Default: the SDK's.</param>
    /// <param name="options">Bounds, timeouts and the rest. Default: as documented there.</param>
    /// <param name="comparer">Compares keys. Default: their own equality.</param>
    /// <exception cref="ArgumentNullException">There is no transport factory.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of the options makes no sense.</exception>
    public KeyedMcpSessions(
        Func<TKey, McpConnectContext, IClientTransport> transportFactory,
        Func<TKey, McpClientOptions?>? clientOptions = null,
        KeyedMcpSessionsOptions? options = null,
        IEqualityComparer<TKey>? comparer = null)
        : this(Asynchronous(transportFactory), clientOptions, options, comparer)
    {
    }

    /// <summary>Keeps sessions over the transports that the asynchronous factory makes for each key. Nothing is opened yet.</summary>
    /// <param name="transportFactory">
    /// Makes a key's transport, anew for every opening, or the same one each time; what it returns is owned and disposed here. Its token is the opening's own, never a caller's.
    /// </param>
    /// <param name="clientOptions">Makes the client's options for a key, anew for every opening. Default: the SDK's.</param>
    /// <param name="options">Bounds, timeouts and the rest. Default: as documented there.</param>
    /// <param name="comparer">Compares keys. Default: their own equality.</param>
    /// <exception cref="ArgumentNullException">There is no transport factory.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of the options makes no sense.</exception>
    public KeyedMcpSessions(
        Func<TKey, McpConnectContext, CancellationToken, ValueTask<IClientTransport>> transportFactory,
        Func<TKey, McpClientOptions?>? clientOptions = null,
        KeyedMcpSessionsOptions? options = null,
        IEqualityComparer<TKey>? comparer = null)
    {
        ArgumentNullException.ThrowIfNull(transportFactory);
        _transportFactory = transportFactory;
        _clientOptions = clientOptions;
        _options = (KeyedMcpSessionsOptions)(options ?? new()).Validated();
        _sessions = new(comparer ?? EqualityComparer<TKey>.Default);
    }

    /// <summary>How many keys have a session, open or idle.</summary>
    public int Count => _sessions.Count;

    /// <summary>
    /// The client of the key's session, which is opened if none is open. Do not dispose it and do not keep it: ask again for the next piece of
    /// work, for the least recently used sessions are closed when there are too many.
    /// </summary>
    /// <param name="key">Whose session.</param>
    /// <param name="cancellationToken">Ends this caller's waiting only.</param>
    /// <exception cref="McpConnectException">The session could not be opened; says why, and what was tried.</exception>
    /// <exception cref="OperationCanceledException">This caller's token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The sessions have been closed by their owner.</exception>
    public ValueTask<McpClient> GetClientAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var client = Session(key).GetClientAsync(cancellationToken);
        return client.IsCompletedSuccessfully ? client : GetSlowlyAsync(key, client, cancellationToken);
    }

    /// <summary>The tools of the key's server, all pages; see <see cref="SharedMcpSession.ListToolsAsync"/>.</summary>
    /// <param name="key">Whose session.</param>
    /// <param name="cancellationToken">Ends this call.</param>
    /// <exception cref="McpConnectException">The session could not be opened.</exception>
    /// <exception cref="ObjectDisposedException">The sessions have been closed by their owner.</exception>
    public ValueTask<IList<McpClientTool>> ListToolsAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var tools = Session(key).ListToolsAsync(cancellationToken);
        return tools.IsCompletedSuccessfully ? tools : ListSlowlyAsync(key, tools, cancellationToken);
    }

    /// <summary>Calls a tool in the key's session; see <see cref="SharedMcpSession.CallToolAsync(string, IReadOnlyDictionary{string, object?}?, IProgress{ProgressNotificationValue}?, RequestOptions?, CancellationToken)"/>.</summary>
    /// <param name="key">Whose session.</param>
    /// <param name="toolName">The tool's name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="progress">Gets the server's progress notifications for this call.</param>
    /// <param name="options">Metadata and serialization of the request.</param>
    /// <param name="cancellationToken">Ends this call only.</param>
    /// <exception cref="McpConnectException">The session could not be opened; the call was not sent.</exception>
    /// <exception cref="McpOutcomeUnknownException">The call was sent and its answer was lost.</exception>
    /// <exception cref="ObjectDisposedException">The sessions have been closed by their owner.</exception>
    public ValueTask<CallToolResult> CallToolAsync(
        TKey key,
        string toolName,
        IReadOnlyDictionary<string, object?>? arguments = null,
        IProgress<ProgressNotificationValue>? progress = null,
        RequestOptions? options = null,
        CancellationToken cancellationToken = default) =>
        WithSessionAsync(
            key,
            Session(key).CallToolAsync(toolName, arguments, progress, options, cancellationToken),
            session => session.CallToolAsync(toolName, arguments, progress, options, cancellationToken));

    /// <summary>Closes the key's session, as when a user signs out; the next call for the key opens a new one. Bounded; never throws.</summary>
    /// <param name="key">Whose session.</param>
    /// <returns>Whether there was one.</returns>
    public async ValueTask<bool> CloseAsync(TKey key)
    {
        if (!_sessions.TryRemove(key, out var entry))
        {
            return false;
        }

        await entry.Session.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Closes all sessions at the same time, each within its timeouts; one that fails to close hinders no other. Never throws.</summary>
    public ValueTask DisposeAsync() => new(CloseOnce());

    /// <summary>Starts the same bounded close in the background and returns at once.</summary>
    public void Dispose() => _ = CloseOnce();

    // Methods of their own, because what a lambda captures is allocated where its method begins.
    private ValueTask<McpClient> GetSlowlyAsync(TKey key, ValueTask<McpClient> first, CancellationToken cancellationToken) =>
        WithSessionAsync(key, first, session => session.GetClientAsync(cancellationToken));

    private ValueTask<IList<McpClientTool>> ListSlowlyAsync(TKey key, ValueTask<IList<McpClientTool>> first, CancellationToken cancellationToken) =>
        WithSessionAsync(key, first, session => session.ListToolsAsync(cancellationToken));

    // A session may be closed to make room between looking it up and using it. It says so before anything is sent, and the key gets a new one.
    private async ValueTask<T> WithSessionAsync<T>(TKey key, ValueTask<T> first, Func<SharedMcpSession, ValueTask<T>> again)
    {
        while (true)
        {
            try
            {
                return await first.ConfigureAwait(false);
            }
            catch (ObjectDisposedException) when (Volatile.Read(ref _closing) is null)
            {
                first = again(Session(key));
            }
        }
    }

    private SharedMcpSession Session(TKey key)
    {
        if (!_sessions.TryGetValue(key, out var entry))
        {
            entry = Add(key);
        }

        Volatile.Write(ref entry.UsedAt, Interlocked.Increment(ref _uses));
        return entry.Session;
    }

    private Entry Add(TKey key)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (_sessions.TryGetValue(key, out var existing))
            {
                return existing;
            }

            while (_sessions.Count >= _options.MaxSessions)
            {
                EvictOldest();
            }

            var entry = new Entry(new SharedMcpSession(
                (connect, ct) => _transportFactory(key, connect, ct),
                _clientOptions is null ? null : () => _clientOptions(key),
                _options,
                _connections));
            _sessions[key] = entry;
            return entry;
        }
    }

    private void EvictOldest()
    {
        var oldest = _sessions.MinBy(static pair => Volatile.Read(ref pair.Value.UsedAt));
        if (!_sessions.TryRemove(oldest))
        {
            return;
        }

        // Drains what is in flight, while the new key's opening goes on.
        var closing = Detached.Run(() => oldest.Value.Session.CloseAfterOpeningAsync());
        _evicted.Add(closing);
        _ = closing.ContinueWith(
            task =>
            {
                lock (_gate)
                {
                    _evicted.Remove(task);
                }
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private Task CloseOnce()
    {
        lock (_gate)
        {
            return _closing ??= CloseAllAsync([.. _sessions.Values.Select(static entry => entry.Session.DisposeAsync().AsTask()), .. _evicted]);
        }
    }

    private async Task CloseAllAsync(Task[] closing)
    {
        await Task.WhenAll(closing).ConfigureAwait(false);
        _sessions.Clear();
        _connections.Dispose();
    }

    private static Func<TKey, McpConnectContext, CancellationToken, ValueTask<IClientTransport>> Asynchronous(Func<TKey, McpConnectContext, IClientTransport> transportFactory)
    {
        ArgumentNullException.ThrowIfNull(transportFactory);
        return (key, connect, _) => new ValueTask<IClientTransport>(transportFactory(key, connect));
    }

    private sealed class Entry(SharedMcpSession session)
    {
        public readonly SharedMcpSession Session = session;

        /// <summary>The number of its last use, in the order of all uses.</summary>
        public long UsedAt;
    }
}
