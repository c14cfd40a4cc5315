using System.Collections.ObjectModel;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Opening;

namespace McpSessions.Tools;

/// <summary>
/// The tools of one client: listed once for all callers, all pages or none, kept while they are fresh. The tools are known to the client, so
/// that calls carry the headers that their schemas ask for (<c>Mcp-Param-*</c>, SEP-2243) without another listing.
/// </summary>
internal sealed class ToolCache(McpClient client, ResilientClientTransport transport, ResilientClientTransportOptions options, ILogger logger)
{
    /// <summary>A server that goes on for longer than this has lost its way; so would we.</summary>
    private const int MaxPages = 1000;

    /// <summary>After a failed refresh the old list is served for this long before the server is asked again.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly bool _systemTime = options.TimeProvider == TimeProvider.System;
    private readonly object _gate = new();
    private Listing? _listing;
    private Task<Listing>? _refresh;

    /// <summary>The list if it is fresh. Costs nanoseconds, allocates nothing.</summary>
    public IList<McpClientTool>? FreshList =>
        Volatile.Read(ref _listing) is { } listing && listing.Version == transport.Session!.ToolsVersion && Now < listing.FreshUntil ? listing.Tools : null;

    public McpClientTool? Known(string name) => Volatile.Read(ref _listing)?.Tools.FirstOrDefault(tool => tool.ProtocolTool.Name == name);

    // Milliseconds; the system's coarse clock costs a fraction of its fine one.
    private long Now => _systemTime ? Environment.TickCount64 : (long)options.TimeProvider.GetElapsedTime(0).TotalMilliseconds;

    public async ValueTask<IList<McpClientTool>> ListAsync(CancellationToken cancellationToken)
    {
        if (FreshList is { } fresh)
        {
            return fresh;
        }

        Task<Listing> refresh;
        lock (_gate)
        {
            refresh = _refresh ??= Detached.Run(RefreshAsync);
        }

        // Everybody may have left by the time that it fails.
        _ = refresh.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

        return (await refresh.WaitAsync(cancellationToken).ConfigureAwait(false)).Tools;
    }

    private async Task<Listing> RefreshAsync()
    {
        var old = _listing;
        try
        {
            using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
            Listing listing;
            try
            {
                listing = await FetchAsync(old, deadline.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (old is not null && Now < old.ServableUntil)
            {
                Log.ServingOldTools(logger, transport.Name, SafeText.OneLine(e.Message));
                listing = old with { FreshUntil = Now + (long)s_pause.TotalMilliseconds, Version = transport.Session!.ToolsVersion };
            }
            catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
            {
                throw new McpSessionException(transport.Name, $"MCP server '{transport.Name}' did not list its tools within {options.ConnectTimeout.TotalSeconds:0.###} s.", e);
            }

            Volatile.Write(ref _listing, listing);
            return listing;
        }
        finally
        {
            lock (_gate)
            {
                _refresh = null;
            }
        }
    }

    private async Task<Listing> FetchAsync(Listing? old, CancellationToken cancellationToken)
    {
        // Read first: a change that is announced while the pages come in makes them old at once.
        var version = transport.Session!.ToolsVersion;
        var tools = new List<Tool>();
        TimeSpan? lifetime = null;
        var request = new ListToolsRequestParams();
        for (var pages = 1; ; pages++)
        {
            var page = await client.ListToolsAsync(request, cancellationToken).ConfigureAwait(false);
            tools.AddRange(page.Tools);
            lifetime = page.TimeToLive is { } said && (lifetime is null || said < lifetime) ? said : lifetime;
            if (page.NextCursor is null)
            {
                break;
            }

            if (pages == MaxPages || page.NextCursor == request.Cursor)
            {
                throw new McpSessionException(transport.Name, $"MCP server '{transport.Name}' does not come to an end listing its tools ({pages} pages).", null);
            }

            request = new ListToolsRequestParams { Cursor = page.NextCursor };
        }

        var bound = Bind(tools, old);
        var freshUntil = Now + (long)Math.Max(0, (lifetime ?? options.ToolListLifetime).TotalMilliseconds);
        return new Listing(bound, version, freshUntil, freshUntil + (long)options.ToolListGrace.TotalMilliseconds);
    }

    private ReadOnlyCollection<McpClientTool> Bind(List<Tool> tools, Listing? old)
    {
        var before = old?.Tools.ToDictionary(static tool => tool.ProtocolTool.Name, StringComparer.Ordinal) ?? [];
        var bound = new List<McpClientTool>(tools.Count);
        foreach (var tool in tools)
        {
            try
            {
                client.AddKnownTools([tool]);
            }
            catch (ArgumentException e)
            {
                // What the SDK's own listing leaves out as well: a schema whose header annotations are wrong.
                Log.ToolRejected(logger, transport.Name, SafeText.OneLine(tool.Name), SafeText.OneLine(e.Message));
                continue;
            }

            bound.Add(before.Remove(tool.Name, out var known) && IsSame(known.ProtocolTool, tool) ? known : new McpClientTool(client, tool));
        }

        client.RemoveKnownTools(before.Keys);
        return bound.AsReadOnly();
    }

    private static bool IsSame(Tool one, Tool other) => Json(one).AsSpan().SequenceEqual(Json(other));

    private static byte[] Json(Tool tool) => JsonSerializer.SerializeToUtf8Bytes(tool, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Tool)));

    private sealed record Listing(ReadOnlyCollection<McpClientTool> Tools, int Version, long FreshUntil, long ServableUntil);
}
