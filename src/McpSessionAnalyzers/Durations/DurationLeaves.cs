using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>The numbers that an expression stores: what stands under boxing, <c>?? DBNull.Value</c> and the branches of a choice.</summary>
internal static class DurationLeaves
{
    private const int MaxDepth = 16;

    public static List<IOperation> Of(IOperation value, DurationFacts facts, CancellationToken cancellationToken)
    {
        var leaves = new List<IOperation>();
        Add(value, leaves, facts, 0, cancellationToken);
        return leaves;
    }

    /// <summary>The outermost floating expressions of a value: converted as wholes, so that <c>x?.TotalMilliseconds ?? 0.0</c> becomes one integer.</summary>
    public static IEnumerable<IOperation> Outermost(IOperation value)
    {
        while (value is IParenthesizedOperation or IConversionOperation { IsImplicit: true } or IConversionOperation { Type.SpecialType: SpecialType.System_Object })
        {
            value = value is IParenthesizedOperation parenthesized ? parenthesized.Operand : ((IConversionOperation)value).Operand;
        }

        if (NumberTypes.IsFloating(value.Type))
        {
            return value.ConstantValue.HasValue ? Enumerable.Empty<IOperation>() : new[] { value };
        }

        return value switch
        {
            ICoalesceOperation coalesce => Outermost(coalesce.Value).Concat(Outermost(coalesce.WhenNull)),
            IConditionalOperation { WhenFalse: { } whenFalse } conditional => Outermost(conditional.WhenTrue).Concat(Outermost(whenFalse)),
            ISwitchExpressionOperation choice => choice.Arms.SelectMany(arm => Outermost(arm.Value)),
            _ => Enumerable.Empty<IOperation>(),
        };
    }

    private static void Add(IOperation value, List<IOperation> leaves, DurationFacts facts, int depth, CancellationToken cancellationToken)
    {
        if (depth++ > MaxDepth)
        {
            return;
        }

        switch (value)
        {
            case IParenthesizedOperation parenthesized:
                Add(parenthesized.Operand, leaves, facts, depth, cancellationToken);
                break;
            case IConversionOperation conversion when !IsNumber(conversion.Type) || conversion.IsImplicit:
                Add(conversion.Operand, leaves, facts, depth, cancellationToken);
                break;
            case ICoalesceOperation coalesce:
                Add(coalesce.Value, leaves, facts, depth, cancellationToken);
                Add(coalesce.WhenNull, leaves, facts, depth, cancellationToken);
                break;
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                Add(conditional.WhenTrue, leaves, facts, depth, cancellationToken);
                Add(whenFalse, leaves, facts, depth, cancellationToken);
                break;
            case ISwitchExpressionOperation choice:
                foreach (var arm in choice.Arms)
                {
                    Add(arm.Value, leaves, facts, depth, cancellationToken);
                }

                break;
            case ILocalReferenceOperation { Type.SpecialType: SpecialType.System_Object } local when facts.BodyOf(local, cancellationToken) is { } body:
                foreach (var assigned in LocalWrites.Of(local.Local, body))
                {
                    Add(assigned, leaves, facts, depth, cancellationToken);
                }

                break;
            default:
                if (IsNumber(value.Type))
                {
                    leaves.Add(value);
                }

                break;
        }
    }

    private static bool IsNumber(ITypeSymbol? type) => NumberTypes.IsFloating(type) || NumberTypes.IsInteger(type);
}
