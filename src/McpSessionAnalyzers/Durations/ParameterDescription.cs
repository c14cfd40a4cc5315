using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Durations;

/// <summary>What code says of one parameter of a command before its value is stored.</summary>
internal sealed class ParameterDescription
{
    public string? Name { get; set; }

    /// <summary>Its explicit type; unknown where it has none.</summary>
    public SqlColumnKind Kind { get; set; }

    /// <summary>"NpgsqlDbType.Integer".</summary>
    public string KindText { get; set; } = string.Empty;

    /// <summary>The helper's own parameter that names it: the caller of the helper gives the name.</summary>
    public IParameterSymbol? NameFrom { get; set; }

    /// <summary>The helper's own parameter that gives it its type.</summary>
    public IParameterSymbol? KindFrom { get; set; }

    /// <summary>The command or parameter collection that it belongs to.</summary>
    public IOperation? Owner { get; set; }

    /// <summary>Its place among the owner's parameters, for texts that number theirs; -1 where it can't be told.</summary>
    public int Position { get; set; } = -1;
}
