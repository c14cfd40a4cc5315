using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Reads what the <c>Up()</c> of an EF Core migration makes of tables and columns. <c>Down()</c> is ignored.</summary>
internal static class MigrationReader
{
    /// <summary>The id that orders migrations; null where the attribute is missing.</summary>
    public static string? IdOf(INamedTypeSymbol migration) => migration.GetAttributes()
        .FirstOrDefault(attribute => attribute.AttributeClass?.Name == "MigrationAttribute")?.ConstructorArguments.FirstOrDefault().Value as string;

    public static ImmutableArray<SqlDefinition> Read(ClassDeclarationSyntax migration, SemanticModel semantics, CancellationToken cancellationToken)
    {
        var up = migration.Members.OfType<MethodDeclarationSyntax>().FirstOrDefault(method => method.Identifier.ValueText == "Up");
        if (up is null)
        {
            return ImmutableArray<SqlDefinition>.Empty;
        }

        var definitions = ImmutableArray.CreateBuilder<SqlDefinition>();
        foreach (var node in up.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (node.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CreateTable" or "AddColumn" or "AlterColumn" or "DropColumn" or "RenameColumn" or "RenameTable" or "DropTable" }
                && semantics.GetOperation(node, cancellationToken) is IInvocationOperation call
                && Read(call) is { } definition)
            {
                definitions.Add(definition);
            }
        }

        return definitions.ToImmutable();
    }

    private static SqlDefinition? Read(IInvocationOperation call)
    {
        var name = Text(call, "name");
        switch (call.TargetMethod.Name)
        {
            case "CreateTable" when name is not null:
                return new(SqlDefinitionKind.CreateTable, new(Text(call, "schema"), name), Columns(call));
            case "AddColumn" or "AlterColumn" when name is not null && Text(call, "table") is { } table:
                return new(SqlDefinitionKind.SetColumn, new(Text(call, "schema"), table), ImmutableArray.Create(Column(call, name)));
            case "DropColumn" when name is not null && Text(call, "table") is { } table:
                return new(SqlDefinitionKind.DropColumn, new(Text(call, "schema"), table), ImmutableArray.Create(new SqlColumn(name, SqlColumnKind.Unknown, string.Empty)));
            case "RenameColumn" when name is not null && Text(call, "table") is { } table:
                return new(SqlDefinitionKind.RenameColumn, new(Text(call, "schema"), table), ImmutableArray.Create(new SqlColumn(name, SqlColumnKind.Unknown, string.Empty)), Text(call, "newName"));
            case "RenameTable" when name is not null:
                return new(SqlDefinitionKind.RenameTable, new(Text(call, "schema"), name), ImmutableArray<SqlColumn>.Empty, Text(call, "newName"));
            case "DropTable" when name is not null:
                return new(SqlDefinitionKind.DropTable, new(Text(call, "schema"), name), ImmutableArray<SqlColumn>.Empty);
            default:
                return null;
        }
    }

    /// <summary><c>columns: table => new { DurationMs = table.Column&lt;int&gt;(type: "integer") }</c></summary>
    private static ImmutableArray<SqlColumn> Columns(IInvocationOperation call)
    {
        var columns = ImmutableArray.CreateBuilder<SqlColumn>();
        foreach (var creation in call.Descendants().OfType<IAnonymousObjectCreationOperation>())
        {
            foreach (var assignment in creation.Initializers.OfType<ISimpleAssignmentOperation>())
            {
                if (assignment.Target is IPropertyReferenceOperation { Property.Name: var property } && ColumnCall(assignment.Value) is { } column)
                {
                    columns.Add(Column(column, Text(column, "name") ?? property));
                }
            }
        }

        return columns.ToImmutable();
    }

    /// <summary>Through <c>.Annotation(…)</c>.</summary>
    private static IInvocationOperation? ColumnCall(IOperation value)
    {
        for (var depth = 0; depth < 16 && LocalValues.Unwrap(value) is IInvocationOperation call; depth++)
        {
            if (call.TargetMethod.Name == "Column")
            {
                return call;
            }

            if (call.Instance is null)
            {
                return null;
            }

            value = call.Instance;
        }

        return null;
    }

    private static SqlColumn Column(IInvocationOperation call, string name)
    {
        if (Text(call, "type") is { } type)
        {
            return new(name, SqlColumnKinds.OfSqlType(type), type);
        }

        var clr = call.TargetMethod.TypeArguments.FirstOrDefault();
        return new(name, SqlColumnKinds.OfClrType(clr), clr?.ToDisplayString() ?? string.Empty);
    }

    private static string? Text(IInvocationOperation call, string parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter)?.Value.ConstantValue.Value as string;
}
