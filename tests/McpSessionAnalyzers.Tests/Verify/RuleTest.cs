using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Tests;

/// <summary>What the tests of all rules have in common: today's project settings, and a prelude of usings.</summary>
internal static class RuleTest
{
    private const string PreludePath = "/0/Usings.cs";

    public static CSharpCompilationOptions CompilationOptions { get; } = new(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>The usings that the SDK implies for a web project, and those of the MCP SDK where it is referenced.</summary>
    public static void AddPrelude(SolutionState state, ReferenceAssemblies references)
    {
        if (state.Sources.Count > 0 && !state.Sources.Exists(source => source.filename == PreludePath))
        {
            state.Sources.Add((PreludePath, Prelude(references)));
        }
    }

    /// <summary>Top-level statements make a program.</summary>
    public static void SetOutputKind(SolutionState state)
    {
        if (state.OutputKind is null && state.Sources.Exists(source => HasTopLevelStatements(source.content.ToString())))
        {
            state.OutputKind = OutputKind.ConsoleApplication;
        }
    }

    private static bool HasTopLevelStatements(string source)
    {
        TestFileMarkupParser.GetSpans(source, treatPositionIndicatorsAsCode: true, out var code, out _);
        return CSharpSyntaxTree.ParseText(code).GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
    }

    private static string Prelude(ReferenceAssemblies references)
    {
        string[] implied =
        [
            "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
            "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration",
            "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging", "Microsoft.Extensions.AI",
        ];
        var mcp = references == References.NoMcp ? [] : new[] { "ModelContextProtocol.Client", "ModelContextProtocol.Protocol" };
        return string.Concat(implied.Concat(mcp).Select(name => $"global using {name};\n"));
    }
}
