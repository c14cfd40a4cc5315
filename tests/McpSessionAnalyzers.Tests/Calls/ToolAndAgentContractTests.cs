using McpSessionAnalyzers.Calls;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>Evidence 2 and 3: tool functions, and members that agent frameworks call per message.</summary>
public sealed class ToolAndAgentContractTests
{
    public static TheoryData<Case> NotPerCall => Case.For(
        new("GetService of a chat client", """
            abstract class C : DelegatingChatClient { protected C(IChatClient c) : base(c) { } public override object? [|GetService|](Type t, object? key = null) => Session.OpenAsync(); }
            """),
        new("Dispose of a chat client", """
            abstract class C : DelegatingChatClient { protected C(IChatClient c) : base(c) { } protected override void [|Dispose|](bool disposing) => Session.OpenAsync(); }
            """),
        new("creating an agent's session", """
            abstract class A : Microsoft.Agents.AI.AIAgent { protected override async ValueTask<Microsoft.Agents.AI.AgentSession> CreateSessionCoreAsync(CancellationToken ct) { await [|Session.OpenAsync()|]; return null!; } }
            """),
        new("a method beside a tool", """
            class Tools { [ModelContextProtocol.Server.McpServerTool] public string Hi() => ""; public Task [|Open|]() => Session.OpenAsync(); }
            """),
        new("an attribute of one's own called KernelFunction", """
            class KernelFunctionAttribute : Attribute { }
            class P { [KernelFunction] public Task [|Open|]() => Session.OpenAsync(); }
            """),
        new("an IChatClient of one's own", """
            namespace Mine { interface IChatClient { Task GetResponseAsync(); } class C : IChatClient { public Task [|GetResponseAsync|]() => Session.OpenAsync(); } }
            """),
        new("a factory that makes the tool", """
            class T { public static AIFunction Make() { [|Session.OpenAsync()|].Wait(); return AIFunctionFactory.Create(() => 1); } }
            """),
        new("the name of a method, not the method", """
            class T { public static string Name => nameof(Open); private static Task [|Open|]() => Session.OpenAsync(); }
            """));

    [Theory, MemberData(nameof(NotPerCall))]
    public void IsNotPerCall(Case row) => Assert.False(CallProbe.At(row).Context().IsPerCall);

    public static TheoryData<Case> Tools => Case.For(
        new("an MCP server tool", """
            class T { [ModelContextProtocol.Server.McpServerTool] public static async Task<string> Search(string q) { await [|Session.OpenAsync()|]; return ""; } }
            """),
        new("an MCP server prompt", """
            class T { [ModelContextProtocol.Server.McpServerPrompt] public static async Task<string> P() { await [|Session.OpenAsync()|]; return ""; } }
            """),
        new("an MCP server resource", """
            class T { [ModelContextProtocol.Server.McpServerResource] public static async Task<string> R() { await [|Session.OpenAsync()|]; return ""; } }
            """),
        new("a private kernel function", """
            class P { [Microsoft.SemanticKernel.KernelFunction] private async Task Search() { await [|Session.OpenAsync()|]; } }
            """),
        new("the attribute on the method that is overridden", """
            abstract class B { [Microsoft.SemanticKernel.KernelFunction] public abstract Task Search(); }
            class P : B { public override async Task Search() { await [|Session.OpenAsync()|]; } }
            """),
        new("a lambda given to AIFunctionFactory", """
            class A { public AIFunction Make() => AIFunctionFactory.Create(async (string q) => { await [|Session.OpenAsync()|]; return ""; }, "search"); }
            """),
        new("a method given to AIFunctionFactory", """
            class A { public AITool[] Make() => new AITool[] { AIFunctionFactory.Create(Search) }; private static async Task<string> Search(string q) { await [|Session.OpenAsync()|]; return ""; } }
            """),
        new("a public method given to AIFunctionFactory elsewhere", """
            public class A { public static async Task<string> Search(string q) { await [|Session.OpenAsync()|]; return ""; } }
            class B { public AIFunction Make() => AIFunctionFactory.Create(A.Search); }
            """),
        new("a method cast to its delegate", """
            class A { public AIFunction Make() => AIFunctionFactory.Create((Func<string, Task<string>>)Search); private static async Task<string> Search(string q) { await [|Session.OpenAsync()|]; return ""; } }
            """),
        new("KernelFunctionFactory", """
            class A { public object Make() => Microsoft.SemanticKernel.KernelFunctionFactory.CreateFromMethod(async () => { await [|Session.OpenAsync()|]; }); }
            """),
        new("McpServerTool.Create", """
            class A { public object Make() => ModelContextProtocol.Server.McpServerTool.Create(async () => { await [|Session.OpenAsync()|]; }); }
            """),
        new("an AIFunction's core", """
            class F : AIFunction { protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken ct) { await [|Session.OpenAsync()|]; return null; } }
            """));

    [Theory, MemberData(nameof(Tools))]
    public void IsToolFunction(Case row) => Assert.Equal(EvidenceStrength.ToolFunction, CallProbe.At(row).Context().Strength);

    public static TheoryData<Case> Contracts => Case.For(
        new("IChatClient", """
            abstract class C : IChatClient
            {
                public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken ct = default) { await [|Session.OpenAsync()|]; return null!; }
                public abstract IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken ct = default);
                public abstract object? GetService(Type t, object? key = null);
                public abstract void Dispose();
            }
            """),
        new("IChatClient, explicitly", """
            abstract class C : IChatClient
            {
                async Task<ChatResponse> IChatClient.GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken ct) { await [|Session.OpenAsync()|]; return null!; }
                public abstract IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken ct = default);
                public abstract object? GetService(Type t, object? key = null);
                public abstract void Dispose();
            }
            """),
        new("DelegatingChatClient, two overrides deep", """
            abstract class B : DelegatingChatClient { protected B(IChatClient c) : base(c) { } public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken ct = default) => null!; }
            class C : B { public C(IChatClient c) : base(c) { } public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken ct = default) { await [|Session.OpenAsync()|]; return null!; } }
            """),
        new("AIAgent", """
            abstract class A : Microsoft.Agents.AI.AIAgent
            {
                protected override async Task<Microsoft.Agents.AI.AgentResponse> RunCoreAsync(IEnumerable<ChatMessage> messages, Microsoft.Agents.AI.AgentSession? session = null, Microsoft.Agents.AI.AgentRunOptions? options = null, CancellationToken ct = default)
                { await [|Session.OpenAsync()|]; return null!; }
            }
            """),
        new("AIContextProvider", """
            class P : Microsoft.Agents.AI.AIContextProvider { protected override async ValueTask<Microsoft.Agents.AI.AIContext> InvokingCoreAsync(InvokingContext context, CancellationToken ct = default) { await [|Session.OpenAsync()|]; return null!; } }
            """),
        new("a Semantic Kernel filter", """
            class F : Microsoft.SemanticKernel.IFunctionInvocationFilter
            {
                public async Task OnFunctionInvocationAsync(Microsoft.SemanticKernel.FunctionInvocationContext context, Func<Microsoft.SemanticKernel.FunctionInvocationContext, Task> next) { await [|Session.OpenAsync()|]; }
            }
            """),
        new("a partial member of a chat client", """
            abstract partial class C : IChatClient
            {
                public partial Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken ct = default);
                public abstract IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken ct = default);
                public abstract object? GetService(Type t, object? key = null);
                public abstract void Dispose();
            }
            abstract partial class C { public partial async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken ct) { await [|Session.OpenAsync()|]; return null!; } }
            """));

    [Theory, MemberData(nameof(Contracts))]
    public void IsAgentContract(Case row) => Assert.Equal(EvidenceStrength.AgentContract, CallProbe.At(row).Context().Strength);

    [Fact]
    public void NamesTheContract() => Assert.Equal(
        "it overrides DelegatingChatClient.GetResponseAsync",
        CallProbe.At("""
            class C : DelegatingChatClient { public C(IChatClient c) : base(c) { } public override Task<ChatResponse> [|GetResponseAsync|](IEnumerable<ChatMessage> m, ChatOptions? o = null, CancellationToken ct = default) => null!; }
            """).Context().Reason);
}
