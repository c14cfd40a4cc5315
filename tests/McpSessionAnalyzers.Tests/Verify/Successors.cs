using McpSessionAnalyzers.CodeFixes.Lifetime;
using McpSessionAnalyzers.Lifetime;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Tests;

/// <summary>
/// Rules that take MSA1001's place: in loops, and beside another session. The first opening that is shared is at hand for the others of its type: they are
/// MSA1003's from then on, and what its fix makes of them must be what Fix All of MSA1001 makes in one pass.
/// </summary>
internal static class Successors
{
    public static IEnumerable<DiagnosticAnalyzer> AnalyzersOf<TAnalyzer>() =>
        typeof(TAnalyzer) == typeof(SessionOpenedPerCallAnalyzer) ? [new SessionOpenedInLoopAnalyzer(), new SessionOpenedBesideAnotherAnalyzer()] : [];

    public static IEnumerable<CodeFixProvider> FixesOf<TAnalyzer>() =>
        typeof(TAnalyzer) == typeof(SessionOpenedPerCallAnalyzer) ? [new SessionOpenedInLoopFix(), new SessionOpenedBesideAnotherFix()] : [];
}
