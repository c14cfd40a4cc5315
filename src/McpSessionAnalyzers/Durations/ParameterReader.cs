using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Reads what is known of a parameter from its creation, its local's assignments and the collection that it is added to.</summary>
internal sealed class ParameterReader
{
    private readonly SinkContext _context;
    private readonly HashSet<SyntaxNode> _visited = new();
    private readonly HashSet<ISymbol> _locals = new(SymbolEqualityComparer.Default);

    public ParameterReader(SinkContext context) => _context = context;

    /// <summary>Describes the parameter that <paramref name="source"/> creates, adds or names.</summary>
    public ParameterDescription Describe(IOperation source)
    {
        var parameter = new ParameterDescription();
        Read(source, parameter);
        Place(parameter);
        return parameter;
    }

    private void Read(IOperation source, ParameterDescription parameter)
    {
        source = LocalValues.Unwrap(source);
        if (!_visited.Add(source.Syntax))
        {
            return;
        }

        switch (source)
        {
            case IObjectCreationOperation creation:
                Arguments(creation.Arguments, parameter);
                Initializer(creation, parameter);
                if (parameter.Kind == SqlColumnKind.Unknown && creation.Type is INamedTypeSymbol { TypeArguments: { Length: 1 } types } && NumberTypes.IsFloating(types[0]))
                {
                    // NpgsqlParameter<double> is a type too.
                    parameter.Kind = SqlColumnKind.Other;
                }

                parameter.Owner ??= OwnerOf(creation);
                Keeper(creation, parameter);
                break;
            case IInvocationOperation { TargetMethod.Name: "CreateParameter", Instance: { } command }:
                parameter.Owner ??= command;
                Keeper(source, parameter);
                break;
            case IInvocationOperation call when _context.Types.IsCollection(call.Instance?.Type):
                Arguments(call.Arguments, parameter);
                parameter.Owner ??= call.Instance;
                if (call.Arguments.Length > 0 && _context.Types.IsParameter(LocalValues.Unwrap(call.Arguments[0].Value).Type))
                {
                    Read(call.Arguments[0].Value, parameter);
                }

                Keeper(call, parameter);
                break;
            case IPropertyReferenceOperation { Property.IsIndexer: true, Arguments: { Length: 1 } arguments, Instance: { } collection }:
                parameter.Name = arguments[0].Value.ConstantValue.Value as string;
                parameter.Owner ??= collection;
                FromAdds(parameter, arguments[0].Value.ConstantValue.Value as int?);
                break;
            case ILocalReferenceOperation local:
                Local(local.Local, local, parameter);
                break;
            case IFieldReferenceOperation { Field: var field }:
                Field(field, parameter);
                break;
        }
    }

    /// <summary>What is assigned to the parameter after its creation: through the local that keeps it, or at once.</summary>
    private void Keeper(IOperation created, ParameterDescription parameter)
    {
        var value = created;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        switch (value.Parent)
        {
            case IPropertyReferenceOperation { Parent: ISimpleAssignmentOperation assignment } property when assignment.Target == property:
                Assigned(property.Property.Name, assignment.Value, parameter);
                break;
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                Local(local, created, parameter);
                break;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } }:
                Local(local, created, parameter);
                break;
        }
    }

    private void Local(ILocalSymbol local, IOperation at, ParameterDescription parameter)
    {
        if (!_locals.Add(local) || _context.BodyOf(at) is not { } body)
        {
            return;
        }

        foreach (var value in LocalValues.Of(local, body))
        {
            Read(value, parameter);
        }

        foreach (var reference in body.ReferencesTo(local))
        {
            if (reference.Parent is IPropertyReferenceOperation { Parent: ISimpleAssignmentOperation assignment } property && assignment.Target == property)
            {
                Assigned(property.Property.Name, assignment.Value, parameter);
            }
            else
            {
                parameter.Owner ??= OwnerOf(reference);
            }
        }
    }

    private void Field(IFieldSymbol field, ParameterDescription parameter)
    {
        foreach (var value in FieldValues.Of(field, _context.Facts.Bodies, _context.CancellationToken))
        {
            Read(value, parameter);
        }
    }

    private static void Arguments(IEnumerable<IArgumentOperation> arguments, ParameterDescription parameter)
    {
        foreach (var argument in arguments)
        {
            var value = LocalValues.Unwrap(argument.Value);
            if (argument.ArgumentKind == ArgumentKind.DefaultValue)
            {
                continue;
            }

            if (StorageTypes.IsTypeEnumeration(value.Type) || argument.Parameter?.Type is { } declared && StorageTypes.IsTypeEnumeration(declared))
            {
                SetKind(value, parameter);
            }
            else if (argument.Parameter is { Type.SpecialType: SpecialType.System_String, Name: var name } && name.IndexOf("name", StringComparison.OrdinalIgnoreCase) >= 0
                && name.IndexOf("type", StringComparison.OrdinalIgnoreCase) < 0 && name.IndexOf("column", StringComparison.OrdinalIgnoreCase) < 0)
            {
                parameter.Name ??= value.ConstantValue.Value as string;
                parameter.NameFrom ??= (value as IParameterReferenceOperation)?.Parameter;
            }
        }
    }

    private static void Initializer(IObjectCreationOperation creation, ParameterDescription parameter)
    {
        foreach (var initializer in creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment)
            {
                Assigned(property.Property.Name, assignment.Value, parameter);
            }
        }
    }

    private static void Assigned(string property, IOperation value, ParameterDescription parameter)
    {
        switch (property)
        {
            case "ParameterName":
                parameter.Name = LocalValues.Unwrap(value).ConstantValue.Value as string;
                parameter.NameFrom = (LocalValues.Unwrap(value) as IParameterReferenceOperation)?.Parameter;
                break;
            case "DbType" or "NpgsqlDbType" or "SqlDbType" or "SqliteType" or "MySqlDbType" or "OracleDbType" or "OleDbType" or "OdbcType":
                SetKind(LocalValues.Unwrap(value), parameter);
                break;
            case "DataTypeName" or "TypeName" when value.ConstantValue is { HasValue: true, Value: string type }:
                parameter.Kind = SqlColumnKinds.OfSqlType(type);
                parameter.KindText = type;
                break;
        }
    }

    public static void SetKind(IOperation value, ParameterDescription parameter)
    {
        if (value is IFieldReferenceOperation { Field: { ContainingType.TypeKind: TypeKind.Enum } member })
        {
            parameter.Kind = SqlColumnKinds.OfEnumMember(member.Name);
            parameter.KindText = $"{member.ContainingType.Name}.{member.Name}";
        }
        else
        {
            // A type that is chosen at run time may be any.
            parameter.Kind = SqlColumnKind.Other;
            parameter.KindFrom = (value as IParameterReferenceOperation)?.Parameter;
        }
    }

    /// <summary>The collection that a parameter is added to, or the command in whose initializer it stands.</summary>
    private IOperation? OwnerOf(IOperation parameter)
    {
        var current = parameter.Parent;
        while (current is IConversionOperation or IParenthesizedOperation or IArrayInitializerOperation or IArrayCreationOperation or IArgumentOperation)
        {
            current = current.Parent;
        }

        if (current is not IInvocationOperation { Instance: { } instance } add || !_context.Types.IsCollection(instance.Type))
        {
            return null;
        }

        return add.Instance is IInstanceReferenceOperation ? InitializedOwner(add) : instance;
    }

    /// <summary><c>new Command(text) { Parameters = { … } }</c></summary>
    public static IOperation? InitializedOwner(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IMemberInitializerOperation { InitializedMember: IPropertyReferenceOperation { Property.Name: "Parameters" } })
            {
                for (var creation = current.Parent; creation is not null; creation = creation.Parent)
                {
                    if (creation is IObjectCreationOperation)
                    {
                        return creation;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>What <c>Parameters.Add("x", type)</c> elsewhere in the member says of the parameter that is named here.</summary>
    private void FromAdds(ParameterDescription parameter, int? index)
    {
        if (parameter.Owner is null || _context.BodyOf(parameter.Owner) is not { } body)
        {
            return;
        }

        var adds = Adds(parameter.Owner, body);
        var add = index is { } position
            ? position < adds.Count ? adds[position] : null
            : adds.FirstOrDefault(candidate => parameter.Name is { } wanted && NamesIn(candidate)
                .Any(name => string.Equals(name.TrimStart('@', ':', '$'), wanted.TrimStart('@', ':', '$'), StringComparison.OrdinalIgnoreCase)));
        if (add is not null)
        {
            Read(add, parameter);
        }
    }

    /// <summary>Of <c>Add("x", …)</c> and of <c>Add(new Parameter("x", …))</c>.</summary>
    private static IEnumerable<string> NamesIn(IInvocationOperation add) => add.Arguments
        .Concat(add.Arguments.SelectMany(a => LocalValues.Unwrap(a.Value) is IObjectCreationOperation creation ? creation.Arguments : ImmutableArray<IArgumentOperation>.Empty))
        .Select(a => a.Value.ConstantValue.Value as string)
        .Where(name => name is not null)!;

    private void Place(ParameterDescription parameter)
    {
        if (parameter.Name is { Length: > 0 } || parameter.NameFrom is not null || parameter.Owner is null || _context.BodyOf(parameter.Owner) is not { } body)
        {
            return;
        }

        var adds = Adds(parameter.Owner, body);
        parameter.Position = adds.FindIndex(add => _visited.Contains(add.Syntax)
            || add.Arguments.Any(a => _visited.Contains(LocalValues.Unwrap(a.Value).Syntax)));
    }

    /// <summary>All additions to one collection, in source order.</summary>
    private List<IInvocationOperation> Adds(IOperation owner, MemberBody body)
    {
        var symbol = CommandTexts.RootSymbol(owner);
        return body.Calls.OfType<IInvocationOperation>()
            .Where(call => call.TargetMethod.Name is "Add" or "AddWithValue"
                && call.Instance is { } instance
                && _context.Types.IsCollection(instance.Type)
                && (symbol is null
                    ? instance is IInstanceReferenceOperation && InitializedOwner(call)?.Syntax == owner.Syntax
                    : SymbolEqualityComparer.Default.Equals(CommandTexts.RootSymbol(instance), symbol)))
            .ToList();
    }
}
