using System.Diagnostics;
using System.Net.Sockets;
using StackExchange.Redis;

namespace McpSessions.Tests.Servers;

/// <summary>
/// A Redis of the machine, started on a folder of its own that goes with it. It listens on a socket in that folder alone, so it meets no other.
/// Where it is not installed the test is skipped and says how to install it; in CI that is a failure.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    private RedisServer(string folder, Process process) => (_folder, _process) = (folder, process);

    public ConfigurationOptions Configuration => new() { EndPoints = { new UnixDomainSocketEndPoint(Path.Combine(_folder, "redis.sock")) } };

    public static async Task<RedisServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "redis-server"))) != true)
        {
            const string missing = "Redis is not installed: run .ci/run once, or apt-get install redis-server.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Skip(missing);
        }

        var folder = Directory.CreateTempSubdirectory("mcp-redis-").FullName;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("redis-server", ["--port", "0", "--unixsocket", Path.Combine(folder, "redis.sock"), "--save", "", "--dir", folder]) { RedirectStandardOutput = true },
            EnableRaisingEvents = true,
        };
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("redis-server exited before it was ready."));
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data?.Contains("ready to accept connections", StringComparison.OrdinalIgnoreCase) == true)
            {
                ready.TrySetResult();
            }
        };
        process.Start();
        process.BeginOutputReadLine();
        var server = new RedisServer(folder, process);
        await ready.Task.WaitAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
