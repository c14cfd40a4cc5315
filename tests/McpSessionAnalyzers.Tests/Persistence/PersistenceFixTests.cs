using McpSessionAnalyzers.CodeFixes.Persistence;
using McpSessionAnalyzers.Harness;
using McpSessionAnalyzers.Persistence;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using static McpSessionAnalyzers.Tests.Persistence.StorageTest;

namespace McpSessionAnalyzers.Tests.Persistence;

/// <summary>The fixes of MSA3001 and MSA3002: what they write compiles, is no longer reported, and keeps null.</summary>
public sealed class PersistenceFixTests
{
    private static Case Statement(string name, string before, string? after) => new(name, Body(before), after is null ? null : Body(after));

    public static TheoryData<Case> WithMcpSessions => Case.For(
        Statement(
            "total of a TimeSpan",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|span.TotalMilliseconds|]);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, McpSessions.DurationMilliseconds.ToInt32(span));"""),
        Statement(
            "bigint",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Bigint, [|watch.Elapsed.TotalMilliseconds|]);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Bigint, McpSessions.DurationMilliseconds.ToInt64(watch.Elapsed));"""),
        Statement(
            "null stays null",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|(object?)maybe?.TotalMilliseconds ?? DBNull.Value|]);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, (object?)McpSessions.DurationMilliseconds.ToInt32(maybe) ?? DBNull.Value);"""),
        Statement(
            "a local",
            """double ms = span.TotalMilliseconds; command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|ms|]);""",
            """double ms = span.TotalMilliseconds; command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, McpSessions.DurationMilliseconds.ToInt32(ms));"""),
        Statement(
            "seconds are no milliseconds",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|span.TotalSeconds|]);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, checked((int)Math.Round(span.TotalSeconds)));"""),
        Statement(
            "in a text",
            """command.CommandText = $"INSERT INTO request_log (latency) VALUES ({[|span.TotalMilliseconds|]})";""",
            """command.CommandText = $"INSERT INTO request_log (latency) VALUES ({McpSessions.DurationMilliseconds.ToInt32(span)})";"""),
        Statement(
            "a REST row",
            """await Http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new { tool, duration_ms = [|span.TotalMilliseconds|] });""",
            """await Http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new { tool, duration_ms = McpSessions.DurationMilliseconds.ToInt32(span) });"""),
        Statement("digits of a format would stay", """command.CommandText = $"INSERT INTO request_log (latency) VALUES ({[|span.TotalMilliseconds|]:F2})";""", null),
        Statement("a parameter that is a double by its type", """command.Parameters.Add(new NpgsqlParameter<double>("d", NpgsqlDbType.Integer) { TypedValue = [|span.TotalMilliseconds|] });""", null));

    [Theory, MemberData(nameof(WithMcpSessions))]
    public Task Converts(Case test) => RunAsync<FloatDurationInIntegerColumnAnalyzer, FloatDurationInIntegerColumnFix>(Imported(test), References.Storage);

    public static TheoryData<Case> Plain => Case.For(
        Statement(
            "int",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|span.TotalMilliseconds|]);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, checked((int)Math.Round(span.TotalMilliseconds)));"""),
        Statement(
            "null stays null",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|(object?)maybe?.TotalMilliseconds ?? DBNull.Value|]);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, (object?)(maybe?.TotalMilliseconds is { } time ? checked((int)Math.Round(time)) : (int?)null) ?? DBNull.Value);"""),
        Statement(
            "several in one member",
            """
            command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|span.TotalMilliseconds|]);
                    command.Parameters.AddWithValue("e", NpgsqlDbType.Bigint, [|ok ? span.TotalSeconds : 0.0|]);
            """,
            """
            command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, checked((int)Math.Round(span.TotalMilliseconds)));
                    command.Parameters.AddWithValue("e", NpgsqlDbType.Bigint, checked((long)Math.Round(ok ? span.TotalSeconds : 0.0)));
            """),
        new(
            "an entity's double is rounded",
            """
            public class RequestLog { public int Id { get; set; } [Column(TypeName = "integer")] public double DurationMs { get; set; } [Column(TypeName = "integer")] public double? WaitMs { get; set; } }
            public class LogContext : DbContext { public DbSet<RequestLog> Logs { get; set; } = null!; }
            class Saves { RequestLog M(Stopwatch w, TimeSpan? t) => new() { DurationMs = [|w.Elapsed.TotalMilliseconds|], WaitMs = [|t?.TotalMilliseconds|] }; }
            """,
            """
            public class RequestLog { public int Id { get; set; } [Column(TypeName = "integer")] public double DurationMs { get; set; } [Column(TypeName = "integer")] public double? WaitMs { get; set; } }
            public class LogContext : DbContext { public DbSet<RequestLog> Logs { get; set; } = null!; }
            class Saves { RequestLog M(Stopwatch w, TimeSpan? t) => new() { DurationMs = Math.Round(w.Elapsed.TotalMilliseconds), WaitMs = (t?.TotalMilliseconds is { } time ? Math.Round(time) : (double?)null) }; }
            """));

    [Theory, MemberData(nameof(Plain))]
    public Task ConvertsWithoutMcpSessions(Case test) =>
        RunAsync<FloatDurationInIntegerColumnAnalyzer, FloatDurationInIntegerColumnFix>(test, References.StorageAlone);

    public static TheoryData<Case> Casts => Case.For(
        Statement(
            "int",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|(int)span.TotalMilliseconds|]);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, checked((int)Math.Round(span.TotalMilliseconds)));"""),
        Statement(
            "arithmetic",
            """var ms = [|(int)((Stopwatch.GetTimestamp() - startTicks) * 1000.0 / Stopwatch.Frequency)|]; command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, ms);""",
            """var ms = checked((int)Math.Round((Stopwatch.GetTimestamp() - startTicks) * 1000.0 / Stopwatch.Frequency)); command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, ms);"""),
        Statement(
            "nullable",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, (object?)[|(int?)maybe?.TotalMilliseconds|] ?? DBNull.Value);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, (object?)(maybe?.TotalMilliseconds is { } time ? checked((int)Math.Round(time)) : (int?)null) ?? DBNull.Value);"""),
        new(
            "record",
            """
            record Call(string Tool, int DurationMs);
            class Saves { Call M(Stopwatch w) => new("x", [|(int)w.Elapsed.TotalMilliseconds|]); }
            """,
            """
            record Call(string Tool, int DurationMs);
            class Saves { Call M(Stopwatch w) => new("x", checked((int)Math.Round(w.Elapsed.TotalMilliseconds))); }
            """));

    [Theory, MemberData(nameof(Casts))]
    public Task RoundsAndChecks(Case test) => RunAsync<DurationNarrowedAnalyzer, DurationNarrowedFix>(test, References.StorageAlone);

    [Fact]
    public Task ACastBecomesDurationMilliseconds() => RunAsync<DurationNarrowedAnalyzer, DurationNarrowedFix>(
        Imported(Statement(
            "int",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|(int)watch.Elapsed.TotalMilliseconds|]);""",
            """command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, McpSessions.DurationMilliseconds.ToInt32(watch.Elapsed));""")),
        References.Storage);

    /// <summary>The fix imports the namespace.</summary>
    private static Case Imported(Case test) => new(
        test.Name,
        test.Code,
        test.FixedCode is null ? null : "using McpSessions;\n\n" + test.FixedCode.Replace("McpSessions.DurationMilliseconds", "DurationMilliseconds", StringComparison.Ordinal));

    private static Task RunAsync<TAnalyzer, TFix>(Case row, ReferenceAssemblies references)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        // No import where nothing of McpSessions is written.
        var fixedCode = row.FixedCode is { } code && !code.Contains("DurationMilliseconds", StringComparison.Ordinal) ? code.Replace("using McpSessions;\n\n", "", StringComparison.Ordinal) : row.FixedCode;
        var test = new CodeFixVerifier<TAnalyzer, TFix>.Test { TestCode = row.Code, FixedCode = fixedCode ?? row.Code, ReferenceAssemblies = references };
        test.TestState.Sources.Add(("/0/Storage.cs", Usings));
        test.FixedState.Sources.Add(("/0/Storage.cs", Usings));
        test.TestState.AdditionalFiles.Add(("/db/schema.sql", Schema));
        test.FixedState.AdditionalFiles.Add(("/db/schema.sql", Schema));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
