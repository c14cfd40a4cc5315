// Semantic Kernel: the chat-completion agent.
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Microsoft.SemanticKernel.Agents;

public abstract class ChatHistoryAgent : Agent
{
    protected sealed override IEnumerable<string> GetChannelKeys() => throw null!;
    protected sealed override Task<AgentChannel> CreateChannelAsync(CancellationToken cancellationToken) => throw null!;
}

public sealed class ChatCompletionAgent : ChatHistoryAgent
{
    public override IAsyncEnumerable<AgentResponseItem<ChatMessageContent>> InvokeAsync(ICollection<ChatMessageContent> messages, AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public override IAsyncEnumerable<AgentResponseItem<StreamingChatMessageContent>> InvokeStreamingAsync(ICollection<ChatMessageContent> messages, AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    protected override Task<AgentChannel> RestoreChannelAsync(string channelState, CancellationToken cancellationToken) => throw null!;
}

public sealed class ChatHistoryAgentThread : AgentThread
{
    public ChatHistoryAgentThread() { }
    public ChatHistoryAgentThread(ChatHistory chatHistory, string? id = null) { }
}
