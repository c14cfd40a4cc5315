using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>Names and the scopes in which they must be free.</summary>
internal static class Scopes
{
    /// <summary>
    /// Whether a name that <paramref name="block"/> declares is declared elsewhere in the scope around <paramref name="statement"/> too, so
    /// that the block's statements can't move there. What is taken out is declared nowhere any more.
    /// </summary>
    public static bool WouldClash(StatementSyntax statement, BlockSyntax block, Func<VariableDeclaratorSyntax, bool> isGone)
    {
        SyntaxNode scope = statement;
        while (scope is StatementSyntax && scope.Parent is UsingStatementSyntax)
        {
            scope = scope.Parent;
        }

        var outer = scope.Parent is GlobalStatementSyntax ? scope.SyntaxTree.GetRoot() : scope.Parent!;
        var inner = new HashSet<string>(block.Statements.SelectMany(inside => NamesDeclaredDirectly(inside, isGone)).Concat(HeadNames(statement, isGone)), StringComparer.Ordinal);
        return inner.Count > 0 && DeclaredNames(outer, except: statement, isGone).Any(inner.Contains);
    }

    /// <summary>A name like <paramref name="wanted"/> that nothing in <paramref name="scope"/> uses.</summary>
    public static string UniqueName(string wanted, SyntaxNode scope, Func<string, bool>? isTaken = null)
    {
        var used = new HashSet<string>(
            scope.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText), StringComparer.Ordinal);
        return UniqueName(wanted, name => used.Contains(name) || isTaken?.Invoke(name) == true);
    }

    public static string UniqueName(string wanted, Func<string, bool> isTaken)
    {
        var name = wanted;
        for (var i = 2; isTaken(name); i++)
        {
            name = wanted + i;
        }

        return name;
    }

    private static IEnumerable<string> HeadNames(StatementSyntax statement, Func<VariableDeclaratorSyntax, bool> isGone) =>
        statement is UsingStatementSyntax { Declaration: { } declaration } ? declaration.Variables.Where(variable => !isGone(variable)).Select(variable => variable.Identifier.ValueText) : Array.Empty<string>();

    /// <summary>Names whose scope is the list in which <paramref name="statement"/> stands.</summary>
    private static IEnumerable<string> NamesDeclaredDirectly(StatementSyntax statement, Func<VariableDeclaratorSyntax, bool> isGone) => statement switch
    {
        LocalDeclarationStatementSyntax or ExpressionStatementSyntax or ReturnStatementSyntax or ThrowStatementSyntax or YieldStatementSyntax => DeclaredNames(statement, null, isGone),
        LocalFunctionStatementSyntax function => new[] { function.Identifier.ValueText },
        IfStatementSyntax test => DeclaredNames(test.Condition, null),
        LabeledStatementSyntax label => NamesDeclaredDirectly(label.Statement, isGone).Append(label.Identifier.ValueText),
        _ => Array.Empty<string>(),
    };

    private static IEnumerable<string> DeclaredNames(SyntaxNode scope, SyntaxNode? except, Func<VariableDeclaratorSyntax, bool>? isGone = null) =>
        scope.DescendantNodesAndSelf(node => node != except)
            .Where(node => node != except && (node is not VariableDeclaratorSyntax variable || isGone?.Invoke(variable) != true))
            .Select(NameOf).Where(name => name is not null)!;

    private static string? NameOf(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax designation => designation.Identifier.ValueText,
        ForEachStatementSyntax loop => loop.Identifier.ValueText,
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        CatchDeclarationSyntax caught => caught.Identifier.ValueText,
        FromClauseSyntax from => from.Identifier.ValueText,
        LetClauseSyntax let => let.Identifier.ValueText,
        _ => null,
    };
}
