using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Http;
using McpSessions.Opening;
using McpSessions.Resilience;
using McpSessions.Resumption;

namespace McpSessions;

/// <summary>
/// One session with one MCP server, shared by every caller. It opens on first use, once for any number of concurrent callers, is replaced
/// when it has ended, and is closed by whoever owns this object. Keep it as long as the agent lives: in a field of a long-lived object, in a
/// static field, or as a singleton service.
/// </summary>
/// <remarks>
/// <para>All members are thread-safe. Once a session is open, <see cref="GetClientAsync"/> completes synchronously and allocates nothing.</para>
/// <para>The session is opened in nobody's ambient context (<see cref="ExecutionContext"/>), so no caller's identity or trace is carried into
/// it. Callers with credentials of their own need a session of their own: the session, and what the server keeps for it, is shared.</para>
/// <para>The client belongs to this object: never dispose it.</para>
/// </remarks>
/// <example>
/// <code>
/// private readonly SharedMcpSession _mcpSession = new(connect =&gt; new HttpClientTransport(new() { Endpoint = endpoint }, connect.HttpClient));
///
/// public async Task&lt;string&gt; AskAsync(string question, CancellationToken ct)
/// {
///     var mcp = await _mcpSession.GetClientAsync(ct);
///     …
/// }
///
/// public ValueTask DisposeAsync() =&gt; _mcpSession.DisposeAsync();
/// </code>
/// </example>
public sealed class SharedMcpSession : IAsyncDisposable, IDisposable
{
    internal const string UnnamedServer = "MCP server";

    private readonly ResilientClientTransportOptions _options;
    private readonly TransportScope _scope;
    private readonly SingleFlight<OpenClient> _clients;
    private readonly object _gate = new();
    private Task? _closing;

    /// <summary>Shares the session over the transport that the factory makes. Nothing is opened yet, and no thread blocks.</summary>
    /// <param name="transportFactory">
    /// Makes the transport, anew for every opening, or the same one each time; the session owns and disposes what it returns. For HTTP, build it on
    /// <see cref="McpConnectContext.HttpClient"/>.
    /// </param>
    /// <param name="clientOptions">Makes the client's options, anew for every opening because the client writes to them. Default: the SDK's.</param>
    /// <param name="options">Name, logging, clock and timeouts. Default: as documented there.</param>
    /// <exception cref="ArgumentNullException">There is no transport factory.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A timeout of the options is negative, too long, or zero where that makes no sense.</exception>
    public SharedMcpSession(
        Func<McpConnectContext, IClientTransport> transportFactory,
        Func<McpClientOptions?>? clientOptions = null,
        SharedMcpSessionOptions? options = null)
        : this(TransportScope.Asynchronous(transportFactory), clientOptions, options)
    {
    }

    /// <summary>Shares the session over the transport that the asynchronous factory makes, such as one that first looks up an address.</summary>
    /// <param name="transportFactory">
    /// Makes the transport, anew for every opening, or the same one each time; the session owns and disposes what it returns. Its token is the opening's own: it fires when
    /// <see cref="ResilientClientTransportOptions.ConnectTimeout"/> is over or the session is closed, never because one caller gave up.
    /// </param>
    /// <param name="clientOptions">Makes the client's options, anew for every opening because the client writes to them. Default: the SDK's.</param>
    /// <param name="options">Name, logging, clock and timeouts. Default: as documented there.</param>
    /// <exception cref="ArgumentNullException">There is no transport factory.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A timeout of the options is negative, too long, or zero where that makes no sense.</exception>
    public SharedMcpSession(
        Func<McpConnectContext, CancellationToken, ValueTask<IClientTransport>> transportFactory,
        Func<McpClientOptions?>? clientOptions = null,
        SharedMcpSessionOptions? options = null)
        : this(transportFactory, clientOptions, (options ?? new()).Validated(), connections: null)
    {
    }

    internal SharedMcpSession(
        Func<McpConnectContext, CancellationToken, ValueTask<IClientTransport>> transportFactory,
        Func<McpClientOptions?>? clientOptions,
        ResilientClientTransportOptions validated,
        HttpConnections? connections)
    {
        ArgumentNullException.ThrowIfNull(transportFactory);
        _options = validated;
        var logger = _options.LoggerFactory.CreateLogger(typeof(SharedMcpSession).FullName!);
        var keeper = _options is SharedMcpSessionOptions { SessionStore: { } store } ? new SessionKeeper(store, _options.TimeProvider, logger) : null;
        _scope = new TransportScope(transportFactory, _options, logger, connections, keeper);
        _clients = new SingleFlight<OpenClient>(
            new SessionOpener(_scope, clientOptions).OpenAsync, static client => client.HasEnded, Retire, _options.OpeningBackoff, _options.TimeProvider);
    }

    /// <summary>Where the session stands, as a snapshot. Opens nothing.</summary>
    public McpSessionStatus Status
    {
        get
        {
            var status = _clients.Status;
            var client = _clients.Current;
            Absence? absence = null;
            if (status.State == McpSessionState.Open && client is not null)
            {
                // The client is there to stay; what comes and goes is the session underneath, and the server.
                status = client.Session.Generations.Flight.Status;
                absence = client.Session.Reach.Absence;
            }

            var name = client?.ServerName ?? status.Failure?.ServerName ?? _options.Name ?? UnnamedServer;
            return new(
                name, status.State, status.Since, _scope.Openings, status.FailuresInARow + (absence?.Failures ?? 0),
                status.Failure?.ToException() ?? absence?.Error, status.FailingSince ?? absence?.Since);
        }
    }

    /// <summary>
    /// The client of the shared session, which is opened if none is open. Do not dispose it and do not keep it: ask again for the next piece of
    /// work, which costs nanoseconds.
    /// </summary>
    /// <param name="cancellationToken">Ends this caller's waiting only; the opening goes on for the others.</param>
    /// <exception cref="McpConnectException">The session could not be opened; says why, and what was tried.</exception>
    /// <exception cref="OperationCanceledException">This caller's token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session has been closed by its owner.</exception>
    public ValueTask<McpClient> GetClientAsync(CancellationToken cancellationToken = default)
    {
        return OpenNow(cancellationToken) is { } client ? new ValueTask<McpClient>(client) : OpenAsync(cancellationToken);
    }

    /// <summary>
    /// The server's tools, all pages: one read-only list for all callers, kept while it is fresh. The same tool is the same object from one
    /// listing to the next, and stays callable whatever happens to the session.
    /// </summary>
    /// <remarks>
    /// Fresh is what the server says it is (<c>ttlMs</c>), else <see cref="ResilientClientTransportOptions.ToolListLifetime"/>, and not after the
    /// server has announced a change (<c>notifications/tools/list_changed</c>) or the session was lost. An old list is still served, for
    /// <see cref="ResilientClientTransportOptions.ToolListGrace"/>, when the server can't be asked. It is never shared with another session.
    /// </remarks>
    /// <param name="cancellationToken">Ends this caller's waiting only; a listing under way goes on for the others.</param>
    /// <exception cref="McpConnectException">The session could not be opened.</exception>
    /// <exception cref="OperationCanceledException">This caller's token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session has been closed by its owner.</exception>
    public ValueTask<IList<McpClientTool>> ListToolsAsync(CancellationToken cancellationToken = default)
    {
        var client = _clients.Current;
        return client is { HasEnded: false } && !cancellationToken.IsCancellationRequested && client.Tools.FreshList is { } fresh
            ? new ValueTask<IList<McpClientTool>>(fresh)
            : ListAsync(cancellationToken);
    }

    /// <summary>Calls a tool; the same as <see cref="McpClient.CallToolAsync(string, IReadOnlyDictionary{string, object?}?, IProgress{ProgressNotificationValue}?, RequestOptions?, CancellationToken)"/> on the shared client.</summary>
    /// <param name="toolName">The tool's name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="progress">Gets the server's progress notifications for this call.</param>
    /// <param name="options">Metadata and serialization of the request.</param>
    /// <param name="cancellationToken">Ends this call only.</param>
    /// <exception cref="McpConnectException">The session could not be opened; the call was not sent.</exception>
    /// <exception cref="McpOutcomeUnknownException">The call was sent and its answer was lost.</exception>
    /// <exception cref="McpException">The server answered with a protocol error.</exception>
    /// <exception cref="OperationCanceledException">This caller's token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session has been closed by its owner.</exception>
    public ValueTask<CallToolResult> CallToolAsync(
        string toolName,
        IReadOnlyDictionary<string, object?>? arguments = null,
        IProgress<ProgressNotificationValue>? progress = null,
        RequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        return _options.CallPipeline is null && OpenNow(cancellationToken) is { } client
            ? client.CallToolAsync(toolName, arguments, progress, options, cancellationToken)
            : CallSlowlyAsync(toolName, arguments, progress, options, cancellationToken);
    }

    /// <summary>Calls a tool with prepared parameters; the same as <see cref="McpClient.CallToolAsync(CallToolRequestParams, CancellationToken)"/> on the shared client.</summary>
    /// <param name="requestParams">The tool's name, arguments and metadata.</param>
    /// <param name="cancellationToken">Ends this call only.</param>
    /// <exception cref="McpConnectException">The session could not be opened; the call was not sent.</exception>
    /// <exception cref="McpOutcomeUnknownException">The call was sent and its answer was lost.</exception>
    /// <exception cref="McpException">The server answered with a protocol error.</exception>
    /// <exception cref="OperationCanceledException">This caller's token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session has been closed by its owner.</exception>
    public ValueTask<CallToolResult> CallToolAsync(CallToolRequestParams requestParams, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requestParams);
        return _options.CallPipeline is null && OpenNow(cancellationToken) is { } client
            ? client.CallToolAsync(requestParams, cancellationToken)
            : CallSlowlyAsync(requestParams, cancellationToken);
    }

    /// <summary>
    /// Closes the session: hands out no client any more, lets running calls finish for up to <see cref="ResilientClientTransportOptions.DrainTimeout"/>,
    /// then closes within <see cref="ResilientClientTransportOptions.DisposeTimeout"/>, whatever the server does. Never throws; further calls wait for the first.
    /// </summary>
    public ValueTask DisposeAsync() => new(CloseOnce());

    /// <summary>
    /// Starts the same bounded close in the background and returns at once, so that containers and scopes that dispose synchronously work.
    /// Prefer <see cref="DisposeAsync"/>: only it waits until the server has been told.
    /// </summary>
    public void Dispose() => _ = CloseOnce();

    internal ILogger Logger => _scope.Logger;

    /// <summary>The tool as it was listed last, however long ago.</summary>
    internal McpClientTool? KnownTool(string name) => _clients.Current?.Tools.Known(name);

    /// <summary>Opens the session if none is open; a failure is logged, and found again by the next call.</summary>
    internal async Task TryOpenAsync()
    {
        if (_clients.Join() is { } opening)
        {
            await opening.ConfigureAwait(false);
        }
    }

    /// <summary>Finds out whether a server in trouble is back; what it learns stands in the status. Bounded by the options' timeouts.</summary>
    internal async Task TryAgainAsync()
    {
        try
        {
            // Any answer will do, also that of a server whose revision has no ping.
            await (await GetClientAsync().ConfigureAwait(false)).PingAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
        }
    }

    /// <summary>Closes the session, but not under those who wait for an opening under way: else two keys could keep each other from ever opening.</summary>
    internal async Task CloseAfterOpeningAsync()
    {
        if (_clients.Status.State == McpSessionState.Opening)
        {
            await TryOpenAsync().ConfigureAwait(false);
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The client where nobody has to wait for it.</summary>
    private McpClient? OpenNow(CancellationToken cancellationToken) =>
        _clients.Current is { HasEnded: false } current && !cancellationToken.IsCancellationRequested ? current.Client : null;

    // Methods of their own, because what a lambda captures is allocated where its method begins.
    private ValueTask<CallToolResult> CallSlowlyAsync(
        string toolName, IReadOnlyDictionary<string, object?>? arguments, IProgress<ProgressNotificationValue>? progress, RequestOptions? options, CancellationToken cancellationToken) =>
        CallSlowlyAsync(toolName, (mcp, token) => mcp.CallToolAsync(toolName, arguments, progress, options, token), cancellationToken);

    private ValueTask<CallToolResult> CallSlowlyAsync(CallToolRequestParams requestParams, CancellationToken cancellationToken) =>
        CallSlowlyAsync(requestParams.Name, (mcp, token) => mcp.CallToolAsync(requestParams, token), cancellationToken);

    private async ValueTask<CallToolResult> CallSlowlyAsync(
        string toolName, Func<McpClient, CancellationToken, ValueTask<CallToolResult>> call, CancellationToken cancellationToken)
    {
        if (_options.CallPipeline is { } pipeline)
        {
            return await CallPipeline.ExecuteAsync(
                pipeline, this, CallPipeline.MayRepeat(_options, toolName, KnownTool(toolName)), Status.Name, call, cancellationToken).ConfigureAwait(false);
        }

        return await call(await GetClientAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<IList<McpClientTool>> ListAsync(CancellationToken cancellationToken)
    {
        var client = await OpenClientAsync(cancellationToken).ConfigureAwait(false);
        return await client.Tools.ListAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<McpClient> OpenAsync(CancellationToken cancellationToken) =>
        (await OpenClientAsync(cancellationToken).ConfigureAwait(false)).Client;

    private async ValueTask<OpenClient> OpenClientAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var joined = _clients.Join();
        ObjectDisposedException.ThrowIf(joined is null, this);
        var (client, failure) = await joined.WaitAsync(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(_clients.Closed.IsCancellationRequested, this);
        return client ?? throw failure!.ToException();
    }

    private void Retire(OpenClient client) => _ = Detached.Run(() => client.CloseAsync(_options.DrainTimeout, waitForHandlers: true));

    private Task CloseOnce()
    {
        // A handler of this session's messages that closes it must not wait for itself.
        var waitForHandlers = _clients.Current is not { Session.IsHandling: true };
        lock (_gate)
        {
            return _closing ??= Detached.Run(() => CloseAsync(waitForHandlers));
        }
    }

    private async Task CloseAsync(bool waitForHandlers)
    {
        if (await _clients.CloseAsync().ConfigureAwait(false) is { } client)
        {
            await client.CloseAsync(_options.DrainTimeout, waitForHandlers).ConfigureAwait(false);
            Log.Closed(_scope.Logger, client.ServerName);
        }

        await _scope.CloseAsync().ConfigureAwait(false);
    }
}
