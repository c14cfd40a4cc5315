using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The code at whose end its own function closes a session for certain: a using, a try whose finally disposes it, or all that precedes a plain dispose.</summary>
/// <param name="Function">The lambda, local function or member.</param>
/// <param name="Span">From its start to its end.</param>
/// <param name="IsBlock">It is closed on every way out of the span. A plain dispose closes only for what comes after it.</param>
internal sealed record SessionScope(ISymbol Function, TextSpan Span, bool IsBlock)
{
    public static SessionScope? Of(ValueTrace trace, IOperation opening, MemberBody body)
    {
        SessionScope? plain = null;
        foreach (var disposal in trace.Of(TraceEventKind.Dispose))
        {
            var operation = disposal.Operation;
            var function = body.FunctionOf(operation);
            if (!SymbolEqualityComparer.Default.Equals(function, body.FunctionOf(opening)))
            {
                continue;
            }

            switch (operation)
            {
                case IVariableDeclaratorOperation when BlockAround(operation) is var block && block is not IUsingOperation:
                    return new SessionScope(function, block.Syntax.Span, true);
                case IVariableDeclaratorOperation declarator when BlockAround(declarator) is IUsingOperation statement:
                    return new SessionScope(function, statement.Syntax.Span, true);
                case IUsingOperation statement:
                    return new SessionScope(function, statement.Syntax.Span, true);
                case IInvocationOperation when FinallyAround(operation) is { } attempt:
                    return new SessionScope(function, attempt.Syntax.Span, true);
                case IInvocationOperation when !trace.IsHandedOn && AlwaysRuns(operation, opening):
                    plain = new SessionScope(function, TextSpan.FromBounds(opening.Syntax.SpanStart, operation.Syntax.Span.End), false);
                    break;
            }
        }

        return plain;
    }

    private static IOperation BlockAround(IOperation declarator)
    {
        var current = declarator;
        while (current.Parent is { } parent)
        {
            current = parent;
            if (current is IBlockOperation or ISwitchCaseOperation or IUsingOperation)
            {
                break;
            }
        }

        return current;
    }

    private static ITryOperation? FinallyAround(IOperation disposal)
    {
        for (var current = disposal; current.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case ITryOperation attempt when attempt.Finally == current:
                    return attempt;
                case IConditionalOperation conditional when conditional.Condition != current && !NullChecks.Is(conditional.Condition):
                case ICatchClauseOperation or ILoopOperation or IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The dispose stands in a block around the opening, with nothing in between that may leave it out.</summary>
    private static bool AlwaysRuns(IOperation disposal, IOperation opening)
    {
        for (var current = disposal; current.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case IBlockOperation when parent.Syntax.Span.Contains(opening.Syntax.Span):
                    return disposal.Syntax.SpanStart > opening.Syntax.SpanStart;
                case IConditionalOperation conditional when conditional.Condition != current && !NullChecks.Is(conditional.Condition):
                case ICatchClauseOperation or ILoopOperation or ISwitchCaseOperation or IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
            }
        }

        return false;
    }
}
