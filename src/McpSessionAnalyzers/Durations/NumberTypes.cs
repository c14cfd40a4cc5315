using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Durations;

/// <summary>Number types, nullable or not, as durations see them.</summary>
internal static class NumberTypes
{
    public static ITypeSymbol? Underlying(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    public static bool IsNullable(ITypeSymbol? type) => type?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    /// <summary><c>double</c>, <c>float</c> or <c>decimal</c>.</summary>
    public static bool IsFloating(ITypeSymbol? type) =>
        Underlying(type)?.SpecialType is SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal;

    public static bool IsInteger(ITypeSymbol? type) => Underlying(type)?.SpecialType is
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr || IsNarrow(type);

    /// <summary>Integers of 32 bits and fewer, which hold no more than 24.8 (unsigned: 49.7) days of milliseconds.</summary>
    public static bool IsNarrow(ITypeSymbol? type) => Underlying(type)?.SpecialType is
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int16 or SpecialType.System_UInt16
        or SpecialType.System_Byte or SpecialType.System_SByte;

    public static double? ToDouble(object constant) => constant switch
    {
        double number => number,
        float number => number,
        decimal number => (double)number,
        int number => number,
        long number => number,
        _ => null,
    };
}
