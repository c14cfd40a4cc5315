using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace McpSessions.Tests.Servers;

/// <summary>The least that is a stateful Streamable HTTP server, without a network: what a call allocates is then the same each time.</summary>
internal sealed class CannedServer : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null)
        {
            return new HttpResponseMessage(HttpStatusCode.MethodNotAllowed) { RequestMessage = request };
        }

        var message = JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken))!;

        // Not at once, as on a network: what goes on synchronously needs no state kept.
        await Task.Yield();
        return message["method"]!.GetValue<string>() switch
        {
            "initialize" => Answer(request, message["id"]!, """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"canned","version":"1"}}"""),
            "tools/call" => Answer(request, message["id"]!, """{"content":[{"type":"text","text":"hello"}]}"""),
            "notifications/initialized" => new HttpResponseMessage(HttpStatusCode.Accepted) { RequestMessage = request },
            _ => new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request },
        };
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, JsonNode id, string result) => new(HttpStatusCode.OK)
    {
        RequestMessage = request,
        Headers = { { "Mcp-Session-Id", "canned" } },
        Content = new StringContent($$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""", new MediaTypeHeaderValue("application/json")),
    };
}
