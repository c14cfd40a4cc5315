using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Expressions that yield the same again and leave no trace: reading settings, building addresses and options.</summary>
internal static class Repeatable
{
    public static bool Is(IOperation value, CompilationFacts facts) =>
        !facts.Sessions.Types.IsDisposable(value.Type)
        && LeavesNoTrace(value)
        && !value.DescendantsAndSelf().Any(operation => operation is IObjectCreationOperation creation && facts.Sessions.Types.IsDisposable(creation.Type));

    /// <summary>Whether nobody can tell that it was never evaluated.</summary>
    public static bool LeavesNoTrace(IOperation value) => value.DescendantsAndSelf().All(operation => operation switch
    {
        IInvocationOperation invocation => IsPure(invocation.TargetMethod),
        IAwaitOperation or IIncrementOrDecrementOperation or ICompoundAssignmentOperation or IDynamicInvocationOperation => false,
        ISimpleAssignmentOperation assignment => assignment.Parent is IObjectOrCollectionInitializerOperation,
        _ => true,
    });

    private static bool IsPure(IMethodSymbol method) =>
        method.ContainingType.SpecialType is not SpecialType.None
        || method.ContainingType.Name switch
        {
            "Uri" or "Convert" or "TimeSpan" => KnownCalls.IsInNamespace(method.ContainingType, "System"),
            "Environment" => method.Name == "GetEnvironmentVariable",
            "Path" => method.Name is "Combine" or "Join" or "GetFullPath" or "GetDirectoryName",
            _ => method.ContainingNamespace?.ToDisplayString() == "Microsoft.Extensions.Configuration",
        }

        // The Add of a collection initializer.
        || (method.Name == "Add" && method.ReturnsVoid);
}
