using System.Globalization;
using System.Text;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>A value inside a text: the expression and, for interpolations, its format.</summary>
internal readonly record struct TextHole(IOperation Value, string? Format);

/// <summary>
/// The text that an expression makes, as far as constants, locals, read-only members, interpolation and concatenation show it.
/// What is not known is a hole, marked in the text (<see cref="SqlLexer.HoleMark"/>) by its number.
/// </summary>
internal sealed class SqlText
{
    private const int MaxDepth = 8;
    private const int MaxLength = 1 << 20;

    private readonly MemberBodies _bodies;
    private readonly CancellationToken _cancellationToken;
    private readonly StringBuilder _text = new();
    private readonly List<TextHole> _holes = new();

    private SqlText(MemberBodies bodies, CancellationToken cancellationToken)
    {
        _bodies = bodies;
        _cancellationToken = cancellationToken;
    }

    public string Text => _text.ToString();

    public IReadOnlyList<TextHole> Holes => _holes;

    public static SqlText Of(IOperation operation, MemberBodies bodies, CancellationToken cancellationToken)
    {
        var text = new SqlText(bodies, cancellationToken);
        text.Append(operation, 0);
        return text;
    }

    private void Append(IOperation operation, int depth)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        operation = LocalValues.Unwrap(operation);
        if (operation.ConstantValue is { HasValue: true, Value: var constant } && _text.Length < MaxLength)
        {
            _text.Append(Convert.ToString(constant, CultureInfo.InvariantCulture));
            return;
        }

        if (depth > MaxDepth)
        {
            Hole(operation, null);
            return;
        }

        depth++;
        switch (operation)
        {
            case IInterpolatedStringOperation interpolated:
                Interpolated(interpolated, depth);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                Sum(sum, depth);
                break;
            case ILocalReferenceOperation local when LocalText(local) is { Count: > 0 } parts:
                parts.ForEach(part => Append(part, depth));
                break;
            case IFieldReferenceOperation { Field: { IsReadOnly: true } field } when FieldValues.Of(field, _bodies, _cancellationToken).ToList() is { Count: 1 } values:
                Append(values[0], depth);
                break;
            case IPropertyReferenceOperation { Property: { SetMethod: null } property } when property.Type.SpecialType == SpecialType.System_String && Getter(property) is { } value:
                Append(value, depth);
                break;
            case IInvocationOperation { TargetMethod: { ContainingType.SpecialType: SpecialType.System_String, Name: "Format" } } format:
                Format(format, depth);
                break;
            case IInvocationOperation { TargetMethod: { ContainingType.SpecialType: SpecialType.System_String, Name: "Concat" } } concat when concat.Arguments.All(a => a.ArgumentKind == ArgumentKind.Explicit):
                foreach (var argument in concat.Arguments)
                {
                    Append(argument.Value, depth);
                }

                break;
            case IInvocationOperation { TargetMethod: { ContainingType.SpecialType: SpecialType.System_String, Name: "Trim" or "TrimEnd" or "TrimStart" or "ToString" or "ReplaceLineEndings" or "Replace" }, Instance: { } instance }:
                Append(instance, depth);
                break;
            case IConditionalOperation { WhenFalse: { } whenFalse } choice when IsStatement(choice.WhenTrue, depth) && IsStatement(whenFalse, depth):
                // Two statements, of which one runs: what a parameter fills in either counts.
                Append(choice.WhenTrue, depth);
                _text.Append(";\n");
                Append(whenFalse, depth);
                break;
            case IObjectCreationOperation { Type: { Name: "Uri", ContainingNamespace.Name: "System" }, Arguments: { Length: > 0 } arguments }:
                foreach (var argument in arguments)
                {
                    Append(argument.Value, depth);
                    _text.Append(argument == arguments[arguments.Length - 1] ? string.Empty : "/");
                }

                break;
            default:
                Hole(operation, null);
                break;
        }
    }

    private bool IsStatement(IOperation branch, int depth) => depth <= MaxDepth && CommandTexts.IsSql(Of(branch, _bodies, _cancellationToken).Text);

    /// <summary>Long texts are written as sums of hundreds of strings, which nest to the left.</summary>
    private void Sum(IBinaryOperation sum, int depth)
    {
        var parts = new Stack<IOperation>();
        IOperation left = sum;
        while (LocalValues.Unwrap(left) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String, ConstantValue.HasValue: false } inner)
        {
            parts.Push(inner.RightOperand);
            left = inner.LeftOperand;
        }

        parts.Push(left);
        foreach (var part in parts)
        {
            Append(part, depth);
        }
    }

    private void Interpolated(IInterpolatedStringOperation interpolated, int depth)
    {
        foreach (var part in interpolated.Parts)
        {
            switch (part)
            {
                case IInterpolatedStringTextOperation text:
                    _text.Append(text.Text.ConstantValue.Value as string);
                    break;
                case IInterpolationOperation { FormatString: null, Alignment: null } interpolation when LocalValues.Unwrap(interpolation.Expression).Type?.SpecialType == SpecialType.System_String:
                    Append(interpolation.Expression, depth);
                    break;
                case IInterpolationOperation interpolation:
                    Hole(interpolation.Expression, (interpolation.FormatString as ILiteralOperation)?.ConstantValue.Value as string);
                    break;
                case IInterpolatedStringAppendOperation { AppendCall: IInvocationOperation call }:
                    Appended(call, depth);
                    break;
            }
        }
    }

    /// <summary>A part of a string that an interpolated string handler builds.</summary>
    private void Appended(IInvocationOperation call, int depth)
    {
        if (call.Arguments.Length == 0)
        {
            return;
        }

        if (call.TargetMethod.Name == "AppendLiteral")
        {
            Append(call.Arguments[0].Value, depth);
        }
        else
        {
            Hole(call.Arguments[0].Value, call.Arguments.FirstOrDefault(a => a.Parameter?.Name == "format")?.Value.ConstantValue.Value as string);
        }
    }

    private void Format(IInvocationOperation call, int depth)
    {
        var format = call.Arguments.FirstOrDefault(a => a.Parameter?.Name == "format");
        if (format?.Value.ConstantValue is not { HasValue: true, Value: string text })
        {
            Hole(call, null);
            return;
        }

        var values = FormatArguments(call.Arguments.Where(a => a.Parameter?.Name is not ("format" or "provider")));
        Placeholders(text, values, depth);
    }

    /// <summary>The values behind <c>params object[]</c>, given one by one or as an array.</summary>
    public static List<IOperation> FormatArguments(IEnumerable<IArgumentOperation> arguments)
    {
        var values = new List<IOperation>();
        foreach (var argument in arguments)
        {
            if (LocalValues.Unwrap(argument.Value) is IArrayCreationOperation { Initializer: { } array })
            {
                values.AddRange(array.ElementValues);
            }
            else
            {
                values.Add(argument.Value);
            }
        }

        return values;
    }

    /// <summary>A text with <c>{0}</c> placeholders, as <c>string.Format</c> and <c>ExecuteSqlRaw</c> take them.</summary>
    public static SqlText OfPlaceholders(IOperation text, IReadOnlyList<IOperation> values, MemberBodies bodies, CancellationToken cancellationToken)
    {
        var result = new SqlText(bodies, cancellationToken);
        if (Of(text, bodies, cancellationToken) is { Holes.Count: 0 } constant)
        {
            result.Placeholders(constant.Text, values, MaxDepth);
        }

        return result;
    }

    private void Placeholders(string text, IReadOnlyList<IOperation> values, int depth)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var close = text[i] == '{' ? text.IndexOf('}', i) : -1;
            var hole = close < 0 ? string.Empty : text.Substring(i + 1, close - i - 1);
            var colon = hole.IndexOf(':');
            if (close > 0 && int.TryParse(colon < 0 ? hole : hole.Substring(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < values.Count)
            {
                if (colon < 0 && values[index].ConstantValue.HasValue)
                {
                    Append(values[index], depth);
                }
                else
                {
                    Hole(values[index], colon < 0 ? null : hole.Substring(colon + 1));
                }

                i = close;
            }
            else
            {
                _text.Append(text[i]);
            }
        }
    }

    private void Hole(IOperation value, string? format)
    {
        _text.Append(SqlLexer.HoleMark).Append(_holes.Count.ToString(CultureInfo.InvariantCulture)).Append(SqlLexer.HoleMark);
        _holes.Add(new(value, format));
    }

    /// <summary>One value, or one value and what is added to it; null where branches give it different ones.</summary>
    private List<IOperation>? LocalText(ILocalReferenceOperation local)
    {
        if (_bodies.Containing(local.Syntax, _cancellationToken) is not { } body)
        {
            return null;
        }

        var parts = new List<IOperation>();
        foreach (var declarator in body.Declarators(local.Local))
        {
            if (declarator.GetVariableInitializer() is { } initializer)
            {
                parts.Add(initializer.Value);
            }
        }

        var isSet = parts.Count > 0;
        foreach (var reference in body.ReferencesTo(local.Local))
        {
            switch (reference.Parent)
            {
                case ISimpleAssignmentOperation assignment when assignment.Target == reference:
                    if (isSet && parts.Any(part => part.ConstantValue is not { HasValue: true, Value: "" or null }))
                    {
                        return null;
                    }

                    isSet = true;
                    parts.Add(assignment.Value);
                    break;
                case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add } assignment when assignment.Target == reference:
                    parts.Add(assignment.Value);
                    break;
            }
        }

        return parts;
    }

    private IOperation? Getter(IPropertySymbol property)
    {
        var declaration = property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellationToken) as Microsoft.CodeAnalysis.CSharp.Syntax.PropertyDeclarationSyntax;
        var node = (SyntaxNode?)declaration?.ExpressionBody ?? declaration?.Initializer;
        return node is null ? null : ValueOf(_bodies.Containing(node, _cancellationToken));
    }

    private static IOperation? ValueOf(MemberBody? body) => body?.Root switch
    {
        ISymbolInitializerOperation initializer => initializer.Value,
        IBlockOperation { Operations: { Length: 1 } operations } when operations[0] is IReturnOperation { ReturnedValue: { } value } => value,
        _ => null,
    };
}
