using System.Collections.Immutable;
using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The sessions that a registration's own delegate or instance opens: in the lambda itself, in the method that it names, or in the one method that
/// it calls for its result. A delegate that is only made there runs later, and a session that goes into a field or a cache lives there.
/// </summary>
internal static class RegisteredOpenings
{
    public static ImmutableArray<TracedOpening> Of(RegistrationCall call, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<TracedOpening>();
        foreach (var (scope, body) in ScopesOf(call, facts, cancellationToken))
        {
            foreach (var operation in body.Calls)
            {
                if (scope.Syntax.Span.Contains(operation.Syntax.Span)
                    && !operation.IsImplicit
                    && facts.Sessions.Openings.IsCandidate(operation)
                    && facts.Sessions.Openings.Find(operation.Syntax, body, cancellationToken) is { } opening
                    && opening.Opening.Kind != OpeningKind.Resume
                    && Runs(operation, scope.Syntax)
                    && !IsKept(opening, call, scope.Syntax, facts, cancellationToken))
                {
                    found.Add(opening);
                }
            }
        }

        return found.ToImmutable();
    }

    /// <summary>The code that the registration runs: the functions behind its delegate, or the values of its instance.</summary>
    public static IEnumerable<(IOperation Scope, MemberBody Body)> ScopesOf(RegistrationCall call, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (call.Instance is { } instance)
        {
            foreach (var value in InstanceValues(instance, facts, cancellationToken))
            {
                if (facts.Sessions.Bodies.Containing(value.Syntax, cancellationToken) is { } body)
                {
                    yield return (value, body);
                }
            }
        }
        else if (call.Factory is { } factory)
        {
            switch (FactoryResults.FunctionOf(factory))
            {
                case IAnonymousFunctionOperation lambda when facts.Sessions.Bodies.Containing(lambda.Syntax, cancellationToken) is { } body:
                    yield return (lambda, body);
                    foreach (var result in FactoryResults.Of(lambda))
                    {
                        // What a service does for its callers is its own business: only methods at hand here belong to the factory.
                        if (WaitedFor(result, facts) is IInvocationOperation { Instance: null or IInstanceReferenceOperation } step
                            && ScopeOf(step.TargetMethod, facts, cancellationToken) is { } called)
                        {
                            yield return called;
                        }
                    }

                    break;
                case IMethodReferenceOperation group when ScopeOf(group.Method, facts, cancellationToken) is { } named:
                    yield return named;
                    break;
            }
        }
    }

    /// <summary><c>BuildAsync(sp).GetAwaiter().GetResult()</c> and <c>BuildAsync(sp).Result</c> for <c>BuildAsync(sp)</c>.</summary>
    private static IOperation WaitedFor(IOperation value, CompilationFacts facts) =>
        OwnWaits.Bare(value is IPropertyReferenceOperation { Property.Name: "Result", Instance: { } task } ? task : value, facts.Sessions.Calls);

    private static IEnumerable<IOperation> InstanceValues(IOperation instance, CompilationFacts facts, CancellationToken cancellationToken) =>
        instance is ILocalReferenceOperation { Local: var local } && facts.Sessions.Bodies.Containing(instance.Syntax, cancellationToken) is { } body
            ? LocalValues.Of(local, body)
            : new[] { instance };

    private static (IOperation Scope, MemberBody Body)? ScopeOf(IMethodSymbol method, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Sessions.Implementations.Resolve(method) is not { } implementation || facts.Sessions.Bodies.Of(implementation, cancellationToken) is not { } body)
        {
            return null;
        }

        return implementation.MethodKind == MethodKind.LocalFunction
            ? body.Functions.OfType<ILocalFunctionOperation>().FirstOrDefault(local => SymbolEqualityComparer.Default.Equals(local.Symbol.OriginalDefinition, implementation)) is { } function
                ? (function, body)
                : null
            : (body.Root, body);
    }

    /// <summary>Whether the opening runs when the scope does: not in a function that is merely made there.</summary>
    private static bool Runs(IOperation opening, SyntaxNode scope)
    {
        for (var current = opening.Parent; current is not null && current.Syntax != scope; current = current.Parent)
        {
            switch (current)
            {
                case ILocalFunctionOperation:
                    // Its calls are openings of their own.
                    return false;
                case IAnonymousFunctionOperation lambda when scope.Span.Contains(lambda.Syntax.Span)
                    && DelegateSinks.Of(lambda).Fate is not (DelegateFate.Within or DelegateFate.PerElement or DelegateFate.OncePerInstance)
                    && !IsRunOnTheSpot(lambda):
                    return false;
            }
        }

        return true;
    }

    /// <summary>Blocking helpers: <c>AsyncHelper.RunSync(() => …)</c>.</summary>
    private static bool IsRunOnTheSpot(IAnonymousFunctionOperation lambda)
    {
        IOperation place = lambda;
        while (place.Parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
        {
            place = place.Parent;
        }

        return place.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: var name } } && Words.Of(name).Any(static word => word is "run" or "sync" or "invoke");
    }

    private static bool IsKept(TracedOpening opening, RegistrationCall call, SyntaxNode scope, CompilationFacts facts, CancellationToken cancellationToken) =>
        opening.Trace.Has(TraceEventKind.Store)
        || OuterLocals.KeepIt(opening, facts, cancellationToken)
        || opening.Trace.Of(TraceEventKind.Escape).Any(escape =>
            escape.Operation.Syntax != call.Operation.Syntax
            && escape.Operation.Syntax != scope
            && escape.Operation is not IObjectCreationOperation);
}
