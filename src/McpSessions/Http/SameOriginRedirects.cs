using System.Net;
using System.Runtime.CompilerServices;

namespace McpSessions.Http;

/// <summary>
/// Follows redirects that keep the method (307, 308) and the origin, as servers use them for a missing slash or for https; leaves all others
/// to the caller, who then sees the status. Records what an opening tries. (No handler in a chain, whose task per request would be one more.)
/// </summary>
internal sealed class SameOriginRedirects(HttpMessageInvoker connections, HttpAttempts attempts) : IDisposable
{
    private const int MaxRedirects = 5;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            HttpResponseMessage response;
            try
            {
                response = await connections.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e)
            {
                attempts.Add(request, SafeText.OneLine(e.Message));
                throw;
            }
            catch (OperationCanceledException)
            {
                attempts.Add(request, "no answer in time");
                throw;
            }

            if (response.IsSuccessStatusCode)
            {
                // A web page, say: the transport finds no reply in it, and doesn't say why.
                if (response.StatusCode == HttpStatusCode.OK
                    && response.Content.Headers.ContentType?.MediaType is { } type and not ("application/json" or "text/event-stream"))
                {
                    attempts.Add(request, $"HTTP 200 with {SafeText.OneLine(type)}, which is not MCP");
                }

                return response;
            }

            attempts.Add(request, $"HTTP {(int)response.StatusCode}");
            if (redirects == MaxRedirects || Target(request, response) is not { } target)
            {
                return response;
            }

            response.Dispose();
            request.RequestUri = target;
        }
    }

    public void Dispose() => connections.Dispose();

    private static Uri? Target(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || request.RequestUri is not { } from
            || response.Headers.Location is not { } location)
        {
            return null;
        }

        var to = location.IsAbsoluteUri ? location : new Uri(from, location);
        var sameOrigin = to.Scheme == from.Scheme && to.Port == from.Port;
        var upgrade = from.Scheme == Uri.UriSchemeHttp && to.Scheme == Uri.UriSchemeHttps && from.IsDefaultPort && to.IsDefaultPort;
        return string.Equals(to.IdnHost, from.IdnHost, StringComparison.OrdinalIgnoreCase) && (sameOrigin || upgrade) ? to : null;
    }
}
