using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Durations;

/// <summary>The registration that the rules about stored durations share: pay only where something stores, ask the value before the column.</summary>
internal static class StorageRule
{
    /// <summary>Whether the stored value is of interest to the rule, by what it is; null: no. Asked before the column is looked for.</summary>
    public delegate StoredDuration? Interest(IOperation value, string? name, DurationFacts facts, DurationTracer tracer, CancellationToken cancellationToken);

    public delegate Diagnostic? Question(StoredDuration stored, ColumnEvidence column);

    public static void Register(CompilationStartAnalysisContext start, Interest interest, Question question)
    {
        var facts = DurationFacts.Of(start.Compilation);
        if (!facts.MayStore(start.CancellationToken))
        {
            return;
        }

        start.RegisterOperationBlockStartAction(block =>
        {
            // One value may be stored twice (a cast local in two commands): said once.
            var reported = new HashSet<Location>();
            block.RegisterOperationAction(
                context => Analyze(context, facts, interest, question, reported),
                OperationKind.Invocation,
                OperationKind.ObjectCreation,
                OperationKind.SimpleAssignment,
                OperationKind.InterpolatedString,
                OperationKind.Binary);
        });
    }

    private static void Analyze(OperationAnalysisContext context, DurationFacts facts, Interest interest, Question question, HashSet<Location> reported)
    {
        var operation = context.Operation;
        var tracer = default(DurationTracer);
        var sinks = new SinkContext(facts, context.Options, Take, context.CancellationToken);
        ParameterSinks.Find(operation, sinks);
        HelperSinks.Find(operation, sinks);
        SqlTextSinks.Find(operation, sinks);
        DapperSinks.Find(operation, sinks);
        RestSinks.Find(operation, sinks);
        MemberSinks.Find(operation, sinks);

        void Take(IOperation value, Func<ColumnEvidence?> column, string? name)
        {
            tracer ??= facts.Tracer(context.Options, context.CancellationToken);
            if (interest(value, name, facts, tracer, context.CancellationToken) is not { } stored || column() is not { } evidence || question(stored, evidence) is not { } diagnostic)
            {
                return;
            }

            lock (reported)
            {
                if (!reported.Add(diagnostic.Location))
                {
                    return;
                }
            }

            context.ReportDiagnostic(diagnostic);
        }
    }
}
