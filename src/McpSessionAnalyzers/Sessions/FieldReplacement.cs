using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "may the field still hold a session where it is given another value?". Reads the code as its author does: what stands before the assignment in
/// the blocks around it, the conditions that lead to it, and, for private methods, what stands before their calls.
/// </summary>
internal sealed class FieldReplacement
{
    private const int MaxCallers = 3;
    private const int MaxDepth = 64;

    private readonly SessionPlace _field;
    private readonly SessionFacts _facts;
    private readonly FieldConditions _conditions;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<MemberBody, HashSet<IOperation>> _settling = new();

    public FieldReplacement(SessionPlace field, SessionFacts facts, CancellationToken cancellationToken)
    {
        _field = field;
        _facts = facts;
        _conditions = new FieldConditions(field, facts, cancellationToken);
        _cancellationToken = cancellationToken;
    }

    /// <summary>Whether the field may hold a session when control comes to <paramref name="place"/>.</summary>
    public bool MayHoldAt(IOperation place, MemberBody body, int callers = 0)
    {
        _conditions.Writer ??= body;
        for (var current = place; current.Parent is { } parent; current = parent)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (HoldsBefore(current, parent, body) is { } known)
            {
                return known;
            }
        }

        return !IsCalledOnlyWhereEmpty(body, callers);
    }

    /// <summary>What the code around says, from the inside out: false where the field is empty or closed, true where it was filled, null where it says nothing.</summary>
    private bool? HoldsBefore(IOperation current, IOperation parent, MemberBody body)
    {
        switch (parent)
        {
            case IBlockOperation or ISwitchCaseOperation:
                var statements = parent is IBlockOperation block ? block.Operations : ((ISwitchCaseOperation)parent).Body;
                foreach (var statement in statements.TakeWhile(statement => statement != current).Reverse())
                {
                    if (Settles(statement, body, 0))
                    {
                        return false;
                    }

                    if (Fills(statement))
                    {
                        return true;
                    }
                }

                return null;

            case IConditionalOperation conditional when current != conditional.Condition:
                var (whenTrue, whenFalse) = _conditions.EmptyWhen(conditional.Condition, body, 0);
                return False((current == conditional.WhenTrue ? whenTrue : whenFalse) || Settles(conditional.Condition, body, 0));

            case ISwitchOperation choice when current is ISwitchCaseOperation section:
                return False(section.Clauses.Length > 0 && section.Clauses.All(clause => _conditions.IsEmptyIn(choice.Value, clause, body)));

            case ISwitchExpressionOperation choice when current is ISwitchExpressionArmOperation arm:
                return False(_conditions.IsEmptyIn(choice.Value, arm, body)
                    || choice.Arms.TakeWhile(earlier => earlier != arm).Any(earlier => earlier.Guard is { } guard && _conditions.EmptyWhen(guard, body, 0).False));

            case IWhileLoopOperation { ConditionIsTop: true, Condition: { } condition } loop when current == loop.Body:
                var (empty, never) = _conditions.EmptyWhen(condition, body, 0);
                return False(loop.ConditionIsUntil ? never : empty);

            case ICoalesceOperation coalesce when current == coalesce.WhenNull:
                return False(_conditions.IsField(coalesce.Value));

            case ICoalesceAssignmentOperation coalesce when current == coalesce.Value:
                return False(_conditions.IsField(coalesce.Target));

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both when current == both.RightOperand:
                return False(_conditions.EmptyWhen(both.LeftOperand, body, 0).True);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either when current == either.RightOperand:
                return False(_conditions.EmptyWhen(either.LeftOperand, body, 0).False);

            case ITryOperation attempt when current == attempt.Finally:
                return False(Settles(attempt.Body, body, 0));

            case ICatchClauseOperation { Parent: ITryOperation attempt }:
                // The opening itself has failed: there is nothing in the field that wasn't there before.
                return Settles(attempt.Body, body, 0) || OnlyOpeningCanFail(attempt.Body, body) ? false : Fills(attempt.Body) ? true : null;

            case IUsingOperation statement when current == statement.Body:
                return False(Settles(statement.Resources, body, 0));

            default:
                return null;
        }

        static bool? False(bool isSettled) => isSettled ? false : null;
    }

    /// <summary>The statement puts a session into the field.</summary>
    private bool Fills(IOperation statement) => statement.DescendantsAndSelf().Any(part =>
        part is ISimpleAssignmentOperation assignment && _conditions.IsField(assignment.Target)
        && LocalValues.Unwrap(assignment.Value).ConstantValue is not { HasValue: true, Value: null });

    /// <summary>Whether every path that goes on behind <paramref name="operation"/> has emptied the field or closed what it held.</summary>
    private bool Settles(IOperation operation, MemberBody body, int depth)
    {
        if (depth > MaxDepth)
        {
            return true;
        }

        switch (operation)
        {
            case IBlockOperation block:
                return block.Operations.Any(statement => Settles(statement, body, depth + 1));

            case IConditionalOperation conditional:
                if (Settles(conditional.Condition, body, depth + 1))
                {
                    return true;
                }

                // if (disposing): a finalizer has nothing to close.
                if (LocalValues.Unwrap(conditional.Condition) is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { Name: "Dispose", Parameters.Length: 1 } })
                {
                    return Settles(conditional.WhenTrue, body, depth + 1);
                }

                var (whenTrue, whenFalse) = _conditions.EmptyWhen(conditional.Condition, body, 0);
                return (whenTrue || SettlesOrLeaves(conditional.WhenTrue)) && (whenFalse || SettlesOrLeaves(conditional.WhenFalse));

            case ITryOperation attempt:
                return Settles(attempt.Body, body, depth + 1) || (attempt.Finally is { } always && Settles(always, body, depth + 1));

            case IUsingOperation statement:
                return Settles(statement.Resources, body, depth + 1) || Settles(statement.Body, body, depth + 1);

            case ILockOperation locked:
                return Settles(locked.Body, body, depth + 1);

            case ILoopOperation loop:
                return Settles(loop.Body, body, depth + 1);

            case ISwitchOperation cases:
                return cases.Cases.Any(one => one.Clauses.Any(clause => clause.CaseKind == CaseKind.Default))
                    && cases.Cases.All(one => one.Body.Any(statement => Settles(statement, body, depth + 1) || Leaves(statement)));

            case ILocalFunctionOperation:
                return false;

            default:
                var settling = SettlingIn(body);
                return operation.DescendantsAndSelf().Any(settling.Contains);
        }

        bool SettlesOrLeaves(IOperation? branch) => branch is not null && (Settles(branch, body, depth + 1) || Leaves(branch));
    }

    private static bool Leaves(IOperation statement) => statement switch
    {
        IBlockOperation block => block.Operations.Any(Leaves),
        IReturnOperation { Kind: OperationKind.Return } or IThrowOperation or IBranchOperation => true,
        IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };

    /// <summary>
    /// Operations of a body that dispose what is in the field, take it out to dispose it or hand it on, or set it to null (which is a
    /// replacement of its own; the next one finds nothing).
    /// </summary>
    private HashSet<IOperation> SettlingIn(MemberBody body)
    {
        if (_settling.TryGetValue(body, out var known))
        {
            return known;
        }

        var found = new HashSet<IOperation>();
        foreach (var reference in _field.In(body))
        {
            if (reference.Parent is ISimpleAssignmentOperation write && write.Target == reference)
            {
                if (LocalValues.Unwrap(write.Value).ConstantValue is { HasValue: true, Value: null })
                {
                    found.Add(write);
                }

                continue;
            }

            var trace = _facts.Openings.TraceOf(reference, body, _cancellationToken);
            if (!trace.IsDisposed && !trace.Has(TraceEventKind.Store) && !trace.Has(TraceEventKind.Escape) && reference.Parent is IIsPatternOperation)
            {
                // if (_mcp is { } mcp && await IsAliveAsync(mcp)) return mcp; hands it on in one branch only.
                found.UnionWith(trace.Of(TraceEventKind.Return).Select(returned => returned.Operation));
            }
            else if (trace.IsDisposed || trace.IsHandedOn)
            {
                found.Add(reference);
            }
        }

        foreach (var call in body.Calls.OfType<IInvocationOperation>())
        {
            // Another object that is asked to do something, or is handed over, may have seen to its member.
            if ((call.Instance is null or IInstanceReferenceOperation && (ClosesField(call.TargetMethod, body) || Refuses(call.TargetMethod, body)))
                || _field.IsOwner(call.Instance) || call.Arguments.Any(argument => _field.IsOwner(argument.Value)))
            {
                found.Add(call);
            }
        }

        _settling[body] = found;
        return found;
    }

    /// <summary>A method of the object that closes the field, itself or by another one.</summary>
    private bool ClosesField(IMethodSymbol method, MemberBody caller)
    {
        var seen = new HashSet<MemberBody> { caller };
        var pending = new Queue<(IMethodSymbol Method, int Hops)>();
        pending.Enqueue((method, 0));
        while (pending.Count > 0)
        {
            var (next, hops) = pending.Dequeue();
            if (!IsOfObject(next, caller)
                || _facts.Bodies.Of(next.OriginalDefinition, _cancellationToken) is not { } body
                || !seen.Add(body))
            {
                continue;
            }

            if (body.ReferencesTo(_field.Member).Any(reference => _facts.Openings.TraceOf(reference, body, _cancellationToken).IsDisposed))
            {
                return true;
            }

            if (hops < MaxCallers)
            {
                foreach (var call in body.Calls.OfType<IInvocationOperation>().Where(call => call.Instance is null or IInstanceReferenceOperation))
                {
                    pending.Enqueue((call.TargetMethod, hops + 1));
                }
            }
        }

        return false;
    }

    /// <summary><c>ThrowIfConnected();</c></summary>
    private bool Refuses(IMethodSymbol method, MemberBody caller) =>
        IsOfObject(method, caller)
        && _facts.Bodies.Of(method.OriginalDefinition, _cancellationToken) is { } body
        && body.Root.Descendants().OfType<IConditionalOperation>().Any(check => !_conditions.EmptyWhen(check.Condition, body, 0).True && _conditions.EmptyWhen(check.Condition, body, 0).False
            && check.WhenTrue.DescendantsAndSelf().Any(part => part is IThrowOperation));

    private bool IsOfObject(IMethodSymbol method, MemberBody caller)
    {
        if (SymbolEqualityComparer.Default.Equals(method.ContainingType?.OriginalDefinition, _field.Member.ContainingType))
        {
            return true;
        }

        for (var current = caller.Member.ContainingType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, method.ContainingType?.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    private bool OnlyOpeningCanFail(IBlockOperation attempted, MemberBody body)
    {
        var write = _field.In(body)
            .Select(reference => reference.Parent)
            .OfType<ISimpleAssignmentOperation>()
            .FirstOrDefault(assignment => attempted.Syntax.Span.Contains(assignment.Syntax.Span) && _conditions.IsField(assignment.Target));
        return write is not null
            && !attempted.Descendants().Any(part => part is IAwaitOperation or IThrowOperation && part.Syntax.SpanStart > write.Syntax.Span.End);
    }

    /// <summary>A private method that is called only where the field is known to be empty: the guard stands in its callers.</summary>
    private bool IsCalledOnlyWhereEmpty(MemberBody body, int callers)
    {
        if (callers >= MaxCallers || body.Member is not IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary } method)
        {
            return false;
        }

        var isCalled = false;
        foreach (var caller in TypeBodies.ThatName(method, method.ContainingType, _facts.Bodies, _cancellationToken))
        {
            foreach (var call in caller.Calls.OfType<IInvocationOperation>())
            {
                if (SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method.OriginalDefinition) && caller != body)
                {
                    isCalled = true;
                    if (IsNew(call.Instance, caller))
                    {
                        continue;
                    }

                    if (caller.Member is not IMethodSymbol { MethodKind: MethodKind.Constructor } && MayHoldAt(call, caller, callers + 1))
                    {
                        return false;
                    }
                }
            }
        }

        return isCalled;
    }

    /// <summary>The call fills an object that its caller has just made: <c>var owner = new Owner(); await owner.StartAsync();</c></summary>
    private static bool IsNew(IOperation? instance, MemberBody caller) =>
        instance is ILocalReferenceOperation local && LocalValues.Of(local.Local, caller) is { Count: > 0 } values && values.All(value => value is IObjectCreationOperation);
}
