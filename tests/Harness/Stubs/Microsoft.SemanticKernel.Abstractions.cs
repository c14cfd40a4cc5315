// Semantic Kernel: kernel, functions, plugins, filters.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.SemanticKernel
{
    [AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
    public sealed class KernelFunctionAttribute : Attribute
    {
        public KernelFunctionAttribute() { }
        public KernelFunctionAttribute(string? name) => Name = name;
        public string? Name { get; }
    }

    public abstract class FullyQualifiedAIFunction : AIFunction
    {
        internal FullyQualifiedAIFunction() { }
    }

    public abstract class KernelFunction : FullyQualifiedAIFunction
    {
        internal KernelFunction() { }
        public virtual string? PluginName => null;
        public Task<FunctionResult> InvokeAsync(Kernel kernel, KernelArguments? arguments = null, CancellationToken cancellationToken = default) => throw null!;
        public abstract KernelFunction Clone(string? pluginName = null);
    }

    public static class AIFunctionExtensions
    {
        public static KernelFunction AsKernelFunction(this AIFunction aiFunction) => throw null!;
    }

    public abstract class KernelPlugin : IEnumerable<KernelFunction>
    {
        protected KernelPlugin(string name, string? description = null) { }
        public string Name => throw null!;
        public KernelFunction this[string functionName] => throw null!;
        public abstract int FunctionCount { get; }
        public abstract IEnumerator<KernelFunction> GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class KernelPluginCollection : ICollection<KernelPlugin>
    {
        public int Count => 0;
        public bool IsReadOnly => false;
        public KernelPlugin this[string name] => throw null!;
        public void Add(KernelPlugin plugin) { }
        public void AddRange(IEnumerable<KernelPlugin> plugins) { }
        public void Clear() { }
        public bool Contains(KernelPlugin plugin) => false;
        public void CopyTo(KernelPlugin[] array, int arrayIndex) { }
        public bool Remove(KernelPlugin plugin) => false;
        public IEnumerator<KernelPlugin> GetEnumerator() => throw null!;
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class KernelArguments : AIFunctionArguments
    {
        public KernelArguments() { }
        public KernelArguments(PromptExecutionSettings? executionSettings) { }
    }

    public class PromptExecutionSettings
    {
        public string? ModelId { get; set; }
    }

    public sealed class FunctionResult
    {
        internal FunctionResult() { }
        public KernelFunction Function => throw null!;
        public T? GetValue<T>() => default;
    }

    public sealed class Kernel
    {
        public Kernel(IServiceProvider? services = null, KernelPluginCollection? plugins = null) { }
        public static IKernelBuilder CreateBuilder() => throw null!;
        public Kernel Clone() => throw null!;
        public KernelPluginCollection Plugins => throw null!;
        public IList<IFunctionInvocationFilter> FunctionInvocationFilters => throw null!;
        public IList<IPromptRenderFilter> PromptRenderFilters => throw null!;
        public IList<IAutoFunctionInvocationFilter> AutoFunctionInvocationFilters => throw null!;
        public IServiceProvider Services => throw null!;
        public IDictionary<string, object?> Data => throw null!;
        public T GetRequiredService<T>(object? serviceKey = null) where T : class => throw null!;
        public Task<FunctionResult> InvokeAsync(KernelFunction function, KernelArguments? arguments = null, CancellationToken cancellationToken = default) => throw null!;
        public Task<FunctionResult> InvokeAsync(string? pluginName, string functionName, KernelArguments? arguments = null, CancellationToken cancellationToken = default) => throw null!;
    }

    public interface IKernelBuilder
    {
        IServiceCollection Services { get; }
        IKernelBuilderPlugins Plugins { get; }
    }

    public interface IKernelBuilderPlugins
    {
        IServiceCollection Services { get; }
    }

    public interface IFunctionInvocationFilter
    {
        Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next);
    }

    public interface IAutoFunctionInvocationFilter
    {
        Task OnAutoFunctionInvocationAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next);
    }

    public interface IPromptRenderFilter
    {
        Task OnPromptRenderAsync(PromptRenderContext context, Func<PromptRenderContext, Task> next);
    }

    public class FunctionInvocationContext
    {
        internal FunctionInvocationContext() { }
        public CancellationToken CancellationToken { get; init; }
        public Kernel Kernel => throw null!;
        public KernelFunction Function => throw null!;
        public KernelArguments Arguments => throw null!;
        public FunctionResult Result { get; set; } = null!;
    }

    public class AutoFunctionInvocationContext
    {
        internal AutoFunctionInvocationContext() { }
        public CancellationToken CancellationToken { get; init; }
        public Kernel Kernel => throw null!;
        public KernelFunction Function => throw null!;
        public bool Terminate { get; set; }
    }

    public sealed class PromptRenderContext
    {
        internal PromptRenderContext() { }
        public CancellationToken CancellationToken { get; init; }
        public Kernel Kernel => throw null!;
        public string? RenderedPrompt { get; set; }
    }

    public class ChatMessageContent
    {
        public ChatMessageContent() { }
        public ChatMessageContent(ChatCompletion.AuthorRole role, string? content) { }
        public string? Content { get; set; }
    }

    public class StreamingChatMessageContent
    {
        public string? Content { get; set; }
    }
}

namespace Microsoft.SemanticKernel.ChatCompletion
{
    public readonly struct AuthorRole
    {
        public static AuthorRole User => default;
        public static AuthorRole Assistant => default;
    }

    public class ChatHistory : List<ChatMessageContent>
    {
        public ChatHistory() { }
        public ChatHistory(string systemMessage) { }
        public void AddUserMessage(string content) { }
        public void AddAssistantMessage(string content) { }
    }

    public interface IChatCompletionService
    {
        Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default);
        IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default);
    }
}
