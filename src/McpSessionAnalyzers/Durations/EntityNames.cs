using System.Text;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Durations;

/// <summary>The names of tables and columns that stand for types and members, by attribute or convention.</summary>
internal static class EntityNames
{
    /// <summary>What the table of a type may be called, the explicit name alone where there is one.</summary>
    public static IEnumerable<string> Tables(ITypeSymbol type, IEnumerable<string>? sets)
    {
        foreach (var attribute in type.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "TableAttribute" && attribute.ConstructorArguments.Length > 0 && attribute.ConstructorArguments[0].Value is string name)
            {
                var schema = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Schema").Value.Value as string;
                return new[] { schema is null ? name : $"{schema}.{name}" };
            }
        }

        // EF Core calls the table as the set, and only without one as the type.
        return (sets ?? new[] { type.Name }).SelectMany(name => new[] { name, Snake(name) }).Distinct();
    }

    /// <summary>What the column of a member may be called.</summary>
    public static IEnumerable<string> Columns(ISymbol member)
    {
        foreach (var attribute in member.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "ColumnAttribute" && attribute.ConstructorArguments.Length > 0 && attribute.ConstructorArguments[0].Value is string name)
            {
                return new[] { name };
            }
        }

        return new[] { member.Name, Snake(member.Name) }.Distinct();
    }

    /// <summary>DurationMs: duration_ms.</summary>
    public static string Snake(string name)
    {
        var snake = new StringBuilder();
        foreach (var word in DurationNames.Words(name))
        {
            snake.Append(snake.Length > 0 ? "_" : string.Empty).Append(word);
        }

        return snake.ToString();
    }
}
