using System.Runtime.CompilerServices;
using McpSessions;
using Microsoft.Extensions.AI;
using Polly;
using Polly.Retry;
using SampleHost;

namespace SharedAgent;

/// <summary>
/// The same agent with one session, which opens at the first message, serves every path and every retry, and closes with the agent.
/// </summary>
public sealed class ResearchAgent(IChatClient model, SampleServer server) : IResearchAgent, IAsyncDisposable
{
    private readonly SharedMcpSession _mcpSession = new(connect => server.CreateTransport(connect.HttpClient));

    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.FromMilliseconds(200) })
        .Build();

    public async Task<string> RunAsync(string question, CancellationToken cancellationToken = default) =>
        await _retry.ExecuteAsync(async token =>
        {
            var tools = await _mcpSession.ListToolsAsync(token);
            return await ToolLoop.CompleteAsync(model, [new(ChatRole.User, question)], [.. tools], token);
        }, cancellationToken);

    public async IAsyncEnumerable<string> ChatStreamAsync(string message, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var text = await _retry.ExecuteAsync(async token =>
        {
            var tools = await _mcpSession.ListToolsAsync(token);
            return await ToolLoop.CompleteAsync(model, [new(ChatRole.User, message)], [.. tools], token);
        }, cancellationToken);

        foreach (var word in text.Split(' '))
        {
            yield return word + " ";
        }
    }

    public async Task<ResearchAnswer> ChatWithDetailsAsync(string message, CancellationToken cancellationToken = default) =>
        await _retry.ExecuteAsync(async token =>
        {
            var tools = await _mcpSession.ListToolsAsync(token);
            List<ChatMessage> messages = [new(ChatRole.User, message)];
            var text = await ToolLoop.CompleteAsync(model, messages, [.. tools], token);
            var calls = messages.SelectMany(turn => turn.Contents).OfType<FunctionCallContent>().Select(call => call.Name);
            return new ResearchAnswer(text, [.. calls]);
        }, cancellationToken);

    public ValueTask DisposeAsync() => _mcpSession.DisposeAsync();
}
