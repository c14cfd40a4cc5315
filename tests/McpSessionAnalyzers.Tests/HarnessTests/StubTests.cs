using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Tests.HarnessTests.BadNameAnalyzer>;

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>Code as users write it compiles against the stubs.</summary>
public sealed class StubTests
{
    public static TheoryData<Case> Cases => Case.For(
        new("Microsoft.Agents.AI", """
            using Microsoft.Agents.AI;
            class Wrapping : DelegatingAIAgent
            {
                public Wrapping(AIAgent inner) : base(inner) { }
                protected override Task<AgentResponse> RunCoreAsync(IEnumerable<ChatMessage> messages, AgentSession? session, AgentRunOptions? options, CancellationToken ct) => InnerAgent.RunAsync(messages, session, options, ct);
                public static AIAgent Make(IChatClient chat, IList<AITool> tools) => chat.AsAIAgent(instructions: "", tools: tools);
                public static AIAgent Other(IChatClient chat, IEnumerable<AITool> tools) => new ChatClientAgent(chat, new ChatClientAgentOptions { ChatOptions = new() { Tools = [] } });
            }
            class Provider : AIContextProvider
            {
                protected override ValueTask<AIContext> ProvideAIContextAsync(InvokingContext context, CancellationToken ct) => new(new AIContext { Instructions = "" });
            }
            """) { CSharp = 12 },
        new("Semantic Kernel", """
            using Microsoft.SemanticKernel;
            using Microsoft.SemanticKernel.Agents;
            class Weather { [KernelFunction("weather")] public string Get(string city) => city; }
            class Filter : IFunctionInvocationFilter
            {
                public Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next) => next(context);
            }
            class C
            {
                KernelFunction F() => KernelFunctionFactory.CreateFromMethod((string city) => city, "weather");
                void G(Kernel kernel, IList<McpClientTool> tools) => kernel.Plugins.AddFromType<Weather>();
                Agent H(Kernel kernel) => new ChatCompletionAgent { Name = "a", Kernel = kernel };
            }
            """),
        new("Azure Functions", """
            using Microsoft.Azure.Functions.Worker;
            using Microsoft.Azure.Functions.Worker.Http;
            class Ask
            {
                [Function("ask")] public Task<string> Run([HttpTrigger(AuthorizationLevel.Function, "post", Route = "ask")] HttpRequestData request, FunctionContext context) => Task.FromResult("");
                [Function("tick")] public void Tick([TimerTrigger("0 * * * * *")] TimerInfo timer) { }
            }
            """),
        new("gRPC", """
            using Grpc.Core;
            static partial class Greeter
            {
                [BindServiceMethod(typeof(Greeter), "BindService")]
                public abstract partial class GreeterBase { public virtual Task<string> SayHello(string request, ServerCallContext context) => throw new NotImplementedException(); }
            }
            class GreeterService : Greeter.GreeterBase { public override Task<string> SayHello(string request, ServerCallContext context) => Task.FromResult(request); }
            """),
        new("MediatR", """
            using MediatR;
            record Ask(string Question) : IRequest<string>;
            class AskHandler : IRequestHandler<Ask, string> { public Task<string> Handle(Ask request, CancellationToken ct) => Task.FromResult(request.Question); }
            """),
        new("MassTransit", """
            using MassTransit;
            record Asked(string Question);
            class AskedConsumer : IConsumer<Asked> { public Task Consume(ConsumeContext<Asked> context) => Task.CompletedTask; }
            """),
        new("Polly", """
            using Polly;
            class C { ValueTask<int> M(ResiliencePipeline p) => p.ExecuteAsync(async ct => { await Task.Yield(); return 1; }); }
            """),
        new("MCP server in ASP.NET Core", """
            var builder = WebApplication.CreateBuilder();
            builder.Services.AddMcpServer().WithHttpTransport(options => options.Stateless = true);
            builder.Build().MapMcp("/mcp");
            """));

    [Theory, MemberData(nameof(Cases))]
    public Task Compiles(Case test) => Verify.VerifyAnalyzerAsync(test);
}
