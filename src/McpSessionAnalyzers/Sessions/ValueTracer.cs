using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Follows one value through one member: from the operation that makes it upwards through awaits, conversions, branches, tuples, wrappers and
/// collections into locals, and from every mention of those locals on, captured ones included. Where an operation is not understood the value
/// escapes, and an escape is silence. Work is bounded by the size of the member: each operation is visited at most once per shape.
/// </summary>
internal sealed partial class ValueTracer
{
    // Kinds that Roslyn 4.5 can't name and newer hosts produce.
    private const OperationKind CollectionExpression = (OperationKind)127;
    private const OperationKind Spread = (OperationKind)128;

    private readonly SessionFacts _facts;
    private readonly MemberBody _body;
    private readonly Summaries<ISymbol, FunctionSummary>.Demand _demand;
    private readonly CancellationToken _cancellationToken;

    private readonly Queue<(IOperation Value, Shape Shape)> _pending = new();
    private readonly HashSet<(IOperation, Shape)> _seen = new();
    private readonly HashSet<(ISymbol, Shape)> _aliases = new(AliasComparer.Instance);
    private readonly HashSet<IOperation> _delegates = new();
    private readonly ImmutableArray<TraceEvent>.Builder _events = ImmutableArray.CreateBuilder<TraceEvent>();

    private ValueTracer(SessionFacts facts, MemberBody body, Summaries<ISymbol, FunctionSummary>.Demand demand, CancellationToken cancellationToken)
    {
        _facts = facts;
        _body = body;
        _demand = demand;
        _cancellationToken = cancellationToken;
    }

    /// <summary>How the traced value holds the session.</summary>
    private enum Shape
    {
        /// <summary>It is the session, or a task of it.</summary>
        Session,

        /// <summary>It is an object that holds the session: a tuple, collection, lazy or wrapper.</summary>
        Container,

        /// <summary>It needs the session to be of use, and can't dispose it: tools, a delegate that captures it.</summary>
        Dependent,
    }

    /// <summary>What happens to the session that <paramref name="opening"/> opens.</summary>
    public static ValueTrace Trace(
        SessionFacts facts, MemberBody body, Opening opening, Summaries<ISymbol, FunctionSummary>.Demand demand, CancellationToken cancellationToken)
    {
        var tracer = new ValueTracer(facts, body, demand, cancellationToken);
        if (opening.OutArgument is { } argument)
        {
            tracer.AssignTo(argument.Value, argument, Shape.Session);
        }
        else
        {
            // A method group that opens for each element of a sequence: what comes of it is the sequence of sessions.
            var value = opening.Operation is IMethodReferenceOperation group ? MemberBody.SelectionBy(group)! : opening.Operation;
            tracer.Push(value, tracer.ShapeOf(value.Type));
        }

        return tracer.Run();
    }

    /// <summary>What happens to the session that <paramref name="value"/> is or holds: what is read out of a field, say.</summary>
    public static ValueTrace Trace(
        SessionFacts facts, MemberBody body, IOperation value, Summaries<ISymbol, FunctionSummary>.Demand demand, CancellationToken cancellationToken)
    {
        var tracer = new ValueTracer(facts, body, demand, cancellationToken);
        tracer.Push(value, tracer.IsDependent(value.Type) && !facts.Types.MayCarry(value.Type) ? Shape.Dependent : tracer.ShapeOf(value.Type));
        return tracer.Run();
    }

    /// <summary>What happens to a session that comes in through <paramref name="parameter"/>.</summary>
    public static ValueTrace Trace(
        SessionFacts facts, MemberBody body, IParameterSymbol parameter, Summaries<ISymbol, FunctionSummary>.Demand demand, CancellationToken cancellationToken)
    {
        var tracer = new ValueTracer(facts, body, demand, cancellationToken);
        tracer.Alias(parameter, tracer.IsDependent(parameter.Type) && !facts.Types.MayCarry(parameter.Type) ? Shape.Dependent : tracer.ShapeOf(parameter.Type));
        return tracer.Run();
    }

    private ValueTrace Run()
    {
        while (_pending.Count > 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var (value, shape) = _pending.Dequeue();
            FlowUp(value, shape);
        }

        var holders = _aliases
            .Where(alias => alias.Item2 != Shape.Dependent)
            .Select(alias => alias.Item1)
            .Distinct<ISymbol>(SymbolEqualityComparer.Default);
        return new ValueTrace(_events.ToImmutable(), holders.ToImmutableArray());
    }

    private void Push(IOperation value, Shape shape)
    {
        if (_seen.Add((value, shape)))
        {
            _pending.Enqueue((value, shape));
        }
    }

    private void Record(TraceEventKind kind, IOperation operation, Shape shape, ISymbol? target = null)
    {
        if (shape != Shape.Dependent)
        {
            _events.Add(new TraceEvent(kind, operation, target));
        }
        else if (kind is TraceEventKind.Return or TraceEventKind.Store)
        {
            _events.Add(new TraceEvent(TraceEventKind.DependentLeaves, operation, target));
        }
        else if (kind is TraceEventKind.Escape)
        {
            _events.Add(new TraceEvent(TraceEventKind.DependentMayLeave, operation, target));
        }
        else if (kind is TraceEventKind.LambdaResult)
        {
            _events.Add(new TraceEvent(TraceEventKind.DependentIsLambdaResult, operation, target));
        }
        else if (kind is TraceEventKind.Collect)
        {
            _events.Add(new TraceEvent(TraceEventKind.DependentAssigned, operation, target));
        }
    }

    /// <summary>Whether a value of this type, made from what needs the session, needs it too.</summary>
    private bool IsDependent(ITypeSymbol? type) => _facts.Types.NeedsSession(type) || _facts.Types.IsBuiltFromTools(type);

    /// <summary>Follows every mention of a local or parameter that holds the value.</summary>
    private void Alias(ISymbol symbol, Shape shape)
    {
        if (!_aliases.Add((symbol, shape)))
        {
            return;
        }

        foreach (var reference in _body.ReferencesTo(symbol))
        {
            if (IsOverwrite(reference))
            {
                continue;
            }

            Push(reference, shape);
            FollowCapture(reference, symbol, shape);
        }
    }

    /// <summary>The mention only writes; what it held is gone, which is for path questions to ask about.</summary>
    private static bool IsOverwrite(IOperation reference) => reference.Parent switch
    {
        ISimpleAssignmentOperation assignment => assignment.Target == reference,
        IArgumentOperation { Parameter.RefKind: RefKind.Out } => true,
        IDeclarationExpressionOperation => true,
        INameOfOperation => true,
        ITupleOperation tuple => IsDeconstructionTarget(tuple),
        _ => false,
    };

    private static bool IsDeconstructionTarget(IOperation operation)
    {
        while (operation.Parent is ITupleOperation or IDeclarationExpressionOperation)
        {
            operation = operation.Parent;
        }

        return operation.Parent switch
        {
            IDeconstructionAssignmentOperation deconstruction => deconstruction.Target == operation,
            IForEachLoopOperation loop => loop.LoopControlVariable == operation,
            _ => false,
        };
    }

    private Shape ShapeOf(ITypeSymbol? type)
    {
        var bare = type;
        while (bare is INamedTypeSymbol { TypeArguments.Length: 1, Name: "Task" or "ValueTask" } task)
        {
            bare = task.TypeArguments[0];
        }

        return _facts.Types.IsSession(bare) || _facts.Types.IsSharedSession(bare) ? Shape.Session : Shape.Container;
    }

    private sealed class AliasComparer : IEqualityComparer<(ISymbol Symbol, Shape Shape)>
    {
        public static readonly AliasComparer Instance = new();

        public bool Equals((ISymbol Symbol, Shape Shape) x, (ISymbol Symbol, Shape Shape) y) =>
            x.Shape == y.Shape && SymbolEqualityComparer.Default.Equals(x.Symbol, y.Symbol);

        public int GetHashCode((ISymbol Symbol, Shape Shape) alias) =>
            SymbolEqualityComparer.Default.GetHashCode(alias.Symbol) * 31 + (int)alias.Shape;
    }
}
