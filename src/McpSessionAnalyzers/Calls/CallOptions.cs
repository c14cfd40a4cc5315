using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Names from configuration: <c>Type</c>, <c>Namespace.Type</c>, <c>Type.Method</c> or <c>Namespace.Type.Method</c>.</summary>
internal sealed record CallOptions(ImmutableHashSet<string> AgentTypes, ImmutableHashSet<string> AgentMethods, ImmutableHashSet<string> RunOnceMethods)
{
    public static readonly CallOptions None = new(ImmutableHashSet<string>.Empty, ImmutableHashSet<string>.Empty, ImmutableHashSet<string>.Empty);

    public bool IsRunOnce(IMethodSymbol method) => HasMethod(RunOnceMethods, method);

    /// <summary>A configured agent method, or a public method of a configured agent type.</summary>
    public bool IsAgentMethod(IMethodSymbol method)
    {
        if (HasMethod(AgentMethods, method))
        {
            return true;
        }

        if (AgentTypes.IsEmpty || method.DeclaredAccessibility != Accessibility.Public || method.MethodKind != MethodKind.Ordinary)
        {
            return false;
        }

        for (var type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (AgentTypes.Contains(type.Name) || AgentTypes.Contains(FullName(type)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasMethod(ImmutableHashSet<string> names, IMethodSymbol method) =>
        !names.IsEmpty &&
        method.ContainingType is { } type &&
        (names.Contains($"{type.Name}.{method.Name}") || names.Contains($"{FullName(type)}.{method.Name}"));

    private static string FullName(INamedTypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.None));
}
