using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A parameter that the container fills: of a constructor, of an endpoint's lambda, or one that says so.</summary>
/// <param name="Syntax">The parameter.</param>
/// <param name="Function">The constructor, the class with a primary constructor, the lambda or the method that has it.</param>
/// <param name="Key">For a keyed service, its key.</param>
internal sealed record ServiceParameter(ParameterSyntax Syntax, SyntaxNode Function, object? Key)
{
    private static readonly TypeNames FromServices = new("Microsoft.AspNetCore.Mvc.FromServicesAttribute");

    private static readonly TypeNames FromKeyedServices = new("Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute");

    private static readonly TypeNames Endpoints = new("Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions");

    /// <summary>Null where its callers fill it, or where it is not understood who does.</summary>
    public static ServiceParameter? Of(ParameterSyntax parameter, DocumentEdits document, CancellationToken cancellationToken)
    {
        if (parameter.Parent?.Parent is not { } function || document.Model.GetDeclaredSymbol(parameter, cancellationToken) is not { } symbol)
        {
            return null;
        }

        var attributes = symbol.GetAttributes();
        var keyed = attributes.FirstOrDefault(attribute => FromKeyedServices.Contains(attribute.AttributeClass));
        var isMarked = keyed is not null || attributes.Any(attribute => FromServices.Contains(attribute.AttributeClass));
        if (attributes.Length > (isMarked ? 1 : 0) || (keyed is not null && keyed.ConstructorArguments is not { Length: 1 }))
        {
            return null;
        }

        var isFilled = function switch
        {
            ConstructorDeclarationSyntax or TypeDeclarationSyntax => true,
            AnonymousFunctionExpressionSyntax lambda => IsEndpoint(lambda, document, cancellationToken),
            MethodDeclarationSyntax => isMarked,
            _ => false,
        };
        return isFilled ? new ServiceParameter(parameter, function, KeyOf(symbol)) : null;
    }

    /// <summary>The key that a parameter asks for; null where it asks for none.</summary>
    public static object? KeyOf(ISymbol parameter) =>
        parameter.GetAttributes().FirstOrDefault(attribute => FromKeyedServices.Contains(attribute.AttributeClass)) is { ConstructorArguments: { Length: 1 } arguments } ? arguments[0].Value : null;

    private static bool IsEndpoint(AnonymousFunctionExpressionSyntax lambda, DocumentEdits document, CancellationToken cancellationToken) =>
        lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax map }
        && document.Model.GetOperation(map, cancellationToken) is IInvocationOperation { TargetMethod: var target }
        && Endpoints.Contains(target.ContainingType);
}
