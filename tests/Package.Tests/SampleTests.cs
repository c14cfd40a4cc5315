namespace McpSessionAnalyzers.Package.Tests;

/// <summary>The samples, as the README tells a newcomer to build and run them.</summary>
public sealed class SampleTests
{
    /// <summary>The README's command that shows the diagnostics.</summary>
    private const string BuildCommand = "dotnet build samples/PerCallAgent --no-incremental";

    [Fact]
    public async Task The_readme_command_reports_all_three_paths_of_the_incident_in_one_build()
    {
        Assert.Contains(BuildCommand, Repository.Readme, StringComparison.Ordinal);

        var warnings = Warnings(await BuildAsync(BuildCommand));

        Assert.Equal(3, warnings.Count);
        Assert.All(
            new[] { "RunAsync", "ChatStreamAsync", "ChatWithDetailsAsync" }.Zip(warnings),
            pair => Assert.Matches($@"ResearchAgent\.cs.*MSA1001.*{pair.First}", pair.Second));
    }

    [Fact]
    public async Task The_agent_after_the_fix_builds_clean()
    {
        Assert.Empty(Warnings(await BuildAsync("dotnet build samples/SharedAgent --no-incremental")));
    }

    [Theory]
    [InlineData("PerCallAgent", "http", 6, 6)]
    [InlineData("PerCallAgent", "stdio", 6, 6)]
    [InlineData("SharedAgent", "http", 1, 1)]
    [InlineData("SharedAgent", "stdio", 1, 1)]
    public async Task The_wire_shows_the_difference(string sample, string transport, int openings, int listings)
    {
        var output = (await Cli.DotnetAsync(Repository.Root, Repository.SampleProgram(sample), transport)).Succeeded();

        Assert.StartsWith($"{sample} over {transport}", output, StringComparison.Ordinal);
        Assert.Matches($@"\ntotal +6 messages +{openings} +{listings} +18 ", output);
    }

    [Fact]
    public async Task A_transport_that_nobody_knows_is_answered_with_the_usage()
    {
        var result = await Cli.DotnetAsync(Repository.Root, Repository.SampleProgram("PerCallAgent"), "pigeon");

        Assert.Equal((2, "usage: PerCallAgent [http|stdio]"), (result.ExitCode, result.Output.Trim()));
    }

    /// <summary>Rebuilds the sample alone: what it references was built before the tests.</summary>
    private static async Task<string> BuildAsync(string command) => (await Cli.DotnetAsync(
        Repository.Root,
        [.. command.Split(' ')[1..], "-c", Repository.Configuration, "-p:BuildProjectReferences=false", "-nodeReuse:false", "-tl:off"])).Succeeded();

    private static List<string> Warnings(string build) =>
    [
        .. build.Split(Environment.NewLine)
            .Select(line => line.Trim())
            .Where(line => line.Contains(": warning ", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
