using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Everybody in the solution who gets the registered session from the container. They do so by the type's name, so each mention of that name must
/// be understood; one that isn't, or that can't be rewritten, means that there is no fix.
/// </summary>
internal static class SessionConsumers
{
    public static async Task<IReadOnlyList<SessionConsumer>?> FindAsync(SharedRegistration registration, SolutionEdits edits, CancellationToken cancellationToken)
    {
        var consumers = new List<SessionConsumer>();
        foreach (var project in edits.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp))
        {
            // A page of Razor injects by name, where it can't be seen.
            foreach (var page in project.AdditionalDocuments)
            {
                if ((await page.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString().Contains(registration.Session.Name))
                {
                    return null;
                }
            }

            foreach (var document in project.Documents)
            {
                var text = (await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString();
                if (!text.Contains(registration.Session.Name) && !text.Contains("Add"))
                {
                    continue;
                }

                if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } there
                    || RegistersAnother(registration, there, cancellationToken)
                    || !Collect(registration, there, consumers, cancellationToken))
                {
                    return null;
                }
            }
        }

        foreach (var consumer in consumers)
        {
            if ((consumer.Type is { } type && !await IsMadeByContainerOnlyAsync(type, edits, cancellationToken).ConfigureAwait(false))
                || (consumer.Method is { } method && await IsCalledInSourceAsync(method, edits.Solution, cancellationToken).ConfigureAwait(false)))
            {
                return null;
            }
        }

        return consumers;
    }

    /// <summary>Two servers, or one for tests: who gets which session can't be told.</summary>
    private static bool RegistersAnother(SharedRegistration registration, DocumentEdits document, CancellationToken cancellationToken) =>
        document.Root.DescendantNodes().Any(node =>
            node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax
            && node != registration.Written.Call
            && (node is not InvocationExpressionSyntax call || IsRegistrationName(call))
            && document.Model.GetOperation(node, cancellationToken) is { } operation
            && RegistrationCall.Of(operation) is { Service: { } service }
            && Same(SharedRegistration.Unwrap(service).Session, registration.Session)
            && Equals(KeyIn(operation), registration.Written.Key));

    private static bool IsRegistration(ExpressionSyntax call, DocumentEdits document, CancellationToken cancellationToken) =>
        document.Model.GetOperation(call, cancellationToken) is { } operation && RegistrationCall.Of(operation) is not null;

    private static bool IsRegistrationName(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name }
        && new[] { "Add", "TryAdd", "Scoped", "Transient", "Singleton", "Keyed", "Describe" }.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    private static object? KeyIn(IOperation registration) =>
        (registration is IInvocationOperation call ? call.Arguments : ((IObjectCreationOperation)registration).Arguments)
            .Where(argument => argument.Parameter?.Name == "serviceKey")
            .Select(argument => FactoryResults.Unconverted(argument.Value).ConstantValue.Value)
            .FirstOrDefault();

    private static bool Collect(SharedRegistration registration, DocumentEdits document, List<SessionConsumer> consumers, CancellationToken cancellationToken)
    {
        foreach (var name in document.Root.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != registration.Session.Name
                || name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null
                || registration.Written.IsOwnName(name)
                || (name.SyntaxTree == registration.Made.SyntaxTree && registration.Made.Span.Contains(name.Span))
                || document.Model.GetSymbolInfo(name, cancellationToken).Symbol is not INamedTypeSymbol named
                || !Same(named, registration.Session))
            {
                continue;
            }

            var (whole, isRegistered) = WholeOf(name, registration.Wrappers);
            switch (whole.Parent)
            {
                // A static member: openings, ours and others'.
                case MemberAccessExpressionSyntax access when access.Expression == whole:
                    break;
                case ParameterSyntax parameter when ServiceParameter.Of(parameter, document, cancellationToken) is { } injected:
                    // Another key is another server.
                    if (!Equals(injected.Key, registration.Written.Key))
                    {
                        break;
                    }

                    if (!isRegistered || whole is NullableTypeSyntax || SessionConsumer.OfParameter((TypeSyntax)whole, injected, registration, document, cancellationToken) is not { } consumer)
                    {
                        return false;
                    }

                    consumers.Add(consumer);
                    break;
                case ParameterSyntax { Parent.Parent: MethodDeclarationSyntax method } plain when plain.AttributeLists.Count == 0:
                    // Methods that a framework calls get their parameters from the container, too.
                    if (document.Model.GetDeclaredSymbol(method, cancellationToken) is not { } called
                        || CompilationFacts.Of(document.Model.Compilation).Calls.OfMember(called, cancellationToken) is { Strength: EvidenceStrength.FrameworkEntryPoint or EvidenceStrength.ToolFunction })
                    {
                        return false;
                    }

                    break;
                case TypeArgumentListSyntax { Parent: GenericNameSyntax { Identifier.ValueText: "GetRequiredService" or "GetRequiredKeyedService" } ask }:
                    if (registration.Written.Key is not null
                        || !isRegistered
                        || SessionConsumer.OfRequest((TypeSyntax)whole, ask, registration, document, cancellationToken) is not { } asking)
                    {
                        return false;
                    }

                    consumers.Add(asking);
                    break;
                // A registration under another key, which RegistersAnother has looked at.
                case TypeArgumentListSyntax { Parent.Parent: MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax register } }
                    when IsRegistration(register, document, cancellationToken):
                case TypeOfExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: ExpressionSyntax call } } when IsRegistration(call, document, cancellationToken):
                case TypeArgumentListSyntax { Parent.Parent: not (ParameterSyntax or ExpressionSyntax) }:
                case PropertyDeclarationSyntax { AttributeLists.Count: 0 }:
                case VariableDeclarationSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax or DeclarationPatternSyntax or RefTypeSyntax:
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>The type that <paramref name="name"/> is part of, up to what is registered; and whether it gets as far as that.</summary>
    private static (SyntaxNode Whole, bool IsRegistered) WholeOf(IdentifierNameSyntax name, IReadOnlyList<string> wrappers)
    {
        var whole = Qualified(name);
        foreach (var wrapper in wrappers)
        {
            if (whole.Parent is not TypeArgumentListSyntax { Parent: GenericNameSyntax generic } || generic.Identifier.ValueText != wrapper)
            {
                return (whole, false);
            }

            whole = Qualified(generic);
        }

        return (whole, true);
    }

    private static SyntaxNode Qualified(SyntaxNode name)
    {
        while (name.Parent is QualifiedNameSyntax or AliasQualifiedNameSyntax or NullableTypeSyntax)
        {
            name = name.Parent;
        }

        return name;
    }

    /// <summary>Nobody else makes one, or derives from it: they would have to pass something else as well.</summary>
    public static async Task<bool> IsMadeByContainerOnlyAsync(INamedTypeSymbol type, SolutionEdits edits, CancellationToken cancellationToken)
    {
        foreach (var document in edits.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp).SelectMany(project => project.Documents))
        {
            if (!(await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString().Contains(type.Name)
                || await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } there)
            {
                continue;
            }

            foreach (var node in there.Root.DescendantNodes())
            {
                if (node is BaseObjectCreationExpressionSyntax or BaseTypeSyntax or AttributeSyntax
                    && there.Model.GetTypeInfo(node is BaseTypeSyntax inherited ? inherited.Type : node, cancellationToken).Type is { } used
                    && Same(used, type))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>By a test, or by another action: it would have to pass something else as well.</summary>
    private static async Task<bool> IsCalledInSourceAsync(IMethodSymbol method, Solution solution, CancellationToken cancellationToken) =>
        (await SymbolFinder.FindReferencesAsync(method, solution, cancellationToken).ConfigureAwait(false)).SelectMany(found => found.Locations).Any();

    /// <summary>Each project has symbols of its own.</summary>
    public static bool Same(ITypeSymbol type, ITypeSymbol other) =>
        type.Name == other.Name && type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) == other.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
