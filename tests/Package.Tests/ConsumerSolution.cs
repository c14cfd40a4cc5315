namespace McpSessionAnalyzers.Package.Tests;

/// <summary>
/// A user's solution in a folder of its own, with a package folder of its own. The same program twice, once with McpSessions installed and
/// once with the analyzers alone, is built, fixed with the README's command, and built again.
/// </summary>
public sealed class ConsumerSolution(PackedPackages packages) : IAsyncLifetime
{
    public const string WithRuntime = "WithRuntime";
    public const string AnalyzersOnly = "AnalyzersOnly";

    /// <summary>The command that the README gives for a whole solution.</summary>
    public const string FormatCommand = "dotnet format analyzers --diagnostics MSA1001 MSA1101 --severity info";

    private readonly string _folder = Directory.CreateTempSubdirectory("msa-consumer-").FullName;

    public string FirstBuild { get; private set; } = "";

    public string SecondBuild { get; private set; } = "";

    public string LogStdinScript { get; } = Path.Combine(AppContext.BaseDirectory, "Consumer", "log-stdin.mjs");

    public string Program(string project) => Path.Combine(_folder, project, "bin", "Debug", "net10.0", $"{project}.dll");

    /// <summary>The program as it was built first.</summary>
    public string ProgramBeforeTheFixes => Path.Combine(_folder, "before", $"{AnalyzersOnly}.dll");

    public string Source(string project, string file) => File.ReadAllText(Path.Combine(_folder, project, file));

    public async ValueTask InitializeAsync()
    {
        await WriteAsync();
        FirstBuild = await BuildAsync();
        KeepFirstProgram();

        // Twice, as the README says: it fixes only rules that it found at the start, and the first fix makes its type a session owner.
        (await DotnetAsync(FormatCommand.Split(' ')[1..])).Succeeded();
        (await DotnetAsync(FormatCommand.Split(' ')[1..])).Succeeded();
        SecondBuild = await BuildAsync();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void KeepFirstProgram()
    {
        var before = Directory.CreateDirectory(Path.GetDirectoryName(ProgramBeforeTheFixes)!).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Program(AnalyzersOnly))!))
        {
            File.Copy(file, Path.Combine(before, Path.GetFileName(file)));
        }
    }

    private async Task WriteAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), packages.NugetConfig);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Directory.Build.props"), "<Project />");
        await WriteProjectAsync(WithRuntime, $"""<PackageReference Include="McpSessions" Version="{packages.Version}" />""");
        await WriteProjectAsync(AnalyzersOnly, $"""
            <PackageReference Include="ModelContextProtocol.Core" Version="2.3.1" />
                <PackageReference Include="McpSessionAnalyzers" Version="{packages.Version}" PrivateAssets="all" />
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Consumer.slnx"), $"""
            <Solution>
              <Project Path="{WithRuntime}/{WithRuntime}.csproj" />
              <Project Path="{AnalyzersOnly}/{AnalyzersOnly}.csproj" />
            </Solution>
            """);
    }

    private async Task WriteProjectAsync(string name, string references)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "Consumer");
        foreach (var source in Directory.EnumerateFiles(program, "*.cs"))
        {
            File.Copy(source, Path.Combine(folder, Path.GetFileName(source)));
        }

        var template = await File.ReadAllTextAsync(Path.Combine(program, "Consumer.csproj.template"));
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), template.Replace("$(Packages)", references, StringComparison.Ordinal));
    }

    /// <summary>Not incremental: what is up to date isn't compiled, and says nothing.</summary>
    private async Task<string> BuildAsync() =>
        (await DotnetAsync("build", "--no-incremental", "-nodeReuse:false", "-tl:off")).Succeeded();

    private Task<CliResult> DotnetAsync(params string[] arguments) => Cli.DotnetAsync(_folder, arguments);
}
