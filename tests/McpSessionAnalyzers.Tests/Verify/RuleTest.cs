using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Tests;

/// <summary>What the tests of all rules have in common: today's project settings, and a prelude of usings.</summary>
internal static class RuleTest
{
    public const string PreludePath = "/0/Usings.cs";

    /// <summary>A test that never ends should be one failure, not a suite that hangs. No test comes near it.</summary>
    public static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(2);

#if THOROUGH
    public const bool IsThorough = true;
#else
    public const bool IsThorough = false;
#endif

    /// <summary>What the driver does, not the analyzer, and alike on every host: each costs an analysis of its own.</summary>
    public const TestBehaviors SkippedOnOlderHosts = IsThorough ? TestBehaviors.None : TestBehaviors.SkipGeneratedCodeCheck | TestBehaviors.SkipSuppressionCheck;

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
        if (state.OutputKind is null && state.Sources.Exists(source => Code.HasTopLevelStatements(source.content.ToString())))
        {
            state.OutputKind = OutputKind.ConsoleApplication;
        }
    }

    /// <summary>Off the caller's thread, so that the limit also holds for code that never awaits.</summary>
    public static Task WithHangLimit(Func<Task> run, CancellationToken cancellationToken) => Task.Run(run, cancellationToken).WaitAsync(HangLimit, cancellationToken);

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
