namespace SampleHost;

/// <summary>What the chat loop asks of an agent: three ways to answer a message.</summary>
public interface IResearchAgent
{
    /// <summary>Answers in one piece, trying again when the server fails.</summary>
    Task<string> RunAsync(string question, CancellationToken cancellationToken = default);

    /// <summary>Answers piece by piece.</summary>
    IAsyncEnumerable<string> ChatStreamAsync(string message, CancellationToken cancellationToken = default);

    /// <summary>Answers, and says which tools were called.</summary>
    Task<ResearchAnswer> ChatWithDetailsAsync(string message, CancellationToken cancellationToken = default);
}

public sealed record ResearchAnswer(string Text, IReadOnlyList<string> ToolCalls);
