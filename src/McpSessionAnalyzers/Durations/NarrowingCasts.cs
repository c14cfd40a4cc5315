using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Unchecked casts of floating numbers to integers of 32 bits or fewer, in a value or in the locals that it comes from.</summary>
internal static class NarrowingCasts
{
    private const int MaxDepth = 6;

    public static IEnumerable<IConversionOperation> Of(IOperation value, DurationFacts facts, CancellationToken cancellationToken) => Of(value, facts, 0, cancellationToken);

    private static IEnumerable<IConversionOperation> Of(IOperation value, DurationFacts facts, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
        {
            yield break;
        }

        foreach (var leaf in DurationLeaves.Of(value, facts, cancellationToken))
        {
            switch (leaf)
            {
                case IConversionOperation { IsChecked: false, Operand: var operand } cast when NumberTypes.IsNarrow(cast.Type) && NumberTypes.IsFloating(operand.Type):
                    if (!IsBounded(operand) && !NamesSetting(operand))
                    {
                        yield return cast;
                    }

                    break;
                case IConversionOperation { Operand: var operand } conversion when NumberTypes.IsInteger(conversion.Type) && NumberTypes.IsInteger(operand.Type):
                    foreach (var inner in Of(operand, facts, depth + 1, cancellationToken))
                    {
                        yield return inner;
                    }

                    break;
                case ILocalReferenceOperation local when facts.BodyOf(local, cancellationToken) is { } body:
                    foreach (var assigned in LocalWrites.Of(local.Local, body))
                    {
                        foreach (var inner in Of(assigned, facts, depth + 1, cancellationToken))
                        {
                            yield return inner;
                        }
                    }

                    break;
            }
        }
    }

    /// <summary>Clamped before the cast: no garbage.</summary>
    private static bool IsBounded(IOperation operand)
    {
        while (operand is IParenthesizedOperation or IConversionOperation)
        {
            operand = operand is IParenthesizedOperation parenthesized ? parenthesized.Operand : ((IConversionOperation)operand).Operand;
        }

        return operand is IInvocationOperation { TargetMethod.Name: "Min" or "Clamp" };
    }

    private static bool NamesSetting(IOperation operand) =>
        operand.Syntax.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => DurationNames.IsSetting(name.Identifier.ValueText));
}
