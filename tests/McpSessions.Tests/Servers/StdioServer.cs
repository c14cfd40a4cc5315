using System.Diagnostics;

namespace McpSessions.Tests.Servers;

/// <summary>The SDK's stdio server as a child process: the test server's own program.</summary>
internal static class StdioServer
{
    private static readonly string s_program = typeof(McpTestServer).Assembly.Location;

    public static StdioClientTransport Transport(string? writes = null) => new(Options(writes));

    public static StdioClientTransportOptions Options(string? writes = null) => new()
    {
        Name = "stdio-test-server",
        Command = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
        Arguments = writes is null ? [s_program] : [s_program, writes],
    };

    /// <summary>For a machine that is so busy that a process starts more slowly than the SDK's client waits for its first answer.</summary>
    public static McpClientOptions Patient() => new() { DiscoverProbeTimeout = TimeSpan.FromMinutes(1), InitializationTimeout = TimeSpan.FromMinutes(2) };

    public static async Task<int> ProcessIdAsync(McpClient client)
    {
        var result = await client.CallToolAsync("pid", cancellationToken: TestContext.Current.CancellationToken);
        return int.Parse(result.Text(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Kills the process and waits until it is gone.</summary>
    public static async Task KillAsync(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
