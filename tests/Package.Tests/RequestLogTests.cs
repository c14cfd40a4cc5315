using System.Diagnostics;

namespace McpSessionAnalyzers.Package.Tests;

/// <summary>The sample that records sessions and tool calls: every row is there, also when the database was not.</summary>
public sealed class RequestLogTests
{
    [Fact]
    public async Task Every_session_and_tool_call_is_a_row_in_SQLite()
    {
        var folder = Directory.CreateTempSubdirectory("msa-log-").FullName;
        try
        {
            var output = (await Cli.DotnetAsync(folder, Repository.SampleProgram("RequestLog"), "Data Source=requests.db;Pooling=false")).Succeeded();
            AssertComplete(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Nothing_is_lost_while_PostgreSQL_is_down_and_the_failure_is_seen()
    {
        await using var cluster = await PostgreSqlCluster.CreateAsync();
        using var process = new Process { StartInfo = Cli.StartInfo("dotnet", Repository.Root, Repository.SampleProgram("RequestLog"), cluster.ConnectionString) };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        // The agent works without its database, and says so; only then does the database come up.
        var failure = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        await cluster.StartServerAsync();
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("not stored yet: ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("lost", errors, StringComparison.Ordinal);
        AssertComplete(await output);
    }

    private static void AssertComplete(string output)
    {
        Assert.Matches(@"\nsession +1 stored", output);
        Assert.All(new[] { "search", "read", "cite" }, tool => Assert.Matches($@"\ntool +{tool} +2 stored, the longest took \d+ ms", output));
    }
}
