using McpSessions.TestServer;

namespace McpSessionAnalyzers.RuntimeProofs.Disposal;

/// <summary>MSA1105: the program has ended, and the session that it closes is still open.</summary>
public sealed class DisposalNotAwaitedProof
{
    private readonly TaskCompletionSource _closing = new();

    /// <summary>
    /// The server takes its time to close a session. Who doesn't wait for that ends before; who does can't end before the server lets it.
    /// </summary>
    [Fact]
    public Task ADisposalThatNobodyWaitsFor() => new Proof
    {
        Program = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = endpoint }));
                    try
                    {
                        await client.ListToolsAsync();
                    }
                    finally
                    {
                        _ = client.{|MSA1105:DisposeAsync|}();
                    }
                }
            }
            """,
        Arrange = server => server.Faults.Always("DELETE", new Fault.Slow(_closing.Task)),
        During = (Flagged: null, Repaired: async server =>
        {
            await server.Counters.Reaches(static counters => counters.Requests("DELETE") == 1);
            _closing.TrySetResult();
        }),
        Flagged = new() { Opened = 1, LeftOpen = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0 },
    }.HoldsAsync();
}
