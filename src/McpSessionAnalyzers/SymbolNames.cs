using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers;

/// <summary>How messages name symbols: as a developer would say them.</summary>
internal static class SymbolNames
{
    /// <summary>"TravelAgent.AskAsync", "TravelAgent" for its constructor, "the program" for top-level statements.</summary>
    public static string Of(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { Name: "<Main>$" } => "the program",
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } constructor => constructor.ContainingType.Name,
        IMethodSymbol { AssociatedSymbol: { } property } => Of(property),
        IMethodSymbol { MethodKind: MethodKind.LocalFunction } local => local.Name,
        IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } lambda => Of(lambda.ContainingSymbol),
        { ContainingType: { Name: not "<Program>$" } type } => $"{type.Name}.{symbol.Name}",
        _ => symbol.Name,
    };

    public static string Short(IMethodSymbol method) => method switch
    {
        { MethodKind: MethodKind.Constructor } => method.ContainingType.Name,
        { AssociatedSymbol: { } property } => property.Name,
        { Name: "" } => "a lambda",
        _ => method.Name,
    };
}
