using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace McpSessionAnalyzers.Package.Tests;

/// <summary>npm's <c>server-everything</c> over Streamable HTTP, the reference implementation of a server.</summary>
internal sealed class EverythingServer : IAsyncDisposable
{
    /// <summary>The server's program, where <c>.ci/run</c> installs it.</summary>
    public static string Entry { get; } =
        Path.Combine(Repository.Root, "artifacts", "node", "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

    private readonly Process _process;
    private readonly List<string> _log = [];
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EverythingServer(int port)
    {
        Endpoint = new Uri($"http://127.0.0.1:{port}/mcp");
        var info = Cli.StartInfo("node", Repository.Root, Entry, "streamableHttp");
        info.Environment["PORT"] = $"{port}";
        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, received) => Read(received.Data);
        _process.ErrorDataReceived += (_, received) => Read(received.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The server exited."));
    }

    public Uri Endpoint { get; }


    public static void SkipWithout() => Assert.SkipUnless(
        File.Exists(Entry),
        "Install the server first: npm i --no-save --prefix artifacts/node @modelcontextprotocol/server-everything");

    public static async Task<EverythingServer> StartAsync()
    {
        SkipWithout();
        var server = new EverythingServer(FreePort());
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        await server._listening.Task.WaitAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Stops the server, so that its log is complete, and says how many sessions it has opened and was asked to end.</summary>
    public async Task<(int Opened, int Ended)> StopAndCountSessionsAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (Count("Session initialized"), Count("Received session termination request"));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Add(line);
        }

        if (line.Contains("listening on port", StringComparison.Ordinal))
        {
            _listening.TrySetResult();
        }
    }

    private int Count(string text)
    {
        lock (_log)
        {
            return _log.Count(line => line.Contains(text, StringComparison.Ordinal));
        }
    }
}
