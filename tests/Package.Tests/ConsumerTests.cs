using System.Text.RegularExpressions;

namespace McpSessionAnalyzers.Package.Tests;

/// <summary>From the installed package to one session: build, fix, build, run.</summary>
public sealed partial class ConsumerTests(ConsumerSolution consumer) : IClassFixture<ConsumerSolution>
{
    /// <summary>What the program prints for three rounds of messages, whatever its sessions.</summary>
    private static readonly string[] s_httpAnswers =
    [
        .. Enumerable.Range(0, 3).SelectMany(i => new[] { $"Echo: ask {i}", "Echo: chat", $"Echo: {i}", $"(Echo: details {i}, " }),
    ];

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

    [Theory]
    [MemberData(nameof(Projects))]
    public void After_the_fixes_the_build_is_silent(string project)
    {
        Assert.Empty(Diagnostics(consumer.SecondBuild, project));
        Assert.Contains("0 Warning(s)", consumer.SecondBuild, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fix_uses_the_library_where_it_is_installed_and_plain_code_elsewhere()
    {
        Assert.Contains("SharedMcpSession", consumer.Source(ConsumerSolution.WithRuntime, "HttpAgent.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("SharedMcpSession", consumer.Source(ConsumerSolution.AnalyzersOnly, "HttpAgent.cs"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Over_http_the_fixed_program_opens_one_session_for_all_messages(string project)
    {
        await using var server = await EverythingServer.StartAsync();

        var output = await RunAsync(consumer.Program(project), "http", $"{server.Endpoint}");

        Assert.All(s_httpAnswers.Zip(Lines(output)), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Equal(1, (await server.StopAndCountSessionsAsync()).Opened);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Over_stdio_the_fixed_program_starts_one_process_for_all_messages(string project)
    {
        EverythingServer.SkipWithout();
        var log = Path.GetTempFileName();

        var output = await RunAsync(consumer.Program(project), "stdio", "node", consumer.LogStdinScript, log, EverythingServer.Entry, "stdio");

        Assert.Equal(["Echo: ask 0", "Echo: ask 1", "Echo: ask 2"], Lines(output).Where(line => line.StartsWith("Echo", StringComparison.Ordinal)));
        Assert.Single(InitializeRequest().Matches(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)));
        File.Delete(log);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task A_session_that_nobody_closed_is_closed_by_the_fixed_program(string project)
    {
        await using var server = await EverythingServer.StartAsync();

        await RunAsync(consumer.Program(project), "check", $"{server.Endpoint}");

        Assert.Equal((1, 1), await server.StopAndCountSessionsAsync());
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

    [GeneratedRegex("\"method\":\"initialize\"")]
    private static partial Regex InitializeRequest();
}
