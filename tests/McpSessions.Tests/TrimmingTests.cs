using System.Diagnostics;
using System.Runtime.InteropServices;

namespace McpSessions.Tests;

/// <summary>The library and what it stands on, whole, before the trimmer of the SDK. (For AOT the build's own analysis speaks; its warnings are errors.)</summary>
public sealed class TrimmingTests
{
    private static readonly string[] s_analyzed =
        ["McpSessions", "ModelContextProtocol.Core", "Polly.Core", "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Caching.Memory"];

    [Fact]
    public async Task Nothing_in_the_library_is_hidden_from_the_trimmer()
    {
        var output = Directory.CreateTempSubdirectory("mcp-trim-").FullName;
        var bin = AppContext.BaseDirectory;
        var info = new ProcessStartInfo("dotnet", [Linker(), "-a", Path.Combine(bin, "McpSessions.dll"), "all", "-out", output, "--singlewarn-", "--trim-mode", "skip"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var assembly in s_analyzed)
        {
            info.ArgumentList.Add("--action");
            info.ArgumentList.Add("link");
            info.ArgumentList.Add(assembly);
        }

        foreach (var folder in new[] { bin, RuntimeEnvironment.GetRuntimeDirectory(), Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)! })
        {
            info.ArgumentList.Add("-d");
            info.ArgumentList.Add(folder);
        }

        using var linker = Process.Start(info)!;
        var errors = linker.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var lines = (await linker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await linker.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await errors);
        Assert.Equal(0, linker.ExitCode);
        Assert.True(File.Exists(Path.Combine(output, "McpSessions.dll")));
        // IL2121 is a suppression of the SDK that it has no need of any more.
        Assert.DoesNotContain(lines, line => line.Contains(" IL", StringComparison.Ordinal) && !line.Contains("IL2121: ModelContextProtocol.", StringComparison.Ordinal));
        Directory.Delete(output, recursive: true);
    }

    /// <summary>The SDK brings it wherever a project says that it can be trimmed, as this library's does.</summary>
    private static string Linker()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Directory.GetDirectories(Path.Combine(packages, "microsoft.net.illink.tasks"))
            .Select(static version => Path.Combine(version, "tools", "net", "illink.dll"))
            .Where(File.Exists)
            .Max(StringComparer.Ordinal)!;
    }
}
