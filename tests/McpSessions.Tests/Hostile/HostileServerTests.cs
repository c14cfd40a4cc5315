using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Hostile;

/// <summary>Servers that are something else, or mean harm: a clear error or a safe refusal, in time, and nothing that breaks out of a log line.</summary>
public sealed partial class HostileServerTests(ITestOutputHelper output)
{
    private const string Forged = "\r\ninfo: Everything is fine";

    private readonly LogCollector _logs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string, string> AnswersOfOthers => new()
    {
        { "a web page", 200, "<html><body>Welcome</body></html>", "text/html" },
        { "JSON of another kind", 200, """{ "hello": "world" }""", "application/json" },
        { "half a message", 200, """{ "jsonrpc": "2.0", "id": 1, "res""", "application/json" },
        { "an event stream of another kind", 200, "event: tick\ndata: 1\n\n", "text/event-stream" },
        { "a login page", 302, "", "text/html" },
        { "an error with a forged line", 500, $"boom{Forged}", "text/plain" },
        { "an error with a forged message", 400, """{ "jsonrpc": "2.0", "id": 1, "error": { "code": -32603, "message": "boom\r\ninfo: Everything is fine" } }""", "application/json" },
    };

    [Theory]
    [MemberData(nameof(AnswersOfOthers))]
    public async Task A_web_server_that_speaks_something_else_is_refused_with_a_reason(string what, int status, string body, string contentType)
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Status(status, body, contentType));
        await using var shared = server.Shared(options: Options());

        await AssertRefusedAsync(shared, what);
    }

    [Fact]
    public async Task A_web_page_in_the_servers_place_is_named_as_such()
    {
        await using var server = await McpTestServer.StartAsync();
        server.Faults.Always("*", new Fault.Status(200, "<html>Welcome</html>", "text/html; charset=utf-8"));
        await using var shared = server.Shared(options: Options());

        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(Token));

        Assert.Contains($"POST {server.Endpoint}: HTTP 200 with text/html, which is not MCP", e.Message);
    }

    [Fact]
    public async Task A_server_that_does_not_even_speak_http_is_refused_with_a_reason()
    {
        await using var mail = new RawServer(async (stream, cancellationToken) => await stream.WriteAsync("220 mail.example.com ESMTP\r\n"u8.ToArray(), cancellationToken));
        await using var shared = Over(mail);

        await AssertRefusedAsync(shared, "a mail server");
    }

    [Theory]
    [InlineData("echo", "Hello, I am no server")]
    [InlineData("cat")]
    [InlineData("true")]
    public async Task A_program_that_is_no_server_is_refused_with_a_reason(string command, params string[] arguments)
    {
        await using var shared = new SharedMcpSession(_ => new StdioClientTransport(new() { Command = command, Arguments = arguments }), options: Options());

        await AssertRefusedAsync(shared, command);
    }

    [Fact]
    public async Task A_session_id_with_line_breaks_reaches_no_log_and_no_message()
    {
        const string id = "evil\r\n\tinfo: Everything is fine\u001b[2J";
        var heads = new ConcurrentQueue<string>();
        await using var server = RawServer.Http(request =>
        {
            heads.Enqueue(request[..request.IndexOf("\r\n\r\n", StringComparison.Ordinal)]);
            return request.Contains("\"initialize\"", StringComparison.Ordinal)
                ? RawServer.Json(200, $$"""{ "jsonrpc": "2.0", "id": {{Id(request)}}, "result": { "protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": { "name": "evil\r\ninfo: Everything is fine", "version": "1" } } }""", $"Mcp-Session-Id: {id}\r\n")
            : request.Contains("notifications/initialized", StringComparison.Ordinal) ? RawServer.Json(202, "")
            : request.Contains("server/discover", StringComparison.Ordinal) ? RawServer.Json(404, $"not here{Forged}")
            : RawServer.Json(404, $"gone{Forged}");
        });
        await using var shared = Over(server);

        var e = await Assert.ThrowsAnyAsync<Exception>(() => shared.EchoAsync("hello"));

        output.WriteLine(e.Message);
        Assert.DoesNotMatch(LineBreak(), Assert.IsType<McpConnectException>(e).Message);
        // It is sent back, as a header of one line.
        Assert.Contains(heads, static head => head.Contains("Mcp-Session-Id: evil", StringComparison.OrdinalIgnoreCase));
        Assert.All(heads.SelectMany(static head => head.Split('\n').Skip(1)), static line => Assert.Matches(@"^[A-Za-z0-9-]+: ", line));
        AssertLogsAreClean();
    }

    [Fact]
    public async Task A_tool_whose_name_would_forge_a_line_is_named_on_one()
    {
        await using var server = await McpTestServer.StartAsync(options =>
        {
            options.ToolCollection = null;
            options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ModelContextProtocol.Protocol.ListToolsResult
            {
                Tools =
                [
                    new()
                    {
                        Name = $"bad{Forged}",
                        InputSchema = System.Text.Json.JsonElement.Parse("""{ "type": "object", "properties": { "a": { "type": "string", "x-mcp-header": "not a token\r\n" } } }"""),
                    },
                    new() { Name = "good" },
                ],
            });
            options.Handlers.CallToolHandler = (_, _) => throw new McpException("no");
        });
        await using var shared = server.Shared(options: Options());

        Assert.Equal(["good"], (await shared.ListToolsAsync(Token)).Select(static tool => tool.Name));

        Assert.Contains(_logs.Own, line => line.Message.Contains("is left out", StringComparison.Ordinal));
        AssertLogsAreClean();
    }

    private SharedMcpSessionOptions Options() => new() { LoggerFactory = _logs, OpeningRetries = 0, RecoveryTimeout = TimeSpan.Zero };

    private SharedMcpSession Over(RawServer server) =>
        new(connect => new HttpClientTransport(new() { Endpoint = server.Endpoint, TransportMode = HttpTransportMode.StreamableHttp }, connect.HttpClient), options: Options());

    private async Task AssertRefusedAsync(SharedMcpSession shared, string what)
    {
        var e = await Assert.ThrowsAsync<McpConnectException>(async () => await shared.GetClientAsync(Token));

        output.WriteLine($"{what}: {e.Message}");
        Assert.DoesNotMatch(LineBreak(), e.Message);
        Assert.Equal(McpSessionState.Down, shared.Status.State);
        AssertLogsAreClean();
    }

    private void AssertLogsAreClean()
    {
        Assert.NotEmpty(_logs.Own);
        Assert.All(_logs.Own, line => Assert.DoesNotMatch(LineBreak(), line.Message));
        Assert.DoesNotContain(_logs.Own, line => line.Message.Contains("evil", StringComparison.Ordinal));
    }

    private static string Id(string request) => RequestId().Match(request).Groups[1].Value;

    [GeneratedRegex(@"[\p{Cc}\u2028\u2029]")]
    private static partial Regex LineBreak();

    [GeneratedRegex(@"""id"":\s*(\d+|""[^""]*"")")]
    private static partial Regex RequestId();
}
