using System.Text;

namespace McpSessions.Benchmarks;

/// <summary>Agents in the styles that real ones are written in, right and wrong, amid code that has nothing to do with MCP: the more files, the more of each.</summary>
internal static class AgentSource
{
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.AI;
        global using ModelContextProtocol.Client;
        global using ModelContextProtocol.Protocol;
        """;

    private static readonly string[] s_styles =
    [
        // A session for each message.
        """
            public async Task<string> AskAsync(ChatMessage message, IChatClient chat, CancellationToken cancellationToken)
            {
                await using var mcp = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = _endpoint }), cancellationToken: cancellationToken);
                var tools = await mcp.ListToolsAsync(cancellationToken: cancellationToken);
                var response = await chat.GetResponseAsync([message], new ChatOptions { Tools = [.. tools] }, cancellationToken);
                return response.Text;
            }
        """,

        // One that is kept, and closed with the agent.
        """
            private McpClient? _client;
            private readonly SemaphoreSlim _gate = new(1, 1);

            private async Task<McpClient> GetClientAsync(CancellationToken cancellationToken)
            {
                await _gate.WaitAsync(cancellationToken);
                try
                {
                    return _client ??= await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = _endpoint }), cancellationToken: cancellationToken);
                }
                finally
                {
                    _gate.Release();
                }
            }

            public async Task<string> RunAsync(string tool, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
            {
                var client = await GetClientAsync(cancellationToken);
                var result = await client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
                return string.Join("\n", result.Content.OfType<TextContentBlock>().Select(block => block.Text));
            }

            public async ValueTask DisposeAsync()
            {
                if (_client is not null)
                {
                    await _client.DisposeAsync();
                }

                _gate.Dispose();
            }
        """,

        // One for a look at the tools.
        """
            public async Task<int> CountAsync(string command, CancellationToken cancellationToken)
            {
                var client = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions { Command = command }), cancellationToken: cancellationToken);
                try
                {
                    var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
                    return tools.Count(tool => tool.Description.Length > 0);
                }
                finally
                {
                    await client.DisposeAsync();
                }
            }
        """,

        // One in each round of a loop, through a helper that opens it, and one that is never closed.
        """
            private McpClient? _session;

            private Task<McpClient> OpenAsync() => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = _endpoint }));

            public async Task ConnectAsync() => _session = await OpenAsync();

            public async Task<IList<McpClientTool>> ToolsAsync() => _session is null ? [] : await _session.ListToolsAsync();

            public async Task WarmAsync(IEnumerable<string> cities)
            {
                foreach (var city in cities)
                {
                    await using var mcp = await OpenAsync();
                    await mcp.CallToolAsync("weather", new Dictionary<string, object?> { ["city"] = city });
                }
            }
        """,
    ];

    /// <summary>One file: an agent.</summary>
    public static string File(int number)
    {
        var style = s_styles[number % s_styles.Length];
        var text = new StringBuilder($$"""
            namespace App;

            public sealed class Agent{{number}}(Uri endpoint){{(style.Contains("ValueTask DisposeAsync", StringComparison.Ordinal) ? " : IAsyncDisposable" : "")}}
            {
                private readonly Uri _endpoint = endpoint;

            """);
        return text.Append(style).Append(Plain).Append("}\n").ToString();
    }

    private const string Plain = """


            public sealed record Item(string Name, int Count, decimal Price, DateTimeOffset At);

            private readonly Dictionary<string, Item> _items = new(StringComparer.OrdinalIgnoreCase);
            private readonly List<string> _log = new();
            private int _total;

            public int Total => _total;

            public async Task<IReadOnlyList<Item>> LoadAsync(string path, CancellationToken cancellationToken)
            {
                var result = new List<Item>();
                using var reader = new StreamReader(path);
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    var parts = line.Split(';', StringSplitOptions.TrimEntries);
                    if (parts.Length < 3 || !int.TryParse(parts[1], out var count) || !decimal.TryParse(parts[2], out var price))
                    {
                        _log.Add($"bad line: {line}");
                        continue;
                    }

                    var item = new Item(parts[0], count, price, DateTimeOffset.UtcNow);
                    _items[item.Name] = item;
                    _total += count;
                    result.Add(item);
                }

                return result;
            }

            public Dictionary<string, decimal> Summarize(IEnumerable<Item> items)
            {
                var sums = items
                    .Where(item => item.Count > 0)
                    .GroupBy(item => item.Name)
                    .Select(group => new { group.Key, Sum = group.Sum(item => item.Price * item.Count) })
                    .OrderByDescending(pair => pair.Sum)
                    .ToDictionary(pair => pair.Key, pair => pair.Sum);
                foreach (var (name, sum) in sums)
                {
                    _log.Add(sum > 1000 ? $"{name} is expensive" : $"{name} is fair");
                }

                return sums;
            }

            private string Describe(Item item)
            {
                var text = new System.Text.StringBuilder();
                text.Append(item.Name).Append(' ').Append(item.Count).Append(" x ").Append(item.Price.ToString("0.00"));
                for (var i = 0; i < item.Count && i < 10; i++)
                {
                    text.Append(i % 2 == 0 ? '*' : '-');
                }

                return text.ToString();
            }

            public void Write(TextWriter writer)
            {
                try
                {
                    foreach (var item in _items.Values)
                    {
                        writer.WriteLine(Describe(item));
                    }
                }
                catch (IOException exception)
                {
                    throw new InvalidOperationException("can't write", exception);
                }
                finally
                {
                    writer.Flush();
                }
            }
        """;
}
