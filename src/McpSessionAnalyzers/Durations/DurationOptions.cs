using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Durations;

/// <summary>What a user adds in <c>.editorconfig</c>. Facts of a whole compilation take the union over its files.</summary>
internal sealed class DurationOptions
{
    private const string Prefix = "mcp_session_analyzers.";

    private readonly ImmutableArray<string> _schemaFiles;

    private DurationOptions(ImmutableHashSet<string> names, ImmutableHashSet<string> integerColumns, ImmutableArray<string> schemaFiles)
    {
        DurationNames = names;
        IntegerColumns = integerColumns;
        _schemaFiles = schemaFiles;
    }

    /// <summary><c>duration_names</c>: variables and members that measure time, whatever they are called.</summary>
    public ImmutableHashSet<string> DurationNames { get; }

    /// <summary><c>integer_columns</c>: columns that hold integers, as <c>column</c> or <c>table.column</c>.</summary>
    public ImmutableHashSet<string> IntegerColumns { get; }

    /// <summary><c>schema_files</c>: additional files that hold the schema and are no <c>*.sql</c>, by name or end of path.</summary>
    public bool IsSchemaFile(string path)
    {
        var normalized = path.Replace('\\', '/');
        return SchemaTexts.IsSqlFile(path) || _schemaFiles.Any(file => normalized.EndsWith(file.TrimStart('*'), StringComparison.OrdinalIgnoreCase));
    }

    public static DurationOptions Of(Compilation compilation, AnalyzerOptions options)
    {
        var names = ImmutableHashSet.CreateBuilder<string>(StringComparer.OrdinalIgnoreCase);
        var columns = ImmutableHashSet.CreateBuilder<string>(StringComparer.OrdinalIgnoreCase);
        var files = ImmutableHashSet.CreateBuilder<string>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<AnalyzerConfigOptions> { options.AnalyzerConfigOptionsProvider.GlobalOptions };
        Add(options.AnalyzerConfigOptionsProvider.GlobalOptions);
        foreach (var tree in compilation.SyntaxTrees)
        {
            // Files of one folder share their options.
            if (options.AnalyzerConfigOptionsProvider.GetOptions(tree) is var own && seen.Add(own))
            {
                Add(own);
            }
        }

        return new(names.ToImmutable(), columns.ToImmutable(), files.OrderBy(file => file, StringComparer.Ordinal).ToImmutableArray());

        void Add(AnalyzerConfigOptions values)
        {
            names.UnionWith(Values(values, "duration_names"));
            columns.UnionWith(Values(values, "integer_columns"));
            files.UnionWith(Values(values, "schema_files"));
        }
    }

    private static IEnumerable<string> Values(AnalyzerConfigOptions options, string name) =>
        options.TryGetValue(Prefix + name, out var value)
            ? value.Split(new[] { ',', '|', ';' }, StringSplitOptions.RemoveEmptyEntries).Select(part => part.Trim()).Where(part => part.Length > 0)
            : Enumerable.Empty<string>();
}
