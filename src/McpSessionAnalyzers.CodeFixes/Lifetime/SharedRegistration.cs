using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A registration whose delegate does nothing but open the session, in a way that the application's own container can do as well.</summary>
internal sealed record SharedRegistration(
    InvocationExpressionSyntax Call, SimpleNameSyntax Name, LambdaExpressionSyntax Factory, OpeningRecipe Recipe, INamedTypeSymbol SharedType, CompilationFacts Facts)
{
    private const int MaxHops = 6;

    // Services that every container has, whichever scope they are asked from.
    private static readonly TypeNames KnownSingletons = new(
        "Microsoft.Extensions.Logging.ILoggerFactory",
        "Microsoft.Extensions.Logging.ILogger`1",
        "Microsoft.Extensions.Configuration.IConfiguration",
        "Microsoft.Extensions.Options.IOptions`1",
        "Microsoft.Extensions.Options.IOptionsMonitor`1",
        "Microsoft.Extensions.Hosting.IHostEnvironment",
        "Microsoft.AspNetCore.Hosting.IWebHostEnvironment",
        "System.TimeProvider",
        "System.Net.Http.IHttpClientFactory");

    private static readonly TypeNames Providers = new(
        "Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions",
        "System.IServiceProvider");

    /// <summary>The session's own type, which consumers ask for now.</summary>
    public ITypeSymbol Session { get; private init; } = null!;

    /// <summary>It is registered as a task of it.</summary>
    public bool IsTask { get; private init; }

    public static SharedRegistration? Find(DocumentEdits document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var facts = CompilationFacts.Of(document.Model.Compilation);
        if (document.Root.FindToken(diagnostic.Location.SourceSpan.Start).Parent is not SimpleNameSyntax name
            || name.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } syntax
            || OpeningLocations.NameSyntaxOf(syntax) != name

            // Consumers of a keyed service name its key.
            || name.Identifier.ValueText.Contains("Keyed")
            || document.Model.GetOperation(syntax, cancellationToken) is not IInvocationOperation { TargetMethod.IsExtensionMethod: true } operation
            || RegistrationCall.Of(operation) is not { Factory: { } factory, Service: { } service } call
            || FactoryResults.FunctionOf(factory) is not IAnonymousFunctionOperation { Syntax: LambdaExpressionSyntax lambda } function
            || RegisteredSession.Of(call, facts, cancellationToken) is not { Kind: not RegisteredSessionKind.Kept, Openings: { Length: 1 } openings }
            || openings[0] is not { Opening: { Kind: OpeningKind.Factory, Path.IsEmpty: true, Operation: IInvocationOperation create } } traced
            || !lambda.Span.Contains(create.Syntax.Span)
            || OpeningRecipe.TryCreate(create, traced.Body, lambda.Body, facts, cancellationToken) is not { Keys.Count: 0 } recipe
            || SharedSessionForm.TypeFor(recipe, facts) is not { } sharedType
            || !SharedSessionForm.CanWrite(recipe, SessionPlace.Container, cancellationToken))
        {
            return null;
        }

        var isTask = service is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 };
        var session = isTask ? ((INamedTypeSymbol)service).TypeArguments[0] : service;
        return facts.Sessions.Types.IsSession(session)
            && HandsOutNothingElse(function, create, facts)
            && DoesNothingElse(lambda, recipe)
            && MakesItsTransport(recipe, document.Model)
            && AsksForSingletonsOnly(function, facts, cancellationToken)
                ? new SharedRegistration(syntax, name, lambda, recipe, sharedType, facts) { Session = session, IsTask = isTask }
                : null;
    }

    public void Write(SolutionEdits edits, DocumentEdits document, CancellationToken cancellationToken)
    {
        var context = new SharingContext(Recipe, SessionPlace.Container, Array.Empty<Release>(), edits, document, Facts);
        var type = document.Usings.NameOf(SharedType, Call.SpanStart);
        var method = Name.Identifier.ValueText.StartsWith("Try", StringComparison.Ordinal) ? "TryAddSingleton" : "AddSingleton";

        // A lambda that names its parameter's type could be the instance itself.
        var isTyped = Factory is ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: > 0 } parameters } && parameters[0].Type is not null;
        document.Text.Replace(Name.Span, isTyped ? $"{method}<{type}>" : method);
        if (!Factory.AsyncKeyword.IsKind(SyntaxKind.None))
        {
            document.Text.Delete(TextSpan.FromBounds(Factory.AsyncKeyword.SpanStart, Factory.AsyncKeyword.GetNextToken().SpanStart));
        }

        var arguments = SharedSessionForm.Arguments(context, document.Layout.IndentationOf(Call), cancellationToken);
        document.Text.Replace(TextSpan.FromBounds(Factory.ArrowToken.Span.End, Factory.Body.Span.End), $" new {type}({arguments})");
    }

    /// <summary>What consumers get is the session as it was opened: no wrapper, no other object on some path.</summary>
    private static bool HandsOutNothingElse(IAnonymousFunctionOperation function, IInvocationOperation create, CompilationFacts facts)
    {
        for (IOperation scope = function; FactoryResults.Of(scope) is { Count: 1 } results;)
        {
            var value = results[0];
            for (var hops = 0; hops < MaxHops; hops++)
            {
                value = OwnWaits.Bare(value is IPropertyReferenceOperation { Property.Name: "Result", Instance: { } task } ? task : value, facts.Sessions.Calls);
                if (value is ILocalReferenceOperation { Local: var local } && FactoryResults.ValuesOf(local, scope).ToList() is { Count: 1 } values)
                {
                    value = values[0];
                }
            }

            if (value.Syntax == create.Syntax)
            {
                return true;
            }

            // Task.Run(() => …)
            if (value is not IInvocationOperation { TargetMethod: { Name: "Run", ContainingType: { Name: "Task" } }, Arguments: { Length: > 0 } arguments }
                || FactoryResults.FunctionOf(FactoryResults.Unconverted(arguments[0].Value)) is not IAnonymousFunctionOperation inner)
            {
                return false;
            }

            scope = inner;
        }

        return false;
    }

    /// <summary>No log, no first call, no comment that would be lost.</summary>
    private static bool DoesNothingElse(LambdaExpressionSyntax lambda, OpeningRecipe recipe)
    {
        if (lambda.DescendantTrivia().Any(trivia => trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
            || recipe.Locals.Any(local => local.StaysToo))
        {
            return false;
        }

        var moved = recipe.Locals.SelectMany(local => local.Mutations.Values.Cast<StatementSyntax>().Prepend(local.Statement)).ToList();
        return lambda.Body is not BlockSyntax block
            || block.Statements.All(statement => statement is ReturnStatementSyntax || statement.Span.Contains(recipe.Create.Syntax.Span) || moved.Contains(statement));
    }

    /// <summary>The shared session closes its transports: one that the container hands out would be closed for everybody.</summary>
    private static bool MakesItsTransport(OpeningRecipe recipe, SemanticModel model)
    {
        var transport = recipe.Transport is IdentifierNameSyntax name && model.GetSymbolInfo(name).Symbol is { } symbol && recipe.LocalOf(symbol) is { } local
            ? local.Initializer
            : recipe.Transport;
        return transport is BaseObjectCreationExpressionSyntax;
    }

    private static bool AsksForSingletonsOnly(IAnonymousFunctionOperation function, CompilationFacts facts, CancellationToken cancellationToken)
    {
        foreach (var reference in function.Body.Descendants().OfType<IParameterReferenceOperation>())
        {
            if (!function.Symbol.Parameters.Contains(reference.Parameter, SymbolEqualityComparer.Default))
            {
                continue;
            }

            var call = reference.Parent as IInvocationOperation ?? (reference.Parent as IArgumentOperation)?.Parent as IInvocationOperation;
            if (call is not { TargetMethod: { Name: "GetRequiredService" or "GetService", TypeArguments: { Length: 1 } types } asked }
                || !Providers.Contains(asked.ContainingType)
                || types[0] is not INamedTypeSymbol type
                || !(KnownSingletons.Contains(type) || facts.Calls.LifetimeOf(type, cancellationToken).Kind == InstanceLifetimeKind.Singleton))
            {
                return false;
            }
        }

        return true;
    }
}
