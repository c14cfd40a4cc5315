using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>What measures time, in .NET: timestamps, their frequency, and stopwatches.</summary>
internal static class Clocks
{
    /// <summary>Points in time as integers: what is left of two of them is a duration.</summary>
    public static DurationUnit? TimestampUnitOf(IOperation operation) => LocalValues.Unwrap(operation) switch
    {
        IPropertyReferenceOperation { Property: { Name: "TickCount" or "TickCount64", ContainingType.Name: "Environment" } } => DurationUnit.Milliseconds,
        IPropertyReferenceOperation { Property: { Name: "Ticks", ContainingType.Name: "DateTime" or "DateTimeOffset" } } => DurationUnit.Ticks,
        IInvocationOperation { TargetMethod: { Name: "ToUnixTimeMilliseconds", ContainingType.Name: "DateTimeOffset" } } => DurationUnit.Milliseconds,
        IInvocationOperation { TargetMethod: { Name: "ToUnixTimeSeconds", ContainingType.Name: "DateTimeOffset" } } => DurationUnit.Seconds,
        _ => null,
    };

    public static bool IsFrequency(IOperation operation) => operation is IFieldReferenceOperation
    {
        Field: { Name: "Frequency", ContainingType: { Name: "Stopwatch", ContainingNamespace.Name: "Diagnostics" } },
    } or IPropertyReferenceOperation { Property: { Name: "TimestampFrequency", ContainingType.Name: "TimeProvider" } };

    public static bool IsStopwatch(ITypeSymbol type) => type is { Name: "Stopwatch", ContainingNamespace: { Name: "Diagnostics", ContainingNamespace.Name: "System" } };
}
