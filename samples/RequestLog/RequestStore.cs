using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace RequestLog;

/// <summary>The request log's table in PostgreSQL or SQLite. Opened anew for each record: the drivers pool connections.</summary>
public sealed class RequestStore : IAsyncDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS request_log (
            id           text PRIMARY KEY,
            at           text NOT NULL,
            server       text NOT NULL,
            kind         text NOT NULL,
            tool         text,
            duration_ms  bigint NOT NULL CHECK (duration_ms >= 0),
            status       text NOT NULL
        )
        """;

    private readonly DbDataSource _database;
    private bool _hasSchema;

    private RequestStore(DbDataSource database) => _database = database;

    /// <summary>A connection string with a host is PostgreSQL's.</summary>
    public static RequestStore Create(string connectionString)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return new(parts.ContainsKey("Host") ? NpgsqlDataSource.Create(connectionString) : SqliteFactory.Instance.CreateDataSource(connectionString));
    }

    /// <summary>Stores a record once, however often it is called with it.</summary>
    /// <exception cref="DbException">The database can't be reached, or refuses.</exception>
    public async Task InsertAsync(RequestRecord record, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        if (!_hasSchema)
        {
            await using var create = connection.CreateCommand();
            create.CommandText = Schema;
            await create.ExecuteNonQueryAsync(cancellationToken);
            _hasSchema = true;
        }

        await using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO request_log (id, at, server, kind, tool, duration_ms, status)
            VALUES (@id, @at, @server, @kind, @tool, @duration_ms, @status)
            ON CONFLICT (id) DO NOTHING
            """;
        Add(insert, "id", DbType.String, $"{record.Id:N}");
        Add(insert, "at", DbType.String, record.At.ToString("O"));
        Add(insert, "server", DbType.String, record.Server);
        Add(insert, "kind", DbType.String, record.Kind);
        Add(insert, "tool", DbType.String, record.Tool);
        Add(insert, "duration_ms", DbType.Int64, record.DurationMs);
        Add(insert, "status", DbType.String, record.Status);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What the log holds, by kind and tool.</summary>
    /// <exception cref="DbException">The database can't be reached.</exception>
    public async Task<IReadOnlyList<string>> SummarizeAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var select = connection.CreateCommand();
        select.CommandText = "SELECT kind, coalesce(tool, ''), count(*), max(duration_ms) FROM request_log GROUP BY kind, coalesce(tool, '') ORDER BY 1, 2";
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var lines = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
        {
            lines.Add($"{rows.GetString(0),-8} {rows.GetString(1),-8} {rows.GetInt64(2),4} stored, the longest took {rows.GetInt64(3)} ms");
        }

        return lines;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static void Add(DbCommand command, string name, DbType type, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
