using McpSessionAnalyzers.Persistence;
using static McpSessionAnalyzers.Tests.Persistence.StorageTest;

namespace McpSessionAnalyzers.Tests.Persistence;

/// <summary>MSA3001 over EF Core: attributes, fluent mappings, converters, migrations, and where entities get their values.</summary>
public sealed class FloatDurationInEntityTests
{
    private const string Saves = """
        class Saves { void M(LogContext db, Stopwatch w) { db.Add(new RequestLog { DurationMs = w.Elapsed.TotalMilliseconds }); } }
        """;

    private const string Reported = """
        class Saves { void M(LogContext db, Stopwatch w) { db.Add(new RequestLog { DurationMs = [|w.Elapsed.TotalMilliseconds|] }); } }
        """;

    private static string Model(string member, string configuration = "", string set = "RequestLogs") => $$"""
        public class RequestLog { public int Id { get; set; } {{member}} }
        public class LogContext : DbContext
        {
            public DbSet<RequestLog> {{set}} { get; set; } = null!;
            protected override void OnModelCreating(ModelBuilder model) { {{configuration}} }
        }
        """;

    private const string Plain = "public double DurationMs { get; set; }";

    private static string Migration(string up, string down = "") => $$"""
        public class AddLog : Migration
        {
            protected override void Up(MigrationBuilder migrationBuilder) { {{up}} }
            protected override void Down(MigrationBuilder migrationBuilder) { {{down}} }
        }
        """;

    private const string IntegerTable = """
        migrationBuilder.CreateTable(name: "RequestLogs", columns: table => new { Id = table.Column<int>(type: "integer", nullable: false), DurationMs = table.Column<int>(type: "integer", nullable: false) });
        """;

    public static TheoryData<Case> SilentCases => Case.For(
        new("no mapping in sight, whatever the name", Model(Plain) + Saves),
        new("double column", Model("""[Column(TypeName = "double precision")] public double DurationMs { get; set; }""") + Saves),
        new("fluent double", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("real");""") + Saves),
        new("fluent over attribute", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""", """model.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("numeric(10,2)");""") + Saves),
        new("the last word of the configuration", Model(Plain, """
            model.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("integer");
            model.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("real");
            """) + Saves),
        new("ignored", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""", """model.Entity<RequestLog>().Ignore(x => x.DurationMs);""") + Saves),
        new("NotMapped", Model("""[NotMapped, Column(TypeName = "integer")] public double DurationMs { get; set; }""") + Saves),
        new("rounding converter", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasConversion(v => (int)Math.Round(v), v => v);""") + Saves),
        new("rounding converter beside an integer column", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("integer").HasConversion(v => Convert.ToInt32(v), v => v);""") + Saves),
        new("rounding converter class", """
            public class Rounding : ValueConverter<double, int> { public Rounding() : base(v => (int)Math.Round(v), v => v) { } }
            """ + Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasConversion<Rounding>();""") + Saves),
        new("rounding converter in a field", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasConversion(Converters.Rounding);""") + Saves + """
            static class Converters { public static readonly ValueConverter<double, int> Rounding = new(v => (int)Math.Round(v), v => v); }
            """),
        new("ExecuteUpdate with a rounded value", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + """
            class Saves { void M(LogContext db, double durationMs) { db.RequestLogs.ExecuteUpdate(s => s.SetProperty(x => x.DurationMs, x => Math.Round(durationMs))); } }
            """),
        new("an altered table in a string", Model(Plain, set: "CallLog") + Saves + """
            class AddCalls : Migration { protected override void Up(MigrationBuilder b) { b.Sql("CREATE TABLE call_log (duration_ms int); ALTER TABLE call_log ALTER COLUMN duration_ms TYPE real"); } }
            """),
        new("a constructor that rounds", """
            public class RequestLog { public RequestLog(double durationMs) { DurationMs = Math.Round(durationMs); } public int Id { get; set; } [Column(TypeName = "integer")] public double DurationMs { get; private set; } }
            public class LogContext : DbContext { public DbSet<RequestLog> Logs => Set<RequestLog>(); }
            class Saves { RequestLog M(Stopwatch w) => new RequestLog(w.Elapsed.TotalMilliseconds); }
            """),
        new("a setter that rounds", """
            public class RequestLog { double _ms; public int Id { get; set; } [Column(TypeName = "integer")] public double DurationMs { get => _ms; set => _ms = Math.Round(value); } }
            public class LogContext : DbContext { public DbSet<RequestLog> Logs => Set<RequestLog>(); }
            class Saves { RequestLog M(Stopwatch w) => new RequestLog { DurationMs = w.Elapsed.TotalMilliseconds }; }
            """),
        new("rounded value", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + """
            class Saves { void M(LogContext db, Stopwatch w) { db.Add(new RequestLog { DurationMs = Math.Round(w.Elapsed.TotalMilliseconds) }); } }
            """),
        new("integer member", Model("""[Column(TypeName = "integer")] public int DurationMs { get; set; }""") + """
            class Saves { void M(LogContext db, Stopwatch w) { db.Add(new RequestLog { DurationMs = (int)w.Elapsed.TotalMilliseconds }); } }
            """),
        new("TimeSpan with a converter", Model("public TimeSpan Duration { get; set; }", """model.Entity<RequestLog>().Property(x => x.Duration).HasConversion(v => v.Ticks, v => TimeSpan.FromTicks(v));""") + """
            class Saves { void M(LogContext db, Stopwatch w) { db.Add(new RequestLog { Duration = w.Elapsed }); } }
            """),
        new("migration altered it", Model(Plain) + Saves + Migration(IntegerTable + """migrationBuilder.AlterColumn<double>(name: "DurationMs", table: "RequestLogs", type: "double precision", nullable: false, oldClrType: typeof(int), oldType: "integer");""")),
        new("only Down() makes it an integer", Model(Plain) + Saves + Migration("""migrationBuilder.AddColumn<double>(name: "DurationMs", table: "RequestLogs", nullable: false);""", """migrationBuilder.AlterColumn<int>(name: "DurationMs", table: "RequestLogs", type: "integer");""")),
        new("fluent over migration", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("float");""") + Saves + Migration(IntegerTable)),
        new("another table's migration", Model(Plain) + Saves + Migration("""migrationBuilder.AddColumn<int>(name: "DurationMs", table: "Others", nullable: false);""")),
        new("two contexts that disagree", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("integer");""") + Saves + """
            public class OtherContext : DbContext { protected override void OnModelCreating(ModelBuilder m) { m.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("real"); } }
            """),
        new("a class that is no entity", Model(Plain, set: "Logs") + """
            class Row { public double Latency { get; set; } }
            class Saves { Row M(Stopwatch w) => new Row { Latency = w.Elapsed.TotalMilliseconds }; }
            """),
        new("ExecuteUpdate to a double", Model("""[Column(TypeName = "float")] public double DurationMs { get; set; }""") + """
            class Saves { void M(LogContext db, Stopwatch w) { db.RequestLogs.ExecuteUpdate(s => s.SetProperty(x => x.DurationMs, w.Elapsed.TotalMilliseconds)); } }
            """),
        new("a copy of what is stored", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + """
            class Reads { List<RequestLog> M(LogContext db) => db.RequestLogs.Select(x => new RequestLog { DurationMs = x.DurationMs }).ToList(); }
            """),
        new("a query compares", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + """
            class Saves { void M(LogContext db, Stopwatch w) { var slow = db.RequestLogs.Where(x => x.DurationMs > w.Elapsed.TotalMilliseconds).ToList(); db.Add(new RequestLog { DurationMs = 1 }); } }
            """));

    [Theory, MemberData(nameof(SilentCases))]
    public Task IsSilent(Case test) => RunAsync<FloatDurationInIntegerColumnAnalyzer>(test.Code);

    public static TheoryData<Case> ReportedCases => Case.For(
        new("attribute", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + Reported),
        new("attribute with a name", Model("""[Column("duration_ms", TypeName = "bigint")] public double DurationMs { get; set; }""") + Reported),
        new("fluent", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).IsRequired().HasColumnType("int");""") + Reported),
        new("fluent, nested builder", Model(Plain, """model.Entity<RequestLog>(b => { b.ToTable("x"); b.Property(x => x.DurationMs).HasColumnType("int"); });""") + Reported),
        new("fluent, by name", Model(Plain, """model.Entity<RequestLog>().Property<double>("DurationMs").HasColumnType("bigint");""") + Reported),
        new("configuration class", Model(Plain) + Reported + """
            class LogConfiguration : IEntityTypeConfiguration<RequestLog> { public void Configure(EntityTypeBuilder<RequestLog> builder) { builder.Property(x => x.DurationMs).HasColumnType("INTEGER"); } }
            """),
        new("fluent over attribute", Model("""[Column(TypeName = "real")] public double DurationMs { get; set; }""", """model.Entity<RequestLog>().Property(x => x.DurationMs).HasColumnType("integer");""") + Reported),
        new("converter by type", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasConversion<int>();""") + Reported),
        new("converter that cuts off", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasConversion(v => (long)v, v => v);""") + Reported),
        new("converter class that cuts off", """
            public class Cutting : ValueConverter<double, int> { public Cutting() : base(v => (int)v, v => v) { } }
            """ + Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasConversion(new Cutting());""") + Reported),
        new("converter in a field that cuts off", Model(Plain, """model.Entity<RequestLog>().Property(x => x.DurationMs).HasConversion(Converters.Cutting);""") + Reported + """
            static class Converters { public static readonly ValueConverter<double, int> Cutting = new(v => (int)v, v => v); }
            """),
        new("table and column by configuration, schema by file", Model(Plain, """model.Entity<RequestLog>(b => { b.ToTable("request_log", "public"); b.Property(x => x.DurationMs).HasColumnName("latency"); });""") + Reported),
        new("SQL of a migration", Model(Plain, set: "CallLog") + Reported + """
            class AddCalls : Migration { protected override void Up(MigrationBuilder b) { b.Sql(@"CREATE TABLE call_log (id int, duration_ms int)"); } }
            """),
        new("a method of the entity", """
            public class RequestLog { public int Id { get; set; } [Column(TypeName = "int")] public double DurationMs { get; private set; } public void Complete(TimeSpan took) { DurationMs = [|took.TotalMilliseconds|]; } }
            public class LogContext : DbContext { public DbSet<RequestLog> Logs { get; set; } = null!; }
            """),
        new("migration", Model(Plain) + Reported + Migration(IntegerTable)),
        new("migration adds the column", Model(Plain) + Reported + Migration("""migrationBuilder.AddColumn<long>(name: "DurationMs", table: "RequestLogs", nullable: false);""", """migrationBuilder.DropColumn(name: "DurationMs", table: "RequestLogs");""")),
        new("migration alters it back and forth", Model(Plain) + Reported + Migration(IntegerTable + """
            migrationBuilder.AlterColumn<double>(name: "DurationMs", table: "RequestLogs", type: "real", oldClrType: typeof(int));
            migrationBuilder.AlterColumn<int>(name: "DurationMs", table: "RequestLogs", type: "integer", oldClrType: typeof(double));
            """)),
        new("table and column by attribute, schema by file", """
            [Table("request_log")] public class RequestLog { public int Id { get; set; } [Column("duration_ms")] public double DurationMs { get; set; } }
            public class LogContext : DbContext { public DbSet<RequestLog> Logs => Set<RequestLog>(); }
            """ + Reported),
        new("snake case by convention, schema by file", Model(Plain, set: "RequestLog") + Reported),
        new("assignment", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + """
            class Saves { void M(RequestLog log, Stopwatch w) { log.DurationMs = [|w.Elapsed.TotalMilliseconds|]; } }
            """),
        new("nullable", Model("""[Column(TypeName = "integer")] public double? DurationMs { get; set; }""") + """
            class Saves { void M(RequestLog log, TimeSpan? t) { log.DurationMs = [|t?.TotalMilliseconds|]; } }
            """),
        new("decimal", Model("""[Column(TypeName = "integer")] public decimal DurationMs { get; set; }""") + """
            class Saves { void M(RequestLog log, TimeSpan t) { log.DurationMs = [|(decimal)t.TotalMilliseconds|]; } }
            """),
        new("base class of the entity", """
            public abstract class Timed { [Column(TypeName = "integer")] public double DurationMs { get; set; } }
            public class RequestLog : Timed { public int Id { get; set; } }
            public class LogContext : DbContext { public DbSet<RequestLog> Logs { get; set; } = null!; }
            """ + Reported),
        new("constructor: the caller's argument", """
            public class RequestLog
            {
                public RequestLog(double durationMs) { DurationMs = durationMs; }
                [Column(TypeName = "integer")] public double DurationMs { get; private set; }
            }
            public class LogContext : DbContext { public DbSet<RequestLog> Logs { get; set; } = null!; }
            class Saves { void M(LogContext db, Stopwatch w) { db.Add(new RequestLog([|w.Elapsed.TotalMilliseconds|])); } }
            """),
        new("record", """
            public record RequestLog(int Id, [property: Column(TypeName = "integer")] double DurationMs);
            public class LogContext : DbContext { public DbSet<RequestLog> Logs { get; set; } = null!; }
            class Saves { void M(RequestLog log, Stopwatch w) { _ = new RequestLog(1, [|w.Elapsed.TotalMilliseconds|]); _ = log with { DurationMs = [|w.Elapsed.TotalMilliseconds|] }; } }
            """),
        new("ExecuteUpdate", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + """
            class Saves { void M(LogContext db, Stopwatch w) { db.RequestLogs.ExecuteUpdate(s => s.SetProperty(x => x.DurationMs, [|w.Elapsed.TotalMilliseconds|])); } }
            """),
        new("ExecuteUpdate with a lambda", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + """
            class Saves { void M(LogContext db, Stopwatch w) { db.RequestLogs.ExecuteUpdate(s => s.SetProperty(x => x.DurationMs, x => [|w.Elapsed.TotalMilliseconds|])); } }
            """),
        new("change tracking", Model("""[Column(TypeName = "integer")] public double DurationMs { get; set; }""") + """
            class Saves { void M(LogContext db, RequestLog log, Stopwatch w) { db.Entry(log).Property(x => x.DurationMs).CurrentValue = [|w.Elapsed.TotalMilliseconds|]; } }
            """),
        new("no value in this compilation", Model("""[Column(TypeName = "integer")] public double [|DurationMs|] { get; set; }""")),
        new("ExecuteSqlInterpolated", Model("") + """
            class Saves { void M(LogContext db, Stopwatch w) { db.Database.ExecuteSqlInterpolated($"INSERT INTO request_log (latency) VALUES ({[|w.Elapsed.TotalMilliseconds|]})"); } }
            """),
        new("ExecuteSql", Model("") + """
            class Saves { Task M(LogContext db, Stopwatch w) => db.Database.ExecuteSqlAsync($"UPDATE request_log SET latency = {[|w.Elapsed.TotalMilliseconds|]}"); }
            """),
        new("ExecuteSqlRaw", Model("") + """
            class Saves { void M(LogContext db, Stopwatch w) { db.Database.ExecuteSqlRaw("INSERT INTO request_log (tool, latency) VALUES ({0}, {1})", "x", [|w.Elapsed.TotalMilliseconds|]); } }
            """));

    [Theory, MemberData(nameof(ReportedCases))]
    public Task Reports(Case test) => RunAsync<FloatDurationInIntegerColumnAnalyzer>(test.Code);
}
