using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SampleHost;

/// <summary>
/// Stands in for a language model, so that the samples need none: searches for the user's words, reads and cites the best hit, and
/// answers with both. The same messages always give the same reply.
/// </summary>
public sealed class ScriptedModel : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var turn = messages.ToList();
        var question = turn.Last(message => message.Role == ChatRole.User).Text;
        var results = turn.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(ToText).ToList();

        return Task.FromResult(new ChatResponse(results switch
        {
            [] => Call("search", new() { ["query"] = question, ["limit"] = 1 }),
            [var hits] => FirstId(hits) is { } id ? Call("read", new() { ["id"] = id }) : Say("The library has nothing on that."),
            [var hits, _] => Call("cite", new() { ["id"] = FirstId(hits) }),
            [_, var summary, var citation, ..] => Say($"{summary} [{citation}]"),
        }));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static ChatMessage Say(string text) => new(ChatRole.Assistant, text);

    private static ChatMessage Call(string tool, Dictionary<string, object?> arguments) =>
        new(ChatRole.Assistant, [new FunctionCallContent($"call-{tool}", tool, arguments)]);

    private static string ToText(FunctionResultContent result) => result.Result?.ToString() ?? "";

    private static string? FirstId(string hits) =>
        JsonDocument.Parse(hits).RootElement.EnumerateArray().Select(hit => hit.GetProperty("id").GetString()).FirstOrDefault();
}
