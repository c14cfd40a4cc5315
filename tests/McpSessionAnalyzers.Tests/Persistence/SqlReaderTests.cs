using McpSessionAnalyzers.Durations;

namespace McpSessionAnalyzers.Tests.Persistence;

/// <summary>The schema in four dialects, and in none.</summary>
public sealed class SqlReaderTests
{
    private static SqlColumnKind Kind(string column, params string[] sources) =>
        new SqlSchema(sources.Select(source => SqlDefinitionReader.Read(source, TestContext.Current.CancellationToken))).Find(SqlName.Parse("request_log"), column).Kind;

    [Theory]
    [InlineData("CREATE TABLE request_log (id bigserial PRIMARY KEY, d integer)")]
    [InlineData("CREATE TABLE IF NOT EXISTS public.request_log (d INT4 NOT NULL DEFAULT 0 CHECK (d >= 0), UNIQUE (d))")]
    [InlineData("CREATE TABLE [dbo].[request_log] ([id] UNIQUEIDENTIFIER NOT NULL, [d] [int] NULL, CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([id] ASC))\nGO")]
    [InlineData("CREATE TABLE `request_log` (`id` BIGINT(20) UNSIGNED NOT NULL AUTO_INCREMENT, `d` INT(11) UNSIGNED DEFAULT NULL COMMENT 'ms, not s', KEY `x` (`d`)) ENGINE=InnoDB;")]
    [InlineData("create temp table request_log(d integer, -- a comment with ) and ,\n e real /* and ( another */)")]
    [InlineData("CREATE TABLE request_log (d real); ALTER TABLE request_log ALTER COLUMN d TYPE integer USING d::integer;")]
    [InlineData("CREATE TABLE request_log (d real); ALTER TABLE request_log ALTER COLUMN d SET DATA TYPE integer;")]
    [InlineData("CREATE TABLE request_log (d float)\nALTER TABLE request_log ALTER COLUMN d int NOT NULL\nGO")]
    [InlineData("CREATE TABLE request_log (d real); ALTER TABLE request_log MODIFY COLUMN d INT;")]
    [InlineData("CREATE TABLE request_log (x real); ALTER TABLE request_log CHANGE x d INT;")]
    [InlineData("CREATE TABLE request_log (x int); ALTER TABLE request_log RENAME COLUMN x TO d;")]
    [InlineData("CREATE TABLE old (d int); ALTER TABLE old RENAME TO request_log;")]
    [InlineData("CREATE TABLE request_log (id int); ALTER TABLE ONLY request_log ADD COLUMN IF NOT EXISTS d smallint, ADD COLUMN e real;")]
    [InlineData("ALTER TABLE request_log ADD d int")]
    [InlineData("CREATE TABLE request_log (d int); ALTER TABLE request_log ALTER d TYPE real; ALTER TABLE request_log ALTER d TYPE numeric; ALTER TABLE request_log ALTER d TYPE int;")]
    [InlineData("DROP TABLE IF EXISTS request_log; CREATE TABLE request_log (d int);")]
    [InlineData("CREATE TABLE request_log (d int);\n-- +goose Down\nALTER TABLE request_log ALTER COLUMN d TYPE real;")]
    public void Integers(string sql) => Assert.Equal(SqlColumnKind.Integer, Kind("d", sql));

    [Theory]
    [InlineData("CREATE TABLE request_log (d double precision)")]
    [InlineData("CREATE TABLE request_log (d interval)")]
    [InlineData("CREATE TABLE request_log (d numeric(10, 2))")]
    [InlineData("CREATE TABLE request_log (d integer[])")]
    [InlineData("CREATE TABLE request_log (d int); ALTER TABLE request_log ALTER COLUMN d TYPE double precision;")]
    public void Others(string sql) => Assert.Equal(SqlColumnKind.Other, Kind("d", sql));

    [Theory]
    [InlineData("CREATE TABLE request_log (d")]
    [InlineData("CREATE TABLE request_log (((((")]
    [InlineData("CREATE TABLE")]
    [InlineData("ALTER TABLE request_log ADD")]
    [InlineData("ALTER TABLE ; DROP TABLE ,,,; CREATE TABLE 'x' (1, 2)")]
    [InlineData("CREATE TABLE request_log AS SELECT 1 AS d")]
    [InlineData("CREATE TABLE request_log (d my_domain)")]
    [InlineData("\0\ufffd\u0001\u0001 CREATE \0 TABLE request_log (\ufffd\ufffd int, ' \" [ ` $$")]
    [InlineData("")]
    public void What_is_broken_is_passed_over(string sql) => Assert.Equal(SqlColumnKind.Unknown, Kind("d", sql));

    [Fact]
    public void Two_tables_of_one_name_that_disagree_say_nothing()
    {
        Assert.False(Kind("d", "CREATE TABLE request_log (d int)", "CREATE TABLE request_log (d real)").IsInteger());
        Assert.False(Kind("d", "CREATE TABLE a.request_log (d int)", "CREATE TABLE b.request_log (d real)").IsInteger());
        Assert.True(Kind("d", "CREATE TABLE a.request_log (d int)", "CREATE TABLE b.request_log (d int)").IsInteger());
    }

    [Fact]
    public void An_alteration_counts_wherever_its_file_stands() =>
        Assert.False(Kind("d", "ALTER TABLE request_log ALTER COLUMN d TYPE real", "CREATE TABLE request_log (d int)").IsInteger());

    [Theory]
    [InlineData("INSERT INTO t (a, d) VALUES (1, @p)", SqlUse.Stored)]
    [InlineData("INSERT INTO t (a, d) SELECT 1, @p FROM x WHERE y = 1", SqlUse.Stored)]
    [InlineData("INSERT INTO t (a, d) VALUES (1, 2), (3, COALESCE(@p, 0))", SqlUse.Stored)]
    [InlineData("INSERT OR REPLACE INTO t (a, d) VALUES (1, :p)", SqlUse.Stored)]
    [InlineData("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET d = @p", SqlUse.Stored)]
    [InlineData("INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE d = @p", SqlUse.Stored)]
    [InlineData("UPDATE t SET a = 1, d = d + @p WHERE a = 2", SqlUse.Stored)]
    [InlineData("UPDATE t SET d = round(@p, 2)", SqlUse.Stored)]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET d = @p WHEN NOT MATCHED THEN INSERT (a) VALUES (1)", SqlUse.Stored)]
    [InlineData("UPDATE t SET d = round(@p)", SqlUse.Converted)]
    [InlineData("UPDATE t SET d = (@p)::bigint", SqlUse.Converted)]
    [InlineData("INSERT INTO t (d) VALUES (CAST(ROUND(@p, 0) AS INT))", SqlUse.Converted)]
    [InlineData("UPDATE t SET a = 1 WHERE d > @p", SqlUse.Read)]
    [InlineData("SELECT * FROM t WHERE d > @p", SqlUse.Read)]
    public void Parameters(string sql, object use)
    {
        var target = Assert.Single(SqlWrites.Read(sql, TestContext.Current.CancellationToken).TargetsOf("p", -1));
        Assert.Equal((SqlUse)use, target.Use);
        if (target.Use == SqlUse.Stored)
        {
            Assert.Equal(("t", "d"), (target.Table.Table, target.Column));
        }
    }

    [Fact]
    public void Five_megabytes_are_read_once_through()
    {
        var sql = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"CREATE TABLE t{i} (id bigint PRIMARY KEY, name text NOT NULL, duration_ms integer, note varchar(200) DEFAULT 'none');\n"));
        Assert.Equal(40_000, SqlDefinitionReader.Read(sql, TestContext.Current.CancellationToken).Length);
    }
}
