namespace ResearchServer;

/// <summary>A few standards that a research agent can be asked about.</summary>
internal static class Library
{
    public static IReadOnlyList<Work> Works { get; } =
    [
        new("rfc9110", "HTTP Semantics", "R. Fielding, M. Nottingham, J. Reschke", "RFC 9110", 2022,
            "A client should not retry a request with a non-idempotent method automatically, unless it knows that the request was never applied."),
        new("rfc8259", "The JavaScript Object Notation (JSON) Data Interchange Format", "T. Bray", "RFC 8259", 2017,
            "JSON text exchanged between systems that are not part of a closed ecosystem must be encoded in UTF-8."),
        new("rfc9562", "Universally Unique IDentifiers (UUIDs)", "K. Davis, B. Peabody, P. Leach", "RFC 9562", 2024,
            "Version 7 identifiers begin with a Unix timestamp in milliseconds, so that they sort by the time of their creation."),
        new("rfc4086", "Randomness Requirements for Security", "D. Eastlake, J. Schiller, S. Crocker", "RFC 4086", 2005,
            "Predictable values such as clocks and serial numbers are a poor source of secrets; security needs true entropy."),
        new("rfc6749", "The OAuth 2.0 Authorization Framework", "D. Hardt", "RFC 6749", 2012,
            "An access token represents an authorization issued to the client, with a scope and a limited lifetime."),
        new("jsonrpc", "JSON-RPC 2.0 Specification", "JSON-RPC Working Group", "jsonrpc.org", 2010,
            "A notification is a request object without an id; the server must not reply to it."),
        new("mcp", "Model Context Protocol: Transports", "Model Context Protocol contributors", "revision 2025-11-25", 2025,
            "A client that gets 404 for a request with a session id must start a new session with a new initialize request."),
    ];
}

internal sealed record Work(string Id, string Title, string Authors, string Publisher, int Year, string Summary)
{
    public bool Mentions(string word) =>
        Title.Contains(word, StringComparison.OrdinalIgnoreCase) || Summary.Contains(word, StringComparison.OrdinalIgnoreCase);
}
