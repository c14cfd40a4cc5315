using McpSessions.TestServer;

namespace McpSessionAnalyzers.RuntimeProofs.Disposal;

/// <summary>MSA1102: it goes well until something fails; then the session is left behind.</summary>
public sealed class SessionNotDisposedOnEveryPathProof
{
    [Fact]
    public Task AToolListThatFailsBeforeTheEnd() => new Proof
    {
        Program = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    try
                    {
                        await Inventory.CountAsync(endpoint);
                    }
                    catch (Exception)
                    {
                    }
                }
            }

            public static class Inventory
            {
                public static async Task<int> CountAsync(Uri endpoint)
                {
                    var client = await McpClient.{|MSA1102:CreateAsync|}(new HttpClientTransport(new() { Endpoint = endpoint }));
                    var tools = await client.ListToolsAsync();
                    await client.DisposeAsync();
                    return tools.Count;
                }
            }
            """,
        Arrange = static server => server.Faults.Always("tools/list", new Fault.Status(500)),
        Flagged = new() { Opened = 1, LeftOpen = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0 },
    }.HoldsAsync();

    [Fact]
    public Task ASessionThatIsHandedOnTooLate() => new Proof
    {
        Program = """
            public static class Program
            {
                public static async Task RunAsync(Uri endpoint)
                {
                    try
                    {
                        await using var client = await Opening.OpenAsync(endpoint);
                    }
                    catch (Exception)
                    {
                    }
                }
            }

            public static class Opening
            {
                public static async Task<McpClient> OpenAsync(Uri endpoint)
                {
                    var client = await McpClient.{|MSA1102:CreateAsync|}(new HttpClientTransport(new() { Endpoint = endpoint }));
                    await client.PingAsync();
                    return client;
                }
            }
            """,
        Arrange = static server => server.Faults.Always("ping", new Fault.Status(500)),
        Flagged = new() { Opened = 1, LeftOpen = 1 },
        Repaired = new() { Opened = 1, LeftOpen = 0 },
    }.HoldsAsync();
}
