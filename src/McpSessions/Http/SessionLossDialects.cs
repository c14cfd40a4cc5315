using System.Net;
using System.Text.Json;

namespace McpSessions.Http;

/// <summary>
/// The two ways in which servers say that they do not know a session. The specification (2025-11-25, transports, session management) asks for
/// 404; many TypeScript servers answer 400 with a JSON-RPC error and this text.
/// </summary>
internal static class SessionLossDialects
{
    private const int MaxBody = 1 << 20;
    private const int ServerError = -32000;
    private const int SessionNotFound = -32001;

    /// <summary>Whether an answer to a request that carried a session id says so. Leaves the content readable.</summary>
    public static async Task<bool> SaysLostAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return true;
        }

        if (response.StatusCode != HttpStatusCode.BadRequest
            || response.Content.Headers.ContentType?.MediaType != "application/json"
            || response.Content.Headers.ContentLength is > MaxBody)
        {
            return false;
        }

        // Buffered, so that the transport can read it again. (The overload with a token is not in .NET 8.)
#pragma warning disable CA2016
        await response.Content.LoadIntoBufferAsync(MaxBody).WaitAsync(cancellationToken).ConfigureAwait(false);
#pragma warning restore CA2016
        try
        {
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            return body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number)
                && error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                && SaysLost(number, message.GetString()!);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The same for an error that a transport has already read.</summary>
    public static bool SaysLost(int code, string message) =>
        code is ServerError or SessionNotFound
        && (message.Contains("No valid session ID", StringComparison.OrdinalIgnoreCase) || message.Contains("Session not found", StringComparison.OrdinalIgnoreCase));
}
