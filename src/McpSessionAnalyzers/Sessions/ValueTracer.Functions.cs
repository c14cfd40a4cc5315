using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <content>Lambdas and local functions: what they return, what they capture, what they are handed.</content>
internal sealed partial class ValueTracer
{
    private void ReturnFrom(IOperation returned, Shape shape)
    {
        for (var current = returned.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IAnonymousFunctionOperation lambda:
                    Record(TraceEventKind.LambdaResult, returned, shape, lambda.Symbol);
                    ReturnFromLambda(lambda, shape);
                    return;
                case ILocalFunctionOperation local:
                    Record(TraceEventKind.Return, returned, shape, local.Symbol);
                    return;
            }
        }

        Record(TraceEventKind.Return, returned, shape, _body.Member);
    }

    /// <summary>The result of a lambda is the result of whoever calls it: a retry pipeline, a lazy, a cache, or a local that holds the lambda.</summary>
    private void ReturnFromLambda(IAnonymousFunctionOperation lambda, Shape shape)
    {
        var place = Outermost(lambda);
        switch (place.Parent)
        {
            case IArgumentOperation { Parent: IInvocationOperation invocation } argument:
                if (KnownCalls.AddsToReceiver(invocation.TargetMethod))
                {
                    AddToReceiver(invocation, argument, shape);
                }
                else if (invocation.TargetMethod is { Name: "EnsureInitialized", ContainingType.Name: "LazyInitializer" })
                {
                    AssignTo(invocation.Arguments[0].Value, invocation, shape);
                    PushResult(invocation, shape);
                }
                else if (shape == Shape.Dependent || (_facts.Types.MayCarry(invocation.Type) && RunsAndReturns(invocation.TargetMethod)))
                {
                    Push(invocation, shape == Shape.Dependent ? shape : ShapeOf(invocation.Type));
                }
                else
                {
                    Record(TraceEventKind.Escape, invocation, shape);
                }

                break;

            case IArgumentOperation { Parent: IObjectCreationOperation creation } when _facts.Types.MayCarry(creation.Type):
                Push(creation, Wrapped(shape));
                break;

            case IVariableInitializerOperation:
            case IFieldInitializerOperation or IPropertyInitializerOperation:
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation or IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } }:
                Record(TraceEventKind.Return, lambda, shape, lambda.Symbol);
                break;

            default:
                Record(TraceEventKind.Escape, lambda, shape);
                break;
        }
    }

    /// <summary>
    /// Whether a call runs its delegate and hands out what comes of it, as a retry does. A cache has the same signature
    /// (<c>GetOrCreateAsync(key, open)</c>) and keeps the session: what can't be looked into must say by its name that it is no cache.
    /// </summary>
    private bool RunsAndReturns(IMethodSymbol method)
    {
        if (_facts.Calls.RunsDelegate(method))
        {
            return true;
        }

        return _facts.Openings.HasSource(method)
            && _facts.Implementations.Resolve(method) is { } implementation
            && _facts.Bodies.Of(implementation, _cancellationToken) is { } body
            && !StoresAnything(body);
    }

    private static bool StoresAnything(MemberBody body) => body.Root.Descendants().Any(operation => operation switch
    {
        IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation or IArrayElementReferenceOperation } => true,
        IInvocationOperation invocation => KnownCalls.AddsToReceiver(invocation.TargetMethod),
        _ => false,
    });

    /// <summary>Who a delegate goes to that mentions the value: one that only gets called uses it, one that is kept may use it for ever.</summary>
    private void FollowCapture(IOperation reference, ISymbol symbol, Shape shape)
    {
        for (var current = reference.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IAnonymousFunctionOperation lambda:
                    if (SymbolEqualityComparer.Default.Equals(lambda.Symbol, symbol.ContainingSymbol))
                    {
                        return;
                    }

                    FollowDelegate(lambda, shape);
                    break;
                case ILocalFunctionOperation local:
                    if (SymbolEqualityComparer.Default.Equals(local.Symbol, symbol.ContainingSymbol))
                    {
                        return;
                    }

                    foreach (var group in _body.ReferencesTo(local.Symbol))
                    {
                        FollowDelegate(group, shape);
                    }

                    break;
            }
        }
    }

    private void FollowDelegate(IOperation value, Shape shape)
    {
        if (!_delegates.Add(value))
        {
            return;
        }

        var place = Outermost(value);
        switch (place.Parent)
        {
            case IArgumentOperation { Parent: IInvocationOperation invocation }:
                // Given to a call to be run. A container may run it at any time and owns what it makes.
                if (KnownCalls.IsServiceRegistration(invocation.TargetMethod) || KnownCalls.AddsToReceiver(invocation.TargetMethod))
                {
                    Record(TraceEventKind.Escape, invocation, shape);
                }
                else if (_facts.Types.IsBuiltFromTools(invocation.Type))
                {
                    // AIFunctionFactory.Create((string q) => mcp.CallToolAsync(…)): a tool of our own that calls through the session.
                    Push(invocation, Shape.Dependent);
                }

                break;

            case IInvocationOperation invocation when invocation.Instance == place:
            case IEventAssignmentOperation:
            case IConditionalAccessOperation:
                break;

            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                FollowDelegateLocal(declarator.Symbol, shape);
                break;

            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } assignment when assignment.Value == place:
                FollowDelegateLocal(local.Local, shape);
                break;

            case IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation }:
                break;

            default:
                // Returned, stored, wrapped: whoever has the delegate may hold the session's life as well.
                Record(TraceEventKind.Escape, value, shape);
                Push(place, Shape.Dependent);
                break;
        }
    }

    private void FollowDelegateLocal(ILocalSymbol local, Shape shape)
    {
        foreach (var reference in _body.ReferencesTo(local))
        {
            if (!IsOverwrite(reference))
            {
                FollowDelegate(reference, shape);
            }
        }
    }

    /// <summary>A call on a sequence hands its elements to the lambdas and methods given to it; true where a lambda got what is traced.</summary>
    private bool HandToLambdas(IInvocationOperation invocation, Shape shape)
    {
        var handed = false;
        foreach (var argument in invocation.Arguments)
        {
            switch (LocalValues.Unwrap(argument.Value))
            {
                case IAnonymousFunctionOperation lambda:
                    foreach (var parameter in lambda.Symbol.Parameters)
                    {
                        if (_facts.Types.MayCarry(parameter.Type) || (shape == Shape.Dependent && _facts.Types.NeedsSession(parameter.Type)))
                        {
                            Alias(parameter, Inner(shape, parameter.Type));
                            handed = true;
                        }
                    }

                    break;
                case IMethodReferenceOperation group when _facts.Openings.HasSource(group.Method):
                    foreach (var parameter in group.Method.Parameters)
                    {
                        if (_facts.Types.MayCarry(parameter.Type))
                        {
                            ApplyFate(invocation, parameter, shape);
                        }
                    }

                    break;
                case IMethodReferenceOperation group:
                    if (shape != Shape.Dependent && !_facts.Calls.OnlyLooks(group.Method))
                    {
                        Record(TraceEventKind.Escape, invocation, shape);
                    }

                    break;
            }
        }

        return handed;
    }

    private static IOperation Outermost(IOperation function)
    {
        var place = function;
        while (place.Parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
        {
            place = place.Parent;
        }

        return place;
    }
}
