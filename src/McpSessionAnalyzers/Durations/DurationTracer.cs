using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>
/// Whether an expression is a measure of time, in which unit, and whether it has been rounded. Follows arithmetic, locals and helpers with
/// source; a product or quotient that is something else than time (a rate, a share, a cost) is no duration.
/// </summary>
internal sealed class DurationTracer
{
    private const int MaxDepth = 12;

    private readonly MemberBodies _bodies;
    private readonly ImmutableHashSet<string> _names;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<ISymbol> _visiting = new(SymbolEqualityComparer.Default);

    public DurationTracer(MemberBodies bodies, ImmutableHashSet<string> names, CancellationToken cancellationToken)
    {
        _bodies = bodies;
        _names = names;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The duration that <paramref name="operation"/> is; null where it is none or can't be told.</summary>
    public DurationValue? Trace(IOperation? operation) => Trace(operation, 0);

    /// <summary>A parameter or field of no telling name is what the column says that it goes to.</summary>
    public DurationValue? ByTarget(IOperation leaf, string? target) =>
        target is not null && leaf is IParameterReferenceOperation or IFieldReferenceOperation { Field.IsConst: false } ? Named(target!, leaf.Type) : null;

    /// <summary>What a computed member yields; by its name where it is stored.</summary>
    public DurationValue? TraceMember(IPropertySymbol property) =>
        property.SetMethod is null && property.GetMethod is { } getter && Returned(getter, 0, out var returned) ? returned : Named(property.Name, property.Type);

    private DurationValue? Trace(IOperation? operation, int depth)
    {
        if (operation is null || depth > MaxDepth)
        {
            return null;
        }

        _cancellationToken.ThrowIfCancellationRequested();
        var value = TraceCore(operation, depth + 1);
        return value is not null && NumberTypes.IsInteger(operation.Type) ? value.Whole : value;
    }

    private DurationValue? TraceCore(IOperation operation, int depth) => operation switch
    {
        IParenthesizedOperation parenthesized => Trace(parenthesized.Operand, depth),
        IConversionOperation { OperatorMethod: null or { ContainingType.SpecialType: SpecialType.System_Decimal } } conversion => Trace(conversion.Operand, depth),
        IAwaitOperation awaited => Trace(awaited.Operation, depth),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus or UnaryOperatorKind.Plus } unary => Trace(unary.Operand, depth),
        IConditionalAccessOperation access => Trace(access.WhenNotNull, depth),
        ICoalesceOperation coalesce => Join(Trace(coalesce.Value, depth), Trace(coalesce.WhenNull, depth)),
        IConditionalOperation { WhenFalse: { } whenFalse } conditional => Join(Trace(conditional.WhenTrue, depth), Trace(whenFalse, depth)),
        ISwitchExpressionOperation choice => choice.Arms.Aggregate((DurationValue?)null, (known, arm) => Join(known, Trace(arm.Value, depth))),
        ISimpleAssignmentOperation assignment => Trace(assignment.Value, depth),
        IBinaryOperation binary => Binary(binary, depth),
        ILocalReferenceOperation local => Local(local, depth),
        IParameterReferenceOperation parameter => Named(parameter.Parameter.Name, parameter.Type),
        IFieldReferenceOperation field => Field(field, depth),
        IPropertyReferenceOperation property => Property(property, depth),
        IInvocationOperation call => Call(call, depth),
        _ => null,
    };

    /// <summary>What is rounded on one path only still has its fraction.</summary>
    private static DurationValue? Join(DurationValue? one, DurationValue? other)
    {
        if (one is null || other is null)
        {
            return one ?? other;
        }

        return new(one.Unit == other.Unit ? one.Unit : DurationUnit.Unknown, one.IsMeasured || other.IsMeasured, one.IsWhole && other.IsWhole);
    }

    private DurationValue? Binary(IBinaryOperation binary, int depth)
    {
        var left = Trace(binary.LeftOperand, depth);
        var right = Trace(binary.RightOperand, depth);
        switch (binary.OperatorKind)
        {
            case BinaryOperatorKind.Subtract when left is null && right is null:
                return (Clocks.TimestampUnitOf(binary.LeftOperand) ?? Clocks.TimestampUnitOf(binary.RightOperand)) is { } unit ? new(unit, IsMeasured: true, IsWhole: true) : null;
            case BinaryOperatorKind.Add or BinaryOperatorKind.Subtract:
                var sum = Join(left, right);

                // A fraction that is no duration is still a fraction.
                return sum is { IsWhole: true } && !(IsWhole(binary.LeftOperand, left) && IsWhole(binary.RightOperand, right)) ? sum with { IsWhole = false } : sum;
            case BinaryOperatorKind.Multiply when left is null != right is null:
                var factor = left is null ? binary.LeftOperand : binary.RightOperand;
                return Scaled(left ?? right!, factor, multiply: true);
            case BinaryOperatorKind.Divide when left is not null && right is null:
                // The average of a sum is a duration too.
                return Scaled(left, binary.RightOperand, multiply: false);
            case BinaryOperatorKind.Remainder when left is not null && right is null:
                return left with { IsWhole = false };
            default:
                return null;
        }
    }

    private static DurationValue? Scaled(DurationValue value, IOperation factor, bool multiply)
    {
        factor = LocalValues.Unwrap(factor);
        if (Clocks.IsFrequency(factor))
        {
            return multiply ? null : Ticks(value);
        }

        if (factor.ConstantValue is { HasValue: true, Value: { } constant })
        {
            var number = NumberTypes.ToDouble(constant);
            if (number is 0 or null)
            {
                return null;
            }

            var unit = value.Unit.Times(multiply ? number.Value : 1 / number.Value);
            return value with { Unit = unit, IsWhole = multiply && value.IsWhole && number == Math.Floor(number.Value) };
        }

        // seconds * pricePerSecond is a price; what divides may be a count.
        return multiply || factor.Type is null ? null : value with { IsWhole = false };
    }

    /// <summary>Timestamps over the frequency are seconds; those multiplied by a thousand before, milliseconds.</summary>
    private static DurationValue Ticks(DurationValue timestamps) => timestamps with
    {
        IsWhole = false,
        Unit = timestamps.Unit switch
        {
            DurationUnit.Ticks => DurationUnit.Seconds,
            DurationUnit.Unknown => DurationUnit.Milliseconds,
            var unit => unit,
        },
    };

    private static bool IsWhole(IOperation operand, DurationValue? value)
    {
        operand = LocalValues.Unwrap(operand);
        return value?.IsWhole ?? (NumberTypes.IsInteger(operand.Type)
            || operand.ConstantValue is { HasValue: true, Value: { } constant } && NumberTypes.ToDouble(constant) is { } number && number == Math.Floor(number)
            || operand is IInvocationOperation call && Rounding.IsMath(call.TargetMethod.ContainingType) && Rounding.IsRounding(call));
    }

    private DurationValue? Named(string name, ITypeSymbol? type) =>
        NumberTypes.IsFloating(type) && DurationNames.IsMeasure(name, _names) ? new(DurationNames.UnitOf(name), IsMeasured: false, IsWhole: false) : null;

    private DurationValue? Local(ILocalReferenceOperation local, int depth)
    {
        if (!_visiting.Add(local.Local))
        {
            return null;
        }

        try
        {
            if (_bodies.Containing(local.Syntax, _cancellationToken) is not { } body)
            {
                return Named(local.Local.Name, local.Type);
            }

            var known = default(DurationValue);
            var whole = true;
            var values = LocalWrites.Of(local.Local, body);
            foreach (var value in values)
            {
                var traced = Trace(value, depth);
                whole &= traced?.IsWhole ?? IsWhole(value, null);
                known = Join(known, traced);
            }

            // A name is no evidence against values that were seen to be whole or no duration at all.
            return known is not null ? known with { IsWhole = known.IsWhole && whole }
                : values.Count > 0 && whole ? null
                : Named(local.Local.Name, local.Type);
        }
        finally
        {
            _visiting.Remove(local.Local);
        }
    }

    private DurationValue? Field(IFieldReferenceOperation field, int depth)
    {
        // A constant is a setting, no measurement.
        if (field.Field.IsConst || field.ConstantValue.HasValue)
        {
            return null;
        }

        return field.Field.ContainingType is { IsTupleType: true } && field.Instance is { } tuple && TupleElement(tuple, field.Field) is { } element
            ? Trace(element, depth)
            : Named(field.Field.Name, field.Type);
    }

    private IOperation? TupleElement(IOperation instance, IFieldSymbol field)
    {
        var source = LocalValues.Unwrap(instance);
        if (source is ILocalReferenceOperation local && _bodies.Containing(local.Syntax, _cancellationToken) is { } body)
        {
            var values = LocalWrites.Of(local.Local, body);
            source = values.Count == 1 ? LocalValues.Unwrap(values[0]) : source;
        }

        var index = field.ContainingType.TupleElements.IndexOf(field, SymbolEqualityComparer.Default);
        return source is ITupleOperation tuple && index >= 0 && index < tuple.Elements.Length ? tuple.Elements[index] : null;
    }

    private DurationValue? Property(IPropertyReferenceOperation reference, int depth)
    {
        var property = reference.Property;
        var type = property.ContainingType;
        switch (property.Name)
        {
            case var name when type is { Name: "TimeSpan", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }:
                return DurationUnits.OfTotal(name) is not DurationUnit.Unknown and var unit ? new(unit, IsMeasured: true, IsWhole: false)
                    : name == "Ticks" ? new(DurationUnit.Ticks, IsMeasured: true, IsWhole: true)
                    : null;
            case "ElapsedMilliseconds" when Clocks.IsStopwatch(type):
                return new(DurationUnit.Milliseconds, IsMeasured: true, IsWhole: true);
            case "ElapsedTicks" when Clocks.IsStopwatch(type):
                return new(DurationUnit.Ticks, IsMeasured: true, IsWhole: true);
            case "Value" when NumberTypes.IsNullable(type):
                return Trace(reference.Instance, depth);
        }

        // What computes its value shows what it is: a rounding getter is silent whatever its name.
        if (property.SetMethod is null && property.GetMethod is { } getter && Returned(getter, depth, out var returned))
        {
            return returned;
        }

        return Named(property.Name, reference.Type);
    }

    private DurationValue? Call(IInvocationOperation call, int depth)
    {
        var method = call.TargetMethod;
        var type = method.ContainingType;
        if (Rounding.IsMath(type))
        {
            return MathCall(call, depth);
        }

        switch (method.Name)
        {
            case "GetTimestamp" when Clocks.IsStopwatch(type!) || type!.Name == "TimeProvider":
                return new(DurationUnit.Ticks, IsMeasured: true, IsWhole: true);
            case "GetValueOrDefault" when NumberTypes.IsNullable(type):
                return Trace(call.Instance, depth);
            case "ToDouble" or "ToSingle" or "ToDecimal" when type is { Name: "Convert", ContainingNamespace.Name: "System" } && call.Arguments.Length > 0:
                return Trace(call.Arguments[0].Value, depth);
            case "Sum" or "Average" or "Max" or "Min" when type is { Name: "Enumerable" or "Queryable" } && NumberTypes.IsFloating(method.ReturnType):
                return Aggregate(call, depth);
        }

        return method.DeclaringSyntaxReferences.Length > 0 && Returned(method, depth, out var returned) ? returned : Named(method.Name, method.ReturnType);
    }

    private DurationValue? MathCall(IInvocationOperation call, int depth)
    {
        if (call.Arguments.Length == 0)
        {
            return null;
        }

        var value = Trace(call.Arguments[0].Value, depth);
        switch (call.TargetMethod.Name)
        {
            case "Floor" or "Ceiling" or "Truncate" or "Round":
                return Rounding.IsRounding(call) ? value?.Whole : value;
            case "Max" or "Min" or "Clamp":
                return call.Arguments.Aggregate((DurationValue?)null, (known, argument) => Join(known, Trace(argument.Value, depth)));
            case "Abs":
                return value;
            default:
                return null;
        }
    }

    private DurationValue? Aggregate(IInvocationOperation call, int depth)
    {
        foreach (var argument in call.Arguments)
        {
            if (LocalValues.Unwrap(argument.Value) is IAnonymousFunctionOperation lambda && LambdaValue(lambda) is { } selected)
            {
                var value = Trace(selected, depth);
                return call.TargetMethod.Name == "Average" && value is not null ? value with { IsWhole = false } : value;
            }
        }

        return call.Arguments.Length == 1 && LocalValues.Unwrap(call.Arguments[0].Value) is ILocalReferenceOperation { Local.Name: var name } ? Named(name, call.Type) : null;
    }

    private static IOperation? LambdaValue(IAnonymousFunctionOperation lambda) =>
        lambda.Body.Operations.Length == 1 && lambda.Body.Operations[0] is IReturnOperation { ReturnedValue: { } value } ? value : null;

    /// <summary>What a method or getter with source returns. False where there is nothing to see.</summary>
    private bool Returned(IMethodSymbol method, int depth, out DurationValue? value)
    {
        value = null;
        method = method.OriginalDefinition;
        if (!NumberTypes.IsFloating(method.ReturnType) && !NumberTypes.IsInteger(method.ReturnType)
            || method.IsAbstract || method.IsVirtual
            || _bodies.Of(method, _cancellationToken) is not { } body
            || !_visiting.Add(method))
        {
            return false;
        }

        try
        {
            var seen = false;
            var whole = true;
            foreach (var operation in body.Root.Descendants())
            {
                if (operation is IReturnOperation { ReturnedValue: { } returned } && SymbolEqualityComparer.Default.Equals(FunctionOf(body, operation), method))
                {
                    seen = true;
                    var traced = Trace(returned, depth);
                    value = Join(value, traced);
                    whole &= traced?.IsWhole ?? IsWhole(returned, null);
                }
            }

            // Nothing recognized: the name may still say it.
            value ??= seen && !whole ? Named(method.AssociatedSymbol?.Name ?? method.Name, method.ReturnType) : null;
            return seen;
        }
        finally
        {
            _visiting.Remove(method);
        }
    }

    private static ISymbol FunctionOf(MemberBody body, IOperation operation) => body.FunctionOf(operation).OriginalDefinition;
}
