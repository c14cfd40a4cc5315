using McpSessionAnalyzers.Package.Tests;

[assembly: AssemblyFixture(typeof(PackedPackages))]

namespace McpSessionAnalyzers.Package.Tests;

/// <summary>The packages of this repository, packed once for all tests into a feed of their own, outside it.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    public string Feed { get; } = Directory.CreateTempSubdirectory("msa-feed-").FullName;

    public string Analyzers => Single("McpSessionAnalyzers");

    public string Runtime => Single("McpSessions");

    /// <summary>A version that no cache on this machine can hold.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    /// <summary>For a folder that installs them: a package folder of its own, and the machine's own sources.</summary>
    public string NugetConfig
    {
        get
        {
            // The machine's package folder saves downloads, and can't hold this version of ours.
            var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            return $"""
                <configuration>
                  <config>
                    <add key="globalPackagesFolder" value="packages" />
                  </config>
                  <packageSources>
                    <add key="packed" value="{Feed}" />
                    <add key="cache" value="{cache}" />
                  </packageSources>
                </configuration>
                """;
        }
    }

    public async ValueTask InitializeAsync()
    {
        foreach (var project in new[] { "McpSessionAnalyzers.Package", "McpSessions" })
        {
            var folder = Path.Combine(Repository.Root, "src", project);
            (await Cli.DotnetAsync(folder, "pack", "--no-build", "-c", Repository.Configuration, "-o", Feed, $"-p:Version={Version}", "-nodeReuse:false")).Succeeded();
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Feed, recursive: true);
        return ValueTask.CompletedTask;
    }

    private string Single(string id) => Assert.Single(Directory.GetFiles(Feed, $"{id}.*.nupkg"));
}
