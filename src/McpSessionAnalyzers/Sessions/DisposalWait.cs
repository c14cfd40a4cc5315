using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>What becomes of the task that a <c>DisposeAsync()</c> returns.</summary>
internal enum DisposalOutcome
{
    /// <summary>It is awaited, returned, combined or kept; or goes where that can't be told.</summary>
    Awaited,

    /// <summary>Nobody has it.</summary>
    Dropped,

    /// <summary>A thread waits for it.</summary>
    Blocked,
}

/// <summary>Answers "does anybody wait for this disposal, and may it block?".</summary>
internal static class DisposalWait
{
    /// <summary>Whether <paramref name="call"/> is the <c>DisposeAsync()</c> of a session, or of something that owns one.</summary>
    public static bool IsOfSession(IInvocationOperation call, SessionFacts facts, CancellationToken cancellationToken) =>
        call is { TargetMethod.Name: "DisposeAsync", Instance: { } receiver }
        && facts.Calls.Disposes(call.TargetMethod)
        && IsSession(LocalValues.Unwrap(receiver).Type, facts, cancellationToken);

    public static DisposalOutcome Of(IInvocationOperation disposal, SessionFacts facts)
    {
        for (IOperation current = disposal; ; current = current.Parent)
        {
            switch (current.Parent)
            {
                // AsTask, ConfigureAwait, Preserve, GetAwaiter: the same task, another wrapping.
                case IInvocationOperation { TargetMethod.Name: "GetResult" or "Wait" } blocking when blocking.Instance == current && IsTaskCall(blocking, facts):
                    return DisposalOutcome.Blocked;
                case IInvocationOperation plumbing when plumbing.Instance == current && (facts.Calls.PassesThrough(plumbing.TargetMethod) || IsPlumbing(plumbing, "GetAwaiter")):
                case IConversionOperation or IParenthesizedOperation:
                case IConditionalAccessOperation access when access.WhenNotNull == current:
                // The array or span of a params parameter; kind 127 is a collection expression, which Roslyn 4.5 can't name.
                case IArrayInitializerOperation or IArrayCreationOperation or { Kind: (OperationKind)127 }:
                    continue;

                // Task.WaitAll(mcp.DisposeAsync().AsTask())
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WaitAll" } all } when facts.Calls.Waits(all.TargetMethod):
                    return DisposalOutcome.Blocked;

                case IExpressionStatementOperation:
                case ISimpleAssignmentOperation { Target: IDiscardOperation, Parent: IExpressionStatementOperation }:
                    return DisposalOutcome.Dropped;

                default:
                    return DisposalOutcome.Awaited;
            }
        }
    }

    /// <summary>
    /// Code that has no other way: <c>Dispose</c> of a type that nobody can dispose asynchronously (and what only it calls), finalizers, and callbacks
    /// that something calls synchronously.
    /// </summary>
    public static bool MustBlock(IInvocationOperation disposal, ISymbol container, SessionFacts facts, CancellationToken cancellationToken)
    {
        for (var current = disposal.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IAnonymousFunctionOperation lambda:
                    return !lambda.Symbol.IsAsync;
                case ILocalFunctionOperation local when local.Symbol.IsAsync:
                    return false;
            }
        }

        if (container is not IMethodSymbol { IsAsync: false, ContainingType: { } type } method)
        {
            return false;
        }

        return method.MethodKind == MethodKind.Destructor
            || (IsDispose(method) && !facts.Types.IsAsyncDisposable(type))
            || IsCallback(method, facts, cancellationToken)
            || (method.DeclaredAccessibility == Accessibility.Private && !facts.Types.IsAsyncDisposable(type) && IsOnlyCalledByDispose(method, facts, cancellationToken));
    }

    private static bool IsSession(ITypeSymbol? type, SessionFacts facts, CancellationToken cancellationToken) =>
        facts.Types.IsSession(type)
        || facts.Types.IsSharedSession(type)
        || (type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } named && facts.Types.MayCarry(named)
            && !facts.Members.OwnedBy(named, cancellationToken).IsEmpty);

    private static bool IsTaskCall(IInvocationOperation call, SessionFacts facts) =>
        facts.Calls.PassesThrough(call.TargetMethod) || facts.Calls.Waits(call.TargetMethod)
        || IsPlumbing(call, "GetResult");

    private static bool IsPlumbing(IInvocationOperation call, string name) =>
        call.TargetMethod.Name == name && call.TargetMethod.ContainingNamespace?.ToDisplayString() == "System.Runtime.CompilerServices";

    private static bool IsDispose(IMethodSymbol method) =>
        method.Name == "Dispose" || method.ExplicitInterfaceImplementations.Any(implemented => implemented.Name == "Dispose");

    /// <summary>Given to somebody as a delegate: <c>stopping.Register(OnStopping)</c>.</summary>
    private static bool IsCallback(IMethodSymbol method, SessionFacts facts, CancellationToken cancellationToken) =>
        TypeBodies.Of(method.ContainingType, facts.Bodies, cancellationToken).Any(body =>
            body.Root.Descendants().OfType<IMethodReferenceOperation>().Any(reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, method.OriginalDefinition)));

    private static bool IsOnlyCalledByDispose(IMethodSymbol method, SessionFacts facts, CancellationToken cancellationToken)
    {
        var callers = TypeBodies.Of(method.ContainingType, facts.Bodies, cancellationToken)
            .Where(body => body.Calls.OfType<IInvocationOperation>().Any(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method.OriginalDefinition)))
            .ToList();
        return callers.Count > 0 && callers.All(body => body.Member is IMethodSymbol caller && IsDispose(caller));
    }
}
