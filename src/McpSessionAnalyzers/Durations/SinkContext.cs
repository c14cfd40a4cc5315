using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Durations;

/// <summary>Takes a value that enters storage. The column is asked for only if the value is of interest: it may need a look at every file.</summary>
/// The name is that of the column, parameter or member: a number of no telling name that goes there is what it says.
internal delegate void Offer(IOperation value, Func<ColumnEvidence?> column, string? name = null);

/// <summary>What the readers of sinks need: facts, options and where to put what they find.</summary>
internal sealed class SinkContext
{
    public SinkContext(DurationFacts facts, AnalyzerOptions options, Offer offer, CancellationToken cancellationToken)
    {
        Facts = facts;
        AnalyzerOptions = options;
        Offer = offer;
        CancellationToken = cancellationToken;
    }

    public DurationFacts Facts { get; }

    public AnalyzerOptions AnalyzerOptions { get; }

    public Offer Offer { get; }

    public CancellationToken CancellationToken { get; }

    public StorageTypes Types => Facts.Types;

    public DurationOptions Options => Facts.Options(AnalyzerOptions);

    public SqlSchema Schema => Facts.Schema(AnalyzerOptions, CancellationToken);

    public ColumnFinder Columns => new(this);

    public MemberBody? BodyOf(IOperation operation) => Facts.BodyOf(operation, CancellationToken);

    public SqlText TextOf(IOperation operation) => SqlText.Of(operation, Facts.Bodies, CancellationToken);
}
