using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Calls;

/// <summary>Climbs from an operation through loops, lambdas and local functions to whatever decides how often it runs.</summary>
internal sealed class CallSites
{
    private readonly SemanticModels _models;
    private readonly Func<INamedTypeSymbol, CancellationToken, CallContext> _construction;

    public CallSites(SemanticModels models, Func<INamedTypeSymbol, CancellationToken, CallContext> construction)
    {
        _models = models;
        _construction = construction;
    }

    public CallSite Of(IOperation operation, CancellationToken cancellationToken)
    {
        // Operations of a control-flow graph have no way up: their syntax leads to the ones that do.
        if (operation.SemanticModel is null && _models.OperationAt(operation.Syntax, cancellationToken) is { } bound)
        {
            operation = bound;
        }

        var loops = ImmutableArray<IOperation>.Empty;
        var repeats = false;
        var deferred = false;
        for (var current = operation; current.Parent is { } parent; current = parent)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (parent)
            {
                case ILoopOperation statement when Loops.Repeats(statement, current):
                    repeats = true;
                    loops = loops.Add(statement);
                    break;
                case ILocalFunctionOperation function:
                    return new(null, function.Symbol, repeats, deferred, loops);
                case IAnonymousFunctionOperation lambda:
                    var destination = DelegateSinks.Of(lambda);
                    if (destination.Local is not null)
                    {
                        return new(null, lambda.Symbol, repeats, deferred, loops);
                    }

                    if (Decide(destination, lambda, lambda.Symbol, repeats || deferred, cancellationToken) is { } known)
                    {
                        return new(known, null, repeats, deferred, loops);
                    }

                    deferred |= destination.Fate == DelegateFate.Stored;
                    if (destination.Fate == DelegateFate.PerElement)
                    {
                        repeats = true;
                        loops = destination.Receiver is { } receiver ? loops.Add(receiver) : loops;
                    }

                    break;
            }
        }

        return new(null, _models.MemberAt(operation.Syntax, cancellationToken), repeats, deferred, loops);
    }

    /// <summary>
    /// What the receiver of a delegate says of the code in it; null where it says nothing and the member that contains the delegate answers.
    /// </summary>
    public CallContext? Decide(DelegateDestination destination, IOperation value, IMethodSymbol function, bool repeats, CancellationToken cancellationToken)
    {
        switch (destination.Fate)
        {
            case DelegateFate.PerCall:
                return new(CallFrequency.PerCall, destination.Strength, destination.Reason, function, Array.Empty<Location>());
            case DelegateFate.RunOnce:
                return repeats ? CallContext.Unknown : Once(destination.Reason, destination.RunOnceKind, function);
            case DelegateFate.PerResolution:
                return new(CallFrequency.PerCall, EvidenceStrength.ShortLivedInstance, destination.Reason, function, Array.Empty<Location>());
            case DelegateFate.Irregular:
                return CallContext.Unknown;
            case DelegateFate.OncePerInstance when !StaysInMember(destination.Receiver):
                // A lazy that is kept runs its factory once for the instance that keeps it, wherever it was made.
                var member = _models.MemberAt(value.Syntax, cancellationToken);
                return member switch
                {
                    null => CallContext.Unknown,
                    { IsStatic: true } => Once(destination.Reason, RunOnceKind.Lazy, member),
                    _ when repeats => CallContext.Unknown,
                    _ => _construction(member.ContainingType, cancellationToken) is { IsPerCall: true } perCall
                        ? perCall
                        : Once(destination.Reason, RunOnceKind.Lazy, member),
                };
            default:
                return null;
        }
    }

    private static CallContext Once(string reason, RunOnceKind kind, ISymbol member) =>
        new(CallFrequency.RunOnce, EvidenceStrength.None, reason, member, Array.Empty<Location>()) { RunOnceKind = kind };

    // new Lazy<T>(…) that is used on the spot, or kept in a variable that is itself only used: it lives as long as the call of its member.
    private static bool StaysInMember(IOperation? lazy)
    {
        for (var current = lazy is IObjectCreationOperation ? lazy : null; current?.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case IConversionOperation or IParenthesizedOperation:
                    continue;
                case IExpressionStatementOperation or IAwaitOperation:
                    return true;
                case IPropertyReferenceOperation property:
                    return property.Instance == current;
                case IInvocationOperation call:
                    return call.Instance == current;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                    return IsOnlyUsed(local, parent);
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool IsOnlyUsed(ILocalSymbol local, IOperation place)
    {
        var root = place;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root.Descendants()
            .OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local))
            .All(static reference => reference.Parent is IPropertyReferenceOperation or IAwaitOperation || (reference.Parent is IInvocationOperation call && call.Instance == reference));
    }
}
