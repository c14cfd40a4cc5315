using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>What happens to a traced session.</summary>
internal enum TraceEventKind
{
    /// <summary>It is used and stays where it is.</summary>
    Use,

    /// <summary>It is disposed, by whatever route.</summary>
    Dispose,

    /// <summary>It is the result of a function: <see cref="TraceEvent.Target"/> is the method, lambda or local function, or its out parameter.</summary>
    Return,

    /// <summary>It goes into a field or property (<see cref="TraceEvent.Target"/>) of the type, or of a static.</summary>
    Store,

    /// <summary>
    /// The constructor of an object that this member makes keeps it: the object's type answers for the disposal, while how long the
    /// session lives is still decided by where the object goes.
    /// </summary>
    Wrap,

    /// <summary>It goes where tracing can't follow. Silence.</summary>
    Escape,

    /// <summary>Only something that needs the session leaves: its tools, or a delegate that calls through it.</summary>
    DependentLeaves,

    /// <summary>Something that needs the session goes where tracing can't follow, such as into an object that the caller has given (<see cref="TraceEvent.Target"/>).</summary>
    DependentMayLeave,

    /// <summary>Something that needs the session is the result of a lambda (<see cref="TraceEvent.Target"/>).</summary>
    DependentIsLambdaResult,

    /// <summary>Something that needs the session goes into a local (<see cref="TraceEvent.Target"/>), or into an object that the local names.</summary>
    DependentAssigned,

    /// <summary>Something that needs the session is used in a way that calls, or may call, through it: a tool that is run, options given to a chat.</summary>
    DependentUse,

    /// <summary>It goes into a collection of this member's own: <see cref="TraceEvent.Target"/> is the local that names it.</summary>
    Collect,

    /// <summary>It is the result of a lambda (<see cref="TraceEvent.Target"/>) whose caller is traced on.</summary>
    LambdaResult,

    /// <summary>Its task is one of several that are waited for together: <c>Task.WhenAll</c>.</summary>
    AwaitTogether,
}

/// <summary>One thing that happens to a traced session, where, and to whom it goes.</summary>
internal sealed record TraceEvent(TraceEventKind Kind, IOperation Operation, ISymbol? Target);
