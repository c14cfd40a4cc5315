using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Disposals that are somebody's right though the session is kept elsewhere: the owning type's own disposal, shutdown, and whatever closes an idle,
/// broken or outdated session to open another.
/// </summary>
internal static class OwnedDisposals
{
    private static readonly HashSet<string> ClosingWords = new()
    {
        "dispose", "close", "stop", "shutdown", "disconnect", "reconnect", "reset", "restart", "refresh", "renew", "evict", "expire", "remove", "release", "cleanup",
        "clean", "teardown", "end", "ended", "invalidate", "drop", "kill", "logout", "signout", "replace", "idle", "recycle", "terminate", "abort", "exit", "quit", "leave",
        "closed", "closing", "stopping", "stopped", "disconnected", "expired", "evicted", "removed", "unload", "unregister", "detach", "deactivate", "destroy", "purge", "prune", "sweep",
        "reap", "rotate", "swap", "reload", "reopen", "reinitialize", "recreate", "rebuild", "revoke", "delete", "goodbye", "bye", "hangup",
    };

    public static bool Contain(IOperation disposed, MemberBody body, BorrowedSession borrowed, CompilationFacts facts, CancellationToken cancellationToken)
    {
        // Whoever disposes what a shared session hands out never has the right to.
        if (borrowed.Lender == SessionLender.SharedSession)
        {
            return false;
        }

        // A flag may say that this object owns the session after all; a check of the session's health or age leads to another one.
        if (IsConditional(disposed))
        {
            return true;
        }

        var context = facts.Calls.Of(disposed, cancellationToken);
        if (borrowed.Lender == SessionLender.Container)
        {
            // A session that was registered as an object is closed by nobody else: at the end of the program somebody must. A program's endpoints are no end.
            return context.IsRunOnce
                || body.Member.Name == "StopAsync"
                || (body.Member is IMethodSymbol { Name: "Main" or "<Main>$" } main
                    && (!context.IsPerCall || SymbolEqualityComparer.Default.Equals(body.FunctionOf(disposed), main)));
        }

        return !context.IsPerCallByEvidence
            || Words.Of(body.Member.Name).Any(ClosingWords.Contains)
            || IsOfShortLivedInstance(borrowed.Member!, facts, cancellationToken)
            || body.Stores(borrowed.Member!) // then it is about the field's life, and other rules speak of it
            || OwnCallees().Any(callee => callee.Stores(borrowed.Member!))
            || (IsCommand(body.Member) && context.Path.Count == 0 && OnlyCloses(disposed, borrowed.Member!, body) && !OwnCallees().Any(callee => callee.ReferencesTo(borrowed.Member!).Any()));

        IEnumerable<MemberBody> OwnCallees() => body.Calls.OfType<IInvocationOperation>()
            .Where(call => call.Instance is IInstanceReferenceOperation)
            .Select(call => facts.Sessions.Bodies.Of(call.TargetMethod.OriginalDefinition, cancellationToken))
            .OfType<MemberBody>();
    }

    /// <summary>A helper is as good as what its callers do before; and who answers a question does more than to close.</summary>
    private static bool IsCommand(ISymbol member) => member is IMethodSymbol { DeclaredAccessibility: not Accessibility.Private, ReturnType: { SpecialType: SpecialType.System_Void } or INamedTypeSymbol { TypeArguments.IsEmpty: true, Name: "Task" or "ValueTask" } };

    /// <summary>Nothing is done with the session but to end it, in a statement of its own: that is what the message asks for, whatever it is called.</summary>
    private static bool OnlyCloses(IOperation disposed, ISymbol member, MemberBody body)
    {
        for (var current = disposed; current.Parent is { } parent; current = parent)
        {
            if (parent is IUsingOperation or IUsingDeclarationOperation || (parent is ITryOperation attempt && attempt.Finally == current))
            {
                return false;
            }
        }

        return IsOnlyClosed(member) && (LocalValues.Unwrap(disposed) is not ILocalReferenceOperation { Local: var local } || IsOnlyClosed(local));

        bool IsOnlyClosed(ISymbol holder) => body.ReferencesTo(holder).All(reference => reference.Syntax == disposed.Syntax
            || reference.Parent is IIsPatternOperation or IForEachLoopOperation or IConversionOperation { Parent: IForEachLoopOperation }
            || (reference.Parent is IBinaryOperation comparison && NullChecks.Is(comparison)));
    }

    private static bool IsConditional(IOperation disposed)
    {
        for (var current = disposed; current.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case ICatchClauseOperation or ISwitchCaseOperation or ISwitchExpressionArmOperation:
                case IConditionalOperation conditional when conditional.Condition != current && !NullChecks.Is(conditional.Condition) && !IsTypeTest(conditional.Condition):
                    return true;
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
            }
        }

        return false;
    }

    private static bool IsTypeTest(IOperation condition) =>
        condition is IIsPatternOperation { Pattern: IDeclarationPatternOperation or IRecursivePatternOperation };

    /// <summary>An instance field of an object that a framework makes for one call keeps nothing for the next.</summary>
    private static bool IsOfShortLivedInstance(ISymbol member, CompilationFacts facts, CancellationToken cancellationToken) =>
        !member.IsStatic
        && member is not IParameterSymbol
        && member.ContainingType is { } type
        && facts.Calls.FrameworkLifetimeOf(type, cancellationToken) is not null;
}
