using Microsoft.CodeAnalysis.CSharp;
using Xunit.Sdk;

namespace McpSessionAnalyzers.Tests;

/// <summary>One row of a theory: a name that says what is special about the code, and the code.</summary>
/// <param name="name">Shown as the test's name.</param>
/// <param name="code">The source, with markup where a diagnostic is expected. Rows without markup say that the analyzer is silent.</param>
/// <param name="fixedCode">For fixes: what becomes of it. Null: no fix may be offered.</param>
public sealed class Case(string name, string code, string? fixedCode = null) : IXunitSerializable
{
    /// <summary>For xunit, which makes a row anew from what was serialized.</summary>
    [Obsolete("Called by xunit")]
    public Case()
        : this(string.Empty, string.Empty)
    {
    }

    public string Name { get; private set; } = name;

    public string Code { get; private set; } = code;

    public string? FixedCode { get; private set; } = fixedCode;

    /// <summary>The C# version that the code needs. A host that is older leaves the row out; it is no skipped test.</summary>
    public int CSharp { get; init; }

    /// <summary>The rows that this Roslyn host can parse.</summary>
    public static TheoryData<Case> For(params Case[] cases) => [.. cases.Where(row => row.CSharp <= NewestCSharp)];

    /// <summary>The newest C# version that the Roslyn of this test run knows: 11 on the floor.</summary>
    public static int NewestCSharp { get; } = (int)LanguageVersion.Default.MapSpecifiedToEffectiveVersion() / 100;

    public void Deserialize(IXunitSerializationInfo info)
    {
        Name = info.GetValue<string>(nameof(Name))!;
        Code = info.GetValue<string>(nameof(Code))!;
        FixedCode = info.GetValue<string>(nameof(FixedCode));
    }

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(Name), Name);
        info.AddValue(nameof(Code), Code);
        info.AddValue(nameof(FixedCode), FixedCode);
    }

    public override string ToString() => Name;
}
