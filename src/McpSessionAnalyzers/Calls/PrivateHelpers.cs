using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Calls;

/// <summary>Which methods are private helpers: every caller can be seen, so the callers tell how often they run.</summary>
internal static class PrivateHelpers
{
    public static bool Is(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.LocalFunction or MethodKind.AnonymousFunction => true,
        MethodKind.Ordinary or MethodKind.PropertyGet or MethodKind.PropertySet => !ScopeOf(method).IsEmpty && !Members.IsCalledThroughContract(method),
        _ => false,
    };

    /// <summary>The text outside of which nobody can name <paramref name="method"/>; empty where anybody can.</summary>
    public static ImmutableArray<(SyntaxTree Tree, TextSpan Span)> ScopeOf(IMethodSymbol method)
    {
        if (method.MethodKind is MethodKind.LocalFunction or MethodKind.AnonymousFunction)
        {
            return method.DeclaringSyntaxReferences.Select(static r => (r.SyntaxTree, BodyAround(r.GetSyntax()))).ToImmutableArray();
        }

        ISymbol current = method.AssociatedSymbol ?? method;
        while (current.ContainingType is { } type)
        {
            if (current.DeclaredAccessibility == Accessibility.Private)
            {
                return type.DeclaringSyntaxReferences.Select(static r => (r.SyntaxTree, r.Span)).ToImmutableArray();
            }

            current = type;
        }

        // file sealed class …: nobody outside the file can name it.
        return current is INamedTypeSymbol { IsFileLocal: true }
            ? current.DeclaringSyntaxReferences.Take(1).Select(static r => (r.SyntaxTree, r.SyntaxTree.GetRoot().FullSpan)).ToImmutableArray()
            : ImmutableArray<(SyntaxTree, TextSpan)>.Empty;
    }

    // The member that contains the function; all top-level statements for one of theirs.
    private static TextSpan BodyAround(SyntaxNode function)
    {
        var member = function.FirstAncestorOrSelf<MemberDeclarationSyntax>(static m => m is not GlobalStatementSyntax and not BaseTypeDeclarationSyntax);
        return (member ?? function.SyntaxTree.GetRoot()).FullSpan;
    }
}
