namespace McpSessionAnalyzers.RuntimeProofs.Disposal;

/// <summary>MSA1106: the code that disposes is never reached.</summary>
public sealed class DisposalTestNeverSucceedsProof
{
    [Fact]
    public Task AClientThatIsNoIDisposable() => new Proof
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
                        if ({|MSA1106:client is IDisposable disposable|})
                        {
                            disposable.Dispose();
                        }
                    }
                }
            }
            """,
        Flagged = new() { Opened = 1, LeftOpen = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0 },
    }.HoldsAsync();
}
