using McpSessionAnalyzers.CodeFixes.Disposal;
using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Where objects of a type are made. What a field of theirs keeps lives no longer than they do, and is disposed only if they are.</summary>
internal static class Creations
{
    /// <summary>Whether some object of <paramref name="type"/> is made for a single call.</summary>
    public static async Task<bool> AnyIsPerCallAsync(INamedTypeSymbol type, Solution solution, CancellationToken cancellationToken)
    {
        foreach (var (creation, model) in await OfAsync(type, solution, cancellationToken).ConfigureAwait(false))
        {
            if (model.GetOperation(creation, cancellationToken) is { } operation
                && CompilationFacts.Of(model.Compilation).Calls.Of(operation, cancellationToken).IsPerCall)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Disposes the objects that locals hold and nobody else gets; the others are their owners' to dispose.</summary>
    public static async Task DisposeAsync(INamedTypeSymbol type, bool synchronously, SolutionEdits edits, CancellationToken cancellationToken)
    {
        foreach (var (creation, model) in await OfAsync(type, edits.Solution, cancellationToken).ConfigureAwait(false))
        {
            var facts = CompilationFacts.Of(model.Compilation);
            if (facts.Sessions.Bodies.Containing(creation, cancellationToken) is { } body
                && IsOnlyUsedHere(creation, body, model, cancellationToken)
                && await edits.OfAsync(creation.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } document)
            {
                AwaitUsing.TryApply(edits, document, body, creation, synchronously, cancellationToken);
            }
        }
    }

    private static async Task<IReadOnlyList<(BaseObjectCreationExpressionSyntax Creation, SemanticModel Model)>> OfAsync(
        INamedTypeSymbol type, Solution solution, CancellationToken cancellationToken)
    {
        var creations = new Dictionary<BaseObjectCreationExpressionSyntax, SemanticModel>();
        foreach (var constructor in type.InstanceConstructors)
        {
            foreach (var location in (await SymbolFinder.FindReferencesAsync(constructor, solution, cancellationToken).ConfigureAwait(false)).SelectMany(found => found.Locations))
            {
                if (location.Document is SourceGeneratedDocument
                    || await location.Document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false) is not { } root
                    || await location.Document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false) is not { } model)
                {
                    continue;
                }

                var node = root.FindNode(location.Location.SourceSpan, getInnermostNodeForTie: true);
                if (node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is { } creation
                    && SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(creation, cancellationToken).Type?.OriginalDefinition, type.OriginalDefinition))
                {
                    creations[creation] = model;
                }
            }
        }

        return creations.Select(pair => (pair.Key, pair.Value))
            .OrderBy(creation => creation.Key.SyntaxTree.FilePath, StringComparer.Ordinal)
            .ThenBy(creation => creation.Key.SpanStart)
            .ToList();
    }

    private static bool IsOnlyUsedHere(BaseObjectCreationExpressionSyntax creation, MemberBody body, SemanticModel model, CancellationToken cancellationToken)
    {
        if (creation.Parent is MemberAccessExpressionSyntax)
        {
            return true;
        }

        if (creation.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax } declarator }
            || model.GetDeclaredSymbol(declarator, cancellationToken) is not ILocalSymbol local)
        {
            return false;
        }

        // In the program's own body a lambda ends with the program, as the local does; elsewhere it may live longer.
        var isProgram = SymbolEqualityComparer.Default.Equals(model.Compilation.GetEntryPoint(cancellationToken), body.Member);
        return body.ReferencesTo(local).All(reference =>
            reference.Syntax.Parent is MemberAccessExpressionSyntax access
            && access.Expression == reference.Syntax
            && (access.Parent is InvocationExpressionSyntax || model.GetSymbolInfo(access, cancellationToken).Symbol is IPropertySymbol)
            && (isProgram || SymbolEqualityComparer.Default.Equals(body.FunctionOf(reference), local.ContainingSymbol)));
    }
}
