namespace McpSessionAnalyzers.RuntimeProofs.Disposal;

/// <summary>MSA1103: the container disposes the service, and the service forgets its session.</summary>
public sealed class OwnedSessionNotDisposedProof
{
    private const string Program = """


        public static class Program
        {
            public static async Task RunAsync(Uri endpoint)
            {
                await using var services = new ServiceCollection().AddSingleton(endpoint).AddSingleton<Catalog>().BuildServiceProvider();
                var catalog = services.GetRequiredService<Catalog>();
                await catalog.StartAsync();
                await catalog.RefreshAsync();
            }
        }
        """;

    [Fact]
    public Task AServiceThatIsNotDisposable() => new Proof
    {
        Program = """
            public class Catalog(Uri endpoint)
            {
                private McpClient? {|MSA1103:_mcp|};

                public async Task StartAsync() => _mcp ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));

                public async Task<int> RefreshAsync() => (await _mcp!.ListToolsAsync()).Count;
            }
            """ + Program,
        Flagged = new() { Opened = 1, LeftOpen = 1, ToolLists = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolLists = 1 },
    }.HoldsAsync();

    [Fact]
    public Task ADisposalThatForgetsIt() => new Proof
    {
        Program = """
            public class Catalog(Uri endpoint) : IAsyncDisposable
            {
                private readonly CancellationTokenSource _stopping = new();
                private McpClient? {|MSA1103:_mcp|};

                public async Task StartAsync() => _mcp ??= await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }), cancellationToken: _stopping.Token);

                public async Task<int> RefreshAsync() => (await _mcp!.ListToolsAsync(cancellationToken: _stopping.Token)).Count;

                public async ValueTask DisposeAsync()
                {
                    await _stopping.CancelAsync();
                    _stopping.Dispose();
                }
            }
            """ + Program,
        Flagged = new() { Opened = 1, LeftOpen = 1, ToolLists = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0, ToolLists = 1 },
    }.HoldsAsync();
}
