using McpSessions.TestServer;
using ModelContextProtocol.Server;

// The SDK's stdio server as a child process. The first argument names a file that gets a line for every write that was executed.
var counters = new Counters();
var writes = args.Length > 0 ? args[0] : null;
counters.OnExecute = id =>
{
    if (writes is not null)
    {
        lock (counters)
        {
            File.AppendAllLines(writes, [id]);
        }
    }
};

await using var transport = new StdioServerTransport("test-server");
await using var server = McpServer.Create(transport, TestTools.StdioOptions(counters));
await server.RunAsync();
