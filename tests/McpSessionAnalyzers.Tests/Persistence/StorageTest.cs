using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Tests.Persistence;

/// <summary>What the tests of the rules about stored durations share: real drivers and ORMs to compile against, and short sources.</summary>
internal static class StorageTest
{
    public const string Usings = """
        global using System.ComponentModel.DataAnnotations.Schema;
        global using System.Data;
        global using System.Data.Common;
        global using System.Diagnostics;
        global using System.Globalization;
        global using System.Net.Http.Json;
        global using System.Text;
        global using System.Text.Json;
        global using System.Text.Json.Nodes;
        global using System.Text.Json.Serialization;
        global using Dapper;
        global using Microsoft.Data.SqlClient;
        global using Microsoft.Data.Sqlite;
        global using Microsoft.EntityFrameworkCore;
        global using Microsoft.EntityFrameworkCore.Metadata.Builders;
        global using Microsoft.EntityFrameworkCore.Migrations;
        global using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
        global using MySqlConnector;
        global using Npgsql;
        global using NpgsqlTypes;
        """;

    /// <summary>A file of the schema that most tests see.</summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS request_log (
            id            bigserial PRIMARY KEY,
            tool          text NOT NULL,
            duration_ms   integer NOT NULL CHECK (duration_ms >= 0),
            wait_ms       bigint DEFAULT 0,
            latency       int,
            seconds       double precision,
            elapsed       numeric(12, 3),
            took          interval,
            score         integer,
            UNIQUE (tool, id)
        );
        """;

    /// <summary>A member's body, with everything at hand that storing a duration takes.</summary>
    public static string Body(string body) => $$"""
        class Log
        {
            static readonly HttpClient Http = new();
            public async Task SaveAsync(
                NpgsqlConnection connection, NpgsqlCommand command, SqlCommand sql, SqliteCommand sqlite, MySqlCommand mysql, DbCommand db, NpgsqlDataSource source,
                Stopwatch watch, TimeSpan span, TimeSpan? maybe, DateTime start, DateTime end, long startTicks, string tool, double score, double value, bool ok, CancellationToken ct)
            {
                {{body}}
                await Task.CompletedTask;
            }
        }
        """;

    public static Task RunAsync<TAnalyzer>(string code, string? schema = Schema, params DiagnosticResult[] expected)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        var test = new AnalyzerVerifier<TAnalyzer>.Test { TestCode = code, ReferenceAssemblies = References.Storage };
        test.TestState.Sources.Add(("/0/Storage.cs", Usings));
        if (schema is not null)
        {
            test.TestState.AdditionalFiles.Add(("/db/schema.sql", schema));
        }

        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
