using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Polly;

namespace McpSessions.Resilience;

/// <summary>
/// Runs tool calls through the owner's resilience pipeline, within the replay decision: of a call that may have been executed and is not safe
/// to repeat, the pipeline does not get to see the failure, so it can't retry it.
/// </summary>
internal static class CallPipeline
{
    public static async ValueTask<CallToolResult> ExecuteAsync(
        ResiliencePipeline pipeline, SharedMcpSession session, bool mayRepeat, string serverName,
        Func<McpClient, CancellationToken, ValueTask<CallToolResult>> call, CancellationToken cancellationToken)
    {
        var attempt = await pipeline.ExecuteAsync(
            async token =>
            {
                // Opening sends nothing of the caller's: whatever the pipeline makes of its failure is fine.
                var client = await session.GetClientAsync(token).ConfigureAwait(false);
                try
                {
                    return new Attempt(await call(client, token).ConfigureAwait(false), null);
                }
                catch (Exception e) when (e is not McpConnectException && !mayRepeat && !cancellationToken.IsCancellationRequested)
                {
                    var truth = e is OperationCanceledException && token.IsCancellationRequested
                        ? new McpOutcomeUnknownException(
                            serverName, RequestMethods.ToolsCall,
                            $"'tools/call' was sent to MCP server '{serverName}' and given up by the resilience pipeline: it may have been executed, or not. It was not repeated, because it is not known to be read-only or idempotent.",
                            e)
                        : e;
                    return new Attempt(null, ExceptionDispatchInfo.Capture(truth));
                }
            },
            cancellationToken).ConfigureAwait(false);
        attempt.Failure?.Throw();
        return attempt.Result!;
    }

    /// <summary>Whether a call of this tool is safe to repeat: as its owner says, else as its annotations say.</summary>
    public static bool MayRepeat(ResilientClientTransportOptions options, string toolName, McpClientTool? tool) =>
        options.MayRepeat?.Invoke(new JsonRpcRequest { Method = RequestMethods.ToolsCall, Params = new JsonObject { ["name"] = toolName } })
        ?? tool?.ProtocolTool.Annotations is { } annotations && (annotations.ReadOnlyHint is true || annotations.IdempotentHint is true);

    private readonly record struct Attempt(CallToolResult? Result, ExceptionDispatchInfo? Failure);
}
