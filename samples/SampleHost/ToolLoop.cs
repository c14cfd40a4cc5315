using Microsoft.Extensions.AI;

namespace SampleHost;

/// <summary>Asks the model, calls the tools that it asks for, and asks again, until it has nothing more to call.</summary>
public static class ToolLoop
{
    /// <summary>Adds every reply and every tool result to <paramref name="messages"/>, and returns the last reply's text.</summary>
    public static async Task<string> CompleteAsync(
        IChatClient model, IList<ChatMessage> messages, IReadOnlyList<AIFunction> tools, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { Tools = [.. tools] };
        while (true)
        {
            var response = await model.GetResponseAsync(messages, options, cancellationToken);
            foreach (var message in response.Messages)
            {
                messages.Add(message);
            }

            var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0)
            {
                return response.Text;
            }

            foreach (var call in calls)
            {
                var tool = tools.Single(candidate => candidate.Name == call.Name);
                var result = await tool.InvokeAsync(new AIFunctionArguments(call.Arguments), cancellationToken);
                messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
            }
        }
    }
}
