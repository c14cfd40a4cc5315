using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "which function does a call of this field or property run?": <c>readonly Func&lt;Task&lt;McpClient&gt;&gt; _connect = () => …;</c> is a method by
/// another name. Null where somebody else may put another one there.
/// </summary>
internal static class DelegateMembers
{
    public static IMethodSymbol? FunctionOf(IMemberReferenceOperation reference, SessionFacts facts, CancellationToken cancellationToken)
    {
        var member = reference.Member.OriginalDefinition;
        if (reference.Instance is not (null or IInstanceReferenceOperation)
            || member.ContainingType is not { DeclaringSyntaxReferences.IsEmpty: false } type
            || member switch
            {
                IFieldSymbol field => !field.IsReadOnly && field.DeclaredAccessibility != Accessibility.Private,
                IPropertySymbol { IsVirtual: false, IsOverride: false, IsIndexer: false } property => property.SetMethod is { DeclaredAccessibility: not Accessibility.Private },
                _ => true,
            })
        {
            return null;
        }

        IMethodSymbol? function = null;
        foreach (var body in TypeBodies.ThatName(member, type, facts.Bodies, cancellationToken))
        {
            var values = body.ReferencesTo(member)
                .Select(static mention => mention.Parent is IAssignmentOperation assignment && assignment.Target == mention ? assignment.Value : null)
                .Concat(new[] { SymbolEqualityComparer.Default.Equals(body.Member, member) ? body.Root.DescendantsAndSelf().OfType<ISymbolInitializerOperation>().FirstOrDefault()?.Value : null });
            foreach (var value in values.Where(static value => value is not null))
            {
                var one = LocalValues.Unwrap(value!) switch
                {
                    IAnonymousFunctionOperation lambda => lambda.Symbol,
                    IMethodReferenceOperation group => group.Method,
                    _ => null,
                };
                if (one is null || function is not null)
                {
                    return null;
                }

                function = one;
            }
        }

        return function;
    }
}
