// The incident in small: tool calls are timed and recorded, and a failed insert is logged and forgotten.
//
//   Incident postgres <connection string>      Incident sqlite <connection string>

using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

await using DbConnection connection = args[0] == "postgres" ? new NpgsqlConnection(args[1]) : new SqliteConnection(args[1]);
await connection.OpenAsync();
await ExecuteAsync("DROP TABLE IF EXISTS request_log; " + await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "schema.sql")));

for (var call = 0; call < 5; call++)
{
    await RecordAsync("search", TimeSpan.FromTicks(6_420_393 + call));
}

// "count" rows, and how many of them hold an integer.
Console.WriteLine($"rows: {await ScalarAsync("SELECT count(*) FROM request_log")}");
Console.WriteLine($"whole: {await ScalarAsync(args[0] == "postgres" ? "SELECT count(*) FROM request_log" : "SELECT count(*) FROM request_log WHERE typeof(duration_ms) = 'integer'")}");

async Task RecordAsync(string tool, TimeSpan elapsed)
{
    try
    {
        await ExecuteAsync($"INSERT INTO request_log (tool, duration_ms) VALUES ('{tool}', '{elapsed.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}')");
    }
    catch (DbException e)
    {
        Console.WriteLine($"not recorded: {e.SqlState} {e.Message}");
    }
}

async Task ExecuteAsync(string sql)
{
    await using var command = connection.CreateCommand();
    command.CommandText = sql;
    await command.ExecuteNonQueryAsync();
}

async Task<object?> ScalarAsync(string sql)
{
    await using var command = connection.CreateCommand();
    command.CommandText = sql;
    return await command.ExecuteScalarAsync();
}
