using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpSessions.Benchmarks;

/// <summary>A server in this process that answers at once, so that nothing but the client's own work is measured.</summary>
internal sealed class InstantTransport : IClientTransport
{
    public string Name => "instant";

    public Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default) => Task.FromResult<ITransport>(new Connection());

    private sealed class Connection : ITransport
    {
        private static readonly JsonNode s_result = JsonNode.Parse("""{ "content": [ { "type": "text", "text": "hello" } ] }""")!;
        private readonly Channel<JsonRpcMessage> _messages = Channel.CreateUnbounded<JsonRpcMessage>(new() { SingleReader = true, SingleWriter = false });

        public string? SessionId => null;

        public ChannelReader<JsonRpcMessage> MessageReader => _messages.Reader;

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            if (message is JsonRpcRequest request)
            {
                _messages.Writer.TryWrite(Answer(request));
            }

            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            _messages.Writer.TryComplete();
            return default;
        }

        private static JsonRpcMessage Answer(JsonRpcRequest request) => request.Method switch
        {
            "tools/call" => new JsonRpcResponse { Id = request.Id, Result = s_result },
            "initialize" => new JsonRpcResponse
            {
                Id = request.Id,
                Result = new JsonObject
                {
                    ["protocolVersion"] = "2025-06-18",
                    ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
                    ["serverInfo"] = new JsonObject { ["name"] = "instant", ["version"] = "1" },
                },
            },
            _ => new JsonRpcError { Id = request.Id, Error = new() { Code = -32601, Message = "not here" } },
        };
    }
}
