namespace McpSessionAnalyzers.Durations;

/// <summary>What a column or parameter holds, as far as durations care.</summary>
internal enum SqlColumnKind
{
    /// <summary>A type that is not known, or evidence that contradicts itself.</summary>
    Unknown,

    /// <summary>Up to 32 bits.</summary>
    Integer,

    /// <summary>64 bits.</summary>
    BigInteger,

    /// <summary>Floating, numeric, interval, text: whatever does not refuse a fraction.</summary>
    Other,
}

internal static class SqlColumnKinds
{
    public static bool IsInteger(this SqlColumnKind kind) => kind is SqlColumnKind.Integer or SqlColumnKind.BigInteger;

    /// <summary>The kind of a SQL type's spelling in any of the four dialects: "int(11) unsigned", "double precision", "BIGINT".</summary>
    public static SqlColumnKind OfSqlType(string type)
    {
        var words = type.Trim().ToLowerInvariant().Split(new[] { ' ', '(', ')', ',', '\t', '"', '[', ']', '`' }, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return SqlColumnKind.Unknown;
        }

        if (type.Contains("[]"))
        {
            return SqlColumnKind.Other;
        }

        var first = words[0] is "unsigned" or "signed" && words.Length > 1 ? words[1] : words[0];
        var dot = first.LastIndexOf('.');
        switch (dot < 0 ? first : first.Substring(dot + 1))
        {
            case "big":
            case "bigint" or "int8" or "bigserial" or "serial8" or "int64" or "long":
                return SqlColumnKind.BigInteger;
            case "int" or "integer" or "smallint" or "tinyint" or "mediumint" or "int1" or "int2" or "int3" or "int4" or "serial" or "smallserial" or "serial2" or "serial4"
                or "int16" or "int32" or "byte" or "short" or "middleint" or "unsigned":
                return SqlColumnKind.Integer;
            case "real" or "float" or "float4" or "float8" or "double" or "numeric" or "decimal" or "dec" or "fixed" or "number" or "money" or "smallmoney"
                or "interval" or "time" or "timetz" or "timestamp" or "timestamptz" or "datetime" or "datetime2" or "datetimeoffset" or "date"
                or "text" or "varchar" or "nvarchar" or "char" or "character" or "nchar" or "json" or "jsonb" or "clob" or "string" or "bytea" or "blob" or "varbinary"
                or "sql_variant" or "bit" or "bool" or "boolean" or "xml" or "uuid" or "any" or "none":
                return SqlColumnKind.Other;
            default:
                // A domain or type of the user's own.
                return SqlColumnKind.Unknown;
        }
    }

    /// <summary>The kind that a member of a provider's type enumeration stands for: <c>DbType.Int32</c>, <c>NpgsqlDbType.Bigint</c>, <c>SqlDbType.Real</c>.</summary>
    public static SqlColumnKind OfEnumMember(string member) => member switch
    {
        "Int64" or "UInt64" or "Bigint" or "BigInt" => SqlColumnKind.BigInteger,
        "Int32" or "UInt32" or "Int16" or "UInt16" or "Byte" or "SByte" or "UByte" or "Integer" or "Smallint" or "Int" or "SmallInt" or "TinyInt" or "Int24" or "UInt24" =>
            SqlColumnKind.Integer,
        "Object" or "Variant" or "Unknown" => SqlColumnKind.Unknown,
        _ => SqlColumnKind.Other,
    };

    /// <summary>The kind of a CLR type in a mapping: <c>table.Column&lt;int&gt;()</c>, <c>HasConversion&lt;long&gt;()</c>.</summary>
    public static SqlColumnKind OfClrType(Microsoft.CodeAnalysis.ITypeSymbol? type) =>
        NumberTypes.IsNarrow(type) ? SqlColumnKind.Integer
        : NumberTypes.IsInteger(type) ? SqlColumnKind.BigInteger
        : type is null ? SqlColumnKind.Unknown
        : SqlColumnKind.Other;
}
