using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does this call list a session's tools, prompts or resources again and again, from a session that outlives the call?". A session that the
/// call itself opens has worse to hear, and says nothing about lists.
/// </summary>
internal sealed class ListedSessions
{
    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellationToken;

    public ListedSessions(CompilationFacts facts, CancellationToken cancellationToken)
    {
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    /// <summary>What a call asks the server for ("tools"), by its symbols alone; null where it lists nothing.</summary>
    public static string? ListedBy(IInvocationOperation call, SessionFacts facts) =>
        SessionOf(call) is { } session && facts.Types.IsSession(session.Type)
            ? call.TargetMethod.Name switch
            {
                "ListToolsAsync" => "tools",
                "ListPromptsAsync" => "prompts",
                "ListResourcesAsync" => "resources",
                "ListResourceTemplatesAsync" => "resource templates",
                _ => null,
            }
            : null;

    /// <summary>The session that is asked; in SDK 0.x the listing methods are extensions.</summary>
    public static IOperation? SessionOf(IInvocationOperation call) =>
        call.Instance ?? (KnownCalls.IsSdkOperation(call.TargetMethod) && call.Arguments.Length > 0 ? call.Arguments[0].Value : null);

    /// <summary>The per-call code that the call stands in; null where it lists once, or from a session that ends with the call.</summary>
    public CallContext? Find(IInvocationOperation call, MemberBody body)
    {
        var context = _facts.Calls.Of(call, _cancellationToken);
        return context.IsPerCallByEvidence
            && SessionOf(call) is { } session
            && LongLivedSessions.Contain(session, body, context, _facts, _cancellationToken)
            && !new KeptLists(_facts, _cancellationToken).Keep(call, body)
                ? context
                : null;
    }

    /// <summary>Whether the value comes from a shared session's client.</summary>
    public bool IsOfSharedSession(IOperation session, MemberBody body) =>
        new BorrowedSessions(_facts, _cancellationToken).Find(session, body) is { Lender: SessionLender.SharedSession };
}
