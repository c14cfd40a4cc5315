#if THOROUGH
using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using McpSessionAnalyzers.Harness;
using McpSessionAnalyzers.Tests.Documentation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Tests;

/// <summary>
/// The rows of all rules' tests and the samples as one compilation of many files: it is reported the same whoever comes first, in whatever order the files stand, and
/// after any edit that changes no code.
/// </summary>
public sealed class StabilityTests
{
    // Every so many rows: enough to have all rules speak, and few enough to be bound several times over.
    private const int Stride = 8;

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static readonly Lazy<Task<(Project Project, ImmutableArray<string> Reports)>> Whole = new(async () =>
    {
        var project = Code.Project(References.Default, [.. Sources()]);
        return (project, await ReportsAsync(project));
    });

    [Fact]
    public async Task RunsInSequenceAsConcurrently()
    {
        var (project, reports) = await Whole.Value;
        Assert.True(reports.Length > 20, "The rows have too few reports to show anything.");
        Assert.Contains(reports, report => report.Contains("ResearchAgent.ChatStreamAsync", StringComparison.Ordinal));
        Assert.Equal(reports, await ReportsAsync(project, concurrent: false));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task FilesStandInAnyOrder(int seed)
    {
        var (project, reports) = await Whole.Value;
        var documents = project.Documents.ToArray();
        new Random(seed).Shuffle(documents);
        foreach (var document in documents)
        {
            var text = await document.GetTextAsync(Token);
            project = project.RemoveDocument(document.Id).AddDocument(document.Name, text, document.Folders, document.FilePath).Project;
        }

        Assert.Equal(reports, await ReportsAsync(project));
    }

    [Fact]
    public async Task EditsThatChangeNoCodeChangeNoReport()
    {
        var (project, reports) = await Whole.Value;
        foreach (var id in project.DocumentIds)
        {
            var document = project.GetDocument(id)!;
            var text = await document.GetTextAsync(Token);
            project = document.WithText(SourceText.From($"{text}\n\n// {id}: CreateAsync, DisposeAsync, AddSingleton\n", text.Encoding)).Project;
        }

        project = project.AddDocument("Unrelated.cs", "namespace Unrelated { class Client { Client _mcp; void DisposeAsync() => _mcp = new(); } }", filePath: "/0/A.cs").Project;
        Assert.Equal(reports, await ReportsAsync(project));
    }

    private static async Task<ImmutableArray<string>> ReportsAsync(Project project, bool concurrent = true) =>
    [
        .. (await Analysis.RunAsync(project, EveryAnalyzerTests.Analyzers, concurrent, Token))
            .Select(diagnostic => $"{diagnostic} [{string.Join(", ", diagnostic.AdditionalLocations.Select(location => location.GetLineSpan()))}]")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Each row in a namespace of its own, and the samples, which have theirs; their top-level programs can't stand together.</summary>
    private static IEnumerable<string> Sources()
    {
        yield return """
            global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http;
            global using System.Threading; global using System.Threading.Tasks; global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Http;
            global using Microsoft.Extensions.AI; global using Microsoft.Extensions.DependencyInjection; global using Microsoft.Extensions.Hosting;
            global using Microsoft.Extensions.Logging; global using ModelContextProtocol.Client; global using ModelContextProtocol.Protocol;
            """;
        var rows = typeof(StabilityTests).Assembly.GetTypes()
            .Where(type => !type.Name.Contains("Fix", StringComparison.Ordinal) && type.Namespace != typeof(HarnessTests.VerifierTests).Namespace)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public))
            .Where(property => property.PropertyType == typeof(TheoryData<Case>))
            .SelectMany(property => ((IEnumerable)property.GetValue(null)!).Cast<ITheoryDataRow>())
            .Select(row => (Case)row.GetData()[0]!)
            .Where((_, number) => number % Stride == 0)
            .Select(row => Code.WithoutMarkup(row.Code))
            .Where(SourceVariant.CanBeNested);
        foreach (var (number, code) in rows.Index())
        {
            yield return SourceVariant.Nested(code, $"Row{number}");
        }

        foreach (var sample in RulePages.SampleFiles.Select(File.ReadAllText).Where(code => !Code.HasTopLevelStatements(code)))
        {
            yield return sample;
        }
    }
}
#endif
