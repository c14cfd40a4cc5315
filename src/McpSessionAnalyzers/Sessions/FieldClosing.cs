using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Whether the invocation that opens a session into a field also empties that field: <c>_client = await …; try { … } finally { await
/// _client.DisposeAsync(); }</c>, directly or through <c>ConnectAsync()</c> and <c>CloseAsync()</c> of the same type. Such a field keeps nothing
/// for the next call. A close on failure only (a catch, a branch) keeps the session otherwise, and counts for nothing.
/// </summary>
internal static class FieldClosing
{
    public static bool IsClosedInSameInvocation(ISymbol field, TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken) =>
        ClosesAfter(field, traced.Opening.Operation, traced.Body, facts, cancellationToken)
        || PerCallMemberAround(field, traced, facts, cancellationToken) is not null;

    /// <summary>Where a helper stores the session into the field: the per-call member of the type that calls it and then closes.</summary>
    public static IMethodSymbol? PerCallMemberAround(ISymbol field, TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var body = traced.Body;

        // The opening stands in ConnectAsync(): look at the per-call members of the type that call it.
        if (body.Member is not IMethodSymbol { ContainingType: { } type } opener)
        {
            return null;
        }

        foreach (var member in type.GetMembers().OfType<IMethodSymbol>())
        {
            // The name first: to bind a member, or to ask how often it runs, costs a thousand times more.
            if (SymbolEqualityComparer.Default.Equals(member, opener)
                || !Names(member, opener.Name, cancellationToken)
                || facts.Sessions.Bodies.Of(member, cancellationToken) is not { } caller
                || !facts.Calls.OfMember(member, cancellationToken).IsPerCallByEvidence)
            {
                continue;
            }

            foreach (var call in caller.Calls.OfType<IInvocationOperation>())
            {
                if (SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, opener)
                    && ClosesAfter(field, call, caller, facts, cancellationToken))
                {
                    return member;
                }
            }
        }

        return null;
    }

    /// <summary>Every invocation that opens into the field has closed or emptied it again when it ends: none finds a session there.</summary>
    public static bool IsClosedWhereverOpened(OwnedMember owned, CompilationFacts facts, CancellationToken cancellationToken) =>
        owned.Stores.All(store => ClosesAfter(owned.Member, store.Opening.Operation, store.Body, facts, cancellationToken));

    private static bool Names(IMethodSymbol member, string name, CancellationToken cancellationToken) =>
        MemberDeclarations.OfMethod(member, cancellationToken) is { } declaration
        && declaration.DescendantTokens().Any(token => token.ValueText == name);

    private static bool ClosesAfter(ISymbol field, IOperation opening, MemberBody body, CompilationFacts facts, CancellationToken cancellationToken)
    {
        foreach (var closing in Closings(field, body, facts, cancellationToken))
        {
            if (FollowsUnconditionally(closing, opening))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<IOperation> Closings(ISymbol field, MemberBody body, CompilationFacts facts, CancellationToken cancellationToken)
    {
        foreach (var reference in body.ReferencesTo(field))
        {
            if (reference.Parent is ISimpleAssignmentOperation { Value.ConstantValue: { HasValue: true, Value: null } } assignment && assignment.Target == reference)
            {
                yield return assignment;
            }
            else if (DisposalOf(reference, facts) is { } disposal)
            {
                yield return disposal;
            }
        }

        foreach (var call in body.Calls.OfType<IInvocationOperation>())
        {
            if (call.Instance is IInstanceReferenceOperation
                && facts.Sessions.Bodies.Of(call.TargetMethod.OriginalDefinition, cancellationToken) is { } callee
                && callee != body
                && callee.ReferencesTo(field).Any(reference => DisposalOf(reference, facts) is not null)
                && !FillsAgain(field, callee))
            {
                yield return call;
            }
        }
    }

    /// <summary>A helper that closes the old session in order to open the next one leaves the field full: it is an opening, not a closing.</summary>
    private static bool FillsAgain(ISymbol field, MemberBody helper) =>
        helper.ReferencesTo(field).Any(reference =>
            reference.Parent is IAssignmentOperation { Value.ConstantValue: not { HasValue: true, Value: null } } assignment && assignment.Target == reference);

    /// <summary>The disposal of what <paramref name="reference"/> names, by a call or a <c>using</c>; null where it is none.</summary>
    public static IOperation? DisposalOf(IOperation reference, CompilationFacts facts)
    {
        IOperation current = reference;
        while (current.Parent is IConversionOperation or IConditionalAccessOperation)
        {
            current = current.Parent;
        }

        if (current is IConditionalAccessOperation { WhenNotNull: var whenNotNull })
        {
            return whenNotNull.DescendantsAndSelf().OfType<IInvocationOperation>().FirstOrDefault(call => facts.Sessions.Calls.Disposes(call.TargetMethod));
        }

        return current.Parent switch
        {
            IInvocationOperation invocation when invocation.Instance == current && facts.Sessions.Calls.Disposes(invocation.TargetMethod) => invocation,
            IUsingOperation statement when statement.Resources == current => statement,
            _ => null,
        };
    }

    /// <summary>
    /// The closing runs whenever the opening has: it stands in a finally, or further down in a block around the opening, with nothing
    /// between that block and it but what always runs (a null check of the field itself does).
    /// </summary>
    private static bool FollowsUnconditionally(IOperation closing, IOperation opening)
    {
        if (closing.Syntax.SpanStart < opening.Syntax.SpanStart)
        {
            return false;
        }

        for (var current = closing; current.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case ITryOperation attempt when attempt.Finally == current:
                    // A finally of a try that the opening precedes or stands in.
                    return true;
                case ICatchClauseOperation or ILoopOperation or ISwitchCaseOperation or IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
                case IConditionalOperation conditional when conditional.Condition != current && !NullChecks.Is(conditional.Condition):
                    return false;
                case IBlockOperation block when Contains(block, opening):
                    return true;
            }
        }

        return false;
    }

    private static bool Contains(IOperation container, IOperation operation)
    {
        for (var current = operation; current is not null; current = current.Parent)
        {
            if (current == container)
            {
                return true;
            }
        }

        return false;
    }
}
