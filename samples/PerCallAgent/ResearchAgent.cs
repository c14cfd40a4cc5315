using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using Polly;
using Polly.Retry;
using SampleHost;

namespace PerCallAgent;

/// <summary>
/// An agent as they are often written: it keeps no session, so each of its three paths opens one for every message, and one more for
/// every retry. The analyzers report all three (MSA1001).
/// </summary>
public sealed class ResearchAgent(IChatClient model, SampleServer server) : IResearchAgent
{
    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.FromMilliseconds(200) })
        .Build();

    public async Task<string> RunAsync(string question, CancellationToken cancellationToken = default) =>
        await _retry.ExecuteAsync(async token =>
        {
            await using var session = await McpClient.CreateAsync(server.CreateTransport(), cancellationToken: token);
            var tools = await session.ListToolsAsync(cancellationToken: token);
            return await ToolLoop.CompleteAsync(model, [new(ChatRole.User, question)], [.. tools], token);
        }, cancellationToken);

    public async IAsyncEnumerable<string> ChatStreamAsync(string message, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var text = await _retry.ExecuteAsync(async token =>
        {
            await using var session = await McpClient.CreateAsync(server.CreateTransport(), cancellationToken: token);
            var tools = await session.ListToolsAsync(cancellationToken: token);
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
            await using var session = await McpClient.CreateAsync(server.CreateTransport(), cancellationToken: token);
            var tools = await session.ListToolsAsync(cancellationToken: token);
            List<ChatMessage> messages = [new(ChatRole.User, message)];
            var text = await ToolLoop.CompleteAsync(model, messages, [.. tools], token);
            var calls = messages.SelectMany(turn => turn.Contents).OfType<FunctionCallContent>().Select(call => call.Name);
            return new ResearchAnswer(text, [.. calls]);
        }, cancellationToken);
}
