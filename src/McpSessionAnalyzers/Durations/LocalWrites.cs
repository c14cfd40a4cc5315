using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>The values that a local is given, conversions kept: whether a number was narrowed is what durations ask about.</summary>
internal static class LocalWrites
{
    /// <summary>Initializer, assigned and added values in source order. A write that shows no value (out, deconstruction) is left out.</summary>
    public static List<IOperation> Of(ISymbol local, MemberBody body)
    {
        var values = new List<IOperation>();
        foreach (var declarator in body.Declarators(local))
        {
            if (declarator.GetVariableInitializer() is { Value: not ILiteralOperation and not IDefaultValueOperation } initializer && !IsConstantStart(initializer.Value))
            {
                values.Add(initializer.Value);
            }
        }

        foreach (var reference in body.ReferencesTo(local))
        {
            switch (reference.Parent)
            {
                case IAssignmentOperation assignment and not IDeconstructionAssignmentOperation when assignment.Target == reference && !IsConstantStart(assignment.Value):
                    values.Add(assignment.Value);
                    break;
                case ITupleOperation { Parent: IDeconstructionAssignmentOperation { Value: var source } deconstruction } tuple when deconstruction.Target == tuple:
                    AddElement(values, source, tuple.Elements.IndexOf(reference));
                    break;
                case ITupleOperation { Parent: IDeclarationExpressionOperation { Parent: IDeconstructionAssignmentOperation { Value: var source } } } tuple:
                    AddElement(values, source, tuple.Elements.IndexOf(reference));
                    break;
                case IDeclarationExpressionOperation { Parent: ITupleOperation { Parent: IDeconstructionAssignmentOperation { Value: var source } } tuple } declaration:
                    AddElement(values, source, tuple.Elements.IndexOf(declaration));
                    break;
            }
        }

        return values;
    }

    private static void AddElement(List<IOperation> values, IOperation source, int index)
    {
        if (LocalValues.Unwrap(source) is ITupleOperation tuple && index >= 0 && index < tuple.Elements.Length)
        {
            values.Add(tuple.Elements[index]);
        }
    }

    /// <summary>Zero, null and the like before the measurement say nothing about it.</summary>
    private static bool IsConstantStart(IOperation value) => value.ConstantValue.HasValue || LocalValues.Unwrap(value) is IDefaultValueOperation or ILiteralOperation;
}
