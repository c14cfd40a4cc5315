using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpSessions.Http;

/// <summary>
/// The ways in which servers say that they do not know a session. The specification (2025-11-25, transports, session management) asks for 404.
/// Others in use: 400 with a JSON-RPC error (the TypeScript SDK's examples, and its transport after a restart), 400 in plain text (the Python SDK), 401
/// in plain text (the Rust SDK up to early 2026), 410 and 503. They refuse the request before anything is executed.
/// </summary>
internal static partial class SessionLossDialects
{
    private const int MaxBody = 1 << 16;
    private const int MaxMessage = 1 << 12;
    private const int ServerError = -32000;
    private const int SessionNotFound = -32001;
    private const int InvalidParams = -32602;

    /// <summary>Whether an answer to a request that carried a session id says so. Leaves the content readable.</summary>
    /// <exception cref="HttpRequestException">The answer, whose status it carries, is too long to be looked through, and can't be read again.</exception>
    public static async Task<bool> SaysLostAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return true;
        }

        if (!MaySayLost(response.StatusCode)
            || response.Content.Headers.ContentType?.MediaType is not (null or "application/json" or "application/problem+json" or "text/plain")
            || response.Content.Headers.ContentLength is > MaxBody)
        {
            return false;
        }

        string body;
        try
        {
            // Buffered, so that the transport can read it again. (The overload with a token is not in .NET 8.)
#pragma warning disable CA2016
            await response.Content.LoadIntoBufferAsync(MaxBody).WaitAsync(cancellationToken).ConfigureAwait(false);
#pragma warning restore CA2016
            body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new HttpRequestException($"The server answered {(int)response.StatusCode}, and its reason could not be read: {SafeText.OneLine(e.Message)}", e, response.StatusCode);
        }

        return SaysLost(response.StatusCode, Message(body));
    }

    /// <summary>The same for a status and a text that a transport has already read.</summary>
    public static bool SaysLost(HttpStatusCode status, string message) => MaySayLost(status) && Regex(status).IsMatch(message);

    /// <summary>
    /// The same for a JSON-RPC error. Only in the exact words, for nothing tells it from the error of a tool that has sessions of its own.
    /// </summary>
    public static bool SaysLost(int code, string message) =>
        code is ServerError or SessionNotFound
        && (message.Contains("No valid session ID", StringComparison.OrdinalIgnoreCase)
            || message.Contains("Session not found", StringComparison.OrdinalIgnoreCase)
            || message.Contains("Server not initialized", StringComparison.OrdinalIgnoreCase));

    private static bool MaySayLost(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Gone or HttpStatusCode.ServiceUnavailable;

    // An unauthorized caller's expired session is the login's, not the protocol's.
    private static Regex Regex(HttpStatusCode status) => status == HttpStatusCode.Unauthorized ? NotFound() : Lost();

    [GeneratedRegex(
        @"\b(no valid|invalid|unknown|expired|no active|no such) (or \w+ )?(mcp[- ])?session([- ]id\b|\W*$|[^\w\s])|\bserver not initialized\b"
            + @"|\bsession\b([- ]id\b)?( \S+){0,3}? (not found|not exist|unknown|expired|invalid|terminated|no longer)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lost();

    [GeneratedRegex(@"\bsession\b([- ]id\b)?( \S+){0,3}? not found\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotFound();

    /// <summary>The message of a JSON-RPC error, else the text as it is; nothing where the error is the arguments', which may well name a session of their own.</summary>
    private static string Message(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String)
            {
                body = error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) && number == InvalidParams
                    ? ""
                    : message.GetString()!;
            }
        }
        catch (JsonException)
        {
            // Plain text.
        }

        return body.Length > MaxMessage ? body[..MaxMessage] : body;
    }
}
