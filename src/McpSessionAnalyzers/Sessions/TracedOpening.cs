using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>An opening, the member that it stands in, and what becomes of the session there.</summary>
internal sealed record TracedOpening(Opening Opening, MemberBody Body, ValueTrace Trace)
{
    /// <summary>The innermost lambda, local function or member whose code the opening is.</summary>
    public ISymbol Function => Body.FunctionOf(Opening.Operation);
}
