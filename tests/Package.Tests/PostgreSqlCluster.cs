using System.Runtime.InteropServices;

namespace McpSessionAnalyzers.Package.Tests;

/// <summary>
/// A PostgreSQL of the machine, started on a folder of its own that goes with it. It listens on a socket in that folder alone, so it meets no
/// other. PostgreSQL refuses to run as root: then it runs as the user that Debian's package brings.
/// </summary>
internal sealed class PostgreSqlCluster : IAsyncDisposable
{
    private static readonly string? s_binaries = FindBinaries();

    private readonly string _folder = Directory.CreateTempSubdirectory("msa-pg-").FullName;

    private PostgreSqlCluster()
    {
    }

    public string ConnectionString => $"Host={_folder};Username=postgres;Database=postgres;Pooling=false";

    public static async Task<PostgreSqlCluster> StartAsync()
    {
        var cluster = await CreateAsync();
        await cluster.StartServerAsync();
        return cluster;
    }

    /// <summary>A cluster whose server does not run yet.</summary>
    public static async Task<PostgreSqlCluster> CreateAsync()
    {
        Assert.SkipWhen(s_binaries is null, "Install PostgreSQL first: apt-get install postgresql");
        var cluster = new PostgreSqlCluster();
        if (Environment.IsPrivilegedProcess)
        {
            (await Cli.RunAsync("chown", cluster._folder, "postgres", cluster._folder)).Succeeded();
        }

        // Sizes of shared memory and durability are of no interest here, speed is.
        await cluster.RunAsync("initdb", "-D", cluster.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        return cluster;
    }

    public Task StartServerAsync() => RunAsync(
        "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-c listen_addresses='' -c unix_socket_directories='{_folder}' -c fsync=off -c shared_buffers=16MB", "start");

    private string Data => Path.Combine(_folder, "data");

    public async ValueTask DisposeAsync()
    {
        await RunAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
        if (Environment.IsPrivilegedProcess)
        {
            (await Cli.RunAsync("rm", "/", "-rf", _folder)).Succeeded();
        }
        else
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(s_binaries!, program);
        var result = Environment.IsPrivilegedProcess
            ? await Cli.RunAsync("runuser", _folder, ["-u", "postgres", "--", path, .. arguments])
            : await Cli.RunAsync(path, _folder, arguments);
        result.Succeeded();
    }

    /// <summary>Debian keeps these programs off the path.</summary>
    private static string? FindBinaries()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux) || Environment.IsPrivilegedProcess && !File.Exists("/usr/sbin/runuser") && !File.Exists("/sbin/runuser"))
        {
            return null;
        }

        var folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => folder, StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return folders.Concat(Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }
}
