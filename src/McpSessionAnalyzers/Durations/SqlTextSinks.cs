using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Values that a text of SQL carries: interpolation, concatenation, string.Format, and EF Core's ExecuteSql family.</summary>
internal static class SqlTextSinks
{
    public static void Find(IOperation operation, SinkContext context)
    {
        switch (operation)
        {
            case IInterpolatedStringOperation or IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } when IsWhole(operation) && !IsProse(operation):
                Holes(context.TextOf(operation), operation, context);
                break;
            case IInvocationOperation { TargetMethod: { ContainingType.SpecialType: SpecialType.System_String, Name: "Format" or "Concat" } } when !IsProse(operation):
                Holes(context.TextOf(operation), operation, context);
                break;
            case IInvocationOperation { TargetMethod.Name: "ExecuteSqlRaw" or "ExecuteSqlRawAsync" or "FromSqlRaw" or "SqlQueryRaw" } raw when IsEntityFramework(raw.TargetMethod):
                var text = raw.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "sql");
                if (text is not null)
                {
                    var values = SqlText.FormatArguments(raw.Arguments.Where(argument => argument.Parameter?.Name == "parameters"));
                    Holes(SqlText.OfPlaceholders(text.Value, values, context.Facts.Bodies, context.CancellationToken), raw, context);
                }

                break;
        }
    }

    private static bool IsEntityFramework(IMethodSymbol method) => method.ContainingNamespace?.ToDisplayString().StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) == true;

    private static void Holes(SqlText text, IOperation operation, SinkContext context)
    {
        if (text.Holes.Count == 0 || text.Text is not { Length: > 10 } sql || !MayWrite(sql))
        {
            return;
        }

        var writes = SqlWrites.Read(sql, context.CancellationToken);
        for (var i = 0; i < text.Holes.Count; i++)
        {
            var hole = text.Holes[i];

            // A hole that another expression brings along is that expression's.
            if (IsRoundingFormat(hole.Format) || !operation.Syntax.FullSpan.Contains(hole.Value.Syntax.FullSpan))
            {
                continue;
            }

            var number = i;
            if (Printed(hole.Value) is { } value && writes.TargetsOfHole(number) is { Count: > 0 } targets && targets.Any(target => target.Use == SqlUse.Stored))
            {
                context.Offer(value, () => context.Columns.OfTargets(targets));
            }
        }
    }

    private static bool MayWrite(string sql) =>
        sql.IndexOf("INSERT", StringComparison.OrdinalIgnoreCase) >= 0
        || sql.IndexOf("UPDATE", StringComparison.OrdinalIgnoreCase) >= 0
        || sql.IndexOf("REPLACE", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>The number behind <c>x.ToString(…)</c>; null where the format rounds.</summary>
    private static IOperation? Printed(IOperation value)
    {
        var inner = LocalValues.Unwrap(value);
        if (inner is IConditionalAccessOperation { WhenNotNull: IInvocationOperation { TargetMethod.Name: "ToString" } } or IInvocationOperation { TargetMethod.Name: "ToString" })
        {
            var call = inner as IInvocationOperation ?? (IInvocationOperation)((IConditionalAccessOperation)inner).WhenNotNull;
            var format = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "format");
            if (IsRoundingFormat(format?.Value.ConstantValue.Value as string))
            {
                return null;
            }

            return inner is IConditionalAccessOperation access ? access.Operation : call.Instance;
        }

        return value;
    }

    private static bool IsRoundingFormat(string? format) =>
        format is "0" or "#" or "#0" or "F0" or "f0" or "N0" or "n0" or "D" or "d" || format is { Length: > 0 } && (format[0] is 'D' or 'd' or 'X' or 'x');

    private static bool IsWhole(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IConversionOperation or IParenthesizedOperation:
                    continue;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String }:
                    return false;
                default:
                    return parent is not (IInterpolationOperation or IInterpolatedStringAppendOperation);
            }
        }

        return true;
    }

    /// <summary>Logs, exceptions and consoles tell people of SQL; they run none.</summary>
    private static bool IsProse(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IInvocationOperation call:
                    return call.TargetMethod.ContainingType is { Name: var name }
                        && (name is "Console" or "Debug" or "Trace" or "Log" or "TextWriter" || name.EndsWith("Logger", StringComparison.Ordinal) || name.StartsWith("LoggerExtensions", StringComparison.Ordinal));
                case IObjectCreationOperation { Type: { } type }:
                    return type.Name.EndsWith("Exception", StringComparison.Ordinal);
                case IBlockOperation or IExpressionStatementOperation:
                    return false;
            }
        }

        return false;
    }
}
