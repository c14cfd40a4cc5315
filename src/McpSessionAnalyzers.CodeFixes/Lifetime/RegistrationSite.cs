using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Where the application registers its services, and one more can be registered.</summary>
internal sealed class RegistrationSite
{
    // What makes the services of a web application known: the next best place for one that they need.
    private static readonly HashSet<string> Frameworks = new(StringComparer.Ordinal)
    {
        "AddControllers", "AddControllersWithViews", "AddMvc", "AddMvcCore", "AddRazorPages", "AddSignalR", "AddGrpc", "AddMcpServer", "AddMediatR", "AddMassTransit",
    };

    private readonly ExpressionSyntax _services;
    private readonly SyntaxToken _dot;
    private readonly StatementSyntax? _statement;

    private RegistrationSite(DocumentEdits document, ExpressionSyntax services, SyntaxToken dot)
    {
        Document = document;
        _services = services;
        _dot = dot;
        var statement = services.FirstAncestorOrSelf<StatementSyntax>();
        _statement = statement is ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } && !services.Ancestors().TakeWhile(node => node != statement).Any(node => node is LambdaExpressionSyntax)
            ? statement
            : null;
    }

    public DocumentEdits Document { get; }

    public string Indentation => Document.Layout.IndentationOf(_services);

    private int Position => _services.SpanStart;

    /// <summary>Where the type itself is registered or, if a framework makes it, where that is set up; null where neither is to be seen.</summary>
    public static async Task<RegistrationSite?> FindAsync(InstanceLifetime lifetime, SolutionEdits edits, Project project, CancellationToken cancellationToken)
    {
        if (lifetime.Registration is { SourceTree: { } tree } location)
        {
            return await edits.OfAsync(tree, cancellationToken).ConfigureAwait(false) is { } there
                && there.Root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } registration
                    ? At(registration, there, cancellationToken)
                    : null;
        }

        // A library is set up by its application; tests come after what they test.
        var dependents = project.Solution.GetProjectDependencyGraph().GetProjectsThatTransitivelyDependOnThisProject(project.Id).Select(id => project.Solution.GetProject(id)!);
        foreach (var one in dependents.OrderBy(dependent => dependent.FilePath ?? dependent.Name, StringComparer.Ordinal).Prepend(project))
        {
            if (one.Language == LanguageNames.CSharp && await InAsync(one, edits, cancellationToken).ConfigureAwait(false) is { } site)
            {
                return site;
            }
        }

        return null;
    }

    private static async Task<RegistrationSite?> InAsync(Project project, SolutionEdits edits, CancellationToken cancellationToken)
    {
        RegistrationSite? any = null;
        foreach (var document in project.Documents.OrderBy(document => document.FilePath, StringComparer.Ordinal))
        {
            if (!(await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString().Contains(".Add")
                || await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } there)
            {
                continue;
            }

            foreach (var call in there.Root.DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } && name.StartsWith("Add", StringComparison.Ordinal) && At(call, there, cancellationToken) is { } site)
                {
                    if (Frameworks.Contains(name))
                    {
                        return site;
                    }

                    any ??= site;
                }
            }
        }

        return any;
    }

    /// <summary>How a type is named there.</summary>
    public string NameOf(INamedTypeSymbol type)
    {
        var name = Document.Usings.NameOf(Seen(type) ?? type, Position);
        return type.TypeArguments.IsEmpty ? name : $"{name}<{string.Join(", ", type.TypeArguments.Select(argument => argument is INamedTypeSymbol named ? NameOf(named) : argument.ToDisplayString()))}>";
    }

    /// <summary>Whether the project of the registration knows the type.</summary>
    public bool CanName(INamedTypeSymbol type) =>
        Seen(type) is { } seen && Document.Model.IsAccessible(Position, seen) && type.TypeArguments.OfType<INamedTypeSymbol>().All(CanName);

    /// <summary>The expression by which a factory asks for a service.</summary>
    public string Ask(ITypeSymbol service)
    {
        // For the using directive of the extension method.
        Document.Usings.NameOf("Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions", Position);
        return $"{InjectedValues.Provider}.GetRequiredService<{(service is INamedTypeSymbol named ? NameOf(named) : service.ToDisplayString())}>()";
    }

    /// <summary>Registers a singleton, in front of what needs it.</summary>
    public void Write(string call)
    {
        Document.Usings.NameOf("Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions", Position);
        if (_statement is not null)
        {
            Document.Statements.InsertBefore(_statement, $"{_services}.{call};");
        }
        else
        {
            var isOnItsOwnLine = Document.Layout.StartsLine(_dot);
            Document.Text.Insert(_dot.SpanStart, "." + call + (isOnItsOwnLine ? Document.Layout.EndOfLine + Document.Layout.IndentationAt(_dot.SpanStart) : ""));
        }
    }

    /// <summary>The collection that the chain of calls begins with.</summary>
    private static RegistrationSite? At(InvocationExpressionSyntax registration, DocumentEdits document, CancellationToken cancellationToken)
    {
        SyntaxToken? dot = null;
        ExpressionSyntax current = registration;
        while (current is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var inner, OperatorToken: var before } })
        {
            if (IsServices(inner, document, cancellationToken))
            {
                dot ??= before;
                if (inner is IdentifierNameSyntax or MemberAccessExpressionSyntax)
                {
                    return new RegistrationSite(document, inner, dot.Value);
                }
            }

            current = inner;
        }

        return null;
    }

    private static bool IsServices(ExpressionSyntax expression, DocumentEdits document, CancellationToken cancellationToken) =>
        document.Model.GetTypeInfo(expression, cancellationToken).Type is { Name: "IServiceCollection" or "ServiceCollection", ContainingNamespace: { Name: "DependencyInjection", ContainingNamespace: { Name: "Extensions" } } };

    /// <summary>Each project has symbols of its own.</summary>
    private INamedTypeSymbol? Seen(INamedTypeSymbol type)
    {
        var names = new List<string>();
        for (ISymbol? current = type; current is INamedTypeSymbol named; current = named.ContainingType)
        {
            names.Insert(0, named.MetadataName);
        }

        var space = type.ContainingNamespace is { IsGlobalNamespace: false } inside ? inside.ToDisplayString() + "." : "";
        return Document.Model.Compilation.GetTypesByMetadataName(space + string.Join("+", names)).FirstOrDefault();
    }
}
