namespace McpSessionAnalyzers.Package.Tests;

/// <summary>
/// The incident, over real databases: the program as it was loses every row, or keeps fractions where integers should be; the build shows the
/// line; after <c>dotnet format analyzers</c> every row is there and every duration an integer.
/// </summary>
public sealed class IncidentTests(IncidentProgram program) : IClassFixture<IncidentProgram>
{
    [Fact]
    public void The_build_shows_the_line()
    {
        var warning = Assert.Single(program.FirstBuild.Split(Environment.NewLine).Select(line => line.Trim()).Where(line => line.Contains("MSA", StringComparison.Ordinal)).Distinct());
        Assert.Contains("warning MSA3001: 'elapsed.TotalMilliseconds' is a fractional number of milliseconds", warning, StringComparison.Ordinal);
        Assert.Contains("column 'duration_ms' of table 'request_log' is declared as INTEGER", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_fix_the_build_is_clean() => Assert.DoesNotContain("MSA", program.SecondBuild, StringComparison.Ordinal);

    [Fact]
    public async Task PostgreSQL_refuses_every_row_before_and_takes_every_row_after()
    {
        await using var cluster = await PostgreSqlCluster.StartAsync();

        var before = await program.RunAsync(program.Before, "postgres", cluster.ConnectionString);
        var after = await program.RunAsync(program.After, "postgres", cluster.ConnectionString);

        Assert.Equal(5, before.Split(Environment.NewLine).Count(line => line.StartsWith("not recorded: 22P02", StringComparison.Ordinal)));
        Assert.EndsWith("rows: 0\nwhole: 0\n", before.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal("rows: 5\nwhole: 5\n", after.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task SQLite_keeps_fractions_in_silence_before_and_integers_after()
    {
        Assert.Equal("rows: 5\nwhole: 0\n", (await program.RunAsync(program.Before, "sqlite", "Data Source=:memory:")).ReplaceLineEndings("\n"));
        Assert.Equal("rows: 5\nwhole: 5\n", (await program.RunAsync(program.After, "sqlite", "Data Source=:memory:")).ReplaceLineEndings("\n"));
    }
}

/// <summary>The program of the incident in a folder of its own: built, fixed by the command line, and built again.</summary>
public sealed class IncidentProgram(PackedPackages packages) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("msa-incident-").FullName;

    public string FirstBuild { get; private set; } = "";

    public string SecondBuild { get; private set; } = "";

    public string Before => Path.Combine(_folder, "before", "Incident.dll");

    public string After => Path.Combine(_folder, "after", "Incident.dll");

    public async Task<string> RunAsync(string program, params string[] arguments) => (await Cli.DotnetAsync(_folder, [program, .. arguments])).Succeeded();

    public async ValueTask InitializeAsync()
    {
        await WriteAsync();
        FirstBuild = await BuildAsync("before");
        (await Cli.DotnetAsync(_folder, "format", "analyzers", "Incident.csproj", "--diagnostics", "MSA3001", "--severity", "info")).Succeeded();
        SecondBuild = await BuildAsync("after");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> BuildAsync(string output) =>
        (await Cli.DotnetAsync(_folder, "build", "Incident.csproj", "-o", output, "--no-incremental", "-nodeReuse:false", "-tl:off")).Succeeded();

    private async Task WriteAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Incident");
        foreach (var file in new[] { "Program.cs", "schema.sql" })
        {
            File.Copy(Path.Combine(source, file), Path.Combine(_folder, file));
        }

        var template = await File.ReadAllTextAsync(Path.Combine(source, "Incident.csproj.template"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "Incident.csproj"), template.Replace("$(Version)", packages.Version, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(_folder, "Directory.Build.props"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), packages.NugetConfig);
    }
}
