using McpSessions.TestServer;
using ModelContextProtocol.Server;

// The SDK's stdio server as a child process. The first argument names a file that gets a line for every write that was executed, the second one that gets
// the id of the process.
var counters = new Counters();
var writes = args is [{ Length: > 0 } path, ..] ? path : null;
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

if (args.Length > 1)
{
    File.AppendAllLines(args[1], [Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
}

await using var transport = new StdioServerTransport("test-server");
await using var server = McpServer.Create(transport, TestTools.StdioOptions(counters));
await server.RunAsync();
