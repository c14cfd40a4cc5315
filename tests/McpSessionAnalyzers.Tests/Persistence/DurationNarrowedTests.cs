using McpSessionAnalyzers.Persistence;
using static McpSessionAnalyzers.Tests.Persistence.StorageTest;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Persistence.DurationNarrowedAnalyzer>;

namespace McpSessionAnalyzers.Tests.Persistence;

/// <summary>MSA3002: a cast on the way to storage.</summary>
public sealed class DurationNarrowedTests
{
    private const string Insert = """command.CommandText = "INSERT INTO request_log (tool, duration_ms, seconds) VALUES (@tool, @d, @s)";""";

    private const string Entity = """
        public class RequestLog { public int Id { get; set; } public int DurationMs { get; set; } public int TimeoutMs { get; set; } public long WaitMs { get; set; } }
        public class LogContext : DbContext { public DbSet<RequestLog> Logs { get; set; } = null!; }
        """;

    public static TheoryData<Case> SilentCases => Case.For(
        new("long", Body(Insert + """command.Parameters.AddWithValue("d", (long)span.TotalMilliseconds);""")),
        new("rounded first", Body(Insert + """command.Parameters.AddWithValue("d", (int)Math.Round(span.TotalMilliseconds));""")),
        new("ceiling first", Body(Insert + """command.Parameters.AddWithValue("d", (int)Math.Ceiling(span.TotalMilliseconds));""")),
        new("ElapsedMilliseconds", Body(Insert + """command.Parameters.AddWithValue("d", (int)watch.ElapsedMilliseconds);""")),
        new("Convert", Body(Insert + """command.Parameters.AddWithValue("d", Convert.ToInt32(span.TotalMilliseconds));""")),
        new("checked", Body(Insert + """command.Parameters.AddWithValue("d", checked((int)span.TotalMilliseconds));""")),
        new("checked block", Body(Insert + """checked { var ms = (int)span.TotalMilliseconds; command.Parameters.AddWithValue("d", ms); }""")),
        new("clamped", Body(Insert + """command.Parameters.AddWithValue("d", (int)Math.Min(span.TotalMilliseconds, int.MaxValue));""")),
        new("no duration", Body(Insert + """command.Parameters.AddWithValue("d", (int)score);""")),
        new("a double column", Body(Insert + """command.Parameters.AddWithValue("s", (int)span.TotalSeconds);""")),
        new("compared only", Body("""command.CommandText = "SELECT 1 FROM request_log WHERE duration_ms > @d_ms"; command.Parameters.AddWithValue("d_ms", (int)span.TotalMilliseconds);""")),
        new("command timeout", Body("""command.CommandTimeout = (int)span.TotalSeconds;""")),
        new("delay", Body("""await Task.Delay((int)span.TotalMilliseconds); Thread.Sleep((int)span.TotalMilliseconds);""")),
        new("a timeout that is stored", Body("""TimeSpan timeout = span; command.Parameters.AddWithValue("limit_ms", NpgsqlDbType.Integer, (int)timeout.TotalMilliseconds);""")),
        new("a timeout of an entity", Entity + """class Saves { RequestLog M(Stopwatch w) => new RequestLog { TimeoutMs = (int)w.Elapsed.TotalMilliseconds }; }"""),
        new("a record of settings", """
            record Retry(int DelayMs, int IntervalMs, int PeriodMs);
            class Saves { Retry M(TimeSpan t) => new((int)t.TotalMilliseconds, (int)t.TotalMilliseconds, (int)t.TotalMilliseconds); }
            """),
        new("an age in days", """
            record Item(int AgeDays);
            class Saves { Item M(DateTime a, DateTime b) => new((int)(a - b).TotalDays); }
            """),
        new("a class that is not stored", """
            class View { public int Ms { get; set; } }
            class Saves { View M(TimeSpan t) => new View { Ms = (int)t.TotalMilliseconds }; }
            """),
        new("a log", Body("""Console.WriteLine((int)span.TotalMilliseconds);""")),
        new("a member's long", Entity + """class Saves { RequestLog M(Stopwatch w) => new RequestLog { WaitMs = (long)w.Elapsed.TotalMilliseconds }; }"""),
        new("progress arithmetic", Body("""int elapsed = (int)span.TotalMilliseconds; int left = 100 - elapsed; Console.WriteLine(left);""")));

    [Theory, MemberData(nameof(SilentCases))]
    public Task IsSilent(Case test) => RunAsync<DurationNarrowedAnalyzer>(test.Code);

    public static TheoryData<Case> ReportedCases => Case.For(
        new("parameter with a type", Body("""command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|(int)span.TotalMilliseconds|]);""")),
        new("column", Body(Insert + """command.Parameters.AddWithValue("d", [|(int)span.TotalMilliseconds|]);""")),
        new("name", Body("""command.Parameters.AddWithValue("took_ms", [|(int)watch.Elapsed.TotalMilliseconds|]);""")),
        new("by local", Body(Insert + """var ms = [|(int)span.TotalMilliseconds|]; command.Parameters.AddWithValue("d", ms);""")),
        new("a local stored twice", Body(Insert + """int ms = [|(int)span.TotalMilliseconds|]; command.Parameters.AddWithValue("d", ms); sql.Parameters.AddWithValue("@took_ms", ms);""")),
        new("smaller still", Body(Insert + """command.Parameters.AddWithValue("d", [|(short)span.TotalMilliseconds|]); command.Parameters.AddWithValue("d", [|(uint)span.TotalMilliseconds|]);""")),
        new("nullable", Body(Insert + """command.Parameters.AddWithValue("d", (object?)[|(int?)maybe?.TotalMilliseconds|] ?? DBNull.Value);""")),
        new("ticks and frequency", Body(Insert + """command.Parameters.AddWithValue("d", [|(int)((Stopwatch.GetTimestamp() - startTicks) * 1000.0 / Stopwatch.Frequency)|]);""")),
        new("local double", Body(Insert + """double took = span.TotalMilliseconds; command.Parameters.AddWithValue("d", [|(int)took|]);""")),
        new("tuple", Body(Insert + """var (a, ms) = (1, [|(int)span.TotalMilliseconds|]); command.Parameters.AddWithValue("d", ms);""")),
        new("conditional", Body(Insert + """command.Parameters.AddWithValue("d", ok ? [|(int)span.TotalMilliseconds|] : 0);""")),
        new("rounded to digits, and by half", Body(Insert + """command.Parameters.AddWithValue("d", [|(int)Math.Round(span.TotalMilliseconds, 2)|]); command.Parameters.AddWithValue("d", [|(int)(span.TotalMilliseconds + 0.5)|]);""")),
        new("row of Dapper", """
            class Row { public int Latency { get; set; } }
            class Log { Task M(NpgsqlConnection c, TimeSpan t) => c.ExecuteAsync("INSERT INTO request_log (latency) VALUES (@Latency)", new Row { Latency = [|(int)t.TotalMilliseconds|] }); }
            """),
        new("helper", """
            class Log
            {
                static void Add(DbCommand c, string name, object? value) { var p = c.CreateParameter(); p.ParameterName = name; p.Value = value ?? DBNull.Value; c.Parameters.Add(p); }
                void M(DbCommand c, Stopwatch w) { Add(c, "duration_ms", [|(int)w.Elapsed.TotalMilliseconds|]); }
            }
            """),
        new("Dapper", Body("""await connection.ExecuteAsync("INSERT INTO request_log (latency) VALUES (@l)", new { l = [|(int)span.TotalMilliseconds|] });""")),
        new("SQL text", Body("""command.CommandText = $"INSERT INTO request_log (latency) VALUES ({[|(int)span.TotalMilliseconds|]})";""")),
        new("REST row", Body("""await Http.PostAsJsonAsync("https://x.example.co/rest/v1/request_log", new { latency = [|(int)span.TotalMilliseconds|] });""")),
        new("entity", Entity + """class Saves { RequestLog M(Stopwatch w) => new RequestLog { DurationMs = [|(int)w.Elapsed.TotalMilliseconds|] }; }"""),
        new("entity, assigned", Entity + """class Saves { void M(RequestLog log, Stopwatch w) { log.DurationMs = [|(int)w.Elapsed.TotalSeconds|]; } }"""),
        new("record", """
            record Call(string Tool, int DurationMs);
            class Saves { Call M(Stopwatch w) => new("x", [|(int)w.Elapsed.TotalMilliseconds|]); Call N(Call c, TimeSpan t) => c with { DurationMs = [|(int)t.TotalMilliseconds|] }; }
            """));

    [Theory, MemberData(nameof(ReportedCases))]
    public Task Reports(Case test) => RunAsync<DurationNarrowedAnalyzer>(test.Code);

    [Fact]
    public Task SaysWhatIsLost() => RunAsync<DurationNarrowedAnalyzer>(
        Body("""command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, {|#0:(int)span.TotalMilliseconds|});"""),
        null,
        Verify.Diagnostic().WithLocation(0).WithArguments("(int)span.TotalMilliseconds", "24.8 days", "parameter 'd' is of the type NpgsqlDbType.Integer"));
}
