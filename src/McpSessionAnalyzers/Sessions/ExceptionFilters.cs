using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Answers "may an exception pass this filter by?", where the filter asks for nothing but the type of the exception.</summary>
internal static class ExceptionFilters
{
    /// <summary>Whether <paramref name="handler"/>, together with the others of its try, gets every exception that anybody reckons with.</summary>
    public static bool LetsIn(MemberBody body, ControlFlowGraph graph, ControlFlowRegion handler, IReadOnlyList<ControlFlowRegion> handlers)
    {
        if (handler.NestedRegions.FirstOrDefault(nested => nested.Kind == ControlFlowRegionKind.Filter) is not { } region
            || graph.Blocks.Where(block => block.Ordinal >= region.FirstBlockOrdinal && block.Ordinal <= region.LastBlockOrdinal)
                .SelectMany(FunctionGraph.OperationsOf).LastOrDefault() is not { } last
            || body.Root.Descendants().OfType<ICatchClauseOperation>().FirstOrDefault(clause => clause.Filter?.Syntax.Span.Contains(last.Syntax.Span) == true) is not { Filter: { } filter } found)
        {
            return true;
        }

        return !Parts(filter, BinaryOperatorKind.ConditionalAnd).Any(part => OnlySome(part)
            || ExcludedBy(part).Any(type => MayBeThrown(type, found) && !handlers.Any(other => other != handler && Catches(other, type))));
    }

    /// <summary><c>when (e is HttpRequestException or IOException)</c></summary>
    private static bool OnlySome(IOperation condition) =>
        Parts(condition, BinaryOperatorKind.ConditionalOr).All(part => part is IIsTypeOperation || (part is IIsPatternOperation test && IsOnlyTypes(test.Pattern)));

    private static bool IsOnlyTypes(IPatternOperation pattern) => pattern switch
    {
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either => IsOnlyTypes(either.LeftPattern) && IsOnlyTypes(either.RightPattern),
        IRecursivePatternOperation { MatchedType: var matched, InputType: var input } => !SymbolEqualityComparer.Default.Equals(matched, input),
        _ => TypeOf(pattern) is not null,
    };

    /// <summary><c>when (e is not OperationCanceledException)</c></summary>
    private static IEnumerable<ITypeSymbol> ExcludedBy(IOperation condition) => condition switch
    {
        IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: var pattern } } => TypesIn(pattern),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var operand } => LocalValues.Unwrap(operand) switch
        {
            IIsTypeOperation test => new[] { test.TypeOperand },
            IIsPatternOperation test => TypesIn(test.Pattern),
            _ => Array.Empty<ITypeSymbol>(),
        },
        _ => Array.Empty<ITypeSymbol>(),
    };

    private static IEnumerable<ITypeSymbol> TypesIn(IPatternOperation pattern) => pattern switch
    {
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either => TypesIn(either.LeftPattern).Concat(TypesIn(either.RightPattern)),
        _ => TypeOf(pattern) is { } type ? new[] { type } : Array.Empty<ITypeSymbol>(),
    };

    private static ITypeSymbol? TypeOf(IPatternOperation pattern) => pattern switch
    {
        ITypePatternOperation type => type.MatchedType,
        IDeclarationPatternOperation { MatchesNull: false } declaration => declaration.MatchedType,
        _ => null,
    };

    private static IEnumerable<IOperation> Parts(IOperation condition, BinaryOperatorKind kind) =>
        LocalValues.Unwrap(condition) is IBinaryOperation binary && binary.OperatorKind == kind
            ? Parts(binary.LeftOperand, kind).Concat(Parts(binary.RightOperand, kind))
            : new[] { LocalValues.Unwrap(condition) };

    /// <summary>After what ends the process nothing is left to close; and nothing is cancelled where no token is in play.</summary>
    private static bool MayBeThrown(ITypeSymbol type, ICatchClauseOperation clause) => type.Name switch
    {
        "OutOfMemoryException" or "StackOverflowException" or "AccessViolationException" or "ThreadAbortException" or "InsufficientExecutionStackException" => false,
        "OperationCanceledException" or "TaskCanceledException" => clause.Parent is ITryOperation attempt
            && attempt.Body.Descendants().Any(operation => operation is { IsImplicit: false, Type.Name: "CancellationToken", Syntax: var syntax }
                && operation is ILocalReferenceOperation or IParameterReferenceOperation or IMemberReferenceOperation
                && syntax.ToString() != "CancellationToken.None"),
        _ => true,
    };

    private static bool Catches(ControlFlowRegion handler, ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (handler.Kind == ControlFlowRegionKind.Catch && SymbolEqualityComparer.Default.Equals(current, handler.ExceptionType))
            {
                return true;
            }
        }

        return false;
    }
}
