using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Values of ADO.NET parameters, however these are made: constructors, AddWithValue, Value, TypedValue, batch commands, binary import.</summary>
internal static class ParameterSinks
{
    public static void Find(IOperation operation, SinkContext context)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "Value" or "TypedValue" or "NpgsqlValue" or "SqlValue" } property } assignment
                when context.Types.IsParameter(property.Property.ContainingType):
                if (ParameterOf(property) is { } parameter)
                {
                    Offer(assignment.Value, parameter, context);
                }

                break;
            case IObjectCreationOperation creation when context.Types.IsParameter(creation.Type):
                if (ValueArgument(creation.Arguments) is { } initial)
                {
                    Offer(initial.Value, creation, context);
                }

                break;
            case IInvocationOperation { TargetMethod.Name: "AddWithValue" or "Add" } call when context.Types.IsCollection(call.Instance?.Type ?? call.TargetMethod.ContainingType):
                if (ValueArgument(call.Arguments) is { } value && !context.Types.IsParameter(LocalValues.Unwrap(value.Value).Type))
                {
                    Offer(value.Value, call, context);
                }

                break;
            case IInvocationOperation { TargetMethod.Name: "Write" or "WriteAsync", Arguments.Length: > 0 } write when context.Types.Importers.Contains(write.TargetMethod.ContainingType):
                context.Offer(write.Arguments[0].Value, () => OfImport(write, context));
                break;
        }
    }

    private static void Offer(IOperation value, IOperation parameter, SinkContext context) => context.Offer(value, () =>
    {
        var description = new ParameterReader(context).Describe(parameter);
        return context.Columns.OfParameter(description, CommandTexts.Of(description.Owner, value.Syntax.SpanStart, context));
    }, NameIn(parameter));

    /// <summary>The parameter's name, where it stands beside the value.</summary>
    private static string? NameIn(IOperation parameter) => (parameter switch
    {
        IInvocationOperation call => call.Arguments,
        IObjectCreationOperation creation => creation.Arguments,
        _ => default,
    }) is { IsDefaultOrEmpty: false } arguments ? arguments.Select(argument => argument.Value.ConstantValue.Value as string).FirstOrDefault(name => name is not null) : null;

    public static IOperation? ParameterOf(IPropertyReferenceOperation property)
    {
        if (property.Instance is not IInstanceReferenceOperation)
        {
            return property.Instance;
        }

        for (var current = property.Parent; current is not null; current = current.Parent)
        {
            if (current is IObjectCreationOperation creation)
            {
                return creation;
            }
        }

        return null;
    }

    private static IArgumentOperation? ValueArgument(IEnumerable<IArgumentOperation> arguments)
    {
        var explicitOnes = arguments.Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && argument.Parameter is not null).ToList();
        return explicitOnes.Find(argument => argument.Parameter!.Name is "value" or "Value")
            ?? explicitOnes.FindLast(argument => argument.Parameter!.Type.SpecialType == SpecialType.System_Object);
    }

    private static ColumnEvidence? OfImport(IInvocationOperation write, SinkContext context)
    {
        var parameter = new ParameterDescription();
        foreach (var argument in write.Arguments.Skip(1))
        {
            var value = LocalValues.Unwrap(argument.Value);
            if (StorageTypes.IsTypeEnumeration(value.Type))
            {
                ParameterReader.SetKind(value, parameter);
            }
            else if (value.ConstantValue is { HasValue: true, Value: string type })
            {
                parameter.Kind = SqlColumnKinds.OfSqlType(type);
                parameter.KindText = type;
            }
        }

        if (parameter.Kind.IsInteger())
        {
            return new(EvidenceStrength.Parameter, parameter.Kind, $"it is written as {parameter.KindText}");
        }

        return parameter.Kind == SqlColumnKind.Unknown && Copied(write, context) is var (table, column) ? context.Columns.OfColumn(table, column) : null;
    }

    /// <summary>The column of the COPY that this write of a row belongs to.</summary>
    private static (SqlName Table, string Column)? Copied(IInvocationOperation write, SinkContext context)
    {
        if (write.Instance is not { } importer || CommandTexts.RootSymbol(importer) is not ILocalSymbol local || context.BodyOf(write) is not { } body)
        {
            return null;
        }

        var copy = LocalValues.Of(local, body).OfType<IInvocationOperation>().FirstOrDefault(call => call.TargetMethod.Name.StartsWith("BeginBinaryImport", StringComparison.Ordinal));
        if (copy is not { Arguments.Length: > 0 } || SqlWrites.Read(context.TextOf(copy.Arguments[0].Value).Text, context.CancellationToken).Copied is not { } copied)
        {
            return null;
        }

        var calls = body.Calls.OfType<IInvocationOperation>()
            .Where(call => call.Instance is { } instance && SymbolEqualityComparer.Default.Equals(CommandTexts.RootSymbol(instance), local) && call.Syntax.SpanStart <= write.Syntax.SpanStart)
            .ToList();
        var row = calls.FindLastIndex(call => call.TargetMethod.Name.StartsWith("StartRow", StringComparison.Ordinal));
        var index = calls.Skip(row + 1).Count(call => call.TargetMethod.Name.StartsWith("Write", StringComparison.Ordinal)) - 1;
        return row >= 0 && index >= 0 && index < copied.Columns.Count ? (copied.Table, copied.Columns[index]) : null;
    }
}
