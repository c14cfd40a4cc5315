using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A registration as it is written, and what there is to change for another lifetime and another type.</summary>
/// <param name="Call">The call, or the creation of a descriptor.</param>
/// <param name="Registration">What it says.</param>
/// <param name="Name">The name of the method, or of the descriptor's type.</param>
internal sealed record RegistrationSyntax(ExpressionSyntax Call, RegistrationCall Registration, SimpleNameSyntax Name)
{
    private static readonly string[] Lifetimes = { "Scoped", "Transient", "Singleton" };

    /// <summary>What consumers of a keyed service name; null where it has no key.</summary>
    public object? Key { get; private init; }

    /// <summary>The lifetime where it is an argument.</summary>
    private SimpleNameSyntax? Lifetime { get; init; }

    /// <summary>The service where it is an argument.</summary>
    private TypeSyntax? ServiceArgument { get; init; }

    /// <summary>The registration that <paramref name="diagnostic"/> stands at; null where it can't be written as a singleton.</summary>
    public static RegistrationSyntax? Find(DocumentEdits document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (document.Root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is not SimpleNameSyntax name
            || name.Ancestors().FirstOrDefault(node => OpeningLocations.NameSyntaxOf(node) == name && node is InvocationExpressionSyntax or ObjectCreationExpressionSyntax) is not ExpressionSyntax syntax
            || document.Model.GetOperation(syntax, cancellationToken) is not { } operation
            || RegistrationCall.Of(operation) is not { Service: not null } call)
        {
            return null;
        }

        var arguments = operation is IInvocationOperation invocation ? invocation.Arguments : ((IObjectCreationOperation)operation).Arguments;
        var key = arguments.FirstOrDefault(argument => argument.Parameter?.Name == "serviceKey");
        var lifetime = arguments.FirstOrDefault(argument => argument.Parameter?.Name == "lifetime");
        var service = arguments.FirstOrDefault(argument => argument.Parameter?.Name is "serviceType" or "service" && argument.Value is ITypeOfOperation);
        var found = new RegistrationSyntax(syntax, call, name)
        {
            Key = key is null ? null : FactoryResults.Unconverted(key.Value).ConstantValue.Value,
            Lifetime = (lifetime?.Value.Syntax as MemberAccessExpressionSyntax)?.Name,
            ServiceArgument = (service?.Value.Syntax as TypeOfExpressionSyntax)?.Type,
        };

        // A key that is made there can't be compared with those that consumers name.
        return (key is null || found.Key is not null) && (found.SingletonName is not null || found.Lifetime is not null) ? found : null;
    }

    /// <summary>Changes the lifetime; and the service, where it has become another type.</summary>
    public void WriteSingleton(DocumentEdits document, string? service, bool isNamed)
    {
        if (Lifetime is not null)
        {
            document.Text.Replace(Lifetime.Span, "Singleton");
        }

        if (SingletonName is { } name)
        {
            document.Text.Replace(service is null ? Name.Identifier.Span : Name.Span, isNamed ? $"{name}<{service}>" : name);
        }

        if (ServiceArgument is not null && service is not null)
        {
            document.Text.Replace(ServiceArgument.Span, service);
        }
    }

    /// <summary>Whether <paramref name="node"/> is where the registration names its service.</summary>
    public bool IsOwnName(SyntaxNode node) =>
        node.SyntaxTree == Call.SyntaxTree && (Name.Span.Contains(node.Span) || ServiceArgument?.Span.Contains(node.Span) == true);

    /// <summary><c>TryAddKeyedSingleton</c> for <c>TryAddKeyedScoped</c>; null where the name says nothing of a lifetime.</summary>
    private string? SingletonName =>
        Lifetimes.FirstOrDefault(lifetime => Name.Identifier.ValueText.EndsWith(lifetime, StringComparison.Ordinal)) is { } lifetime
            ? Name.Identifier.ValueText.Substring(0, Name.Identifier.ValueText.Length - lifetime.Length) + "Singleton"
            : null;
}
