using System.Text.RegularExpressions;

namespace McpSessionAnalyzers.Package.Tests;

/// <summary>From the installed package to one session: build, fix, build, run.</summary>
public sealed partial class ConsumerTests(ConsumerSolution consumer) : IClassFixture<ConsumerSolution>
{
    public static TheoryData<string> Projects => [ConsumerSolution.WithRuntime, ConsumerSolution.AnalyzersOnly];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_build_reports_every_opening_in_one_go_and_nothing_else(string project)
    {
        Assert.Equal(ExpectedDiagnostics(), Diagnostics(consumer.FirstBuild, project));
    }

    [Fact]
    public async Task Before_the_fixes_the_program_opens_a_session_for_every_message()
    {
        await using var server = await EverythingServer.StartAsync();

        await RunAsync(consumer.ProgramBeforeTheFixes, "http", $"{server.Endpoint}");

        Assert.Equal((9, 9), await server.StopAndCountSessionsAsync());
    }

    private static async Task<string> RunAsync(string program, params string[] arguments) =>
        (await Cli.DotnetAsync(Repository.Root, [program, .. arguments])).Succeeded();

    private static string[] Lines(string output) => output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The places that the program's source marks with the id of a rule.</summary>
    private static List<string> ExpectedDiagnostics() =>
    [
        .. from file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Consumer"), "*.cs")
           from numbered in File.ReadLines(file).Select((line, index) => (line, number: index + 1))
           let mark = Mark().Match(numbered.line)
           where mark.Success
           orderby Path.GetFileName(file), numbered.number
           select $"{Path.GetFileName(file)}:{numbered.number} {mark.Groups["id"].Value}",
    ];

    private static List<string> Diagnostics(string build, string project) =>
    [
        .. from line in Lines(build).Distinct()
           let warning = Warning().Match(line)
           where warning.Success && warning.Groups["project"].Value == project
           let place = (File: Path.GetFileName(warning.Groups["file"].Value), Line: int.Parse(warning.Groups["line"].Value))
           orderby place.File, place.Line
           select $"{place.File}:{place.Line} {warning.Groups["id"].Value}",
    ];

    [GeneratedRegex(@"// (?<id>MSA\d{4})$")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\s*(?<file>[^(]+)\((?<line>\d+),\d+\): (warning|error) (?<id>\w+): .*[\\/](?<project>\w+)\.csproj\]$")]
    private static partial Regex Warning();
}
