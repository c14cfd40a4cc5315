using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Durations;

/// <summary>Rows that are sent as JSON to a table of a REST API. Rows of named types are <see cref="StoredRows"/>.</summary>
internal static class RestSinks
{
    public static void Find(IOperation operation, SinkContext context)
    {
        if (RestRequests.RowOf(operation, context.Facts, context.CancellationToken) is not { } request)
        {
            return;
        }

        foreach (var (name, value) in RowShapes.Members(request.Row, context))
        {
            context.Offer(value, () => Column(request, name, context), name);
        }
    }

    public static ColumnEvidence? Column(RestRow request, string name, SinkContext context) =>
        request.IsTableApi || context.Schema.Knows(request.Table) ? context.Columns.OfColumn(request.Table, name) : null;
}
