using System.Net;

namespace McpSessions.Http;

/// <summary>
/// Follows redirects that keep the method (307, 308) and the origin, as servers use them for a missing slash or for https; leaves all others
/// to the caller, who then sees the status. Records what an opening tries.
/// </summary>
internal sealed class SameOriginRedirects(HttpAttempts attempts) : DelegatingHandler
{
    private const int MaxRedirects = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendOnceAsync(request, cancellationToken).ConfigureAwait(false);
            if (redirects == MaxRedirects || Target(request, response) is not { } target)
            {
                return response;
            }

            response.Dispose();
            request.RequestUri = target;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                attempts.Add(request, $"HTTP {(int)response.StatusCode}");
            }

            return response;
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
    }

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
