using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Mentions of a local by which the object that it names may become another one than its initializer makes.</summary>
internal static class LocalChanges
{
    /// <summary>
    /// The expressions of a statement that does nothing but change locals, which can move with them: <c>if (key is not null) { options.Headers = …; }</c>. Null
    /// where it does anything else.
    /// </summary>
    public static IReadOnlyList<ExpressionSyntax>? PartsOf(StatementSyntax statement, Func<ExpressionSyntax, bool> isMoved)
    {
        var parts = new List<ExpressionSyntax>();
        return Add(statement) ? parts : null;

        bool Add(StatementSyntax part)
        {
            switch (part)
            {
                case ExpressionStatementSyntax { Expression: var change } when MovedLocal.RootOf(change) is IdentifierNameSyntax root && root != change && isMoved(root):
                    parts.Add(change);
                    return true;
                case BlockSyntax block:
                    return block.Statements.Count > 0 && block.Statements.All(Add);
                case IfStatementSyntax choice:
                    parts.Add(choice.Condition);
                    return Add(choice.Statement) && (choice.Else is null || Add(choice.Else.Statement));
                case ForEachStatementSyntax { AwaitKeyword.RawKind: 0 } loop:
                    parts.Add(loop.Expression);
                    return Add(loop.Statement);
                default:
                    return false;
            }
        }
    }

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
