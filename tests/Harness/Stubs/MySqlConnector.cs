using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace MySqlConnector
{
    public enum MySqlDbType { Int16, Int24, Int32, Int64, Float, Double, Decimal, VarChar, Time, UInt32, UInt64 }

    public sealed class MySqlConnection : DbConnection
    {
        public MySqlConnection(string connectionString) { }
        [AllowNull] public override string ConnectionString { get; set; }
        public override string Database => throw null!;
        public override string DataSource => throw null!;
        public override string ServerVersion => throw null!;
        public override ConnectionState State => throw null!;
        public override void ChangeDatabase(string databaseName) => throw null!;
        public override void Close() => throw null!;
        public override void Open() => throw null!;
        public new MySqlCommand CreateCommand() => throw null!;
        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw null!;
        protected override DbCommand CreateDbCommand() => throw null!;
    }

    public sealed class MySqlCommand : DbCommand
    {
        public MySqlCommand() { }
        public MySqlCommand(string commandText) { }
        public MySqlCommand(string commandText, MySqlConnection connection) { }
        [AllowNull] public override string CommandText { get; set; }
        public override int CommandTimeout { get; set; }
        public override CommandType CommandType { get; set; }
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        public new MySqlParameterCollection Parameters => throw null!;
        public new MySqlParameter CreateParameter() => throw null!;
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

    public sealed class MySqlParameter : DbParameter
    {
        public MySqlParameter() { }
        public MySqlParameter(string parameterName, object? value) { }
        public MySqlParameter(string parameterName, MySqlDbType dbType) { }
        public MySqlParameter(string parameterName, MySqlDbType dbType, int size) { }
        public MySqlDbType MySqlDbType { get; set; }
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

    public sealed class MySqlParameterCollection : DbParameterCollection
    {
        public MySqlParameter AddWithValue(string parameterName, object? value) => throw null!;
        public MySqlParameter Add(MySqlParameter value) => throw null!;
        public MySqlParameter Add(string parameterName, MySqlDbType dbType) => throw null!;
        public MySqlParameter Add(string parameterName, MySqlDbType dbType, int size) => throw null!;
        public new MySqlParameter this[int index] { get => throw null!; set { } }
        public new MySqlParameter this[string parameterName] { get => throw null!; set { } }
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
