using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Consumer;

/// <summary>Starts a server process for every message.</summary>
public sealed class StdioAgent
{
    private readonly string _command;
    private readonly string[] _arguments;

    public StdioAgent(string command, string[] arguments)
    {
        _command = command;
        _arguments = arguments;
    }

    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        var transport = new StdioClientTransport(new StdioClientTransportOptions { Command = _command, Arguments = _arguments });
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: cancellationToken); // MSA1001
        var result = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = question }, cancellationToken: cancellationToken);
        return result.Content.OfType<TextContentBlock>().Single().Text;
    }
}
