using ModelContextProtocol.Client;

namespace Consumer;

internal static class Program
{
    private const int Rounds = 3;

    private static async Task Main(string[] args)
    {
        switch (args)
        {
            case ["http", var endpoint]:
                await TalkOverHttpAsync(new Uri(endpoint));
                break;
            case ["stdio", var command, .. var arguments]:
                await TalkOverStdioAsync(command, arguments);
                break;
            case ["check", var endpoint]:
                await CheckAsync(new Uri(endpoint));
                break;
        }
    }

    private static async Task CheckAsync(Uri endpoint)
    {
        var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint })); // MSA1101
        Console.WriteLine(client.ServerInfo?.Name);
    }

    private static async Task TalkOverHttpAsync(Uri endpoint)
    {
        var agent = new HttpAgent(endpoint);
        for (var i = 0; i < Rounds; i++)
        {
            Console.WriteLine(await agent.AskAsync($"ask {i}", CancellationToken.None));
            await foreach (var word in agent.ChatAsync($"chat {i}", CancellationToken.None))
            {
                Console.WriteLine(word);
            }

            Console.WriteLine(await agent.AskWithDetailsAsync($"details {i}", CancellationToken.None));
        }
    }

    private static async Task TalkOverStdioAsync(string command, string[] arguments)
    {
        var agent = new StdioAgent(command, arguments);
        for (var i = 0; i < Rounds; i++)
        {
            Console.WriteLine(await agent.AskAsync($"ask {i}", CancellationToken.None));
        }
    }
}
