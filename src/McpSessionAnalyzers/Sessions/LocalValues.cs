using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The expressions whose value a local may have.</summary>
internal static class LocalValues
{
    /// <summary>Initializer and assigned values with conversions and awaits removed; a write that shows no value (out, deconstruction) yields the write.</summary>
    public static IReadOnlyList<IOperation> Of(ISymbol local, MemberBody body)
    {
        var values = new List<IOperation>();
        foreach (var declarator in body.Declarators(local))
        {
            if (declarator.GetVariableInitializer() is { } initializer)
            {
                values.Add(Unwrap(initializer.Value));
            }
        }

        foreach (var reference in body.ReferencesTo(local))
        {
            switch (reference.Parent)
            {
                case ISimpleAssignmentOperation assignment when assignment.Target == reference:
                    values.Add(Unwrap(assignment.Value));
                    break;
                case ICoalesceAssignmentOperation assignment when assignment.Target == reference:
                    values.Add(Unwrap(assignment.Value));
                    break;
                case IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref }:
                case IDeclarationExpressionOperation:
                case ITupleOperation { Parent: IDeconstructionAssignmentOperation }:
                    values.Add(reference.Parent);
                    break;
            }
        }

        return values;
    }

    /// <summary>What decides such a value: for a write that shows none, the call whose <c>out</c> argument it is, or what is taken apart.</summary>
    public static IOperation DecidedBy(IOperation value)
    {
        if (value is not (IDeclarationExpressionOperation or ITupleOperation or IArgumentOperation))
        {
            return value;
        }

        var current = value;
        while (current.Parent is IDeclarationExpressionOperation or ITupleOperation)
        {
            current = current.Parent;
        }

        return (current as IArgumentOperation ?? current.Parent as IArgumentOperation)?.Parent
            ?? (current.Parent is IDeconstructionAssignmentOperation deconstruction && deconstruction.Target == current ? deconstruction.Value : value);
    }

    /// <summary>What is tested where a pattern declares the local: <c>if (Find(key) is { } client)</c>.</summary>
    public static IOperation? PatternValue(ISymbol local, MemberBody body) =>
        body.Root.Descendants().OfType<IIsPatternOperation>()
            .FirstOrDefault(test => test.Pattern.DescendantsAndSelf().Any(pattern => pattern switch
            {
                IDeclarationPatternOperation declaration => SymbolEqualityComparer.Default.Equals(declaration.DeclaredSymbol, local),
                IRecursivePatternOperation recursive => SymbolEqualityComparer.Default.Equals(recursive.DeclaredSymbol, local),
                _ => false,
            }))?.Value;

    /// <summary>The <c>x</c> for which an operation after <c>x?.</c> stands.</summary>
    public static IOperation? ReceiverOf(IOperation conditionalInstance)
    {
        for (var current = conditionalInstance.Parent; current is not null; current = current.Parent)
        {
            if (current is IConditionalAccessOperation access && access.Operation.Syntax == conditionalInstance.Syntax)
            {
                return access.Operation;
            }
        }

        return null;
    }

    public static IOperation Unwrap(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                case IAwaitOperation awaited:
                    operation = awaited.Operation;
                    break;
                case IDelegateCreationOperation creation:
                    operation = creation.Target;
                    break;
                default:
                    return operation;
            }
        }
    }
}
