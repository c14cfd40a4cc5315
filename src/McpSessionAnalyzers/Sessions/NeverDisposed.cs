using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Answers "is the session dropped?": nothing disposes it or hands it on, on any path.</summary>
internal static class NeverDisposed
{
    public static bool Is(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken) =>

        // An object whose constructor keeps the session has it: whether its type closes it is asked of the member that keeps it.
        !traced.Trace.Has(TraceEventKind.Wrap)
        && !SessionPaths.CanSettle(traced, cancellationToken)

        // A local outside of the function that opens is the function's cache, and lives on after each of its calls.
        && !OuterLocals.KeepIt(traced, facts, cancellationToken);
}
