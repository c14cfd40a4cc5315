using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Data.SqlClient
{
    public sealed class SqlConnection : DbConnection
    {
        public SqlConnection(string connectionString) { }
        [AllowNull] public override string ConnectionString { get; set; }
        public override string Database => throw null!;
        public override string DataSource => throw null!;
        public override string ServerVersion => throw null!;
        public override ConnectionState State => throw null!;
        public override void ChangeDatabase(string databaseName) => throw null!;
        public override void Close() => throw null!;
        public override void Open() => throw null!;
        public new SqlCommand CreateCommand() => throw null!;
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw null!;
        protected override DbCommand CreateDbCommand() => throw null!;
    }

    public sealed class SqlCommand : DbCommand
    {
        public SqlCommand() { }
        public SqlCommand(string cmdText) { }
        public SqlCommand(string cmdText, SqlConnection connection) { }
        [AllowNull] public override string CommandText { get; set; }
        public override int CommandTimeout { get; set; }
        public override CommandType CommandType { get; set; }
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        public new SqlParameterCollection Parameters => throw null!;
        public new SqlParameter CreateParameter() => throw null!;
        protected override DbConnection? DbConnection { get; set; }
        protected override DbParameterCollection DbParameterCollection => throw null!;
        protected override DbTransaction? DbTransaction { get; set; }
        public override void Cancel() => throw null!;
        public override int ExecuteNonQuery() => throw null!;
        public override object? ExecuteScalar() => throw null!;
        public override void Prepare() => throw null!;
        protected override DbParameter CreateDbParameter() => throw null!;
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw null!;
    }

    public sealed class SqlParameter : DbParameter
    {
        public SqlParameter() { }
        public SqlParameter(string parameterName, object? value) { }
        public SqlParameter(string parameterName, SqlDbType dbType) { }
        public SqlParameter(string parameterName, SqlDbType dbType, int size) { }
        public SqlDbType SqlDbType { get; set; }
        public override DbType DbType { get; set; }
        public override ParameterDirection Direction { get; set; }
        public override bool IsNullable { get; set; }
        [AllowNull] public override string ParameterName { get; set; }
        public override int Size { get; set; }
        [AllowNull] public override string SourceColumn { get; set; }
        public override bool SourceColumnNullMapping { get; set; }
        public override object? Value { get; set; }
        public override void ResetDbType() => throw null!;
    }

    public sealed class SqlParameterCollection : DbParameterCollection
    {
        public SqlParameter AddWithValue(string parameterName, object? value) => throw null!;
        public SqlParameter Add(SqlParameter value) => throw null!;
        public SqlParameter Add(string parameterName, SqlDbType dbType) => throw null!;
        public SqlParameter Add(string parameterName, SqlDbType dbType, int size) => throw null!;
        public new SqlParameter this[int index] { get => throw null!; set { } }
        public new SqlParameter this[string parameterName] { get => throw null!; set { } }
        public override int Count => throw null!;
        public override object SyncRoot => throw null!;
        public override int Add(object value) => throw null!;
        public override void AddRange(System.Array values) => throw null!;
        public override void Clear() => throw null!;
        public override bool Contains(object value) => throw null!;
        public override bool Contains(string value) => throw null!;
        public override void CopyTo(System.Array array, int index) => throw null!;
        public override System.Collections.IEnumerator GetEnumerator() => throw null!;
        public override int IndexOf(object value) => throw null!;
        public override int IndexOf(string parameterName) => throw null!;
        public override void Insert(int index, object value) => throw null!;
        public override void Remove(object value) => throw null!;
        public override void RemoveAt(int index) => throw null!;
        public override void RemoveAt(string parameterName) => throw null!;
        protected override DbParameter GetParameter(int index) => throw null!;
        protected override DbParameter GetParameter(string parameterName) => throw null!;
        protected override void SetParameter(int index, DbParameter value) => throw null!;
        protected override void SetParameter(string parameterName, DbParameter value) => throw null!;
    }
}
