using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "does anything that needs a session get out of the scope that closes it?": tools, what is built from them, delegates that capture the
/// session. What only may need it, or only may get out, counts for nothing. Thread-safe, cached per body.
/// </summary>
internal sealed class OutlivingTools
{
    private readonly SessionFacts _facts;
    private readonly ConcurrentDictionary<MemberBody, ImmutableArray<OutlivingTool>> _known = new();

    public OutlivingTools(SessionFacts facts) => _facts = facts;

    /// <summary>Whether tools of the session that <paramref name="traced"/> opens outlive it, which MSA1006 reports.</summary>
    public bool SpeaksOf(TracedOpening traced, CancellationToken cancellationToken) =>
        In(traced.Body, cancellationToken).Any(tool => tool.Sessions.Any(session => session.Syntax == traced.Opening.Operation.Syntax));

    /// <summary>
    /// Whether a call may bring a session into its member, by its symbols alone: an opening, or any other call whose result is a session. Who
    /// made that one doesn't matter to tools that are used after this member has closed it.
    /// </summary>
    public bool IsCandidate(IOperation operation) =>
        !operation.IsImplicit && operation switch
        {
            IInvocationOperation invocation => _facts.Types.IsSession(ResultOf(invocation.Type)) || _facts.Openings.IsCandidate(operation),
            _ => _facts.Openings.IsCandidate(operation),
        };

    /// <summary>All such places of a body in source order, each once.</summary>
    public ImmutableArray<OutlivingTool> In(MemberBody body, CancellationToken cancellationToken) =>
        _known.TryGetValue(body, out var known) ? known : _known.GetOrAdd(body, Collect(body, cancellationToken));

    private ImmutableArray<OutlivingTool> Collect(MemberBody body, CancellationToken cancellationToken)
    {
        var found = new Dictionary<SyntaxNode, OutlivingTool>();
        foreach (var call in body.Calls.Where(IsCandidate))
        {
            var trace = _facts.Openings.Find(call.Syntax, body, cancellationToken)?.Trace
                ?? (call is IInvocationOperation && _facts.Types.IsSession(ResultOf(call.Type)) ? _facts.Openings.TraceOf(call, body, cancellationToken) : null);
            if (trace is null || !NeedsAnything(trace) || SessionScope.Of(trace, call, body) is not { } scope)
            {
                continue;
            }

            foreach (var tool in Leaving(trace, scope, call, body))
            {
                found[tool.Operation.Syntax] = found.TryGetValue(tool.Operation.Syntax, out var other)
                    ? other with { Sessions = other.Sessions.Add(call) }
                    : tool;
            }
        }

        return found.Values.OrderBy(tool => tool.Operation.Syntax.SpanStart).ToImmutableArray();
    }

    private static bool NeedsAnything(ValueTrace trace) =>
        trace.Has(TraceEventKind.DependentLeaves) || trace.Has(TraceEventKind.DependentIsLambdaResult) || trace.Has(TraceEventKind.DependentAssigned)
        || trace.Of(TraceEventKind.DependentMayLeave).Any(static e => e.Target is IParameterSymbol);

    private static IEnumerable<OutlivingTool> Leaving(ValueTrace trace, SessionScope scope, IOperation session, MemberBody body)
    {
        var sessions = ImmutableArray.Create(session);
        foreach (var leaving in trace.Events)
        {
            switch (leaving.Kind)
            {
                case TraceEventKind.DependentLeaves or TraceEventKind.DependentIsLambdaResult when leaving.Operation is IReturnOperation returned:
                    if (IsOutOf(scope, returned, body) && !GoesWithSession(returned, trace) && !IsSerialized(returned, scope.Function))
                    {
                        var isYield = returned.Kind == OperationKind.YieldReturn;
                        yield return new OutlivingTool(isYield ? OutlivingToolKind.Yielded : OutlivingToolKind.Returned, returned, scope.Function, sessions);
                    }

                    break;

                case TraceEventKind.DependentLeaves when leaving.Operation is IAssignmentOperation or IInvocationOperation:
                    if (leaving.Operation.Syntax.SpanStart < scope.Span.End
                        && !trace.Has(TraceEventKind.Store)
                        && !IsTakenBack(leaving, body))
                    {
                        yield return new OutlivingTool(OutlivingToolKind.Stored, leaving.Operation, leaving.Target, sessions);
                    }

                    break;

                case TraceEventKind.DependentMayLeave when leaving.Target is IParameterSymbol given:
                    if (leaving.Operation.Syntax.SpanStart < scope.Span.End
                        && SymbolEqualityComparer.Default.Equals(given.ContainingSymbol, scope.Function)
                        && !trace.Has(TraceEventKind.Store)
                        && IsOnlyFilled(given, leaving, body))
                    {
                        yield return new OutlivingTool(OutlivingToolKind.CarriedOut, leaving.Operation, given, sessions);
                    }

                    break;

                case TraceEventKind.DependentAssigned when scope.IsBlock && leaving.Target is ILocalSymbol local:
                    if (scope.Span.Contains(leaving.Operation.Syntax.Span) && IsDeclaredOutside(local, scope) && IsNeededAfter(local, trace, scope, body))
                    {
                        yield return new OutlivingTool(OutlivingToolKind.CarriedOut, leaving.Operation, local, sessions);
                    }

                    break;
            }
        }
    }

    /// <summary>The return is one of the function that closes the session, and runs it into the closing or comes after it.</summary>
    private static bool IsOutOf(SessionScope scope, IReturnOperation returned, MemberBody body) =>
        SymbolEqualityComparer.Default.Equals(body.FunctionOf(returned), scope.Function)
        && (scope.IsBlock ? scope.Span.Contains(returned.Syntax.Span) : returned.Syntax.SpanStart >= scope.Span.End);

    /// <summary><c>return (mcp, tools)</c>: whoever gets the tools gets the session's life.</summary>
    private static bool GoesWithSession(IReturnOperation returned, ValueTrace trace) =>
        trace.Events.Any(e => e.Kind is TraceEventKind.Return or TraceEventKind.LambdaResult && e.Operation.Syntax == returned.Syntax);

    /// <summary>What an action, hub method or minimal API returns is written to the response as data, and never called.</summary>
    private static bool IsSerialized(IReturnOperation returned, ISymbol function)
    {
        if (function is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction })
        {
            IOperation? current = returned;
            while (current is not null and not IAnonymousFunctionOperation)
            {
                current = current.Parent;
            }

            while (current?.Parent is IConversionOperation or IDelegateCreationOperation or IArgumentOperation)
            {
                current = current.Parent;
            }

            return current?.Parent is IInvocationOperation { TargetMethod: var target } && IsOfAspNetCore(target.ContainingType);
        }

        for (var type = function.ContainingType?.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Name is "ControllerBase" or "Hub" && IsOfAspNetCore(type))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfAspNetCore(INamedTypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString().StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) == true;

    /// <summary>The same member empties the field again: the tools were lent to code that runs meanwhile.</summary>
    private static bool IsTakenBack(TraceEvent stored, MemberBody body) =>
        stored.Target is IFieldSymbol or IPropertySymbol
        && body.ReferencesTo(stored.Target).Any(reference => reference.Syntax.SpanStart > stored.Operation.Syntax.SpanStart && reference.Parent switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target == reference && assignment != stored.Operation,
            IInvocationOperation call => call.Instance == reference && call.TargetMethod.Name is "Clear" or "Remove" or "RemoveAll",
            IPropertyReferenceOperation part => part.Parent is ISimpleAssignmentOperation { Value: var value } assignment && assignment.Target == part
                    && LocalValues.Unwrap(value).ConstantValue is { HasValue: true, Value: null }
                || (part.Parent is IInvocationOperation call && call.TargetMethod.Name is "Clear" or "Remove" or "RemoveAll"),
            _ => false,
        });

    /// <summary>
    /// The caller's object is filled for the caller: what this member does with it afterwards, it may do in the scope, and give the caller another one back.
    /// </summary>
    private static bool IsOnlyFilled(IParameterSymbol given, TraceEvent stored, MemberBody body) =>
        body.ReferencesTo(given).All(reference => reference.Parent switch
        {
            IAssignmentOperation assignment when assignment.Target == reference => false,
            IReturnOperation => true,
            IPropertyReferenceOperation { Type.SpecialType: not SpecialType.None } => true,
            _ => reference.Syntax.SpanStart < stored.Operation.Syntax.Span.End,
        });

    private static bool IsDeclaredOutside(ILocalSymbol local, SessionScope scope) =>
        local.DeclaringSyntaxReferences is { Length: > 0 } declarations && !scope.Span.Contains(declarations[0].Span);

    /// <summary>
    /// After the scope something is done for which the session is needed, and the local is mentioned there. That names or counts are read from it
    /// needs nobody.
    /// </summary>
    private static bool IsNeededAfter(ILocalSymbol local, ValueTrace trace, SessionScope scope, MemberBody body) =>
        trace.Events.Any(e => e.Kind is TraceEventKind.DependentUse or TraceEventKind.DependentLeaves or TraceEventKind.DependentMayLeave or TraceEventKind.DependentIsLambdaResult
            && e.Operation.Syntax.SpanStart >= scope.Span.End)
        && body.ReferencesTo(local).Any(reference => reference.Syntax.SpanStart >= scope.Span.End
            && !(reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference));

    private static ITypeSymbol? ResultOf(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1, Name: "Task" or "ValueTask" } task ? task.TypeArguments[0] : type;
}
