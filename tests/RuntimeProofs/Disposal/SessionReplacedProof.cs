namespace McpSessionAnalyzers.RuntimeProofs.Disposal;

/// <summary>MSA1104: each reconnect leaves one session behind.</summary>
public sealed class SessionReplacedProof
{
    [Fact]
    public Task AReconnectThatOverwrites() => new Proof
    {
        Program = """
            public sealed class Connection(Uri endpoint) : IAsyncDisposable
            {
                private McpClient? _mcp;

                public async Task ReconnectAsync()
                {
                    {|MSA1104:_mcp|} = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                }

                public async ValueTask DisposeAsync()
                {
                    if (_mcp is not null)
                    {
                        await _mcp.DisposeAsync();
                    }
                }
            }

            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    await using var connection = new Connection(endpoint);
                    await connection.ReconnectAsync();
                    await connection.ReconnectAsync();
                    await connection.ReconnectAsync();
                }
            }
            """,
        Flagged = new() { Opened = 3, LeftOpen = 2 },
        Repaired = new() { Opened = 3, LeftOpen = 0 },
    }.HoldsAsync();
}
