using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpSessions.Resumption;

/// <summary>
/// What another process needs to go on with a session: its id, what the server said of itself, and how the client had introduced itself. No
/// record, whose text would show the id. What is read back may have been changed by anybody, so nothing in it is believed that is not checked.
/// </summary>
internal sealed partial class SessionTicket
{
    private const int MaxLength = 1 << 20;
    private const int MaxId = 1024;

    private SessionTicket(string sessionId, string protocolVersion, string introduction, JsonObject welcome) =>
        (SessionId, ProtocolVersion, Introduction, Welcome) = (sessionId, protocolVersion, introduction, welcome);

    public string SessionId { get; }

    public string ProtocolVersion { get; }

    /// <summary>A hash of what the client said of itself.</summary>
    public string Introduction { get; }

    /// <summary>The server's answer to it.</summary>
    public JsonObject Welcome { get; }

    /// <summary>The ticket for this session, or <see langword="null"/> where it has nothing to resume by.</summary>
    public static SessionTicket? For(string? sessionId, JsonNode? introduction, JsonObject? welcome) =>
        sessionId is not null && introduction is not null && welcome is not null ? Checked(sessionId, HashOf(introduction), welcome) : null;

    public static SessionTicket? TryParse(string? text)
    {
        if (text is null or { Length: > MaxLength })
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text) is JsonObject kept
                && kept["session"] is JsonValue id && id.TryGetValue<string>(out var sessionId)
                && kept["introduction"] is JsonValue hash && hash.TryGetValue<string>(out var introduction)
                && kept["welcome"]?.DeepClone() is JsonObject welcome
                ? Checked(sessionId, introduction, welcome)
                : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    public string Format() => new JsonObject { ["session"] = SessionId, ["introduction"] = Introduction, ["welcome"] = Welcome.DeepClone() }.ToJsonString();

    /// <summary>Without the metadata, which carries the trace of the moment.</summary>
    public static string HashOf(JsonNode introduction)
    {
        var own = introduction.DeepClone();
        (own as JsonObject)?.Remove("_meta");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(own.ToJsonString())));
    }

    private static SessionTicket? Checked(string sessionId, string introduction, JsonObject welcome)
    {
        // The specification's alphabet for session ids (2025-11-25, transports): nothing that could end a header.
        if (sessionId.Length is 0 or > MaxId || sessionId.AsSpan().ContainsAnyExceptInRange('\x21', '\x7E'))
        {
            return null;
        }

        // Read lazily, and with names that occur twice it would throw when somebody looks.
        Walk(welcome);
        var result = welcome.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InitializeResult))) as InitializeResult;
        return result is { ProtocolVersion: { } version, Capabilities: not null, ServerInfo: not null } && Revision().IsMatch(version)
            ? new SessionTicket(sessionId, version, introduction, welcome)
            : null;
    }

    private static void Walk(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, member) in members)
                {
                    Walk(member);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Walk(item);
                }

                break;
        }
    }

    [GeneratedRegex(@"^20[0-9]{2}-[0-9]{2}-[0-9]{2}\z")]
    private static partial Regex Revision();
}
