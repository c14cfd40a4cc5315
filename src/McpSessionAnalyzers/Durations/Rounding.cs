using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>The methods of .NET that round.</summary>
internal static class Rounding
{
    public static bool IsMath(ITypeSymbol? type) =>
        type is { Name: "Math" or "MathF", ContainingNamespace.Name: "System" }
        || type?.SpecialType is SpecialType.System_Double or SpecialType.System_Decimal or SpecialType.System_Single;

    /// <summary>Rounding to digits keeps a fraction.</summary>
    public static bool IsRounding(IInvocationOperation call) =>
        call.TargetMethod.Name is "Floor" or "Ceiling" or "Truncate" or "Round"
        && call.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.SpecialType == SpecialType.System_Int32) is var digits
        && (digits is null || digits.Value.ConstantValue is { HasValue: true, Value: 0 });
}
