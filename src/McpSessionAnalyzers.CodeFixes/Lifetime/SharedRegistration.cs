using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A registration that does nothing but open the session, in a way that the application's own container can do as well.</summary>
/// <param name="Written">As it stands in the code.</param>
/// <param name="Made">The delegate or the object that is registered.</param>
/// <param name="Recipe">How the session is opened.</param>
/// <param name="SharedType">What is registered instead.</param>
/// <param name="Facts">The compilation's facts.</param>
internal sealed record SharedRegistration(RegistrationSyntax Written, ExpressionSyntax Made, OpeningRecipe Recipe, INamedTypeSymbol SharedType, CompilationFacts Facts)
{
    private const int MaxHops = 6;

    /// <summary>The session's own type, which consumers ask for now.</summary>
    public ITypeSymbol Session { get; private init; } = null!;

    /// <summary>What it is registered in, from the inside out: nothing, <c>Task</c>, or <c>Task</c> and <c>Lazy</c>.</summary>
    public IReadOnlyList<string> Wrappers { get; private init; } = null!;

    public static SharedRegistration? Find(RegistrationSyntax written, DocumentEdits document, CancellationToken cancellationToken)
    {
        var facts = CompilationFacts.Of(document.Model.Compilation);
        var call = written.Registration;
        if ((call.Factory ?? call.Instance) is not { } given
            || FactoryResults.FunctionOf(given) is not { Syntax: ExpressionSyntax made } function
            || (call.Factory is not null && made is not LambdaExpressionSyntax)
            || RegisteredSession.Of(call, facts, cancellationToken) is not { Kind: not RegisteredSessionKind.Kept, Openings: { Length: 1 } openings }
            || openings[0] is not { Opening: { Kind: OpeningKind.Factory, Path.IsEmpty: true, Operation: IInvocationOperation create } } traced
            || !made.Span.Contains(create.Syntax.Span)
            || OpeningRecipe.TryCreate(create, traced.Body, made is LambdaExpressionSyntax { Body: var inside } ? inside : made, facts, cancellationToken) is not { Keys.Count: 0 } recipe
            || SharedSessionForm.TypeFor(recipe, facts) is not { } sharedType
            || !SharedSessionForm.CanWrite(recipe, SessionPlace.Container, cancellationToken))
        {
            return null;
        }

        var (session, wrappers) = Unwrap(call.Service!);
        return facts.Sessions.Types.IsSession(session)
            && HandsOutNothingElse(function, create, facts)
            && DoesNothingElse(made, recipe)
            && MakesItsTransport(recipe, document.Model, cancellationToken)
            && ContainerServices.AreSingletonsIn(function, facts, cancellationToken)
                ? new SharedRegistration(written, made, recipe, sharedType, facts) { Session = session, Wrappers = wrappers }
                : null;
    }

    /// <summary>The session within a task or a lazy task of it.</summary>
    public static (ITypeSymbol Session, IReadOnlyList<string> Wrappers) Unwrap(ITypeSymbol service)
    {
        var wrappers = new List<string>();
        while (service is INamedTypeSymbol { Name: "Task" or "ValueTask" or "Lazy", TypeArguments: { Length: 1 } inner })
        {
            wrappers.Insert(0, service.Name);
            service = inner[0];
        }

        return (service, wrappers);
    }

    public void Write(SolutionEdits edits, DocumentEdits document, CancellationToken cancellationToken)
    {
        var context = new SharingContext(Recipe, SessionPlace.Container, Array.Empty<Release>(), edits, document, Facts);
        var type = document.Usings.NameOf(SharedType, Written.Call.SpanStart);

        // A lambda that names its parameter's type could be the instance itself.
        var isTyped = Made is ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: > 0 } parameters } && parameters[0].Type is not null;
        Written.WriteSingleton(document, type, isTyped);
        var arguments = SharedSessionForm.Arguments(context, document.Layout.IndentationOf(Written.Call), cancellationToken);
        if (Made is not LambdaExpressionSyntax factory)
        {
            // The container closes what it makes, not what it is given.
            document.Text.Replace(Made.Span, $"_ => new {type}({arguments})");
            return;
        }

        if (!factory.AsyncKeyword.IsKind(SyntaxKind.None))
        {
            document.Text.Delete(TextSpan.FromBounds(factory.AsyncKeyword.SpanStart, factory.AsyncKeyword.GetNextToken().SpanStart));
        }

        document.Text.Replace(TextSpan.FromBounds(factory.ArrowToken.Span.End, factory.Body.Span.End), $" new {type}({arguments})");
    }

    /// <summary>What consumers get is the session as it was opened: no wrapper of the user's own, no other object on some path.</summary>
    private static bool HandsOutNothingElse(IOperation made, IInvocationOperation create, CompilationFacts facts)
    {
        for (var scope = made; ;)
        {
            var value = scope;
            if (scope is IAnonymousFunctionOperation)
            {
                if (FactoryResults.Of(scope) is not { Count: 1 } results)
                {
                    return false;
                }

                value = results[0];
            }

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

            // Task.Run(() => …), new Lazy<Task<McpClient>>(() => …)
            var first = value switch
            {
                IInvocationOperation { TargetMethod: { Name: "Run", ContainingType: { Name: "Task" } }, Arguments: { Length: > 0 } arguments } => arguments[0].Value,
                IObjectCreationOperation { Type.Name: "Lazy", Arguments: { Length: > 0 } arguments } => arguments[0].Value,
                _ => null,
            };
            if (first is null || FactoryResults.FunctionOf(FactoryResults.Unconverted(first)) is not IAnonymousFunctionOperation inner)
            {
                return false;
            }

            scope = inner;
        }
    }

    /// <summary>No log, no first call, no comment that would be lost.</summary>
    private static bool DoesNothingElse(ExpressionSyntax made, OpeningRecipe recipe)
    {
        if (made.DescendantTrivia().Any(trivia => trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
            || recipe.Locals.Any(local => local.StaysToo))
        {
            return false;
        }

        var moved = recipe.Locals.SelectMany(local => local.Mutations.Values.Prepend(local.Statement)).ToList();
        return made.DescendantNodes().OfType<LambdaExpressionSyntax>().Prepend(made as LambdaExpressionSyntax)
            .Where(lambda => lambda?.Span.Contains(recipe.Create.Syntax.Span) == true)
            .Select(lambda => lambda!.Body)
            .OfType<BlockSyntax>()
            .SelectMany(block => block.Statements)
            .All(statement => statement is ReturnStatementSyntax || statement.Span.Contains(recipe.Create.Syntax.Span) || moved.Contains(statement));
    }

    /// <summary>The shared session closes its transports: one that is handed in, say by a local around the registration, may have other users.</summary>
    private static bool MakesItsTransport(OpeningRecipe recipe, SemanticModel model, CancellationToken cancellationToken)
    {
        var transport = recipe.Transport is IdentifierNameSyntax name && model.GetSymbolInfo(name, cancellationToken).Symbol is { } symbol && recipe.LocalOf(symbol) is { } local
            ? local.Initializer
            : recipe.Transport;

        // The container's own lives as long as the session that the container keeps: both are closed in the end.
        return transport is BaseObjectCreationExpressionSyntax
            || (model.GetOperation(transport, cancellationToken) is IInvocationOperation asked && ContainerServices.AskedFor(asked) is not null);
    }
}
