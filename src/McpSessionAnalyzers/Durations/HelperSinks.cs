using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>
/// Helpers of one's own that make a parameter of a name and a value: <c>AddParameter(command, "duration_ms", elapsed.TotalMilliseconds)</c>. The
/// value is boxed on its way in, so only the caller can be told.
/// </summary>
internal static class HelperSinks
{
    public static void Find(IOperation operation, SinkContext context)
    {
        if (operation is not IInvocationOperation { TargetMethod: { DeclaringSyntaxReferences.Length: > 0, IsAbstract: false } } call)
        {
            return;
        }

        foreach (var argument in call.Arguments)
        {
            if (argument is { ArgumentKind: ArgumentKind.Explicit, Parameter: { } parameter }
                && parameter.OriginalDefinition.Type is { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.TypeParameter or TypeKind.Dynamic })
            {
                context.Offer(argument.Value, () => Column(call, argument.Parameter!.OriginalDefinition, context));
            }
        }
    }

    private static ColumnEvidence? Column(IInvocationOperation call, IParameterSymbol value, SinkContext context)
    {
        if (context.Facts.Bodies.Of(call.TargetMethod.OriginalDefinition, context.CancellationToken) is not { } body)
        {
            return null;
        }

        foreach (var reference in body.ReferencesTo(value))
        {
            if (SinkOf(reference, context) is not { } sink)
            {
                continue;
            }

            var parameter = new ParameterReader(context).Describe(sink);
            if (parameter.NameFrom is { } name)
            {
                parameter.Name = Given(call, name)?.ConstantValue.Value as string;
            }

            if (parameter.KindFrom is { } kind)
            {
                parameter.Kind = SqlColumnKind.Unknown;
                if (Given(call, kind) is { ConstantValue.Value: not null } given)
                {
                    ParameterReader.SetKind(LocalValues.Unwrap(given), parameter);
                }
            }

            var owner = parameter.Owner is { } made && CommandTexts.RootSymbol(made) is IParameterSymbol own ? Given(call, own) : parameter.Owner;
            return context.Columns.OfParameter(parameter, CommandTexts.Of(owner, call.Syntax.SpanStart, context));
        }

        return null;
    }

    /// <summary>The parameter that gets the value, through boxing and <c>?? DBNull.Value</c>.</summary>
    private static IOperation? SinkOf(IOperation reference, SinkContext context)
    {
        var value = reference;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or ICoalesceOperation or IConditionalOperation)
        {
            value = value.Parent;
        }

        switch (value.Parent)
        {
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "Value" or "NpgsqlValue" or "SqlValue" } property } when context.Types.IsParameter(property.Property.ContainingType):
                return ParameterSinks.ParameterOf(property);
            case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "AddWithValue" } add } when context.Types.IsCollection(add.Instance?.Type):
                return add;
            case IArgumentOperation { Parent: IObjectCreationOperation creation } when context.Types.IsParameter(creation.Type):
                return creation;
            default:
                return null;
        }
    }

    private static IOperation? Given(IInvocationOperation call, IParameterSymbol parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value;
}
