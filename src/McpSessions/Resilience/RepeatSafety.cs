using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace McpSessions.Resilience;

/// <summary>
/// Knows which requests may be sent again although the server may have executed them: those that only read, and tools that their server
/// calls read-only or idempotent. What it has not been told, it takes for a write.
/// </summary>
internal sealed class RepeatSafety(Func<JsonRpcRequest, bool?>? mayRepeat)
{
    // Listings go by while the client lists; the annotations in them are all that is kept.
    private readonly ConcurrentDictionary<string, bool> _tools = new(StringComparer.Ordinal);

    public bool MayRepeat(JsonRpcRequest request) => mayRepeat?.Invoke(request) ?? IsSafe(request);

    public void Learn(JsonRpcRequest request, JsonRpcMessage? reply)
    {
        if (request.Method != RequestMethods.ToolsList || reply is not JsonRpcResponse { Result: JsonObject result } || result["tools"] is not JsonArray tools)
        {
            return;
        }

        foreach (var tool in tools)
        {
            if (tool is JsonObject described && described["name"] is JsonValue name && name.TryGetValue<string>(out var toolName))
            {
                _tools[toolName] = described["annotations"] is JsonObject annotations && (IsTrue(annotations["readOnlyHint"]) || IsTrue(annotations["idempotentHint"]));
            }
        }
    }

    private bool IsSafe(JsonRpcRequest request) => request.Method switch
    {
        RequestMethods.ToolsCall => IsSafeTool(request),
        RequestMethods.ToolsList or RequestMethods.PromptsList or RequestMethods.PromptsGet
            or RequestMethods.ResourcesList or RequestMethods.ResourcesRead or RequestMethods.ResourcesTemplatesList
            or RequestMethods.ResourcesSubscribe or RequestMethods.ResourcesUnsubscribe or RequestMethods.SubscriptionsListen
            or RequestMethods.CompletionComplete or RequestMethods.Ping or Methods.SetLogLevel
            or RequestMethods.Initialize or RequestMethods.ServerDiscover => true,
        _ => false,
    };

    private bool IsSafeTool(JsonRpcRequest request)
    {
        // The client attaches the tool that it knows; it is newer than what went by.
        if (request.Context?.Items is { } items)
        {
            foreach (var item in items.Values)
            {
                if (item is Tool tool)
                {
                    return tool.Annotations is { } known && (known.ReadOnlyHint is true || known.IdempotentHint is true);
                }
            }
        }

        return request.Params is JsonObject call
            && call["name"] is JsonValue name
            && name.TryGetValue<string>(out var toolName)
            && _tools.GetValueOrDefault(toolName);
    }

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var hint) && hint;
}
