using System.Collections.Immutable;
using System.Globalization;
using McpSessionAnalyzers.Durations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Persistence;

/// <summary>
/// MSA3001: a measured duration, which is a floating-point number, goes to an integer column.
/// <code>
/// command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Integer, stopwatch.Elapsed.TotalMilliseconds);              // reported
/// command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Integer, DurationMilliseconds.ToInt32(stopwatch.Elapsed)); // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FloatDurationInIntegerColumnAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.FloatDurationInIntegerColumn);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            StorageRule.Register(start, Interest, Report);
            UnassignedMembers.Register(start, ReportMember);
        });
    }

    private static StoredDuration? Interest(IOperation value, string? name, DurationFacts facts, DurationTracer tracer, CancellationToken cancellationToken)
    {
        var numbers = new List<IOperation>();
        var known = default(DurationValue);
        foreach (var leaf in DurationLeaves.Of(value, facts, cancellationToken))
        {
            if (NumberTypes.IsFloating(leaf.Type) && !leaf.ConstantValue.HasValue && (tracer.Trace(leaf) ?? tracer.ByTarget(leaf, name)) is { } duration)
            {
                numbers.Add(leaf);
                known = known is null ? duration : known with { IsWhole = known.IsWhole && duration.IsWhole };
            }
        }

        return known is null ? null : new(value, numbers, known);
    }

    private static Diagnostic? Report(StoredDuration stored, ColumnEvidence column)
    {
        // Providers look at the type: a whole double is refused by an integer parameter all the same.
        if (column.Strength == EvidenceStrength.Member || stored.Duration.IsWhole && column.Strength != EvidenceStrength.Parameter)
        {
            return null;
        }

        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(DurationProperties.Numbers, string.Join(",", DurationLeaves.Outermost(stored.Value).Select(leaf => string.Format(CultureInfo.InvariantCulture, "{0}+{1}", leaf.Syntax.SpanStart, leaf.Syntax.Span.Length))))
            .Add(DurationProperties.Unit, stored.Duration.Unit.ToString());
        if (column.Kind.IsInteger())
        {
            properties = properties.Add(DurationProperties.Integer, column.Kind == SqlColumnKind.BigInteger ? "long" : "int");
        }

        if (column.KeepsType)
        {
            properties = properties.Add(DurationProperties.KeepsType, string.Empty);
        }

        var number = stored.Leaves[0];
        return Create(stored.Value.Syntax.GetLocation(), column, properties, Shown(number), stored.Duration.Unit);
    }

    private static Diagnostic ReportMember(IPropertySymbol member, ColumnEvidence column, DurationUnit unit) => Create(
        member.Locations[0],
        column,
        ImmutableDictionary<string, string?>.Empty.Add(DurationProperties.NoFix, string.Empty),
        $"{member.ContainingType.Name}.{member.Name}",
        unit);

    private static Diagnostic Create(Location location, ColumnEvidence column, ImmutableDictionary<string, string?> properties, string number, DurationUnit unit) => Diagnostic.Create(
        Descriptors.FloatDurationInIntegerColumn,
        location,
        column.Strength == EvidenceStrength.Name ? DiagnosticSeverity.Info : Descriptors.FloatDurationInIntegerColumn.DefaultSeverity,
        additionalLocations: null,
        properties,
        number,
        unit.Plural(),
        column.Reason);

    private static string Shown(IOperation number) =>
        number.Syntax.ToString() is { Length: <= 60 } text && !text.Contains('\n') ? text : "the value";
}
