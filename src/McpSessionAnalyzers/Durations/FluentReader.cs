using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Reads one call of EF Core's fluent configuration: which member it speaks of, and what it says.</summary>
internal sealed class FluentReader
{
    private readonly DurationFacts _facts;
    private readonly CancellationToken _cancellationToken;

    public FluentReader(DurationFacts facts, CancellationToken cancellationToken)
    {
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The entity whose builder the call is made on or makes.</summary>
    public INamedTypeSymbol? EntityOf(IInvocationOperation call) =>
        call.TargetMethod is { Name: "Entity", TypeArguments: { Length: 1 } types } ? types[0] as INamedTypeSymbol : BuiltBy(Receiver(call)?.Type);

    public (ISymbol Member, FluentMapping Mapping)? MappingOf(IInvocationOperation call)
    {
        var scope = call.Syntax.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>() is { } method ? method.SyntaxTree.FilePath + method.SpanStart : string.Empty;
        switch (call.TargetMethod.Name)
        {
            case "HasColumnType" when Member(Receiver(call), 0) is { } member && Text(call, 0) is { } type:
                return (member, new(scope, SqlColumnKinds.OfSqlType(type), $"a column of the type {type}"));
            case "HasColumnName" when Member(Receiver(call), 0) is { } member && Text(call, 0) is { } name:
                return (member, new(scope, SqlColumnKind.Unknown, string.Empty, ColumnName: name));
            case "HasConversion" when Member(Receiver(call), 0) is { } member:
                var kind = Converted(call);
                return (member, new(scope, kind, "an integer by a converter that does not round", IsConverter: true));
            case "Ignore" when BuiltBy(Receiver(call)?.Type) is { } entity && Selected(call, entity) is { } member:
                return (member, new(scope, SqlColumnKind.Unknown, string.Empty, IsIgnored: true));
            default:
                return null;
        }
    }

    /// <summary>The n-th text that the call is given.</summary>
    public static string? Text(IInvocationOperation call, int index) => call.Arguments
        .Where(argument => argument.Parameter?.Type.SpecialType == SpecialType.System_String && !IsReceiver(call, argument))
        .Skip(index).FirstOrDefault()?.Value.ConstantValue.Value as string;

    private static bool IsReceiver(IInvocationOperation call, IArgumentOperation argument) => call.Instance is null && call.TargetMethod.IsExtensionMethod && argument.Parameter?.Ordinal == 0;

    private static IOperation? Receiver(IInvocationOperation call) =>
        call.Instance ?? (call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? call.Arguments[0].Value : null);

    private static INamedTypeSymbol? BuiltBy(ITypeSymbol? builder) =>
        builder is INamedTypeSymbol { Name: "EntityTypeBuilder" or "OwnedNavigationBuilder" or "ComplexPropertyBuilder", TypeArguments: { Length: > 0 } types }
            ? types[types.Length - 1] as INamedTypeSymbol
            : null;

    /// <summary>The member behind <c>b.Property(x => x.Member)</c>, through further calls of the chain.</summary>
    private ISymbol? Member(IOperation? builder, int depth)
    {
        if (builder is null || depth > 16)
        {
            return null;
        }

        switch (LocalValues.Unwrap(builder))
        {
            case IInvocationOperation { TargetMethod.Name: "Property" or "PrimitiveCollection" } property:
                return Selected(property, BuiltBy(Receiver(property)?.Type));
            case IInvocationOperation call:
                return Member(Receiver(call), depth + 1);
            case ILocalReferenceOperation local when _facts.BodyOf(local, _cancellationToken) is { } body && LocalValues.Of(local.Local, body) is { Count: 1 } values:
                return Member(values[0], depth + 1);
            default:
                return null;
        }
    }

    private static ISymbol? Selected(IInvocationOperation call, INamedTypeSymbol? entity)
    {
        foreach (var argument in call.Arguments)
        {
            if (SelectedBy(argument.Value) is { } member)
            {
                return member;
            }

            if (entity is not null && !IsReceiver(call, argument) && argument.Value.ConstantValue is { HasValue: true, Value: string name })
            {
                for (var type = entity; type is not null; type = type.BaseType)
                {
                    if (type.GetMembers(name).FirstOrDefault() is { } found)
                    {
                        return found;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The member that <c>x => x.Member</c> selects.</summary>
    public static ISymbol? SelectedBy(IOperation value) =>
        LocalValues.Unwrap(value) is IAnonymousFunctionOperation { Body.Operations: { Length: 1 } operations }
        && operations[0] is IReturnOperation { ReturnedValue: { } returned }
        && LocalValues.Unwrap(returned) is IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference
            ? reference.Member
            : null;

    private SqlColumnKind Converted(IInvocationOperation call)
    {
        var arguments = call.Arguments.Where(argument => !IsReceiver(call, argument) && argument.ArgumentKind == ArgumentKind.Explicit).ToList();
        if (arguments.Count == 0)
        {
            // HasConversion<int>() and HasConversion<MyConverter>(); with lambdas the type argument is only inferred.
            return call.TargetMethod.TypeArguments.FirstOrDefault() is INamedTypeSymbol named ? OfType(named) : SqlColumnKind.Other;
        }

        foreach (var argument in arguments)
        {
            switch (LocalValues.Unwrap(argument.Value))
            {
                case ITypeOfOperation { TypeOperand: INamedTypeSymbol type }:
                    return OfType(type);
                case IAnonymousFunctionOperation lambda:
                    return OfLambda(lambda);
                case IObjectCreationOperation { Type: INamedTypeSymbol converter } creation:
                    var toProvider = creation.Arguments.Select(a => LocalValues.Unwrap(a.Value)).OfType<IAnonymousFunctionOperation>().FirstOrDefault();
                    return toProvider is null ? OfType(converter) : OfLambda(toProvider);
                case ILocalReferenceOperation local when _facts.BodyOf(local, _cancellationToken) is { } body && LambdaIn(LocalValues.Of(local.Local, body)) is { } first:
                    return OfLambda(first);
                case IFieldReferenceOperation field when LambdaIn(FieldValues.Of(field.Field, _facts.Bodies, _cancellationToken)) is { } kept:
                    return OfLambda(kept);
            }
        }

        return SqlColumnKind.Other;
    }

    private static IAnonymousFunctionOperation? LambdaIn(IEnumerable<IOperation> values) => values.Select(LocalValues.Unwrap).OfType<IObjectCreationOperation>()
        .SelectMany(made => made.Arguments).Select(a => LocalValues.Unwrap(a.Value)).OfType<IAnonymousFunctionOperation>().FirstOrDefault();

    private SqlColumnKind OfType(INamedTypeSymbol type)
    {
        if (NumberTypes.IsInteger(type))
        {
            return SqlColumnKinds.OfClrType(type);
        }

        // A converter class: the lambda that it gives to its base says whether it rounds.
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current is { Name: "ValueConverter", TypeArguments: { Length: 2 } types } && NumberTypes.IsInteger(types[1]))
            {
                var source = type.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellationToken).ToString();
                return source is null || Rounds(source) ? SqlColumnKind.Other : SqlColumnKinds.OfClrType(types[1]);
            }
        }

        return SqlColumnKind.Other;
    }

    private static SqlColumnKind OfLambda(IAnonymousFunctionOperation lambda) =>
        !NumberTypes.IsInteger(lambda.Symbol.ReturnType) || lambda.Body.Descendants().OfType<IInvocationOperation>().Any()
            ? SqlColumnKind.Other
            : SqlColumnKinds.OfClrType(lambda.Symbol.ReturnType);

    private static bool Rounds(string source) =>
        source.Contains("Round(") || source.Contains("Floor(") || source.Contains("Ceiling(") || source.Contains("Truncate(") || source.Contains("Convert.");
}
