using System.Diagnostics;
using ModelContextProtocol.Client;

namespace SampleHost;

/// <summary>Where the research server is, and how to reach it.</summary>
public abstract class SampleServer : IAsyncDisposable
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "ResearchServer.dll");

    public abstract string Transport { get; }

    /// <summary>A new transport to the server.</summary>
    /// <param name="http">Sends the requests where the server is reached over HTTP; without it, each transport has a client of its own.</param>
    public abstract IClientTransport CreateTransport(HttpClient? http = null);

    public abstract ValueTask DisposeAsync();

    /// <summary>Over stdio every session is a process of its own, started by the transport.</summary>
    public static SampleServer OverStdio() => new StdioServer();

    /// <summary>Over HTTP one process, started here, serves every session.</summary>
    public static async Task<SampleServer> OverHttpAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [s_program, "--http", "0", "--until-stdin-closes"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var greeting = await process.StandardOutput.ReadLineAsync();
        return greeting?.Split(' ').LastOrDefault() is { } address && Uri.TryCreate(address, UriKind.Absolute, out var endpoint)
            ? new HttpServer(process, endpoint)
            : throw new InvalidOperationException($"The research server didn't start: {greeting ?? "it exited"}.");
    }

    private sealed class StdioServer : SampleServer
    {
        public override string Transport => "stdio";

        public override IClientTransport CreateTransport(HttpClient? http = null) =>
            new StdioClientTransport(new() { Name = "research-server", Command = "dotnet", Arguments = [s_program] });

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class HttpServer(Process process, Uri endpoint) : SampleServer
    {
        public override string Transport => "http";

        public override IClientTransport CreateTransport(HttpClient? http = null)
        {
            var options = new HttpClientTransportOptions { Endpoint = endpoint, TransportMode = HttpTransportMode.StreamableHttp };
            return http is null ? new HttpClientTransport(options) : new HttpClientTransport(options, http);
        }

        public override async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
