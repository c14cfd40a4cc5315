using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Evidence 3: members that implement or override what agent frameworks call once per message, tool call or rendered prompt.</summary>
internal static class AgentContracts
{
    // Creating a thread or session, deserializing one, GetService and disposal are not once per message: hence the lists of members.
    private static readonly Contract[] Rows =
    {
        new(null, "Microsoft.Extensions.AI.IChatClient", "Microsoft.Extensions.AI.DelegatingChatClient", "Microsoft.Extensions.AI.FunctionInvokingChatClient")
        {
            Members = new[] { "GetResponseAsync", "GetStreamingResponseAsync", "CompleteAsync", "CompleteStreamingAsync", "InvokeFunctionAsync" },
        },
        new(null, "Microsoft.Extensions.AI.IEmbeddingGenerator`2", "Microsoft.Extensions.AI.DelegatingEmbeddingGenerator`2", "Microsoft.Extensions.AI.IImageGenerator") { Members = new[] { "GenerateAsync" } },
        new(null, "Microsoft.Extensions.AI.ISpeechToTextClient") { Members = new[] { "GetTextAsync", "GetStreamingTextAsync" } },
        new(null, "Microsoft.Extensions.AI.IChatReducer") { Members = new[] { "ReduceAsync" } },
        new(null, "Microsoft.Agents.AI.AIAgent", "Microsoft.Agents.AI.DelegatingAIAgent", "Microsoft.Agents.AI.ChatClientAgent", "Microsoft.Extensions.AI.Agents.AIAgent")
        {
            Members = new[] { "RunAsync", "RunStreamingAsync", "RunCoreAsync", "RunCoreStreamingAsync" },
        },
        new(null, "Microsoft.Agents.AI.AIContextProvider", "Microsoft.Agents.AI.ChatHistoryProvider", "Microsoft.Agents.AI.ChatMessageStore", "Microsoft.Agents.AI.MessageAIContextProvider", "Microsoft.SemanticKernel.AIContextProvider")
        {
            Members = new[]
            {
                "InvokingAsync", "InvokedAsync", "InvokingCoreAsync", "InvokedCoreAsync", "ProvideAIContextAsync", "StoreAIContextAsync",
                "ProvideMessagesAsync", "ProvideChatHistoryAsync", "StoreChatHistoryAsync", "GetMessagesAsync", "AddMessagesAsync",
                "ModelInvokingAsync", "MessageAddingAsync",
            },
        },
        new(null, "Microsoft.Agents.AI.Workflows.Executor`1", "Microsoft.Agents.AI.Workflows.Executor`2", "Microsoft.Agents.AI.Workflows.Reflection.IMessageHandler`1", "Microsoft.Agents.AI.Workflows.Reflection.IMessageHandler`2") { Members = new[] { "HandleAsync" } },
        new(null, "Microsoft.SemanticKernel.Agents.Agent", "Microsoft.SemanticKernel.Agents.KernelAgent", "Microsoft.SemanticKernel.Agents.ChatHistoryAgent", "Microsoft.SemanticKernel.Agents.ChatHistoryKernelAgent", "Microsoft.SemanticKernel.Agents.AgentChat")
        {
            Members = new[] { "InvokeAsync", "InvokeStreamingAsync" },
        },
        new(null, "Microsoft.SemanticKernel.IFunctionInvocationFilter", "Microsoft.SemanticKernel.IPromptRenderFilter", "Microsoft.SemanticKernel.IAutoFunctionInvocationFilter"),
        new(null, "Microsoft.SemanticKernel.ChatCompletion.IChatCompletionService") { Members = new[] { "GetChatMessageContentsAsync", "GetStreamingChatMessageContentsAsync" } },
        new(null, "Microsoft.SemanticKernel.TextGeneration.ITextGenerationService") { Members = new[] { "GetTextContentsAsync", "GetStreamingTextContentsAsync" } },
        new(null, "Microsoft.AutoGen.Contracts.IHandle`1") { Members = new[] { "Handle", "HandleAsync" } },
        new(null, "AutoGen.Core.IAgent", "AutoGen.Core.IStreamingAgent", "AutoGen.Core.IMiddleware", "AutoGen.Core.IStreamingMiddleware") { Members = new[] { "GenerateReplyAsync", "GenerateStreamingReplyAsync", "InvokeAsync" } },
        new(null, "A2A.IAgentHandler") { Members = new[] { "ExecuteAsync" } },
    };

    private static readonly Contracts Table = new(Rows);

    /// <summary>"it implements IChatClient.GetResponseAsync", or null.</summary>
    public static string? ReasonOf(IMethodSymbol method) =>
        Table.Of(method) is not { } match ? null
        : match.Member.ContainingType.TypeKind == TypeKind.Interface ? $"it implements {Members.NameWithType(match.Member)}"
        : $"it overrides {Members.NameWithType(match.Member)}";
}
