using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>The statements that dispose a session where its function is about to end: what a using declaration makes superfluous.</summary>
internal sealed class ExplicitDisposals
{
    private readonly IReadOnlyList<StatementSyntax> _statements;

    private ExplicitDisposals(IReadOnlyList<StatementSyntax> statements) => _statements = statements;

    /// <summary>Null where a disposal is anything but a statement of its own, or where what follows it may rely on the session being closed.</summary>
    public static ExplicitDisposals? Of(TracedOpening traced, SyntaxNode root)
    {
        if (traced.Opening.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax scope } || scope.SyntaxTree != root.SyntaxTree)
        {
            return null;
        }

        var statements = new List<StatementSyntax>();
        foreach (var disposal in traced.Trace.Of(TraceEventKind.Dispose))
        {
            if (disposal.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax { Expression: AwaitExpressionSyntax } statement
                || !IsNothingElse(statement)
                || !IsAtEnd(statement, scope))
            {
                return null;
            }

            statements.Add(statement);
        }

        return statements.Count == 0 ? null : new ExplicitDisposals(statements);
    }

    /// <summary>The disposal calls nothing but itself.</summary>
    public static bool IsNothingElse(StatementSyntax disposal) =>
        disposal.DescendantNodes().OfType<InvocationExpressionSyntax>().All(call =>
            OpeningLocations.NameSyntaxOf(call) is SimpleNameSyntax { Identifier.ValueText: "DisposeAsync" or "ConfigureAwait" or "AsTask" });

    /// <summary><c>await client.DisposeAsync();</c></summary>
    public static bool IsPlainDisposal(StatementSyntax statement) =>
        statement is ExpressionStatementSyntax { Expression: AwaitExpressionSyntax } && statement.DescendantNodes().OfType<InvocationExpressionSyntax>().Any() && IsNothingElse(statement);

    /// <summary>It stands in front of a statement that leaves, and that could not notice whether the session is closed by now.</summary>
    public static bool IsBeforeExit(StatementSyntax disposal) =>
        disposal.Parent is BlockSyntax block
        && block.Statements.SkipWhile(statement => statement != disposal).Skip(1).FirstOrDefault() is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax
        && block.Statements.SkipWhile(statement => statement != disposal).Skip(1).Take(1).All(IsPlain);

    public bool Remove(DocumentEdits edits)
    {
        foreach (var statement in _statements)
        {
            edits.Statements.Remove(statement);
        }

        return true;
    }

    /// <summary>Nothing follows it in <paramref name="scope"/> that could notice whether the session is closed by now.</summary>
    public static bool IsAtEnd(StatementSyntax disposal, BlockSyntax scope)
    {
        for (SyntaxNode node = disposal; ; node = node.Parent!)
        {
            switch (node.Parent)
            {
                case BlockSyntax block:
                    foreach (var next in block.Statements.SkipWhile(statement => statement != node).Skip(1))
                    {
                        switch (next)
                        {
                            case ReturnStatementSyntax or ThrowStatementSyntax when IsPlain(next):
                                return true;
                            default:
                                return false;
                        }
                    }

                    if (block == scope)
                    {
                        return true;
                    }

                    continue;
                case IfStatementSyntax { Else: null } test when test.Statement == node && NullTests.IsPure(test.Condition):
                case FinallyClauseSyntax:
                case TryStatementSyntax { Finally: { } clause } when clause == node:
                    continue;
                default:
                    return false;
            }
        }
    }

    /// <summary>It does nothing that could notice whether the session is closed by now.</summary>
    private static bool IsPlain(StatementSyntax statement) =>
        !statement.DescendantNodes().Any(node => node is InvocationExpressionSyntax or AwaitExpressionSyntax);
}
