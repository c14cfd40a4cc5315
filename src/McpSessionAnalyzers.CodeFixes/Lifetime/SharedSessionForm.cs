using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Keeps the session in a <c>SharedMcpSession</c> of McpSessions; where it depends on values of the call, one for each of them in a
/// <c>KeyedMcpSessions</c>.
/// </summary>
internal static class SharedSessionForm
{
    private const int MaxLineLength = 150;

    /// <summary>The type of McpSessions for the recipe, if it is referenced and hands out the very type that the recipe makes.</summary>
    public static INamedTypeSymbol? TypeFor(OpeningRecipe recipe, CompilationFacts facts) =>
        (recipe.Keys.Count > 0 ? facts.Symbols.KeyedSessions : facts.Symbols.SharedSession).Types.FirstOrDefault(type =>
            type.GetMembers("GetClientAsync").OfType<IMethodSymbol>().Any(get => SymbolEqualityComparer.Default.Equals(Result(get), Result(recipe.Create.TargetMethod))));

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

    /// <summary>Whether there is a field or local for this server already.</summary>
    public static bool IsThere(SharingContext context, INamedTypeSymbol sharedType, CancellationToken cancellationToken) =>
        IdentityOf(context, cancellationToken) is var key
        && (context.Known().ContainsKey(context.Place.Kind + key) || Existing(context, sharedType, key, cancellationToken) is not null);

    /// <summary>Writes the field or local, unless there is one for this server already, and returns its name.</summary>
    public static (string Name, bool IsNew) Write(SharingContext context, INamedTypeSymbol sharedType, CancellationToken cancellationToken)
    {
        var written = FindOrWrite(context, sharedType, cancellationToken);
        var shared = context.Solution.Memory<SharedOpening>(context.Opening);
        (shared.Name, shared.Recipe) = (written.Name, context.Recipe);
        return written;
    }

    private static (string Name, bool IsNew) FindOrWrite(SharingContext context, INamedTypeSymbol sharedType, CancellationToken cancellationToken)
    {
        var place = context.Place;
        var known = context.Known();
        var key = IdentityOf(context, cancellationToken);
        if (known.TryGetValue(place.Kind + key, out var name))
        {
            return (name, false);
        }

        var suffix = context.Recipe.Keys.Count > 0 ? "Sessions" : "Session";
        name = Existing(context, sharedType, key, cancellationToken);
        var isNew = name is null;
        if (name is null && place.Injected is { } injected)
        {
            name = injected.Write(context, sharedType, key, cancellationToken);
        }
        else if (name is null)
        {
            name = place.Kind == SessionPlaceKind.Local
                ? context.Names(cancellationToken).Take(context.Stem + suffix, stem => stem)[0]
                : context.Names(cancellationToken).Take(context.Stem + suffix, SessionNames.FieldStyle(context.IsStatic, place.Part!))[0];
            var typeName = context.Document.Usings.NameOf(sharedType, context.Opening.SpanStart) + KeyType(context);
            if (place.Kind == SessionPlaceKind.Local)
            {
                WriteLocal(context, typeName, name, cancellationToken);
            }
            else
            {
                WriteField(context, typeName, name, cancellationToken);
            }
        }

        known.Add(place.Kind + key, name);
        return (name, isNew);
    }

    /// <summary>What tells the sessions of one server from those of others: the arguments that they are made with.</summary>
    public static string IdentityOf(SharingContext context, CancellationToken cancellationToken)
    {
        var creation = Tokens.OfExpression($"X({Arguments(context, "", cancellationToken)})");
        return creation.Substring(creation.IndexOf('('));
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
        var @new = context.LanguageVersion >= LanguageVersion.CSharp9 ? "new" : "new " + typeName;
        if (place.Kind == SessionPlaceKind.Instance && place.NeedsConstructors)
        {
            field.Line($"{modifiers} {typeName} {name};");
            WriteAssignment(context, typeName, name, cancellationToken);
        }
        else
        {
            field.Line($"{modifiers} {typeName} {name} = {@new}({Arguments(context, field.Indentation, cancellationToken)});");
        }

        type.AddField(field);
    }

    private static void WriteAssignment(SharingContext context, string typeName, string name, CancellationToken cancellationToken)
    {
        var (solution, document, type, part) = (context.Solution, context.Document, context.Place.Type!, context.Place.Part!);
        var constructors = solution.Memory<Constructors>(type);
        if (FitsIntoConstructor(context, cancellationToken))
        {
            constructors.Add($"{name} = new {typeName}({Arguments(context, "", cancellationToken)});");
        }
        else
        {
            // One place for what several constructors, or one elsewhere, need.
            var create = context.Names(cancellationToken).Take(context.Stem, stem => $"Create{Pascal(stem)}Session{(context.Recipe.Keys.Count > 0 ? "s" : "")}")[0];
            constructors.Add($"{name} = {create}();");
            var writer = document.Type(part).Writer();
            writer.Line($"private {typeName} {create}() => {(context.LanguageVersion >= LanguageVersion.CSharp9 ? "new" : "new " + typeName)}({Arguments(context, writer.Indentation, cancellationToken)});");
            document.Type(part).AddMember(writer);
        }

        solution.AtEnd((nameof(Constructors), type), token => constructors.WriteAsync(solution, document, part, type, token));
    }

    /// <summary>A single constructor, in this document, at whose end everything that the factory reads is known not to be null.</summary>
    private static bool FitsIntoConstructor(SharingContext context, CancellationToken cancellationToken) =>
        Constructors.Of(context.Place.Type!, cancellationToken) is { Count: <= 1 } constructors
        && constructors.All(constructor => constructor.SyntaxTree == context.Opening.SyntaxTree && !BodyEdits.Returns(constructor).Any())
        && !context.Recipe.Members.Any(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true });

    /// <summary>What the constructor of the shared session is given.</summary>
    public static string Arguments(SharingContext context, string indentation, CancellationToken cancellationToken)
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
        var connect = UnusedName("connect", recipe);
        var key = recipe.Keys.Count switch
        {
            0 => null,
            1 => recipe.Keys[0].Name,
            _ => UnusedName("key", recipe),
        };
        RecipeText Text() => new(
            recipe, context.Document, context.HiddenInConstructors(cancellationToken), connect + ".HttpClient",
            given => context.ServiceOf(given) ?? (recipe.Keys.Count > 1 && recipe.Keys.Contains(given, SymbolEqualityComparer.Default) ? $"{key}.{Pascal(given.Name)}" : null));
        var text = Text();
        var arguments = new List<string>();
        var body = LambdaBody(text, recipe.Transport, context, indentation);
        var connection = text.UsesHttpClient ? connect : "_";
        arguments.Add($"{(key is null ? connection : $"({(text.UsesKey ? key : "_")}, {connection})")} =>{body}");
        if (recipe.ClientOptions is { } options)
        {
            text = Text();
            body = LambdaBody(text, options, context, indentation);
            arguments.Add($"{(key is null ? "()" : text.UsesKey ? key : "_")} =>{body}");
        }

        if (recipe.LoggerFactory is { } logger)
        {
            var written = text.Render(logger, indentation);
            if (context.Document.Model.GetTypeInfo(logger).Nullability.FlowState == NullableFlowState.MaybeNull)
            {
                written += " ?? " + context.Document.Usings.NameOf("Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory", context.Opening.SpanStart) + ".Instance";
            }

            var @new = context.LanguageVersion >= LanguageVersion.CSharp9 ? "new()" : $"new McpSessions.{(key is null ? "Shared" : "Keyed")}McpSession{(key is null ? "" : "s")}Options";
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

    /// <summary>How a call asks for its session.</summary>
    public static string Get(string name, OpeningRecipe recipe)
    {
        var arguments = new[] { KeyOf(recipe), recipe.Token?.ToString() }.Where(argument => argument is not null);
        return $"{name}.GetClientAsync({string.Join(", ", arguments)})";
    }

    /// <summary>Whose session a call asks for; null where there is only one.</summary>
    public static string? KeyOf(OpeningRecipe recipe)
    {
        var keys = recipe.Keys.Select(key => key.Name).ToList();
        return keys.Count > 1 ? $"({string.Join(", ", keys)})" : keys.FirstOrDefault();
    }

    private static string KeyType(SharingContext context)
    {
        var keys = context.Recipe.Keys;
        string TypeOf(ISymbol key) => SessionKeys.TypeOf(key).ToMinimalDisplayString(context.Document.Model, context.Opening.SpanStart);
        return keys.Count switch
        {
            0 => "",
            1 => $"<{TypeOf(keys[0])}>",
            _ => $"<({string.Join(", ", keys.Select(key => $"{TypeOf(key)} {Pascal(key.Name)}"))})>",
        };
    }

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>A name for a lambda's parameter that means nothing in what moves into the lambda.</summary>
    private static string UnusedName(string wanted, OpeningRecipe recipe)
    {
        var used = new SyntaxNode?[] { recipe.Transport, recipe.ClientOptions }.Concat(recipe.Locals.Select(local => (SyntaxNode?)local.Statement))
            .SelectMany(node => node?.DescendantTokens() ?? Array.Empty<SyntaxToken>())
            .Select(token => token.ValueText);
        return Scopes.UniqueName(wanted, new HashSet<string>(used, StringComparer.Ordinal).Contains);
    }

    /// <summary>A field or local of this kind for this very server, from an earlier fix or by hand.</summary>
    private static string? Existing(SharingContext context, INamedTypeSymbol sharedType, string key, CancellationToken cancellationToken)
    {
        if (context.Place.Injected is { } injected)
        {
            return injected.NameIn(sharedType, cancellationToken);
        }

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
                ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax create } when context.Place.NeedsConstructors => AssignedFrom(create),
                _ => null,
            };
            if (name is not null
                && context.Facts.Sessions.Bodies.ModelOf(creation.SyntaxTree).GetTypeInfo(creation, cancellationToken).Type is { } created
                && SymbolEqualityComparer.Default.Equals(created.OriginalDefinition, sharedType))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>The field that constructors give the result of <paramref name="create"/>.</summary>
    private static string? AssignedFrom(MethodDeclarationSyntax create) =>
        create.SyntaxTree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression is IdentifierNameSyntax called && called.Identifier.ValueText == create.Identifier.ValueText)
            .Select(call => ((call.Parent as AssignmentExpressionSyntax)?.Left as IdentifierNameSyntax)?.Identifier.ValueText)
            .FirstOrDefault(name => name is not null);

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
