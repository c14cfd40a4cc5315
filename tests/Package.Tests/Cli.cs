using System.Diagnostics;
using System.Text;

namespace McpSessionAnalyzers.Package.Tests;

internal sealed record CliResult(int ExitCode, string Output)
{
    /// <summary>The output of a command that must have succeeded.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}:{Environment.NewLine}{Output}");
        return Output;
    }
}

/// <summary>Runs a command to its end, without anything that would stay behind it.</summary>
internal static class Cli
{
    public static Task<CliResult> DotnetAsync(string folder, params string[] arguments) => RunAsync("dotnet", folder, arguments);

    public static async Task<CliResult> RunAsync(string command, string folder, params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var output = new StringBuilder();
        using var process = new Process { StartInfo = StartInfo(command, folder, arguments) };
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return new CliResult(process.ExitCode, output.ToString());

        void Append(object sender, DataReceivedEventArgs received)
        {
            if (received.Data is { } line)
            {
                lock (output)
                {
                    output.AppendLine(line);
                }
            }
        }
    }

    public static ProcessStartInfo StartInfo(string command, string folder, params string[] arguments)
    {
        var info = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test host's own MSBuild settings are not the consumer's.
        foreach (var name in info.Environment.Keys.Where(IsOfBuild).ToList())
        {
            info.Environment.Remove(name);
        }

        info.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        info.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        info.Environment["UseSharedCompilation"] = "false";
        return info;

        static bool IsOfBuild(string name) =>
            name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);
    }
}
