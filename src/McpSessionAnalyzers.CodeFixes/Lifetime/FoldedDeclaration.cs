using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A local that was declared in front of a try, for its finally, is declared where it gets its value once the try has gone.</summary>
internal static class FoldedDeclaration
{
    public static void Fold(SyntaxNode opening, DocumentEdits edits)
    {
        if (opening.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax
            {
                Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax name },
                Parent: BlockSyntax { Parent: TryStatementSyntax { Parent: BlockSyntax outer } attempt } block,
            } assignment
            && block.Statements[0] == assignment
            && outer.Statements.IndexOf(attempt) is > 0 and var index
            && outer.Statements[index - 1] is LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } declaration
            && variables[0] is { Initializer: null or { Value.RawKind: (int)SyntaxKind.NullLiteralExpression } } variable
            && variable.Identifier.ValueText == name.Identifier.ValueText)
        {
            edits.Statements.WhenUnwrapped(attempt, () =>
            {
                edits.Statements.Remove(declaration);
                edits.Text.Insert(name.SpanStart, "var ");
            });
        }
    }
}
