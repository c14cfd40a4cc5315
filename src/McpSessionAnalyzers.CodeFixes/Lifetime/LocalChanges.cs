using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Mentions of a local by which the object that it names may become another one than its initializer makes.</summary>
internal static class LocalChanges
{
    public static bool MayBeMadeBy(IOperation reference, CompilationFacts facts)
    {
        if (reference.Type is null or { IsValueType: true } or { SpecialType: SpecialType.System_String } or { Name: "Uri", ContainingNamespace.Name: "System" })
        {
            return false;
        }

        var value = reference;
        while (true)
        {
            switch (value.Parent)
            {
                case IConversionOperation or IParenthesizedOperation:
                case IMemberReferenceOperation member when member.Instance == value:
                    value = value.Parent;
                    break;

                case IAssignmentOperation assignment:
                    return assignment.Target == value && value != reference;

                case IIncrementOrDecrementOperation:
                case IInvalidOperation:
                    return true;

                // options.Headers.Add(key, value); a call whose result is used mostly asks.
                case IInvocationOperation call when call.Instance == value:
                    return call.Parent is IExpressionStatementOperation;

                // Configure(options); options.WithKey(key);
                case IArgumentOperation { Parent: IInvocationOperation call }:
                    return value == Bare(reference)
                        && !facts.Sessions.Calls.OnlyLooks(call.TargetMethod)
                        && call.Parent is IExpressionStatementOperation or IAwaitOperation { Parent: IExpressionStatementOperation };

                default:
                    return false;
            }
        }
    }

    private static IOperation Bare(IOperation reference)
    {
        while (reference.Parent is IConversionOperation or IParenthesizedOperation)
        {
            reference = reference.Parent;
        }

        return reference;
    }
}
