using System.Collections.Immutable;
using System.Globalization;
using McpSessionAnalyzers.Durations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Persistence;

/// <summary>
/// MSA3002: a cast makes a small integer of a duration on its way to storage.
/// <code>
/// row.DurationMs = (int)elapsed.TotalMilliseconds;                       // reported
/// row.DurationMs = checked((int)Math.Round(elapsed.TotalMilliseconds));  // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DurationNarrowedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.DurationNarrowed);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => StorageRule.Register(start, Interest, Report));
    }

    private static StoredDuration? Interest(IOperation value, string? name, DurationFacts facts, DurationTracer tracer, CancellationToken cancellationToken)
    {
        // A timeout or delay is a setting: it was chosen, not measured.
        if (name is not null && DurationNames.IsSetting(name))
        {
            return null;
        }

        var cast = NarrowingCasts.Of(value, facts, cancellationToken).FirstOrDefault(found => tracer.Trace(found.Operand) is { IsWhole: false });
        return cast is null ? null : new(value, new[] { cast }, tracer.Trace(cast.Operand)!);
    }

    private static Diagnostic? Report(StoredDuration stored, ColumnEvidence column)
    {
        var cast = (IConversionOperation)stored.Leaves[0];

        // Into a record without a column in sight, a name alone is too little; and whole days or hours are meant to be cut off.
        if (column.Strength == EvidenceStrength.Member && (!stored.Duration.IsMeasured || stored.Duration.Unit is DurationUnit.Days or DurationUnit.Hours))
        {
            return null;
        }

        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(DurationProperties.Numbers, string.Format(CultureInfo.InvariantCulture, "{0}+{1}", cast.Operand.Syntax.SpanStart, cast.Operand.Syntax.Span.Length))
            .Add(DurationProperties.Unit, stored.Duration.Unit.ToString());
        return Diagnostic.Create(
            Descriptors.DurationNarrowed,
            cast.Syntax.GetLocation(),
            properties,
            cast.Syntax.ToString() is { Length: <= 80 } text && !text.Contains('\n') ? text : "the cast",
            Longest(NumberTypes.Underlying(cast.Type)!.SpecialType, stored.Duration.Unit),
            column.Reason);
    }

    private static string Longest(SpecialType type, DurationUnit unit) => (type, unit) switch
    {
        (SpecialType.System_Int32, DurationUnit.Milliseconds) => "24.8 days",
        (SpecialType.System_UInt32, DurationUnit.Milliseconds) => "49.7 days",
        (SpecialType.System_Int16, DurationUnit.Milliseconds) => "32.8 seconds",
        (SpecialType.System_UInt16, DurationUnit.Milliseconds) => "65.5 seconds",
        _ => "what the type holds",
    };
}
