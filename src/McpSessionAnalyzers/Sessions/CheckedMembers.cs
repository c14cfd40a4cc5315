using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Answers "has the code looked at this member before it got here?": <c>if (_names is null)</c>, <c>_names.Count == 0 ? … : …</c>.</summary>
internal static class CheckedMembers
{
    public static bool IsCheckedBefore(ISymbol member, IOperation place, MemberBody body) =>
        body.ReferencesTo(member).Any(reference => reference.Syntax.SpanStart < place.Syntax.SpanStart && IsInCondition(reference));

    private static bool IsInCondition(IOperation reference)
    {
        for (var current = reference; current.Parent is { } parent; current = parent)
        {
            if (parent is IConditionalOperation conditional)
            {
                return conditional.Condition == current;
            }
        }

        return false;
    }
}
