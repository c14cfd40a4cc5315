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
        call.TargetMethod.Name == "DisposeAsync"
        && facts.Calls.Disposes(call.TargetMethod)
        && ReceiverOf(call, facts) is { } receiver
        && IsSession(LocalValues.Unwrap(receiver).Type, facts, cancellationToken);

    public static DisposalOutcome Of(IInvocationOperation disposal, SessionFacts facts) => Of(disposal, facts, mayBeNamed: true);

    /// <summary>What is asked to dispose itself: behind <c>mcp is IAsyncDisposable d</c>, the session that was tested.</summary>
    private static IOperation? ReceiverOf(IInvocationOperation disposal, SessionFacts facts)
    {
        var receiver = disposal.Instance is { } instance ? LocalValues.Unwrap(instance) : null;
        return receiver is ILocalReferenceOperation { Local: var local } && facts.Types.IsBareDisposable(local.Type)
            ? RootOf(disposal).Descendants().OfType<IIsPatternOperation>()
                .FirstOrDefault(test => test.Pattern is IDeclarationPatternOperation pattern && SymbolEqualityComparer.Default.Equals(pattern.DeclaredSymbol, local))?.Value ?? receiver
            : receiver;
    }

    private static DisposalOutcome Of(IOperation task, SessionFacts facts, bool mayBeNamed)
    {
        for (var current = task; ; current = current.Parent)
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

                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } when mayBeNamed:
                    return OfLocal(declarator, facts);

                default:
                    return DisposalOutcome.Awaited;
            }
        }
    }

    /// <summary>A task that only a local has: dropped where nobody reads it, blocked on where all do.</summary>
    private static DisposalOutcome OfLocal(IVariableDeclaratorOperation declarator, SessionFacts facts)
    {
        var references = RootOf(declarator).Descendants().OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, declarator.Symbol))
            .ToList();
        var waits = references.Where(reference => reference.Parent is not IPropertyReferenceOperation).ToList();
        return references.Count == 0 ? DisposalOutcome.Dropped
            : waits.Count > 0 && waits.All(wait => Of(wait, facts, mayBeNamed: false) == DisposalOutcome.Blocked) ? DisposalOutcome.Blocked
            : DisposalOutcome.Awaited;
    }

    private static IOperation RootOf(IOperation operation)
    {
        var root = operation;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root;
    }

    /// <summary>
    /// Code that has no other way: <c>Dispose</c> of a type that nobody can dispose asynchronously (and what only it calls), finalizers, and callbacks
    /// that something calls synchronously.
    /// </summary>
    public static bool MustBlock(IOperation disposal, ISymbol container, SessionFacts facts, CancellationToken cancellationToken)
    {
        if (IsInCallback(disposal) is { } callback)
        {
            return callback;
        }

        if (container is not IMethodSymbol { IsAsync: false, ContainingType: { } type } method)
        {
            return false;
        }

        return method.MethodKind == MethodKind.Destructor
            || (IsDispose(method) && !facts.Types.IsAsyncDisposable(type))
            || IsCallback(method, facts, cancellationToken)
            || (method.DeclaredAccessibility == Accessibility.Private && !facts.Types.IsAsyncDisposable(type) && IsOnlyCalledWhereItMust(method, facts, cancellationToken));
    }

    /// <summary>Whether the code is that of a lambda which its caller can't wait for; null outside lambdas.</summary>
    private static bool? IsInCallback(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IAnonymousFunctionOperation lambda:
                    return !lambda.Symbol.IsAsync;
                case ILocalFunctionOperation local when local.Symbol.IsAsync:
                    return false;
            }
        }

        return null;
    }

    private static bool IsSession(ITypeSymbol? type, SessionFacts facts, CancellationToken cancellationToken) =>
        facts.Types.IsSession(type)
        || facts.Types.IsSharedSession(type)
        || (type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } named && facts.Types.MayCarry(named)
            && (!facts.Members.OwnedBy(named, cancellationToken).IsEmpty || ClosesSession(named, facts, cancellationToken)));

    /// <summary>A type that was given its session and closes it: <c>DisposeAsync() => client.DisposeAsync()</c>.</summary>
    private static bool ClosesSession(INamedTypeSymbol type, SessionFacts facts, CancellationToken cancellationToken) =>
        type.GetMembers().OfType<IMethodSymbol>().Any(method =>
            (method.Name is "DisposeAsync" or "DisposeAsyncCore" || method.ExplicitInterfaceImplementations.Any(implemented => implemented.Name == "DisposeAsync"))
            && facts.Bodies.Of(method, cancellationToken) is { } body
            && body.Operations.OfType<IInvocationOperation>().Any(call => facts.Calls.Disposes(call.TargetMethod)
                && call.Instance is { } receiver && LocalValues.Unwrap(receiver).Type is { } closed
                && (facts.Types.IsSession(closed) || facts.Types.IsSharedSession(closed))));

    private static bool IsTaskCall(IInvocationOperation call, SessionFacts facts) =>
        facts.Calls.PassesThrough(call.TargetMethod) || facts.Calls.Waits(call.TargetMethod)
        || IsPlumbing(call, "GetResult");

    private static bool IsPlumbing(IInvocationOperation call, string name) =>
        call.TargetMethod.Name == name && call.TargetMethod.ContainingNamespace?.ToDisplayString() == "System.Runtime.CompilerServices";

    private static bool IsDispose(IMethodSymbol method) =>
        method.Name == "Dispose" || method.ExplicitInterfaceImplementations.Any(implemented => implemented.Name == "Dispose");

    /// <summary>Given to somebody as a delegate: <c>stopping.Register(OnStopping)</c>.</summary>
    private static bool IsCallback(IMethodSymbol method, SessionFacts facts, CancellationToken cancellationToken) =>
        TypeBodies.ThatName(method, method.ContainingType, facts.Bodies, cancellationToken).Any(body =>
            body.Root.Descendants().OfType<IMethodReferenceOperation>().Any(reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, method.OriginalDefinition)));

    /// <summary>By <c>Dispose</c>, or by callbacks.</summary>
    private static bool IsOnlyCalledWhereItMust(IMethodSymbol method, SessionFacts facts, CancellationToken cancellationToken)
    {
        var isCalled = false;
        foreach (var body in TypeBodies.ThatName(method, method.ContainingType, facts.Bodies, cancellationToken))
        {
            foreach (var call in body.Calls.OfType<IInvocationOperation>().Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method.OriginalDefinition)))
            {
                isCalled = true;
                if (!(IsInCallback(call) ?? (body.Member is IMethodSymbol caller && IsDispose(caller))))
                {
                    return false;
                }
            }
        }

        return isCalled;
    }
}
