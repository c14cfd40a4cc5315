using ModelContextProtocol.Protocol;

namespace McpSessions.Tests.Servers;

internal static class Results
{
    /// <summary>The text that a tool answered.</summary>
    public static string Text(this CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    public static Task<CallToolResult> EchoAsync(this McpClient client, string message) =>
        client.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = message }, cancellationToken: TestContext.Current.CancellationToken).AsTask();

    public static Task<CallToolResult> EchoAsync(this SharedMcpSession shared, string message) =>
        shared.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = message }, cancellationToken: TestContext.Current.CancellationToken).AsTask();

    public static Dictionary<string, object?> Id(string id) => new() { ["id"] = id };
}
