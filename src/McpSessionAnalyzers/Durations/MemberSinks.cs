using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Values that members of entities and rows get: assignments, initializers, constructors, ExecuteUpdate and change tracking.</summary>
internal static class MemberSinks
{
    public static void Find(IOperation operation, SinkContext context)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "CurrentValue", Instance: IInvocationOperation { TargetMethod.Name: "Property" } tracked } } current:
                if (tracked.Arguments.Select(argument => FluentReader.SelectedBy(argument.Value)).FirstOrDefault(found => found is not null) is { } trackedMember)
                {
                    Offer(current.Value, trackedMember, context);
                }

                break;
            case ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: IPropertySymbol { IsIndexer: false } or IFieldSymbol } target } assignment when IsNumber(target.Type):
                // What a constructor was given is its caller's value.
                if (!IsOwnParameter(assignment))
                {
                    Offer(assignment.Value, target.Member, context);
                }

                break;
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                foreach (var argument in creation.Arguments)
                {
                    if (argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter is { } parameter && IsNumber(parameter.Type)
                        && ConstructorMembers.Of(constructor, parameter, context) is { } filled)
                    {
                        Offer(argument.Value, filled, context);
                    }
                }

                break;
            case IInvocationOperation { TargetMethod.Name: "SetProperty", Arguments.Length: >= 2 } set:
                var arguments = set.Arguments;
                if (FluentReader.SelectedBy(arguments[arguments.Length - 2].Value) is { } member)
                {
                    Offer(Value(arguments[arguments.Length - 1].Value), member, context);
                }

                break;
        }
    }

    private static void Offer(IOperation value, ISymbol member, SinkContext context) =>
        context.Offer(value, () => IsCopy(value, context) ? null : ColumnOf(member, context), member.Name);

    /// <summary>What an entity already holds came from its column, or was reported where it got there.</summary>
    private static bool IsCopy(IOperation value, SinkContext context) =>
        LocalValues.Unwrap(value) is IMemberReferenceOperation { Member: { IsStatic: false } source }
        && source.ContainingType is { IsAnonymousType: false } type
        && (context.Facts.Entities(context.CancellationToken).IsEntity(type) || context.Facts.Rows(context.CancellationToken).IsRow(type));

    /// <summary>The column that a member fills, or, without one, that it belongs to an entity, record or row at all.</summary>
    public static ColumnEvidence? ColumnOf(ISymbol member, SinkContext context)
    {
        if (member.ContainingType is not { IsAnonymousType: false } type || member is IPropertySymbol { SetMethod: { } setter } && Rounds(setter, context))
        {
            return null;
        }

        var entities = context.Facts.Entities(context.CancellationToken);
        var rows = context.Facts.Rows(context.CancellationToken);
        return entities.ColumnOf(member, context)
            ?? (entities.IsEntity(type) ? null : rows.ColumnOf(member, context))
            ?? (type.IsRecord || entities.IsEntity(type) || rows.IsRow(type)
                ? new ColumnEvidence(EvidenceStrength.Member, SqlColumnKind.Unknown, $"'{type.Name}.{member.Name}' is part of a record")
                : null);
    }

    /// <summary>A setter that rounds leaves nothing to say to those who set.</summary>
    private static bool Rounds(IMethodSymbol setter, SinkContext context) =>
        context.Facts.Bodies.Of(setter.OriginalDefinition, context.CancellationToken) is { } body
        && body.Calls.Any(call => call is IInvocationOperation { TargetMethod: { Name: "Round" or "Floor" or "Ceiling" or "Truncate", ContainingType.Name: "Math" or "MathF" or "Decimal" or "Double" } });

    private static bool IsNumber(ITypeSymbol? type) => NumberTypes.IsFloating(type) || NumberTypes.IsInteger(type);

    private static bool IsOwnParameter(ISimpleAssignmentOperation assignment) =>
        LocalValues.Unwrap(assignment.Value) is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor }
        && assignment.Target is IMemberReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } target
        && SymbolEqualityComparer.Default.Equals(constructor.ContainingType, target.Member.ContainingType);

    /// <summary><c>SetProperty(x => x.A, x => value)</c> and <c>SetProperty(x => x.A, value)</c>.</summary>
    private static IOperation Value(IOperation argument) =>
        LocalValues.Unwrap(argument) is IAnonymousFunctionOperation { Body.Operations: { Length: 1 } operations } && operations[0] is IReturnOperation { ReturnedValue: { } value } ? value : argument;
}
