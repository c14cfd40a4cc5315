using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Durations;

/// <summary>The storage APIs that a compilation sees, recognized by metadata name: no provider is referenced from here.</summary>
internal sealed class StorageTypes
{
    private static readonly string[] ParameterNames =
    {
        "Npgsql.NpgsqlParameter", "Npgsql.NpgsqlParameter`1", "Microsoft.Data.SqlClient.SqlParameter", "System.Data.SqlClient.SqlParameter",
        "Microsoft.Data.Sqlite.SqliteParameter", "System.Data.SQLite.SQLiteParameter", "MySqlConnector.MySqlParameter", "MySql.Data.MySqlClient.MySqlParameter",
        "Oracle.ManagedDataAccess.Client.OracleParameter", "System.Data.OleDb.OleDbParameter", "System.Data.Odbc.OdbcParameter",
    };

    private static readonly string[] CollectionNames =
    {
        "Npgsql.NpgsqlParameterCollection", "Microsoft.Data.SqlClient.SqlParameterCollection", "System.Data.SqlClient.SqlParameterCollection",
        "Microsoft.Data.Sqlite.SqliteParameterCollection", "System.Data.SQLite.SQLiteParameterCollection", "MySqlConnector.MySqlParameterCollection",
        "MySql.Data.MySqlClient.MySqlParameterCollection", "Oracle.ManagedDataAccess.Client.OracleParameterCollection",
    };

    private static readonly string[] CommandNames =
    {
        "Npgsql.NpgsqlCommand", "Npgsql.NpgsqlBatchCommand", "Microsoft.Data.SqlClient.SqlCommand", "System.Data.SqlClient.SqlCommand",
        "Microsoft.Data.Sqlite.SqliteCommand", "System.Data.SQLite.SQLiteCommand", "MySqlConnector.MySqlCommand", "MySqlConnector.MySqlBatchCommand",
        "MySql.Data.MySqlClient.MySqlCommand",
    };

    private static readonly ImmutableHashSet<string> TypeEnumerations =
        ImmutableHashSet.Create("DbType", "NpgsqlDbType", "SqlDbType", "SqliteType", "MySqlDbType", "OracleDbType", "OleDbType", "OdbcType");

    /// <summary>What code that stores without any of the packages has to write somewhere: ADO.NET's own types, or a REST table's address.</summary>
    private static readonly string[] Marks =
        { "CreateParameter", "DbParameter", "DbCommand", "DbConnection", "rest/v1", "return=minimal", "return=representation", "resolution=", "CREATE TABLE", "create table" };

    private static readonly ConditionalWeakTable<SyntaxTree, object> MarkedTrees = new();

    private readonly TypeSet _parameters;
    private readonly TypeSet _collections;
    private readonly TypeSet _commands;

    public StorageTypes(Compilation compilation)
    {
        Dapper = TypeSet.Resolve(compilation, "Dapper.SqlMapper", "Dapper.Contrib.Extensions.SqlMapperExtensions", "Dapper.CommandDefinition");
        DynamicParameters = TypeSet.Resolve(compilation, "Dapper.DynamicParameters");
        DbContext = TypeSet.Resolve(compilation, "Microsoft.EntityFrameworkCore.DbContext");
        var providers = TypeSet.Resolve(compilation, ParameterNames.Concat(CollectionNames).Concat(CommandNames).ToArray());

        // Oledb and the other framework types alone don't say that anything is stored: ADO.NET's own types are in every compilation.
        HasPackages = !Dapper.IsEmpty || !DbContext.IsEmpty || !providers.IsEmpty;
        _parameters = TypeSet.Resolve(compilation, ParameterNames.Concat(new[] { "System.Data.Common.DbParameter", "System.Data.IDataParameter" }).ToArray());
        _collections = TypeSet.Resolve(compilation, CollectionNames.Concat(new[] { "System.Data.Common.DbParameterCollection", "System.Data.IDataParameterCollection" }).ToArray());
        _commands = TypeSet.Resolve(compilation, CommandNames.Concat(new[] { "System.Data.Common.DbCommand", "System.Data.Common.DbBatchCommand", "System.Data.IDbCommand" }).ToArray());
        Importers = TypeSet.Resolve(compilation, "Npgsql.NpgsqlBinaryImporter");
        HttpClients = TypeSet.Resolve(compilation, "System.Net.Http.HttpClient", "System.Net.Http.Json.HttpClientJsonExtensions");
    }

    public TypeSet Dapper { get; }

    public TypeSet DynamicParameters { get; }

    public TypeSet DbContext { get; }

    public TypeSet Importers { get; }

    public TypeSet HttpClients { get; }

    public bool HasPackages { get; }

    public bool IsParameter(ITypeSymbol? type) => _parameters.ContainsBaseOf(type);

    public bool IsCollection(ITypeSymbol? type) => _collections.ContainsBaseOf(type);

    public bool IsCommand(ITypeSymbol? type) => _commands.ContainsBaseOf(type);

    public static bool IsTypeEnumeration(ITypeSymbol? type) =>
        NumberTypes.Underlying(type) is { TypeKind: TypeKind.Enum, Name: var name } && TypeEnumerations.Contains(name);

    /// <summary>Whether the sources mention a way to store without packages. Read once per tree.</summary>
    public static bool AnyMark(Compilation compilation, CancellationToken cancellationToken)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (MarkedTrees.GetValue(tree, static t => IsMarked(t)) is true)
            {
                return true;
            }
        }

        return false;
    }

    private static object IsMarked(SyntaxTree tree)
    {
        var text = tree.GetText().ToString();
        foreach (var mark in Marks)
        {
            if (text.IndexOf(mark, StringComparison.Ordinal) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
