using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Where, in the function that opens it, a session is opened, disposed, handed on and overwritten: by syntax, which trace and graph share.</summary>
internal sealed class SettlingOperations
{
    private readonly TracedOpening _traced;
    private readonly HashSet<SyntaxNode> _settling = new();
    private readonly List<SyntaxNode> _returns = new();
    private readonly HashSet<SyntaxNode> _overwriting;
    private readonly HashSet<SyntaxNode> _starts;
    private readonly HashSet<int> _blocks = new();

    public SettlingOperations(TracedOpening traced, SessionFacts facts)
    {
        _traced = traced;
        _starts = new(OwnWaits.StartsOf(traced, facts.Calls));
        _overwriting = new(SessionPaths.OverwritesOf(traced).Select(operation => operation.Syntax));
        foreach (var happening in traced.Trace.Events)
        {
            if (IsSettling(happening) && SessionPaths.InFunction(traced, happening.Operation) is { } operation)
            {
                Add(operation);
            }
        }

        AddOuterVariables();
    }

    /// <summary>The value goes straight from the opening to where it is settled: nothing can come between. Spares the graph.</summary>
    public bool FollowsAtOnce()
    {
        for (var current = _traced.Opening.Operation; current is not null and not IBlockOperation and not IAnonymousFunctionOperation; current = current.Parent)
        {
            if (_settling.Contains(current.Syntax) || _returns.Contains(current.Syntax))
            {
                return current.Descendants().OfType<IAwaitOperation>().Take(2).Count() < 2;
            }

            if (current is not (IAwaitOperation or IConversionOperation or IVariableInitializerOperation or IVariableDeclaratorOperation
                or IVariableDeclarationOperation or IVariableDeclarationGroupOperation or IInvocationOperation or IObjectCreationOperation
                or IArgumentOperation or ISimpleAssignmentOperation or IExpressionStatementOperation or IReturnOperation or IUsingDeclarationOperation))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Finds the settling operations in the graph; false where one can't be found, and nothing can be said about paths.</summary>
    public bool Locate(ControlFlowGraph graph)
    {
        var missing = new HashSet<SyntaxNode>(_settling);
        foreach (var block in graph.Blocks)
        {
            foreach (var operation in FunctionGraph.OperationsOf(block).SelectMany(operation => operation.DescendantsAndSelf()))
            {
                if (_settling.Contains(operation.Syntax))
                {
                    missing.Remove(operation.Syntax);
                    _blocks.Add(block.Ordinal);
                }
            }

            if (block.FallThroughSuccessor?.Semantics == ControlFlowBranchSemantics.Return && IsReturned(block.BranchValue))
            {
                _blocks.Add(block.Ordinal);
            }
        }

        return missing.Count == 0;
    }

    /// <summary>From here on there is a session.</summary>
    public bool Opens(IOperation operation) =>
        _starts.Contains(operation.Syntax) && !operation.IsImplicit
        && operation.Kind is OperationKind.Invocation or OperationKind.ObjectCreation or OperationKind.PropertyReference or OperationKind.Await;

    public bool Settles(IOperation operation) => _settling.Contains(operation.Syntax);

    public bool Overwrites(IOperation operation) => operation is ISimpleAssignmentOperation && _overwriting.Contains(operation.Syntax);

    /// <summary>Whether the value that a block returns is, or holds, the session.</summary>
    public bool IsReturned(IOperation? value) => value is not null && _returns.Any(syntax => syntax.Span.Contains(value.Syntax.Span));

    /// <summary>Whether something within <paramref name="region"/> settles the session.</summary>
    public bool IsIn(ControlFlowRegion region) => _blocks.Any(block => block >= region.FirstBlockOrdinal && block <= region.LastBlockOrdinal);

    /// <summary>Giving a session to a variable of the function around this one is handing it on: its life is decided there.</summary>
    private void AddOuterVariables()
    {
        foreach (var holder in _traced.Trace.Holders.Where(IsOuter))
        {
            foreach (var reference in _traced.Body.ReferencesTo(holder))
            {
                if (reference.Parent is ISimpleAssignmentOperation or ICoalesceAssignmentOperation
                    && SymbolEqualityComparer.Default.Equals(_traced.Body.FunctionOf(reference), _traced.Function))
                {
                    _settling.Add(reference.Parent.Syntax);
                }
            }
        }
    }

    private bool IsOuter(ISymbol? variable) =>
        variable is not null && !SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, _traced.Function);

    private bool IsSettling(TraceEvent happening) => happening.Kind switch
    {
        TraceEventKind.Dispose or TraceEventKind.Return or TraceEventKind.Store or TraceEventKind.Escape or TraceEventKind.LambdaResult => true,
        // A collection that itself goes on has the session from here; one that stays is emptied further down, or not.
        TraceEventKind.Collect => _traced.Trace.IsHandedOn || _traced.Trace.Has(TraceEventKind.LambdaResult) || IsOuter(happening.Target),
        _ => false,
    };

    /// <summary>The branches of a returned choice that name a holder of the session; none where the value is no choice, or all of it is the session's.</summary>
    private List<IOperation> ArmsWithSession(IReturnOperation returned)
    {
        var arms = new List<IOperation>();
        var pending = new Stack<IOperation?>();

        // Closed somewhere before: under the same condition, for all we know, as if (!ok) await c.DisposeAsync(); return ok ? c : null;
        if (!IsOpenedOnCondition(returned) && !_traced.Trace.Of(TraceEventKind.Dispose).Any())
        {
            pending.Push(returned.ReturnedValue);
        }

        while (pending.Count > 0)
        {
            switch (pending.Pop())
            {
                case IConversionOperation conversion:
                    pending.Push(conversion.Operand);
                    break;
                case IConditionalOperation conditional:
                    pending.Push(conditional.WhenTrue);
                    pending.Push(conditional.WhenFalse);
                    break;
                case ISwitchExpressionOperation choice:
                    foreach (var arm in choice.Arms)
                    {
                        pending.Push(arm.Value);
                    }

                    break;
                case { } value when value != LocalValues.Unwrap(returned.ReturnedValue!)
                    && value.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Any(local => _traced.Trace.Holders.Contains(local.Local, SymbolEqualityComparer.Default)):
                    arms.Add(value);
                    break;
            }
        }

        return arms;
    }

    /// <summary>Opened under a condition that <paramref name="returned"/> does not stand under: it may well be the one that the choice asks for.</summary>
    private bool IsOpenedOnCondition(IOperation returned)
    {
        for (var current = _traced.Opening.Operation; current.Parent is { } parent; current = parent)
        {
            if (parent is IConditionalOperation or ISwitchExpressionArmOperation or ISwitchCaseOperation && !parent.Syntax.Span.Contains(returned.Syntax.Span))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(IOperation operation)
    {
        switch (operation)
        {
            case IReturnOperation { Kind: OperationKind.Return } returned:
                // return isReady ? mcp : null; hands it on in one branch only.
                var arms = ArmsWithSession(returned);
                _settling.UnionWith(arms.Select(arm => arm.Syntax));
                if (arms.Count == 0)
                {
                    _returns.Add(operation.Syntax);
                }

                break;
            case IUsingOperation statement:
                // The graph has no using, only what it evaluates first and the finally that it stands for.
                _settling.Add(statement.Resources.Syntax);
                break;
            case ILocalFunctionOperation local:
                // It settles the session where it is called or handed on.
                _settling.UnionWith(_traced.Body.ReferencesTo(local.Symbol).Select(reference => reference.Syntax));
                _settling.UnionWith(_traced.Body.Calls.OfType<IInvocationOperation>()
                    .Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, local.Symbol.OriginalDefinition)
                        && SymbolEqualityComparer.Default.Equals(_traced.Body.FunctionOf(call), _traced.Function))
                    .Select(call => call.Syntax));
                break;
            default:
                _settling.Add(operation.Syntax);
                AddReceiversThatMayBeMissing(operation);
                break;
        }
    }

    /// <summary><c>Connected?.Invoke(mcp)</c>: with nobody there to take it the session is lost, but that there is somebody is what such code reckons with.</summary>
    private void AddReceiversThatMayBeMissing(IOperation operation)
    {
        for (var current = operation; current.Parent is IConditionalAccessOperation or IInvocationOperation or IArgumentOperation or IAwaitOperation or IConversionOperation; current = current.Parent)
        {
            if (current.Parent is IConditionalAccessOperation access && access.WhenNotNull == current)
            {
                _settling.Add(access.Operation.Syntax);
            }
        }
    }
}
