using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Calls;

/// <summary>Which parts of a loop run again and again.</summary>
internal static class Loops
{
    /// <summary>Whether <paramref name="child"/>, a direct child of <paramref name="loop"/>, runs on every iteration: not what is iterated, nor what a for statement starts with.</summary>
    public static bool Repeats(ILoopOperation loop, IOperation child) => loop switch
    {
        IForEachLoopOperation each => child != each.Collection,
        IForLoopOperation counting => !counting.Before.Contains(child),
        _ => true,
    };
}
