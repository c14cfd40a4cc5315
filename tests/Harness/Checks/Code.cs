using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Harness;

/// <summary>Sources and projects for checks that are no test of one expectation.</summary>
public static class Code
{
    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>A project of these sources; markup in them is removed.</summary>
    public static Project Project(ReferenceAssemblies references, params string[] sources)
    {
        var state = new SolutionState("TestProject", LanguageNames.CSharp, "/0/Test", "cs");
        foreach (var source in sources)
        {
            state.Sources.Add(WithoutMarkup(source));
        }

        if (sources.Any(HasTopLevelStatements))
        {
            state.OutputKind = OutputKind.ConsoleApplication;
        }

        var parse = new CSharpParseOptions(LanguageVersion.Default, DocumentationMode.Diagnose);
        return TestSolution.Create(state, references, Options, parse, "TestProject", CancellationToken.None).Projects.Single();
    }

    public static string WithoutMarkup(string source)
    {
        TestFileMarkupParser.GetSpans(source, treatPositionIndicatorsAsCode: true, out var code, out _);
        return code;
    }

    /// <summary>Whether markup in the source expects a diagnostic; a keyed location alone doesn't.</summary>
    public static bool HasMarkup(string source)
    {
        TestFileMarkupParser.GetSpans(source, treatPositionIndicatorsAsCode: true, out _, out var spans);
        return spans.Keys.Any(name => !name.StartsWith('#'));
    }

    public static bool HasTopLevelStatements(string source) => Parse(source).Members.Any(member => member is GlobalStatementSyntax);

    /// <summary>The syntax of a source without its markup; of one whose markup is broken (a verifier says so better) with it.</summary>
    internal static CompilationUnitSyntax Parse(string source)
    {
        try
        {
            source = WithoutMarkup(source);
        }
        catch (ArgumentException)
        {
        }

        return CSharpSyntaxTree.ParseText(source).GetCompilationUnitRoot();
    }
}
