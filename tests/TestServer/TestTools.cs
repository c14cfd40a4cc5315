using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpSessions.TestServer;

/// <summary>The tools of the test server: one that reads, one that writes, one that waits, one that fails.</summary>
internal static class TestTools
{
    public static McpServerPrimitiveCollection<McpServerTool> Create(Counters counters, Func<Task> gate) =>
    [
        McpServerTool.Create(
            ([Description("What to say")] string message) => message,
            new() { Name = "echo", ReadOnly = true, Idempotent = true }),
        McpServerTool.Create(
            ([Description("Names this write, so that the server can count it")] string id) =>
            {
                counters.Execute(id);
                return id;
            },
            new() { Name = "write", ReadOnly = false, Destructive = true }),
        McpServerTool.Create(
            ([Description("Names this write, so that the server can count it")] string id) =>
            {
                counters.Execute(id);
                return id;
            },
            new() { Name = "put", ReadOnly = false, Idempotent = true }),
        McpServerTool.Create(
            async (string id, CancellationToken cancellationToken) =>
            {
                counters.Execute(id);
                await gate().WaitAsync(cancellationToken);
                return id;
            },
            new() { Name = "wait", ReadOnly = false }),
        McpServerTool.Create(
            async (McpServer server, string question, CancellationToken cancellationToken) =>
            {
                var answer = await server.ElicitAsync(new ElicitRequestParams { Message = question, RequestedSchema = new() }, cancellationToken);
                return answer.Content!["answer"].GetString();
            },
            new() { Name = "ask", ReadOnly = false }),
        McpServerTool.Create(
            string () => throw new InvalidOperationException("it does not work"),
            new() { Name = "fail", ReadOnly = true }),
    ];

    /// <summary>The same tools for a server that can also be told to die, before or after it has executed something.</summary>
    public static McpServerOptions StdioOptions(Counters counters) => Options(counters, () => Task.Delay(Timeout.InfiniteTimeSpan), options =>
    {
        options.ToolCollection!.Add(McpServerTool.Create(
            string (string id, int exitCode) =>
            {
                counters.Execute(id);
                Environment.Exit(exitCode);
                return id;
            },
            new() { Name = "write-and-die", ReadOnly = false }));
        options.ToolCollection.Add(McpServerTool.Create(() => Environment.ProcessId, new() { Name = "pid", ReadOnly = true }));
        options.ToolCollection.Add(McpServerTool.Create((string id) => Environment.GetEnvironmentVariable(id) ?? "(none)", new() { Name = "variable", ReadOnly = true }));
    });

    public static McpServerOptions Options(Counters counters, Func<Task> gate, Action<McpServerOptions>? configure)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "test-server", Version = "1.0" },
            ToolCollection = Create(counters, gate),
        };
        configure?.Invoke(options);
        return options;
    }
}
