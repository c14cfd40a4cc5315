namespace McpSessionAnalyzers.Durations;

/// <summary>How it is known that a column holds integers; the strongest first.</summary>
internal enum EvidenceStrength
{
    /// <summary>The parameter itself has an explicit integer type.</summary>
    Parameter = 1,

    /// <summary>A mapping: attribute, fluent configuration, converter or migration.</summary>
    Mapping = 2,

    /// <summary>CREATE TABLE or ALTER TABLE in sight of the compilation.</summary>
    Schema = 3,

    /// <summary>Only the name says whole milliseconds.</summary>
    Name = 4,

    /// <summary>No column is known: a member of an entity, record or row, which only a narrowing cast minds.</summary>
    Member = 5,
}

/// <summary>Why a value is known to go into integers.</summary>
/// <param name="Strength">How it is known.</param>
/// <param name="Kind">Which integers, for the fix; <see cref="SqlColumnKind.Unknown"/> where only a name speaks.</param>
/// <param name="Reason">Ends the message's clause: "parameter 'duration_ms' is an NpgsqlDbType.Integer".</param>
internal sealed record ColumnEvidence(EvidenceStrength Strength, SqlColumnKind Kind, string Reason)
{
    /// <summary>The member that must keep its floating type: the fix can round there, not convert.</summary>
    public bool KeepsType { get; init; }
}
