using McpSessionAnalyzers.Persistence;
using Microsoft.CodeAnalysis;
using static McpSessionAnalyzers.Tests.Persistence.StorageTest;
using Verify = McpSessionAnalyzers.Tests.AnalyzerVerifier<McpSessionAnalyzers.Persistence.FloatDurationInIntegerColumnAnalyzer>;

namespace McpSessionAnalyzers.Tests.Persistence;

/// <summary>MSA3001 over parameters, Dapper and SQL texts. Entities and REST rows have files of their own.</summary>
public sealed class FloatDurationInIntegerColumnTests
{
    private const string Insert = """command.CommandText = "INSERT INTO request_log (tool, duration_ms) VALUES (@tool, @d)";""";

    public static TheoryData<Case> Silent => Case.For(
        // The value is no fraction any more.
        new("rounded and cast", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Integer, (int)Math.Round(span.TotalMilliseconds));""")),
        new("cast to long", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Bigint, (long)span.TotalMilliseconds);""")),
        new("Convert.ToInt32", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Integer, Convert.ToInt32(span.TotalMilliseconds));""")),
        new("ElapsedMilliseconds is a long", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Bigint, watch.ElapsedMilliseconds);""")),
        new("DurationMilliseconds", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Integer, McpSessions.DurationMilliseconds.ToInt32(span));""")),
        new("rounded double to a column", Body(Insert + """command.Parameters.AddWithValue("d", Math.Round(span.TotalMilliseconds));""")),
        new("floor, ceiling and truncate to columns", Body(Insert + """
            command.Parameters.AddWithValue("d", Math.Floor(span.TotalMilliseconds));
            command.Parameters.AddWithValue("d", Math.Ceiling(span.TotalMilliseconds));
            command.Parameters.AddWithValue("d", Math.Truncate(span.TotalMilliseconds));
            """)),
        new("rounded with a mode", Body(Insert + """command.Parameters.AddWithValue("d", Math.Round(span.TotalMilliseconds, MidpointRounding.AwayFromZero));""")),
        new("rounded to no digits", Body(Insert + """command.Parameters.AddWithValue("d", Math.Round(span.TotalMilliseconds, 0));""")),
        new("rounded local", Body(Insert + """var durationMs = Math.Round(span.TotalMilliseconds); command.Parameters.AddWithValue("d", durationMs);""")),
        new("integer local", Body(Insert + """var durationMs = (int)span.TotalMilliseconds; command.Parameters.AddWithValue("d", durationMs);""")),
        new("long local, boxed", Body(Insert + """long? durationMs = ok ? watch.ElapsedMilliseconds : null; command.Parameters.AddWithValue("d", (object?)durationMs ?? DBNull.Value);""")),
        new("whole double of a long, untyped parameter", Body(Insert + """command.Parameters.AddWithValue("d", (double)watch.ElapsedMilliseconds);""")),
        new("helper that rounds", """
            class Log { double DurationMs(Stopwatch w) => Math.Round(w.Elapsed.TotalMilliseconds); void M(NpgsqlCommand c, Stopwatch w) => c.Parameters.AddWithValue("duration_ms", DurationMs(w)); }
            """),
        new("rounding property", """
            class Call { public TimeSpan Took { get; set; } public double DurationMs => Math.Round(Took.TotalMilliseconds); }
            class Log { void M(NpgsqlCommand c, Call call) => c.Parameters.AddWithValue("duration_ms", call.DurationMs); }
            """),

        // The column takes fractions.
        new("double column", Body("""command.CommandText = "INSERT INTO request_log (seconds) VALUES (@s)"; command.Parameters.AddWithValue("s", span.TotalSeconds);""")),
        new("numeric column", Body("""command.CommandText = "INSERT INTO request_log (elapsed) VALUES (@s)"; command.Parameters.AddWithValue("s", span.TotalSeconds);""")),
        new("interval column", Body("""command.CommandText = "UPDATE request_log SET took = @s"; command.Parameters.AddWithValue("s", span);""")),
        new("double parameter", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Double, span.TotalMilliseconds);""")),
        new("numeric parameter", Body("""command.Parameters.Add("duration_ms", NpgsqlDbType.Numeric).Value = span.TotalMilliseconds;""")),
        new("float parameter of SqlClient", Body("""sql.Parameters.Add("@duration_ms", SqlDbType.Float).Value = span.TotalMilliseconds;""")),
        new("real parameter of SQLite", Body("""sqlite.Parameters.Add("$duration_ms", SqliteType.Real).Value = span.TotalMilliseconds;""")),
        new("double parameter of MySQL", Body("""mysql.Parameters.Add("@duration_ms", MySqlDbType.Double).Value = span.TotalMilliseconds;""")),
        new("DbType.Double", Body("""var p = db.CreateParameter(); p.ParameterName = "duration_ms"; p.DbType = DbType.Double; p.Value = span.TotalMilliseconds; db.Parameters.Add(p);""")),
        new("interval parameter", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Interval, span);""")),
        new("unknown column of no telling name", Body("""command.CommandText = "INSERT INTO other (duration) VALUES (@d)"; command.Parameters.AddWithValue("d", span.TotalMilliseconds);""")),
        new("name without a unit", Body("""command.Parameters.AddWithValue("duration", span.TotalMilliseconds);""")),
        new("name that ends in ms by chance", Body("""command.Parameters.AddWithValue("items", span.TotalMilliseconds);""")),

        // No measure of time.
        new("score", Body("""command.Parameters.AddWithValue("score", NpgsqlDbType.Integer, score);""")),
        new("score to a column", Body("""command.CommandText = "INSERT INTO request_log (score) VALUES (@s)"; command.Parameters.AddWithValue("s", score);""")),
        new("rate", Body("""command.Parameters.AddWithValue("rate", NpgsqlDbType.Integer, 1000 / span.TotalSeconds);""")),
        new("share of a duration", Body("""command.Parameters.AddWithValue("percent", NpgsqlDbType.Integer, span.TotalMilliseconds / maybe!.Value.TotalMilliseconds * 100);""")),
        new("cost by the second", Body("""command.Parameters.AddWithValue("cost", NpgsqlDbType.Integer, span.TotalSeconds * score);""")),
        new("constant", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Integer, 1.5);""")),
        new("rate by name", Body("""double latencyRate = score; command.Parameters.AddWithValue("x", NpgsqlDbType.Integer, latencyRate);""")),

        // Only read or compared.
        new("WHERE", Body("""command.CommandText = "SELECT * FROM request_log WHERE duration_ms > @min"; command.Parameters.AddWithValue("min", span.TotalMilliseconds);""")),
        new("WHERE, typed", Body("""command.CommandText = "SELECT * FROM request_log WHERE duration_ms > @min"; command.Parameters.AddWithValue("min", NpgsqlDbType.Integer, span.TotalMilliseconds);""")),
        new("WHERE of an UPDATE", Body("""command.CommandText = "UPDATE request_log SET tool = @t WHERE duration_ms > @d_ms"; command.Parameters.AddWithValue("d_ms", span.TotalMilliseconds);""")),
        new("DELETE", Body("""await connection.ExecuteAsync("DELETE FROM request_log WHERE duration_ms < @d", new { d = span.TotalMilliseconds });""")),
        new("SELECT by Dapper", Body("""await connection.QueryAsync("SELECT id FROM request_log WHERE duration_ms > @duration_ms", new { duration_ms = span.TotalMilliseconds });""")),
        new("interpolated SELECT", Body("""command.CommandText = $"SELECT * FROM request_log WHERE duration_ms > {span.TotalMilliseconds}";""")),

        // Rounded in the SQL.
        new("round()", Body("""command.CommandText = "INSERT INTO request_log (duration_ms) VALUES (round(@d))"; command.Parameters.AddWithValue("d", span.TotalMilliseconds);""")),
        new("cast as int", Body("""command.CommandText = "INSERT INTO request_log (duration_ms) VALUES (CAST(@d AS integer))"; command.Parameters.AddWithValue("d", span.TotalMilliseconds);""")),
        new("::int", Body("""command.CommandText = "UPDATE request_log SET duration_ms = @d::int"; command.Parameters.AddWithValue("d", span.TotalMilliseconds);""")),
        new("convert(int, x)", Body("""sql.CommandText = "UPDATE request_log SET duration_ms = CONVERT(int, @d)"; sql.Parameters.AddWithValue("@d", span.TotalMilliseconds);""")),
        new("round in an interpolated text", Body("""command.CommandText = $"INSERT INTO request_log (duration_ms) VALUES (ROUND({span.TotalMilliseconds}))";""")),

        // Texts.
        new("F0", Body("""command.CommandText = $"INSERT INTO request_log (duration_ms) VALUES ({span.TotalMilliseconds:F0})";""")),
        new("ToString F0", Body("""command.CommandText = "INSERT INTO request_log (duration_ms) VALUES (" + span.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) + ")";""")),
        new("text with a long", Body("""command.CommandText = $"INSERT INTO request_log (duration_ms) VALUES ({watch.ElapsedMilliseconds})";""")),
        new("a log line about SQL", Body("""Console.WriteLine($"INSERT INTO request_log (duration_ms) VALUES ({span.TotalMilliseconds})");""")),
        new("an exception about SQL", Body("""throw new InvalidOperationException($"INSERT INTO request_log (duration_ms) VALUES ({span.TotalMilliseconds}) failed");""")),
        new("prose", Body("""var message = $"INSERT INTO request_log took {span.TotalMilliseconds} ms";""")),

        new("two definitions that disagree", """
            class Log
            {
                private const string Old = "CREATE TABLE calls (took INTEGER NOT NULL)";
                private const string New = "CREATE TABLE calls (took REAL NOT NULL)";
                void M(SqliteCommand c, double elapsed) { c.CommandText = "INSERT INTO calls (took) VALUES ($took)"; c.Parameters.AddWithValue("$took", elapsed); }
            }
            """),

        new("the command's second text", Body("""
            command.CommandText = "INSERT INTO request_log (latency) VALUES (@l)"; command.Parameters.AddWithValue("l", 1); command.Parameters.Clear();
            command.CommandText = "INSERT INTO request_log (seconds) VALUES (@l)"; command.Parameters.AddWithValue("l", span.TotalSeconds);
            """)),
        new("a document", Body("""command.CommandText = "INSERT INTO events (payload) VALUES (@p)"; command.Parameters.AddWithValue("p", NpgsqlDbType.Jsonb, JsonSerializer.Serialize(new { duration_ms = span.TotalMilliseconds }));""")),
        new("a part of a duration", Body(Insert + """command.Parameters.AddWithValue("d", span.Milliseconds);""")),

        // Not storage.
        new("histogram, log and console", """
            class Log
            {
                static readonly System.Diagnostics.Metrics.Meter Meter = new("m");
                static readonly System.Diagnostics.Metrics.Histogram<double> Duration = Meter.CreateHistogram<double>("duration_ms");
                void M(Stopwatch w, ILogger log, Activity a)
                {
                    Duration.Record(w.Elapsed.TotalMilliseconds);
                    log.LogInformation("duration_ms {duration_ms}", w.Elapsed.TotalMilliseconds);
                    a.SetTag("duration_ms", w.Elapsed.TotalMilliseconds);
                    Console.WriteLine(w.Elapsed.TotalMilliseconds);
                }
            }
            """),
        new("a type of one's own with AddWithValue", """
            class Tags { public void AddWithValue(string name, object value) { } }
            class Log { void M(Tags tags, Stopwatch w) => tags.AddWithValue("duration_ms", w.Elapsed.TotalMilliseconds); }
            """),
        new("a dictionary of one's own", """
            class Log { void M(Stopwatch w) { var d = new Dictionary<string, object> { ["duration_ms"] = w.Elapsed.TotalMilliseconds }; d.Add("latency_ms", w.Elapsed.TotalMilliseconds); } }
            """),
        new("Dapper: the column takes fractions", Body("""await connection.ExecuteAsync("INSERT INTO request_log (seconds) VALUES (@duration_ms)", new { duration_ms = span.TotalSeconds });""")),
        new("Dapper: DynamicParameters with a double", Body("""var p = new DynamicParameters(); p.Add("duration_ms", span.TotalMilliseconds, DbType.Double); await connection.ExecuteAsync("INSERT INTO t (duration_ms) VALUES (@duration_ms)", p);""")),
        new("a double's type, given after the creation", Body("""var p = command.Parameters.AddWithValue("duration_ms", span.TotalMilliseconds); p.NpgsqlDbType = NpgsqlDbType.Double;""")),
        new("a double's type, given at once", Body("""sql.Parameters.AddWithValue("@duration_ms", span.TotalMilliseconds).SqlDbType = SqlDbType.Float;""")),
        new("NpgsqlParameter<double>", Body("""command.Parameters.Add(new NpgsqlParameter<double>("duration_ms", span.TotalMilliseconds));""")),
        new("helper, other name", """
            class Log
            {
                static void Add(DbCommand c, string name, object? value) { var p = c.CreateParameter(); p.ParameterName = name; p.Value = value ?? DBNull.Value; c.Parameters.Add(p); }
                void M(DbCommand c, Stopwatch w) { Add(c, "took", w.Elapsed.TotalMilliseconds); Add(c, "duration_ms", w.ElapsedMilliseconds); Print("duration_ms", w.Elapsed.TotalMilliseconds); }
                static void Print(string name, object? value) => Console.WriteLine($"{name}={value}");
            }
            """),
        new("helper, type given", """
            class Log
            {
                static void Add(NpgsqlCommand c, string name, NpgsqlDbType type, object? value) => c.Parameters.Add(new NpgsqlParameter(name, type) { Value = value });
                void M(NpgsqlCommand c, Stopwatch w) => Add(c, "duration_ms", NpgsqlDbType.Double, w.Elapsed.TotalMilliseconds);
            }
            """),
        new("binary import of a double", Body("""using var w = connection.BeginBinaryImport("COPY request_log (duration_ms) FROM STDIN (FORMAT BINARY)"); w.StartRow(); w.Write(span.TotalMilliseconds, NpgsqlDbType.Double);""")),
        new("half-typed", "class Log { void M(NpgsqlCommand c, Stopwatch w) { c.Parameters.AddWithValue(\"duration_ms\", {|CS1503:w.Elapsed.{|CS1061:TotalMilli|}|}{|CS1002:|}{|CS1026:|}"
            .Replace("{|CS1503:w.Elapsed.{|CS1061:TotalMilli|}|}{|CS1002:|}{|CS1026:|}", "w.Elapsed.{|CS1061:TotalMilli|}); } }", StringComparison.Ordinal)));

    [Theory, MemberData(nameof(Silent))]
    public Task IsSilent(Case test) => RunAsync<FloatDurationInIntegerColumnAnalyzer>(test.Code);

    public static TheoryData<Case> Reported => Case.For(
        // An explicit integer type on the parameter.
        new("AddWithValue with a type", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Integer, [|span.TotalMilliseconds|]);""")),
        new("AddWithValue, bigint", Body("""command.Parameters.AddWithValue("took", NpgsqlDbType.Bigint, [|watch.Elapsed.TotalMilliseconds|]);""")),
        new("constructor and initializer", Body("""command.Parameters.Add(new NpgsqlParameter("d", NpgsqlDbType.Integer) { Value = [|span.TotalMilliseconds|] });""")),
        new("initializer only", Body("""command.Parameters.Add(new NpgsqlParameter { ParameterName = "d", NpgsqlDbType = NpgsqlDbType.Smallint, Value = [|span.TotalSeconds|] });""")),
        new("type after the value", Body("""command.Parameters.Add(new NpgsqlParameter { Value = [|span.TotalSeconds|], DbType = DbType.Int64 });""")),
        new("Add and Value", Body("""sql.Parameters.Add("@d", SqlDbType.Int).Value = [|span.TotalMilliseconds|];""")),
        new("SQLite", Body("""sqlite.Parameters.Add("$d", SqliteType.Integer).Value = [|span.TotalMilliseconds|];""")),
        new("MySQL", Body("""mysql.Parameters.Add("@d", MySqlDbType.Int32).Value = [|span.TotalMilliseconds|];""")),
        new("DbParameter by local", Body("""var p = db.CreateParameter(); p.ParameterName = "d"; p.DbType = DbType.Int32; p.Value = [|span.TotalMilliseconds|]; db.Parameters.Add(p);""")),
        new("SqlParameter by local", Body("""var p = new SqlParameter("@d", SqlDbType.BigInt); p.Value = [|span.TotalMilliseconds|]; sql.Parameters.Add(p);""")),
        new("prepared, by index", Body("""sql.Parameters.Add("@d", SqlDbType.Int); sql.Prepare(); sql.Parameters["@d"].Value = [|span.TotalMilliseconds|];""")),
        new("TypedValue", Body("""command.Parameters.Add(new NpgsqlParameter<double>("d", NpgsqlDbType.Integer) { TypedValue = [|span.TotalMilliseconds|] });""")),
        new("batch command", Body("""var batch = new NpgsqlBatchCommand("INSERT INTO t (x) VALUES ($1)"); batch.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = [|span.TotalMilliseconds|] });""")),
        new("parameters in the command's initializer", Body("""using var c = new NpgsqlCommand("INSERT INTO request_log (tool, duration_ms) VALUES ($1, $2)", connection) { Parameters = { new() { Value = tool }, new() { Value = [|span.TotalMilliseconds|] } } };""")),
        new("binary import", Body("""using var w = connection.BeginBinaryImport("COPY x FROM STDIN (FORMAT BINARY)"); w.StartRow(); await w.WriteAsync([|span.TotalMilliseconds|], NpgsqlDbType.Integer, ct);""")),
        new("binary import by column", Body("""using var w = connection.BeginBinaryImport("COPY request_log (tool, duration_ms) FROM STDIN (FORMAT BINARY)"); w.StartRow(); w.Write(tool); w.Write([|span.TotalMilliseconds|]);""")),
        new("a whole double is a double to the provider", Body("""command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|Math.Round(span.TotalMilliseconds)|]);""")),
        new("float and decimal convert nothing", Body("""
            command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|(float)span.TotalMilliseconds|]);
            command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|(decimal)span.TotalMilliseconds|]);
            """)),
        new("name as evidence for the value", Body("""double latency = value; command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|latency|]);""")),
        new("name of the target for a neutral value", Body("""command.Parameters.AddWithValue("duration_ms", NpgsqlDbType.Integer, [|value|]);""")),

        // The value through code.
        new("boxed, or null", Body("""command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|(object?)maybe?.TotalMilliseconds ?? DBNull.Value|]);""")),
        new("conditional", Body("""command.Parameters.AddWithValue("d", NpgsqlDbType.Integer, [|ok ? span.TotalMilliseconds : DBNull.Value|]);""")),
        new("local", Body(Insert + """var x = span.TotalMilliseconds; command.Parameters.AddWithValue("d", [|x|]);""")),
        new("object local", Body(Insert + """object x = maybe is { } m ? m.TotalMilliseconds : DBNull.Value; command.Parameters.AddWithValue("d", [|x|]);""")),
        new("assigned later", Body(Insert + """double x = 0; if (ok) { x = span.TotalMilliseconds; } command.Parameters.AddWithValue("d", [|x|]);""")),
        new("summed up", Body(Insert + """double sum = 0; sum += span.TotalMilliseconds; command.Parameters.AddWithValue("d", [|sum|]);""")),
        new("ticks and frequency", Body(Insert + """command.Parameters.AddWithValue("d", [|(Stopwatch.GetTimestamp() - startTicks) * 1000.0 / Stopwatch.Frequency|]);""")),
        new("dates subtracted", Body(Insert + """command.Parameters.AddWithValue("d", [|(end - start).TotalMilliseconds|]);""")),
        new("GetElapsedTime", Body(Insert + """command.Parameters.AddWithValue("d", [|Stopwatch.GetElapsedTime(startTicks).TotalMilliseconds|]);""")),
        new("milliseconds over a thousand", Body(Insert + """command.Parameters.AddWithValue("d", [|watch.ElapsedMilliseconds / 1000.0|]);""")),
        new("rounded to digits", Body(Insert + """command.Parameters.AddWithValue("d", [|Math.Round(span.TotalMilliseconds, 2)|]);""")),
        new("clamped", Body(Insert + """command.Parameters.AddWithValue("d", [|Math.Max(0, span.TotalMilliseconds)|]);""")),
        new("tuple", Body(Insert + """var (a, b) = (tool, span.TotalMilliseconds); command.Parameters.AddWithValue("d", [|b|]);""")),
        new("average", Body(Insert + """var all = new[] { span }; command.Parameters.AddWithValue("d", [|all.Average(s => s.TotalMilliseconds)|]);""")),
        new("helper", """
            class Log
            {
                static double Took(Stopwatch w) => w.Elapsed.TotalMilliseconds;
                void M(NpgsqlCommand c, Stopwatch w) { c.CommandText = "INSERT INTO request_log(duration_ms) VALUES(@p)"; c.Parameters.AddWithValue("p", [|Took(w)|]); }
            }
            """),
        new("property of a record", """
            record Call(string Tool, double DurationMs);
            class Log { void M(SqliteCommand c, Call call) { c.CommandText = "INSERT INTO request_log (duration_ms) VALUES ($d)"; c.Parameters.AddWithValue("$d", [|call.DurationMs|]); } }
            """),

        new("prepared, parameter objects", Body("""command.Parameters.Add(new NpgsqlParameter("d", NpgsqlDbType.Integer)); command.Parameters["d"].Value = [|span.TotalMilliseconds|];""")),
        new("parameter kept in a field", """
            class Log
            {
                private readonly SqliteCommand _insert;
                private readonly SqliteParameter _duration;
                public Log(SqliteConnection c) { _insert = c.CreateCommand(); _duration = _insert.Parameters.Add("$duration", SqliteType.Integer); }
                void M(Stopwatch w) => _duration.Value = [|w.Elapsed.TotalMilliseconds|];
            }
            """),
        new("interface of ADO.NET", """
            class Log { void M(IDbCommand c, TimeSpan t) { IDbDataParameter p = c.CreateParameter(); p.ParameterName = "d"; p.DbType = DbType.Int64; p.Value = [|t.TotalMilliseconds|]; c.Parameters.Add(p); } }
            """),
        new("schema in a string", """
            class Log
            {
                private const string Create = "CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY, took INTEGER NOT NULL)";
                void M(SqliteCommand c, double elapsed) { c.CommandText = "INSERT INTO calls (took) VALUES ($took)"; c.Parameters.AddWithValue("$took", [|elapsed|]); }
            }
            """),
        new("inferred name in a row", """
            class Log { Task M(NpgsqlConnection c, double latency) => c.ExecuteAsync("INSERT INTO request_log (latency) VALUES (@latency)", new { [|latency|] }); }
            """),
        new("one text of two", Body("""var text = ok ? "UPDATE request_log SET latency = @l" : "UPDATE request_log SET duration_ms = @l"; command.CommandText = text; command.Parameters.AddWithValue("l", [|span.TotalMilliseconds|]);""")),
        new("one of two durations", Body(Insert + """command.Parameters.AddWithValue("d", [|ok switch { true => span.TotalMilliseconds, false => span.TotalSeconds }|]);""")),
        new("positional parameters, in a finally", """
            class Agent
            {
                private readonly NpgsqlDataSource _db = null!;
                public async Task<string> CallAsync(string tool)
                {
                    var watch = Stopwatch.StartNew();
                    try { await Task.Yield(); return tool; }
                    finally
                    {
                        await using var insert = _db.CreateCommand("INSERT INTO request_log (tool, duration_ms) VALUES ($1, $2)");
                        insert.Parameters.AddWithValue(tool);
                        insert.Parameters.AddWithValue([|watch.Elapsed.TotalMilliseconds|]);
                    }
                }
            }
            """),
        new("prepared once, filled in a loop", """
            class Log
            {
                void M(SqliteConnection db, Stopwatch w)
                {
                    using var insert = db.CreateCommand();
                    insert.CommandText = "INSERT INTO request_log (duration_ms) VALUES ($duration)";
                    var duration = insert.CreateParameter(); duration.ParameterName = "$duration"; insert.Parameters.Add(duration);
                    for (var i = 0; i < 3; i++) { duration.Value = [|w.Elapsed.TotalMilliseconds|]; insert.ExecuteNonQuery(); }
                }
            }
            """),
        new("tick counts", Body(Insert + """var began = Environment.TickCount64; command.Parameters.AddWithValue("d", [|(Environment.TickCount64 - began) / 2.0|]);""")),
        new("type given after the creation", Body("""var p = command.Parameters.AddWithValue("d", [|span.TotalMilliseconds|]); p.DbType = DbType.Int32;""")),
        new("helper", """
            static class Parameters
            {
                public static void AddParameter(this DbCommand c, string name, object? value) { var p = c.CreateParameter(); p.ParameterName = name; p.Value = value ?? DBNull.Value; c.Parameters.Add(p); }
            }
            class Log { void M(DbCommand c, Stopwatch w) { c.CommandText = "INSERT INTO request_log (latency) VALUES (@l)"; c.AddParameter("l", [|w.Elapsed.TotalMilliseconds|]); c.AddParameter("duration_ms", w.ElapsedMilliseconds); } }
            """),
        new("helper with a type", """
            class Log
            {
                static void Add(NpgsqlCommand c, string name, NpgsqlDbType type, object? value) => c.Parameters.Add(new NpgsqlParameter(name, type) { Value = value });
                void M(NpgsqlCommand c, Stopwatch w) => Add(c, "d", NpgsqlDbType.Integer, [|w.Elapsed.TotalMilliseconds|]);
            }
            """),

        // The schema in a file.
        new("INSERT", Body(Insert + """command.Parameters.AddWithValue("d", [|span.TotalMilliseconds|]);""")),
        new("INSERT without columns", Body("""command.CommandText = "INSERT INTO request_log VALUES (1, @t, @d)"; command.Parameters.AddWithValue("d", [|span.TotalMilliseconds|]);""")),
        new("UPDATE", Body("""command.CommandText = "UPDATE public.request_log SET latency = @l WHERE id = 1"; command.Parameters.AddWithValue("l", [|span.TotalSeconds|]);""")),
        new("upsert", Body("""command.CommandText = "INSERT INTO request_log (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET latency = @l"; command.Parameters.AddWithValue("l", [|span.TotalSeconds|]);""")),
        new("double parameter, integer column", Body(Insert + """command.Parameters.AddWithValue("d", NpgsqlDbType.Double, [|span.TotalMilliseconds|]);""")),
        new("text in a constant", """
            class Log
            {
                private const string Sql = "INSERT INTO request_log (tool, latency) " + "VALUES (@tool, @latency)";
                void M(NpgsqlConnection n, Stopwatch w) { using var c = new NpgsqlCommand(Sql, n); c.Parameters.AddWithValue("latency", [|w.Elapsed.TotalMilliseconds|]); }
            }
            """),
        new("quoted names", Body(""""command.CommandText = """INSERT INTO "public"."request_log" ("latency") VALUES (@l)"""; command.Parameters.AddWithValue("l", [|span.TotalSeconds|]);"""")),
        new("anonymous placeholders", Body("""sqlite.CommandText = "INSERT INTO request_log (tool, latency) VALUES (?, ?)"; sqlite.Parameters.Add(new SqliteParameter { Value = tool }); sqlite.Parameters.Add(new SqliteParameter { Value = [|span.TotalSeconds|] });""")),

        // Dapper.
        new("Dapper", Body("""await connection.ExecuteAsync("INSERT INTO request_log (latency) VALUES (@l)", new { tool, l = [|span.TotalMilliseconds|] });""")),
        new("Dapper, many rows", Body("""var rows = new[] { span }.Select(s => new { l = [|s.TotalMilliseconds|] }); await connection.ExecuteAsync("INSERT INTO request_log (latency) VALUES (@l)", rows);""")),
        new("Dapper, command definition", Body("""await connection.ExecuteAsync(new CommandDefinition("UPDATE request_log SET latency = @l", new { l = [|span.TotalMilliseconds|] }, cancellationToken: ct));""")),
        new("Dapper, DynamicParameters", Body("""var p = new DynamicParameters(); p.Add("l", [|span.TotalMilliseconds|]); await connection.ExecuteAsync("INSERT INTO request_log (latency) VALUES (@l)", p);""")),
        new("Dapper, DynamicParameters with a type", Body("""var p = new DynamicParameters(); p.Add("l", [|span.TotalMilliseconds|], DbType.Int32); await connection.ExecuteAsync("save_log", p, commandType: CommandType.StoredProcedure);""")),
        new("Dapper, row type", """
            class Row { public string Tool { get; set; } = ""; public double Latency { get; set; } }
            class Log
            {
                Task Save(NpgsqlConnection c, Row row) => c.ExecuteAsync("INSERT INTO request_log (tool, latency) VALUES (@Tool, @Latency)", row);
                Task M(NpgsqlConnection c, Stopwatch w) => Save(c, new Row { Tool = "x", Latency = [|w.Elapsed.TotalMilliseconds|] });
            }
            """),
        new("Dapper, record", """
            record Row(string Tool, double Latency);
            class Log
            {
                Task Save(NpgsqlConnection c, IEnumerable<Row> rows) => c.ExecuteAsync("INSERT INTO request_log (tool, latency) VALUES (@Tool, @Latency)", rows);
                Row M(Stopwatch w) => new("x", [|w.Elapsed.TotalMilliseconds|]);
            }
            """),
        new("Dapper, row that gets no value here", """
            public class Row { public string Tool { get; set; } = ""; public double [|Latency|] { get; set; } }
            class Log { Task Save(NpgsqlConnection c, Row row) => c.ExecuteAsync("INSERT INTO request_log (tool, latency) VALUES (@Tool, @Latency)", row); }
            """),

        // Texts.
        new("interpolated", Body("""command.CommandText = $"INSERT INTO request_log (tool, latency) VALUES ('{tool}', {[|span.TotalMilliseconds|]})";""")),
        new("interpolated with digits", Body("""command.CommandText = $"INSERT INTO request_log (latency) VALUES ({[|span.TotalMilliseconds|]:F2})";""")),
        new("concatenated", Body("""var text = "INSERT INTO request_log (latency) VALUES (" + [|span.TotalMilliseconds|] + ")"; command.CommandText = text;""")),
        new("concatenated, printed", Body("""command.CommandText = "UPDATE request_log SET latency = " + [|span.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)|] + " WHERE id = 1";""")
            .Replace("[|span.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)|]", "[|span.TotalMilliseconds|].ToString(CultureInfo.InvariantCulture)", StringComparison.Ordinal)),
        new("string.Format", Body("""command.CommandText = string.Format("UPDATE request_log SET latency = {0} WHERE tool = '{1}'", [|span.TotalMilliseconds|], tool);""")));

    [Theory, MemberData(nameof(Reported))]
    public Task Reports(Case test) => RunAsync<FloatDurationInIntegerColumnAnalyzer>(test.Code);

    public static TheoryData<Case> Names => Case.For(
        new("parameter", Body("""command.Parameters.AddWithValue("duration_ms", [|span.TotalMilliseconds|]);""")),
        new("Pascal case", Body("""sql.Parameters.AddWithValue("@DurationMs", [|span.TotalMilliseconds|]);""")),
        new("column", Body("""command.CommandText = "INSERT INTO other (took_ms) VALUES (@d)"; command.Parameters.AddWithValue("d", [|span.TotalMilliseconds|]);""")),
        new("Dapper", Body("""await connection.ExecuteAsync("INSERT INTO other (took_ms) VALUES (@d)", new { d = [|span.TotalMilliseconds|] });""")),
        new("text", Body("""command.CommandText = $"INSERT INTO other (took_ms) VALUES ({[|span.TotalMilliseconds|]})";""")));

    [Theory, MemberData(nameof(Names))]
    public Task ReportsNames(Case test) => RunAsync<FloatDurationInIntegerColumnAnalyzer>(test.Code, schema: null);

    [Fact]
    public Task SaysWhatIsStoredAndWhereTo() => RunAsync<FloatDurationInIntegerColumnAnalyzer>(
        Body(Insert + """command.Parameters.AddWithValue("d", {|#0:span.TotalMilliseconds|});"""),
        Schema,
        Verify.Diagnostic().WithLocation(0).WithArguments("span.TotalMilliseconds", "milliseconds", "column 'duration_ms' of table 'request_log' is declared as INTEGER"));

    [Fact]
    public async Task NamesAndColumnsCanBeConfigured()
    {
        var test = new Verify.Test
        {
            TestCode = Body("""command.CommandText = "INSERT INTO calls (spent) VALUES (@s)"; command.Parameters.AddWithValue("s", [|value|]);"""),
            ReferenceAssemblies = Harness.References.Storage,
            TestState =
            {
                Sources = { ("/0/Storage.cs", Usings) },
                AnalyzerConfigFiles = { ("/.editorconfig", "root = true\n[*]\nmcp_session_analyzers.duration_names = value, other\nmcp_session_analyzers.integer_columns = calls.spent") },
            },
        };
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task ANameAloneIsAHint() => RunAsync<FloatDurationInIntegerColumnAnalyzer>(
        Body("""command.Parameters.AddWithValue("duration_ms", {|#0:span.TotalSeconds|});"""),
        null,
        Verify.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(0).WithArguments("span.TotalSeconds", "seconds", "the name of parameter 'duration_ms' says whole milliseconds"));
}
