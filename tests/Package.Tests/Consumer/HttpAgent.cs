using System.Runtime.CompilerServices;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Consumer;

/// <summary>Three ways to answer a message, each of which opens a session for it.</summary>
public sealed class HttpAgent(Uri endpoint)
{
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken) =>
        await Retry.ExecuteAsync(async token =>
        {
            await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: token); // MSA1001
            return await EchoAsync(client, question, token);
        }, cancellationToken);

    public async IAsyncEnumerable<string> ChatAsync(string message, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: cancellationToken); // MSA1001
        foreach (var word in message.Split(' '))
        {
            yield return await EchoAsync(client, word, cancellationToken);
        }
    }

    public async Task<(string Answer, int Tools)> AskWithDetailsAsync(string question, CancellationToken cancellationToken)
    {
        var answer = "";
        var count = 0;
        await Retry.ExecuteAsync(async token =>
        {
            await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: token); // MSA1001
            var tools = await client.ListToolsAsync(cancellationToken: token);
            answer = await EchoAsync(client, question, token);
            return count = tools.Count;
        }, cancellationToken);
        return (answer, count);
    }

    private static async Task<string> EchoAsync(McpClient client, string text, CancellationToken cancellationToken)
    {
        var result = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = text }, cancellationToken: cancellationToken);
        return result.Content.OfType<TextContentBlock>().Single().Text;
    }
}
