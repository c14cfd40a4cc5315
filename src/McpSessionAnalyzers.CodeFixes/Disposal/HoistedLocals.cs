using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>Statements that move into a block of their own, and locals among them that are used behind it: those are declared in front of the block.</summary>
internal sealed class HoistedLocals
{
    private readonly List<(VariableDeclarationSyntax Declaration, string Line, ITypeSymbol Type)> _moved = new();

    /// <summary>Null where the statements can't move.</summary>
    public static HoistedLocals? Of(IReadOnlyList<StatementSyntax> moving, BlockSyntax list, DocumentEdits edits, CancellationToken cancellationToken)
    {
        var last = moving[moving.Count - 1];
        if (moving.Any(statement => statement is LabeledStatementSyntax || statement.DescendantTrivia().Any(trivia => trivia.IsDirective)))
        {
            return null;
        }

        var hoisted = new HoistedLocals();
        var after = list.Statements.SkipWhile(statement => statement != last).Skip(1).ToList();
        if (after.Count == 0)
        {
            return hoisted;
        }

        // What a using declaration holds lives to the end of the block.
        if (moving.Any(statement => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } or LocalFunctionStatementSyntax)
            || edits.Model.AnalyzeDataFlow(moving[0], last) is not { Succeeded: true } flow)
        {
            return null;
        }

        foreach (var local in flow.VariablesDeclared.OfType<ILocalSymbol>().Where(IsUsedAfter))
        {
            if (moving.OfType<LocalDeclarationStatementSyntax>().FirstOrDefault(statement => statement.Declaration.Variables is { Count: 1 } variables
                    && SymbolEqualityComparer.Default.Equals(edits.Model.GetDeclaredSymbol(variables[0], cancellationToken), local))
                is not { IsConst: false, Declaration: { Type: not RefTypeSyntax } declaration } place
                || TypeOf(local, declaration, edits, list, cancellationToken) is not { } type)
            {
                return null;
            }

            hoisted._moved.Add((declaration, $"{type} {declaration.Variables[0].Identifier};", local.Type));
        }

        return hoisted;

        bool IsUsedAfter(ILocalSymbol local) => after.SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>().Any(name =>
            name.Identifier.ValueText == local.Name && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(name, cancellationToken).Symbol, local));
    }

    /// <summary>The declarations, to be written in front of the block.</summary>
    public IEnumerable<Func<string, string>> Lines => _moved.Select(one => (Func<string, string>)(_ => one.Line));

    public IEnumerable<ITypeSymbol> Types => _moved.Select(one => one.Type);

    public void Write(DocumentEdits edits)
    {
        foreach (var (declaration, _, _) in _moved)
        {
            var variable = declaration.Variables[0];
            if (variable.Initializer is not null)
            {
                edits.Text.Delete(TextSpan.FromBounds(declaration.SpanStart, variable.SpanStart));
            }
            else
            {
                edits.Statements.Remove((StatementSyntax)declaration.Parent!);
            }
        }
    }

    private static string? TypeOf(ILocalSymbol local, VariableDeclarationSyntax declaration, DocumentEdits edits, BlockSyntax list, CancellationToken cancellationToken)
    {
        if (!declaration.Type.IsVar)
        {
            return declaration.Type.ToString();
        }

        if (declaration.Variables[0].Initializer is not { Value: var value } || local.Type.IsRefLikeType || local.Type.TypeKind is TypeKind.Error or TypeKind.Pointer)
        {
            return null;
        }

        // A local that is declared by var may be set to null later.
        var isWrittenAgain = list.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment =>
            assignment.Left is IdentifierNameSyntax name && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(name, cancellationToken).Symbol, local));
        var type = local.Type is { IsReferenceType: true } && !isWrittenAgain && edits.Model.GetTypeInfo(value, cancellationToken).Nullability.FlowState == NullableFlowState.NotNull
            ? local.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)
            : local.Type;
        var written = type.ToMinimalDisplayString(edits.Model, NullableFlowState.None, declaration.SpanStart, SymbolDisplayFormat.MinimallyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));
        return written.Contains('<') && written.Contains("anonymous") ? null : written;
    }
}
