using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpSessions;

/// <summary>
/// Counts the MCP traffic of any <see cref="HttpClient"/>, so that a test can assert how many sessions code opens that knows nothing of this library.
/// </summary>
/// <remarks>
/// It sees what is on the wire: a session that nobody shares is counted each time. Durations end with the answer's head; whether a tool reports an error
/// stands in the body, which is left to its reader. For stdio, and for code that makes its transport elsewhere, there is <see cref="McpTrafficTransport"/>.
/// </remarks>
/// <example>
/// <code>
/// var traffic = new McpTraffic();
/// using var http = new HttpClient(new McpTrafficHandler(traffic) { InnerHandler = new SocketsHttpHandler() });
/// await new TravelAgent(http).AskAsync("one");
/// await new TravelAgent(http).AskAsync("two");
/// Assert.Equal(1, traffic.SessionOpenings);
/// </code>
/// </example>
public sealed class McpTrafficHandler : DelegatingHandler
{
    private readonly McpTraffic _traffic;

    /// <summary>Makes a handler that counts for the traffic. Put it before the one that sends.</summary>
    /// <param name="traffic">What to count in.</param>
    /// <exception cref="ArgumentNullException">There is no traffic.</exception>
    public McpTrafficHandler(McpTraffic traffic)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        _traffic = traffic;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var message = await MessageOfAsync(request).ConfigureAwait(false);
        var started = TimeProvider.System.GetTimestamp();
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (message is JsonRpcRequest failed)
        {
            _traffic.Failed(NameOf(request), failed, e, TimeProvider.System.GetElapsedTime(started));
            throw;
        }

        switch (message)
        {
            case JsonRpcNotification { Method: NotificationMethods.InitializedNotification } when response.IsSuccessStatusCode:
            case JsonRpcRequest { Method: RequestMethods.ServerDiscover } when await IsDiscoveredAsync(response, cancellationToken).ConfigureAwait(false):
                _traffic.SessionOpened(NameOf(request));
                break;
            case JsonRpcRequest answered:
                _traffic.Answered(NameOf(request), answered, TimeProvider.System.GetElapsedTime(started), isError: !response.IsSuccessStatusCode);
                break;
        }

        return response;
    }

    private static string NameOf(HttpRequestMessage request) => request.RequestUri is { } uri ? SafeText.Address(uri) : SharedMcpSession.UnnamedServer;

    private static async Task<JsonRpcMessage?> MessageOfAsync(HttpRequestMessage request)
    {
        if (request.Method != HttpMethod.Post || request.Content?.Headers.ContentType?.MediaType != "application/json")
        {
            return null;
        }

        try
        {
            await request.Content.LoadIntoBufferAsync().ConfigureAwait(false);
            var body = await request.Content.ReadAsStringAsync().ConfigureAwait(false);
            return JsonSerializer.Deserialize(body, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage))) as JsonRpcMessage;
        }
        catch (JsonException)
        {
            // Somebody else's JSON.
            return null;
        }
    }

    /// <summary>Whether this is a server of the 2026-07-28 revision, which has no other handshake. The answer is short, and read again by the client.</summary>
    private static async Task<bool> IsDiscoveredAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return false;
        }

        // (The overload with a token is not in .NET 8.)
#pragma warning disable CA2016
        await response.Content.LoadIntoBufferAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
#pragma warning restore CA2016
        var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return body.Contains("\"supportedVersions\"", StringComparison.Ordinal);
    }
}
