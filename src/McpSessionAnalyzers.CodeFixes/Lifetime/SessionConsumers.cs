using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
            if (!await IsMadeByContainerOnlyAsync(consumer.Type, edits, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        return consumers;
    }

    /// <summary>Two servers, or one for tests: who gets which session can't be told.</summary>
    private static bool RegistersAnother(SharedRegistration registration, DocumentEdits document, CancellationToken cancellationToken) =>
        document.Root.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
            call != registration.Call
            && call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name }
            && (name.StartsWith("Add", StringComparison.Ordinal) || name.StartsWith("TryAdd", StringComparison.Ordinal))
            && document.Model.GetOperation(call, cancellationToken) is { } operation
            && RegistrationCall.Of(operation) is { Service: { } service }
            && (Same(service, registration.Session) || service is INamedTypeSymbol { TypeArguments: { Length: 1 } inner } && Same(inner[0], registration.Session)));

    private static bool Collect(SharedRegistration registration, DocumentEdits document, List<SessionConsumer> consumers, CancellationToken cancellationToken)
    {
        foreach (var name in document.Root.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != registration.Session.Name
                || name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null
                || registration.Call.Expression.Span.Contains(name.Span) && registration.Call.SyntaxTree == name.SyntaxTree
                || document.Model.GetSymbolInfo(name, cancellationToken).Symbol is not INamedTypeSymbol named
                || !Same(named, registration.Session))
            {
                continue;
            }

            SyntaxNode whole = name;
            while (whole.Parent is QualifiedNameSyntax or NullableTypeSyntax)
            {
                whole = whole.Parent;
            }

            switch (whole.Parent)
            {
                // A static member: openings, ours and others'.
                case MemberAccessExpressionSyntax access when access.Expression == whole:
                    break;
                case TypeArgumentListSyntax { Parent: GenericNameSyntax { Identifier.ValueText: "Task" or "ValueTask", Parent: ParameterSyntax taskParameter } task } when registration.IsTask:
                    if (IsInjected(taskParameter) && !Add(task, taskParameter))
                    {
                        return false;
                    }

                    break;
                case TypeArgumentListSyntax { Parent.Parent: not (ParameterSyntax or ExpressionSyntax) }:
                    break;
                case ParameterSyntax parameter when !registration.IsTask && IsInjected(parameter):
                    if (whole is NullableTypeSyntax || !Add((TypeSyntax)whole, parameter))
                    {
                        return false;
                    }

                    break;
                case ParameterSyntax { Parent.Parent: MethodDeclarationSyntax method } plain when plain.AttributeLists.Count == 0:
                    // Methods that a framework calls get their parameters from the container, too.
                    if (document.Model.GetDeclaredSymbol(method, cancellationToken) is not { } called
                        || CompilationFacts.Of(document.Model.Compilation).Calls.OfMember(called, cancellationToken) is { Strength: EvidenceStrength.FrameworkEntryPoint or EvidenceStrength.ToolFunction })
                    {
                        return false;
                    }

                    break;
                case PropertyDeclarationSyntax { AttributeLists.Count: 0 }:
                case VariableDeclarationSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax or DeclarationPatternSyntax or RefTypeSyntax:
                    break;
                default:
                    return false;
            }

            bool Add(TypeSyntax type, ParameterSyntax parameter)
            {
                if (SessionConsumer.Find(type, parameter, registration, document, cancellationToken) is not { } consumer)
                {
                    return false;
                }

                consumers.Add(consumer);
                return true;
            }
        }

        return true;
    }

    private static bool IsInjected(ParameterSyntax parameter) => parameter.Parent?.Parent is ConstructorDeclarationSyntax or TypeDeclarationSyntax;

    /// <summary>Nobody else makes one, or derives from it: they would have to pass something else as well.</summary>
    private static async Task<bool> IsMadeByContainerOnlyAsync(INamedTypeSymbol type, SolutionEdits edits, CancellationToken cancellationToken)
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

    /// <summary>Each project has symbols of its own.</summary>
    public static bool Same(ITypeSymbol type, ITypeSymbol other) =>
        type.Name == other.Name && type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) == other.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
