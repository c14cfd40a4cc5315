using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>What a field is set to when its object is made: by its initializer or a constructor.</summary>
internal static class FieldValues
{
    public static IEnumerable<IOperation> Of(IFieldSymbol field, MemberBodies bodies, CancellationToken cancellationToken)
    {
        var declaration = field.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);
        if (declaration is VariableDeclaratorSyntax { Initializer: { } initializer }
            && bodies.Containing(initializer, cancellationToken)?.Root is IFieldInitializerOperation { Value: var value })
        {
            yield return value;
        }

        foreach (var constructor in field.ContainingType.OriginalDefinition.Constructors)
        {
            if (constructor.IsImplicitlyDeclared || bodies.Of(constructor, cancellationToken) is not { } body)
            {
                continue;
            }

            foreach (var reference in body.ReferencesTo(field))
            {
                if (reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference)
                {
                    yield return assignment.Value;
                }
            }
        }
    }
}
