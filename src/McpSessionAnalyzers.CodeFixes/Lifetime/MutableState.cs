using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Fields and properties that their own type changes after construction: a session that depends on one may have to be another one next time.</summary>
internal static class MutableState
{
    public static bool ChangesBetweenCalls(ISymbol member, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (member is not (IFieldSymbol { IsReadOnly: false, IsConst: false } or IPropertySymbol { SetMethod: { IsInitOnly: false } }))
        {
            return false;
        }

        foreach (var reference in member.ContainingType.DeclaringSyntaxReferences)
        {
            if (!facts.Compilation.ContainsSyntaxTree(reference.SyntaxTree))
            {
                continue;
            }

            var model = facts.Sessions.Bodies.ModelOf(reference.SyntaxTree);
            foreach (var name in reference.GetSyntax(cancellationToken).DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (name.Identifier.ValueText == member.Name
                    && IsWritten(name)
                    && name.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not (ConstructorDeclarationSyntax or BaseFieldDeclarationSyntax)
                    && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol?.OriginalDefinition, member.OriginalDefinition))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsWritten(SimpleNameSyntax name)
    {
        ExpressionSyntax place = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return place.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == place && assignment.Parent is not InitializerExpressionSyntax,
            ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Parent is TupleExpressionSyntax { Parent: AssignmentExpressionSyntax },
            PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax => place.Parent.Kind()
                is SyntaxKind.PreIncrementExpression or SyntaxKind.PostIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.PostDecrementExpression,
            _ => false,
        };
    }
}
