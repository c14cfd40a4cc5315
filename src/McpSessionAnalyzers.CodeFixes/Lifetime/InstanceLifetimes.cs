using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>How long instances of a type live, also where only another project of the solution knows: libraries are registered by their applications.</summary>
internal static class InstanceLifetimes
{
    public static async Task<InstanceLifetime> OfAsync(INamedTypeSymbol type, Project project, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var own = facts.Calls.LifetimeOf(type, cancellationToken);
        if (own.Kind != InstanceLifetimeKind.Unknown || type.DeclaredAccessibility != Accessibility.Public)
        {
            return own;
        }

        var name = MetadataNameOf(type);
        foreach (var id in project.Solution.GetProjectDependencyGraph().GetProjectsThatTransitivelyDependOnThisProject(project.Id))
        {
            if (project.Solution.GetProject(id) is { Language: LanguageNames.CSharp } dependent
                && await dependent.GetCompilationAsync(cancellationToken).ConfigureAwait(false) is { } compilation
                && compilation.GetTypesByMetadataName(name).FirstOrDefault() is { } seen
                && CompilationFacts.Of(compilation).Calls.LifetimeOf(seen, cancellationToken) is { Kind: not InstanceLifetimeKind.Unknown } known)
            {
                return known;
            }
        }

        return own;
    }

    private static string MetadataNameOf(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? MetadataNameOf(outer) + "+" + type.MetadataName
            : type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + type.MetadataName
            : type.MetadataName;
}
