using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>How a path loses a session that other paths settle.</summary>
internal enum SessionLeakKind
{
    /// <summary>Something throws before anybody else has the session.</summary>
    Exception,

    /// <summary>The function is left, or the session's local is given another value.</summary>
    Exit,

    /// <summary>Several are opened together, and one that fails takes the others' tasks with it.</summary>
    OpenedTogether,
}

/// <summary>The place where a path loses a session. <paramref name="What"/> is a phrase for a message: "'ListToolsAsync' fails".</summary>
/// <param name="Kind">How it is lost first, in source order.</param>
/// <param name="Location">Where.</param>
/// <param name="What">For a message.</param>
/// <param name="Throwing">Every place where something may throw while nobody has taken the session and no handler disposes it.</param>
internal sealed record SessionLeak(SessionLeakKind Kind, Location Location, string What, ImmutableArray<SyntaxNode> Throwing);
