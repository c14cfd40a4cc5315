using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Keeps the session in a <c>SharedMcpSession</c> of McpSessions.</summary>
internal static class SharedSessionForm
{
    private const int MaxLineLength = 150;

    /// <summary>Whether McpSessions is referenced and hands out the very type that <paramref name="create"/> makes.</summary>
    public static INamedTypeSymbol? TypeFor(IMethodSymbol create, CompilationFacts facts) =>
        facts.Symbols.SharedSession.Types.FirstOrDefault(type =>
            type.GetMembers("GetClientAsync").OfType<IMethodSymbol>().Any(get => SymbolEqualityComparer.Default.Equals(Result(get), Result(create))));

    public static bool CanWrite(OpeningRecipe recipe, SessionPlace place, CancellationToken cancellationToken)
    {
        if (place.Kind == SessionPlaceKind.Instance && place.NeedsConstructors
            && (recipe.NeedsPrimaryParameters || Constructors.Of(place.Type!, cancellationToken) is null || HasPrimaryConstructor(place.Type!, cancellationToken)))
        {
            return false;
        }

        // The logger factory is read when the object is made; everything else when a session is opened.
        return recipe.LoggerFactory is null || !recipe.Locals.Any(local => local.Statement is LocalDeclarationStatementSyntax && MentionsLocal(recipe.LoggerFactory, local));
    }

    /// <summary>Writes the field or local, unless there is one for this server already, and returns its name.</summary>
    public static (string Name, bool IsNew) Write(SharingContext context, INamedTypeSymbol sharedType, CancellationToken cancellationToken)
    {
        var place = context.Place;
        var known = context.Known();
        var key = Tokens.OfExpression($"X({Arguments(context, "", cancellationToken)})");
        key = key.Substring(key.IndexOf('('));
        if (known.TryGetValue(key, out var name))
        {
            return (name, false);
        }

        name = Existing(context, sharedType, key, cancellationToken);
        var isNew = name is null;
        if (name is null)
        {
            name = place.Kind == SessionPlaceKind.Local
                ? context.Names(cancellationToken).Take(context.Stem + "Session", stem => stem)[0]
                : context.Names(cancellationToken).Take(context.Stem + "Session", SessionNames.FieldStyle(context.IsStatic, place.Part!))[0];
            var typeName = context.Document.Usings.NameOf(sharedType, context.Opening.SpanStart);
            if (place.Kind == SessionPlaceKind.Local)
            {
                WriteLocal(context, typeName, name, cancellationToken);
            }
            else
            {
                WriteField(context, typeName, name, cancellationToken);
            }
        }

        known.Add(key, name);
        return (name, isNew);
    }

    private static void WriteLocal(SharingContext context, string typeName, string name, CancellationToken cancellationToken)
    {
        var before = context.Place.Before!;
        var indentation = context.Document.Layout.IndentationOf(before);
        var @using = context.Place.IsInAsyncCode ? "await using" : "using";
        context.Document.Statements.InsertBefore(before, $"{@using} var {name} = new {typeName}({Arguments(context, indentation, cancellationToken)});");
    }

    private static void WriteField(SharingContext context, string typeName, string name, CancellationToken cancellationToken)
    {
        var place = context.Place;
        var type = context.Document.Type(place.Part!);
        var field = type.Writer();
        var modifiers = context.IsStatic ? "private static readonly" : "private readonly";
        if (place.Kind == SessionPlaceKind.Instance && place.NeedsConstructors)
        {
            field.Line($"{modifiers} {typeName} {name};");
            var constructors = context.Solution.Memory<Constructors>(place.Type!);
            constructors.Add($"{name} = new {typeName}({Arguments(context, "", cancellationToken)});");
            var (solution, document) = (context.Solution, context.Document);
            solution.AtEnd((nameof(Constructors), place.Type), token => constructors.WriteAsync(solution, document, place.Part!, place.Type!, token));
        }
        else
        {
            var @new = context.LanguageVersion >= LanguageVersion.CSharp9 ? "new" : "new " + typeName;
            field.Line($"{modifiers} {typeName} {name} = {@new}({Arguments(context, field.Indentation, cancellationToken)});");
        }

        type.AddField(field);
    }

    private static string Arguments(SharingContext context, string indentation, CancellationToken cancellationToken)
    {
        var unit = context.Document.Layout.Unit;
        var oneLine = Arguments(context, indentation, ", ", cancellationToken);
        if (oneLine.Count == 1 || (oneLine.Sum(argument => argument.Length) < MaxLineLength && !oneLine.Any(argument => argument.Contains('\n'))))
        {
            return string.Join(", ", oneLine);
        }

        var inner = indentation + unit;
        return string.Concat(Arguments(context, inner, ",", cancellationToken).Select((argument, i) =>
            (i > 0 ? "," : "") + context.Document.Layout.EndOfLine + inner + argument));
    }

    private static IReadOnlyList<string> Arguments(SharingContext context, string indentation, string separator, CancellationToken cancellationToken)
    {
        var recipe = context.Recipe;
        var connect = ContextName(recipe);
        var text = new RecipeText(recipe, context.Document, context.HiddenInConstructors(cancellationToken), connect + ".HttpClient");
        var arguments = new List<string>();
        var body = LambdaBody(text, recipe.Transport, context, indentation);
        arguments.Add($"{(text.UsesHttpClient ? connect : "_")} =>{body}");
        if (recipe.ClientOptions is { } options)
        {
            arguments.Add($"() =>{LambdaBody(text, options, context, indentation)}");
        }

        if (recipe.LoggerFactory is { } logger)
        {
            var written = text.Render(logger, indentation);
            if (context.Document.Model.GetTypeInfo(logger).Nullability.FlowState == NullableFlowState.MaybeNull)
            {
                written += " ?? " + context.Document.Usings.NameOf("Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory", context.Opening.SpanStart) + ".Instance";
            }

            var @new = context.LanguageVersion >= LanguageVersion.CSharp9 ? "new()" : "new McpSessions.SharedMcpSessionOptions";
            arguments.Add($"{(arguments.Count == 1 ? "options: " : "")}{@new} {{ LoggerFactory = {written} }}");
        }

        return arguments;
    }

    private static string LambdaBody(RecipeText text, ExpressionSyntax expression, SharingContext context, string indentation)
    {
        var inner = indentation + context.Document.Layout.Unit;
        var prelude = text.Prelude(new[] { expression }, inner);
        if (prelude.Count == 0)
        {
            return " " + text.Render(expression, indentation);
        }

        var writer = new CodeWriter(context.Document.Layout, indentation).Open();
        foreach (var statement in prelude)
        {
            writer.Line(statement);
        }

        return context.Document.Layout.EndOfLine + writer.Line($"return {text.Render(expression, inner)};").Close().ToString().TrimEnd();
    }

    /// <summary>"connect", unless that means something in what moves into the lambda.</summary>
    private static string ContextName(OpeningRecipe recipe)
    {
        var used = new SyntaxNode?[] { recipe.Transport }.Concat(recipe.Locals.Select(local => (SyntaxNode?)local.Statement))
            .SelectMany(node => node?.DescendantTokens() ?? Array.Empty<SyntaxToken>())
            .Select(token => token.ValueText);
        return Scopes.UniqueName("connect", new HashSet<string>(used, StringComparer.Ordinal).Contains);
    }

    /// <summary>A field or local of this kind for this very server, from an earlier fix or by hand.</summary>
    private static string? Existing(SharingContext context, INamedTypeSymbol sharedType, string key, CancellationToken cancellationToken)
    {
        var scopes = context.Place.Type is { } type
            ? type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken)).ToList()
            : new List<SyntaxNode> { context.Document.Root };
        foreach (var creation in scopes.SelectMany(scope => scope.DescendantNodes()).OfType<BaseObjectCreationExpressionSyntax>())
        {
            if (creation.ArgumentList is null || Tokens.Of(creation.ArgumentList) != key)
            {
                continue;
            }

            var name = creation.Parent switch
            {
                EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } when IsKeptLikeOurs(declarator, context) => declarator.Identifier.ValueText,
                AssignmentExpressionSyntax { Left: IdentifierNameSyntax assigned } assignment
                    when context.Place.NeedsConstructors && assignment.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not null => assigned.Identifier.ValueText,
                _ => null,
            };
            if (name is not null
                && context.Facts.Sessions.Bodies.ModelOf(creation.SyntaxTree).GetTypeInfo(creation, cancellationToken).Type is { } created
                && SymbolEqualityComparer.Default.Equals(created, sharedType))
            {
                return name;
            }
        }

        return null;
    }

    private static bool IsKeptLikeOurs(VariableDeclaratorSyntax declarator, SharingContext context) => declarator.Parent?.Parent switch
    {
        FieldDeclarationSyntax field => context.Place.Kind != SessionPlaceKind.Local && field.Modifiers.Any(SyntaxKind.StaticKeyword) == context.IsStatic,
        LocalDeclarationStatementSyntax local => context.Place.Kind == SessionPlaceKind.Local
            && local.SpanStart < context.Place.Before!.SpanStart
            && local.Parent?.GetType() == context.Place.Before.Parent?.GetType(),
        _ => false,
    };

    private static bool HasPrimaryConstructor(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        type.InstanceConstructors.Any(constructor => constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax));

    private static bool MentionsLocal(SyntaxNode expression, MovedLocal local) =>
        expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == local.Symbol.Name);

    private static ITypeSymbol? Result(IMethodSymbol method) =>
        method.ReturnType is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } ? arguments[0] : null;
}
