// Semantic Kernel: agents.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Microsoft.SemanticKernel.Agents;

public abstract class Agent
{
    public string? Description { get; init; }
    public string Id { get; init; } = null!;
    public string? Name { get; init; }
    public KernelArguments? Arguments { get; init; }
    public string? Instructions { get; init; }
    public Kernel Kernel { get; init; } = null!;
    public virtual IAsyncEnumerable<AgentResponseItem<ChatMessageContent>> InvokeAsync(AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public virtual IAsyncEnumerable<AgentResponseItem<ChatMessageContent>> InvokeAsync(string message, AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public virtual IAsyncEnumerable<AgentResponseItem<ChatMessageContent>> InvokeAsync(ChatMessageContent message, AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public abstract IAsyncEnumerable<AgentResponseItem<ChatMessageContent>> InvokeAsync(ICollection<ChatMessageContent> messages, AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default);
    public virtual IAsyncEnumerable<AgentResponseItem<StreamingChatMessageContent>> InvokeStreamingAsync(string message, AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public abstract IAsyncEnumerable<AgentResponseItem<StreamingChatMessageContent>> InvokeStreamingAsync(ICollection<ChatMessageContent> messages, AgentThread? thread = null, AgentInvokeOptions? options = null, CancellationToken cancellationToken = default);
    protected internal abstract IEnumerable<string> GetChannelKeys();
    protected internal abstract Task<AgentChannel> CreateChannelAsync(CancellationToken cancellationToken);
    protected internal abstract Task<AgentChannel> RestoreChannelAsync(string channelState, CancellationToken cancellationToken);
}

public abstract class AgentChannel
{
}

public abstract class AgentThread
{
    public virtual string? Id { get; protected set; }
}

public class AgentInvokeOptions
{
    public KernelArguments? KernelArguments { get; init; }
    public Kernel? Kernel { get; init; }
    public string AdditionalInstructions { get; init; } = "";
}

public class AgentResponseItem<TMessage>
{
    public AgentResponseItem(TMessage message, AgentThread thread) { }
    public TMessage Message => throw null!;
    public AgentThread Thread => throw null!;
}
