using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Dapper: anonymous objects, dictionaries and DynamicParameters, matched with the SQL by parameter name. Rows of named types are <see cref="StoredRows"/>.</summary>
internal static class DapperSinks
{
    public static void Find(IOperation operation, SinkContext context)
    {
        if (context.Types.Dapper.IsEmpty)
        {
            return;
        }

        if (operation is IInvocationOperation { TargetMethod.Name: "Add" } add && context.Types.DynamicParameters.Contains(add.TargetMethod.ContainingType))
        {
            Dynamic(add, context);
        }
        else if (RowOf(operation, context.Facts) is var (sql, row))
        {
            var writes = new Lazy<SqlWrites?>(() => Writes(sql, context.Facts, context.CancellationToken));
            foreach (var (name, value) in RowShapes.Members(Template(row, context), context))
            {
                context.Offer(value, () => context.Columns.OfParameter(new() { Name = name }, writes.Value), name);
            }
        }
    }

    /// <summary>The SQL and the row of a call of Dapper's, or of the command definition that stands for one.</summary>
    public static (IOperation Sql, IOperation Row)? RowOf(IOperation operation, DurationFacts facts)
    {
        var arguments = operation switch
        {
            IInvocationOperation call when facts.Types.Dapper.Contains(call.TargetMethod.ContainingType) => call.Arguments,
            IObjectCreationOperation creation when facts.Types.Dapper.Contains(creation.Type) => creation.Arguments,
            _ => default,
        };
        if (arguments.IsDefaultOrEmpty)
        {
            return null;
        }

        var sql = arguments.FirstOrDefault(argument => argument.Parameter is { Name: "sql" or "commandText", Type.SpecialType: SpecialType.System_String });
        var row = arguments.FirstOrDefault(argument => argument.Parameter?.Name is "param" or "parameters" && argument.ArgumentKind == ArgumentKind.Explicit);
        return sql is null || row is null ? null : (sql.Value, row.Value);
    }

    public static SqlWrites? Writes(IOperation sql, DurationFacts facts, CancellationToken cancellationToken)
    {
        var text = SqlText.Of(sql, facts.Bodies, cancellationToken).Text;
        return CommandTexts.IsSql(text) ? SqlWrites.Read(text, cancellationToken) : null;
    }

    /// <summary><c>new DynamicParameters(new { … })</c> has the row as its template.</summary>
    private static IOperation Template(IOperation row, SinkContext context)
    {
        row = LocalValues.Unwrap(row);
        if (row is ILocalReferenceOperation local && context.Types.DynamicParameters.Contains(local.Type)
            && context.BodyOf(local) is { } body && LocalValues.Of(local.Local, body) is { Count: 1 } values)
        {
            row = values[0];
        }

        return row is IObjectCreationOperation { Arguments: { Length: 1 } arguments } creation && context.Types.DynamicParameters.Contains(creation.Type) ? arguments[0].Value : row;
    }

    private static void Dynamic(IInvocationOperation add, SinkContext context)
    {
        var value = add.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "value");
        if (value is null || value.ArgumentKind == ArgumentKind.DefaultValue)
        {
            return;
        }

        var parameter = new ParameterDescription { Name = add.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "name")?.Value.ConstantValue.Value as string };
        var type = add.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "dbType" && argument.ArgumentKind == ArgumentKind.Explicit);
        if (type is not null && !LocalValues.Unwrap(type.Value).ConstantValue.Equals(new Optional<object?>(null)))
        {
            ParameterReader.SetKind(LocalValues.Unwrap(type.Value), parameter);
        }

        context.Offer(value.Value, () => context.Columns.OfParameter(parameter, SqlFor(add, context)), parameter.Name);
    }

    /// <summary>The text of the call that these parameters are given to.</summary>
    private static SqlWrites? SqlFor(IInvocationOperation add, SinkContext context)
    {
        if (add.Instance is null || CommandTexts.RootSymbol(add.Instance) is not { } symbol || context.BodyOf(add) is not { } body)
        {
            return null;
        }

        foreach (var call in body.Calls)
        {
            if (RowOf(call, context.Facts) is var (sql, row) && SymbolEqualityComparer.Default.Equals(CommandTexts.RootSymbol(row), symbol))
            {
                return Writes(sql, context.Facts, context.CancellationToken);
            }
        }

        return null;
    }
}
