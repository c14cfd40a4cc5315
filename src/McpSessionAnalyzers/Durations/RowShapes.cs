using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>The named values of a row that is written as an anonymous object, a dictionary or a JSON object, alone or in a list.</summary>
internal static class RowShapes
{
    private const int MaxDepth = 6;

    public static IEnumerable<(string Name, IOperation Value)> Members(IOperation row, SinkContext context) => Members(row, context, 0);

    private static IEnumerable<(string Name, IOperation Value)> Members(IOperation row, SinkContext context, int depth)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        row = LocalValues.Unwrap(row);
        if (depth > MaxDepth)
        {
            return Enumerable.Empty<(string, IOperation)>();
        }

        depth++;
        return row switch
        {
            IAnonymousObjectCreationOperation anonymous => anonymous.Initializers.OfType<ISimpleAssignmentOperation>()
                .Where(assignment => assignment.Target is IPropertyReferenceOperation)
                .Select(assignment => (((IPropertyReferenceOperation)assignment.Target).Property.Name, assignment.Value)),
            IArrayCreationOperation { Initializer: { } array } => array.ElementValues.SelectMany(element => Members(element, context, depth)),
            IObjectCreationOperation { Initializer: { } initializer } => Initialized(initializer, context, depth),
            ILocalReferenceOperation local => Local(local, context, depth),
            IConditionalOperation { WhenFalse: { } whenFalse } conditional => Members(conditional.WhenTrue, context, depth).Concat(Members(whenFalse, context, depth)),
            ICoalesceOperation coalesce => Members(coalesce.Value, context, depth).Concat(Members(coalesce.WhenNull, context, depth)),
            IInvocationOperation { TargetMethod: { Name: "Select", ContainingType.Name: "Enumerable" } } select =>
                select.Arguments.Select(argument => LocalValues.Unwrap(argument.Value)).OfType<IAnonymousFunctionOperation>()
                    .SelectMany(lambda => Returned(lambda)).SelectMany(value => Members(value, context, depth)),
            IInvocationOperation { TargetMethod: { Name: "ToArray" or "ToList", ContainingType.Name: "Enumerable" }, Arguments: { Length: > 0 } arguments } => Members(arguments[0].Value, context, depth),

            // A collection expression, which Roslyn 4.5 can't name: its elements are its children.
            { IsImplicit: false } other when other.Syntax.RawKind == CollectionExpressionKind => other.ChildOperations.SelectMany(element => Members(element, context, depth)),
            _ => Enumerable.Empty<(string, IOperation)>(),
        };
    }

    private const int CollectionExpressionKind = 9076;

    private static IEnumerable<IOperation> Returned(IAnonymousFunctionOperation lambda) =>
        lambda.Body.Operations.OfType<IReturnOperation>().Select(operation => operation.ReturnedValue!).Where(value => value is not null);

    private static IEnumerable<(string, IOperation)> Initialized(IObjectOrCollectionInitializerOperation initializer, SinkContext context, int depth)
    {
        foreach (var element in initializer.Initializers)
        {
            switch (element)
            {
                case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Arguments: { Length: 1 } arguments } } assignment
                    when arguments[0].Value.ConstantValue is { HasValue: true, Value: string name }:
                    yield return (name, JsonValue(assignment.Value));
                    break;
                case IInvocationOperation { TargetMethod.Name: "Add", Arguments: { Length: 2 } arguments } when arguments[0].Value.ConstantValue is { HasValue: true, Value: string name }:
                    yield return (name, JsonValue(arguments[1].Value));
                    break;
                case IInvocationOperation { TargetMethod.Name: "Add", Arguments: { Length: 1 } arguments }:
                    foreach (var member in Members(arguments[0].Value, context, depth))
                    {
                        yield return member;
                    }

                    break;
            }
        }
    }

    private static IEnumerable<(string, IOperation)> Local(ILocalReferenceOperation local, SinkContext context, int depth)
    {
        if (context.BodyOf(local) is not { } body)
        {
            yield break;
        }

        foreach (var value in LocalValues.Of(local.Local, body))
        {
            foreach (var member in Members(value, context, depth))
            {
                yield return member;
            }
        }

        foreach (var reference in body.ReferencesTo(local.Local))
        {
            switch (reference.Parent)
            {
                case IPropertyReferenceOperation { Property.IsIndexer: true, Arguments: { Length: 1 } arguments, Parent: ISimpleAssignmentOperation assignment } indexer
                    when assignment.Target == indexer && arguments[0].Value.ConstantValue is { HasValue: true, Value: string name }:
                    yield return (name, JsonValue(assignment.Value));
                    break;
                case IInvocationOperation { TargetMethod.Name: "Add" or "TryAdd", Arguments: { Length: 2 } arguments } add
                    when add.Instance == reference && arguments[0].Value.ConstantValue is { HasValue: true, Value: string name }:
                    yield return (name, JsonValue(arguments[1].Value));
                    break;
                case IInvocationOperation { TargetMethod.Name: "Add", Arguments: { Length: 1 } arguments } add when add.Instance == reference:
                    foreach (var member in Members(arguments[0].Value, context, depth))
                    {
                        yield return member;
                    }

                    break;
            }
        }
    }

    /// <summary>The number behind <c>JsonValue.Create(x)</c> and the implicit conversion to a node.</summary>
    private static IOperation JsonValue(IOperation value) => value switch
    {
        IConversionOperation { OperatorMethod.ContainingType.Name: "JsonNode" } conversion => conversion.Operand,
        IConversionOperation { Operand: var operand } when LocalValues.Unwrap(operand) is IInvocationOperation { TargetMethod: { Name: "Create", ContainingType.Name: "JsonValue" } } => JsonValue(LocalValues.Unwrap(operand)),
        IInvocationOperation { TargetMethod: { Name: "Create", ContainingType.Name: "JsonValue" }, Arguments: { Length: > 0 } arguments } => arguments[0].Value,
        _ => value,
    };
}
