using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// The locals of a member that only fed openings which are gone: transports, options. They go too, with what changes and disposes them. What may have an
/// effect of its own stays.
/// </summary>
internal sealed class FeedingLocals
{
    private readonly List<SyntaxNode> _gone = new();
    private readonly HashSet<ISymbol> _dropped = new(SymbolEqualityComparer.Default);

    /// <summary>Has the locals looked at when every opening that goes is known: two may share a transport.</summary>
    public static void Drop(ExpressionSyntax opening, MemberBody body, SolutionEdits solution, DocumentEdits edits, CompilationFacts facts)
    {
        var locals = solution.Memory<FeedingLocals>(body.Root.Syntax);
        locals._gone.Add(opening);
        solution.AtEnd((nameof(FeedingLocals), body.Root.Syntax), token =>
        {
            locals.Settle(body, edits, facts, token);
            return Task.CompletedTask;
        });
    }

    private void Settle(MemberBody body, DocumentEdits edits, CompilationFacts facts, CancellationToken cancellationToken)
    {
        // What a dropped local was made of may have fed nothing else; the last one that was declared goes first.
        for (var again = true; again;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            again = false;
            var named = _gone.SelectMany(node => node.DescendantNodesAndSelf()).OfType<IdentifierNameSyntax>()
                .Select(name => edits.Model.GetSymbolInfo(name, cancellationToken).Symbol).OfType<ILocalSymbol>()
                .Distinct<ILocalSymbol>(SymbolEqualityComparer.Default).ToList();
            foreach (var local in named.Where(local => !_dropped.Contains(local)))
            {
                if (StatementsOf(local, body, facts) is { } statements)
                {
                    again = _dropped.Add(local);
                    foreach (var statement in statements)
                    {
                        Remove(statement, edits);
                    }
                }
            }
        }
    }

    private void Remove(StatementSyntax statement, DocumentEdits edits)
    {
        if (statement is UsingStatementSyntax @using)
        {
            _gone.Add(@using.Declaration!);
            edits.Statements.Unwrap(@using);
        }
        else
        {
            _gone.Add(statement);
            edits.Statements.Remove(statement);
        }
    }

    /// <summary>All statements that there are about the local, once the openings are gone; null where it is needed for something else.</summary>
    private List<StatementSyntax>? StatementsOf(ILocalSymbol local, MemberBody body, CompilationFacts facts)
    {
        if (body.Declarators(local).ToList() is not { Count: 1 } declarators
            || declarators[0].Syntax is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax or UsingStatementSyntax } declaration }
            || (declarators[0].GetVariableInitializer()?.Value is { } value && !IsDroppable(value, local, facts)))
        {
            return null;
        }

        var statements = new List<StatementSyntax> { (StatementSyntax)declaration.Parent! };
        foreach (var reference in body.ReferencesTo(local))
        {
            if (_gone.Any(node => node.SyntaxTree == reference.Syntax.SyntaxTree && node.Span.Contains(reference.Syntax.Span)))
            {
                continue;
            }

            if (reference.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax statement || !IsAboutIt(reference, statement, facts))
            {
                return null;
            }

            statements.Add(statement);
        }

        return statements;
    }

    /// <summary><c>options.Headers.Add(…)</c>, <c>options.Name = …</c>, <c>await transport.DisposeAsync()</c>.</summary>
    private static bool IsAboutIt(IOperation reference, ExpressionStatementSyntax statement, CompilationFacts facts)
    {
        var current = reference;
        while (current.Parent is IConversionOperation || (current.Parent is IMemberReferenceOperation member && member.Instance == current))
        {
            current = current.Parent;
        }

        return current.Parent switch
        {
            IInvocationOperation call when call.Instance == current && facts.Sessions.Calls.Disposes(call.TargetMethod) => true,
            IInvocationOperation { Parent: IExpressionStatementOperation } call => call.Instance == current && Repeatable.LeavesNoTrace(call),
            ISimpleAssignmentOperation { Parent: IExpressionStatementOperation } assignment => assignment.Target == current && Repeatable.LeavesNoTrace(assignment.Value),
            _ => false,
        } && statement.Parent is BlockSyntax or GlobalStatementSyntax;
    }

    /// <summary>A transport does nothing before it is connected, whoever makes it.</summary>
    private static bool IsDroppable(IOperation value, ILocalSymbol local, CompilationFacts facts) =>
        Repeatable.LeavesNoTrace(value)
        || (facts.Symbols.ClientTransports.ContainsBaseOf(local.Type) && !value.DescendantsAndSelf().Any(part => part is IAwaitOperation));
}
