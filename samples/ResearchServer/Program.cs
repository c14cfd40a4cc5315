// An MCP server with a small library of standards to search, read and cite.
//
//   dotnet run --project samples/ResearchServer                   over stdio
//   dotnet run --project samples/ResearchServer -- --http [port]  over Streamable HTTP, port 3001 unless given, 0 for any free one

using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Server;
using ResearchServer;

if (HttpPort(args) is { } port)
{
    await HttpHost.RunAsync(port, stopWhenStdinCloses: args.Contains("--until-stdin-closes"));
}
else
{
    await using var transport = new StdioServerTransport(ResearchOptions.Name);
    await using var server = McpServer.Create(transport, ResearchOptions.Create(), NullLoggerFactory.Instance);
    await server.RunAsync();
}

static int? HttpPort(string[] args)
{
    var http = Array.IndexOf(args, "--http");
    return http < 0 ? null
        : http + 1 < args.Length && int.TryParse(args[http + 1], out var port) ? port
        : 3001;
}
