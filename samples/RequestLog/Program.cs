// An agent that records every MCP session that it opens and every tool that it calls, with what it cost, in a database.
//
//   dotnet run --project samples/RequestLog                              SQLite, in requests.db
//   dotnet run --project samples/RequestLog -- "Host=localhost;…"        PostgreSQL
//   dotnet run --project samples/RequestLog -- "Data Source=other.db"    SQLite elsewhere
//
// The server (samples/ResearchServer) is started by the sample itself. Stop the database meanwhile: the agent goes on answering, the
// failure is shown, and the records are stored when the database is back.

using McpSessions;
using Microsoft.Extensions.AI;
using RequestLog;
using SampleHost;

if (args.Length > 1)
{
    Console.Error.WriteLine("usage: RequestLog [connection string]");
    return 2;
}

await using var store = RequestStore.Create(args is [var connectionString] ? connectionString : "Data Source=requests.db");
var traffic = new McpTraffic();
await using (var recorder = new RequestRecorder(traffic, store.InsertAsync, Console.Error.WriteLine))
{
    await using var server = SampleServer.OverStdio();
    await using var session = new SharedMcpSession(_ => server.CreateTransport(), options: new() { Name = "library", Traffic = traffic });
    using var model = new ScriptedModel();
    foreach (var question in new[] { "May a client retry requests?", "Are clocks good secrets?" })
    {
        var tools = await session.ListToolsAsync();
        Console.WriteLine(await ToolLoop.CompleteAsync(model, [new(ChatRole.User, question)], [.. tools], CancellationToken.None));
    }
}

// By now everything is stored: the recorder waits for the database.
foreach (var line in await store.SummarizeAsync())
{
    Console.WriteLine(line);
}

return 0;
