namespace McpSessions.Tests.Servers;

internal static class SharedSessions
{
    public static SharedMcpSession Shared(this McpTestServer server, Func<McpClientOptions?>? clientOptions = null, SharedMcpSessionOptions? options = null) =>
        new(connect => new HttpClientTransport(new() { Endpoint = server.Endpoint }, connect.HttpClient), clientOptions, options);
}
