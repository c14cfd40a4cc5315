using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// A test in <c>Dispose()</c> of a type that is <c>IAsyncDisposable</c> too: it closed nothing, so nothing is lost when it goes, and <c>DisposeAsync</c> closes the
/// session.
/// </summary>
internal static class MovedDisposal
{
    public static async Task<bool> TryApplyAsync(SyntaxNode test, SolutionEdits solution, DocumentEdits edits, SessionFacts facts, CancellationToken cancellationToken)
    {
        if (Functions.Around(test) is not MethodDeclarationSyntax { Identifier.ValueText: "Dispose" } dispose
            || edits.Model.GetDeclaredSymbol(dispose, cancellationToken) is not { ContainingType: { } type }
            || !facts.Types.IsAsyncDisposable(type)
            || MemberAt(test, edits, cancellationToken) is not { IsStatic: false, DeclaringSyntaxReferences.Length: 1 } member
            || !SymbolEqualityComparer.Default.Equals(member.ContainingType, type)
            || WholeAround(test, dispose) is not { } whole)
        {
            return false;
        }

        var isClosed = TypeBodies.ThatName(member, type, facts.Bodies, cancellationToken)
            .Any(body => body.Member.Name is "DisposeAsync" or "DisposeAsyncCore" && facts.Disposal.Ends(member, body, null, cancellationToken));
        if (!isClosed
            && !(await member.DeclaringSyntaxReferences[0].GetSyntaxAsync(cancellationToken).ConfigureAwait(false) is { } declaration
                && await solution.OfAsync(declaration.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } there
                && await OwnedSessionNotDisposedFix.TryDisposeAsync(solution, there, declaration, cancellationToken).ConfigureAwait(false)))
        {
            return false;
        }

        if (whole is StatementSyntax statement)
        {
            edits.Statements.Remove(statement);
        }
        else
        {
            edits.Text.Replace(TextSpan.FromBounds(whole.SpanStart, dispose.SemicolonToken.Span.End), "{ }");
        }

        return true;
    }

    private static ISymbol? MemberAt(SyntaxNode test, DocumentEdits edits, CancellationToken cancellationToken)
    {
        var tested = test switch
        {
            IsPatternExpressionSyntax pattern => pattern.Expression,
            BinaryExpressionSyntax binary => binary.Left,
            GenericNameSyntax { Parent: MemberAccessExpressionSyntax access } => access.Expression,
            _ => null,
        };
        return tested is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }
            && edits.Model.GetSymbolInfo(tested, cancellationToken).Symbol is IFieldSymbol or IPropertySymbol
                ? edits.Model.GetSymbolInfo(tested, cancellationToken).Symbol
                : null;
    }

    /// <summary>The statement, or the body, that tests and disposes and does nothing else.</summary>
    private static SyntaxNode? WholeAround(SyntaxNode test, MethodDeclarationSyntax dispose)
    {
        var call = test.Ancestors().TakeWhile(node => node != dispose).SelectMany(node => node.DescendantNodes()).OfType<InvocationExpressionSyntax>()
            .FirstOrDefault(one => OpeningLocations.NameSyntaxOf(one) is SimpleNameSyntax { Identifier.ValueText: "Dispose" });
        if (call is null)
        {
            return null;
        }

        if (dispose.ExpressionBody is { } arrow)
        {
            return call.Parent is ConditionalAccessExpressionSyntax { Parent: ArrowExpressionClauseSyntax } && arrow.Span.Contains(test.Span) ? arrow : null;
        }

        if (test is GenericNameSyntax)
        {
            return test.FirstAncestorOrSelf<ForEachStatementSyntax>() is { } loop && loop.Expression.Span.Contains(test.Span)
                && call.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax only
                && (loop.Statement == only || loop.Statement is BlockSyntax { Statements.Count: 1 } block && block.Statements[0] == only)
                    ? loop
                    : null;
        }

        return TestedDisposals.WholeOf(call) is { } whole && whole.Span.Contains(test.Span) ? whole : null;
    }
}
