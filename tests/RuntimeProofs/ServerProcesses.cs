using System.Diagnostics;
using System.Globalization;
using McpSessions.TestServer;
using ModelContextProtocol.Client;

namespace McpSessionAnalyzers.RuntimeProofs;

/// <summary>The server processes that a program starts; those that it leaves behind are ended here.</summary>
internal sealed class ServerProcesses : IDisposable
{
    private readonly string _ids = Path.GetTempFileName();

    /// <summary>How a program starts a process of its own.</summary>
    public StdioClientTransportOptions Options => new()
    {
        Command = "dotnet",
        Arguments = [typeof(McpTestServer).Assembly.Location, string.Empty, _ids],
    };

    public int Started => Ids.Count();

    public int LeftRunning => Ids.Count(IsRunning);

    private IEnumerable<int> Ids => File.ReadLines(_ids).Select(line => int.Parse(line, CultureInfo.InvariantCulture));

    public void Dispose()
    {
        foreach (var id in Ids.Where(IsRunning).ToArray())
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            process.WaitForExit();
        }

        File.Delete(_ids);
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
