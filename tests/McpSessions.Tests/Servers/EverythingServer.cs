using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace McpSessions.Tests.Servers;

/// <summary>
/// npm's <c>@modelcontextprotocol/server-everything</c>, the outside witness: over Streamable HTTP as a process of ours, over stdio as the
/// transport's child. Where it is not installed the test is skipped and says how to install it; in CI that is a failure.
/// </summary>
internal sealed class EverythingServer : IAsyncDisposable
{
    private const string Variable = "MCP_SERVER_EVERYTHING";
    private const string Conventional = "artifacts/node/node_modules/@modelcontextprotocol/server-everything/dist/index.js";

    private readonly int _port;
    private Process? _process;
    private int _sessions;

    private EverythingServer(int port) => _port = port;

    public Uri Endpoint => new($"http://127.0.0.1:{_port}/mcp");

    /// <summary>Sessions that the server says it has initialized, over all its lives.</summary>
    public int Initializes => Volatile.Read(ref _sessions);

    public static async Task<EverythingServer> StartAsync()
    {
        var script = Script();
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var server = new EverythingServer(port);
        await server.StartAsync(script);
        return server;
    }

    /// <param name="marker">A last argument, which the server ignores, to find its process by.</param>
    public static StdioClientTransportOptions Stdio(string marker = "") => new() { Name = "everything", Command = "node", Arguments = [Script(), "stdio", marker] };

    public Task StartAgainAsync() => StartAsync(Script());

    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }

    private async Task StartAsync(string script)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("node", [script, "streamableHttp"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["PORT"] = _port.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            },
            EnableRaisingEvents = true,
        };
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("server-everything exited before it listened."));
        void Read(string? line)
        {
            if (line is null)
            {
                return;
            }

            if (line.StartsWith("Session initialized with ID", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _sessions);
            }

            if (line.Contains("listening on port", StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        }

        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await listening.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    private static string Script()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } configured)
        {
            return configured;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Conventional);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        const string missing = "server-everything is not installed: run .ci/run once, or npm install --prefix artifacts/node @modelcontextprotocol/server-everything, or set " + Variable + " to its dist/index.js.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
        Assert.Skip(missing);
        return "";
    }
}
