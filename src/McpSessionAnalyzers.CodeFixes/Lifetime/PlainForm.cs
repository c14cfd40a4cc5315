using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Keeps the session in a field behind a semaphore, with nothing but the framework: one opening for all who wait, none that fails is kept, and a
/// session that the server has ended is replaced.
/// </summary>
internal static class PlainForm
{
    /// <summary>One session, not one per key; with an HTTP client that it need not dispose; and a local is opened where it is declared.</summary>
    public static bool CanWrite(OpeningRecipe recipe, SessionPlace place) =>
        recipe.Keys.Count == 0 && recipe.Services.Count == 0 && place.Injected is null && !recipe.NeedsHttpClient && place is not { Kind: SessionPlaceKind.Local, IsInAsyncCode: false };

    /// <summary>Whether there is a getter for this server already.</summary>
    public static bool IsThere(SharingContext context, CancellationToken cancellationToken) =>
        context.Place.Kind != SessionPlaceKind.Local
        && new GetterCode(context) is var code
        && (context.Known().ContainsKey(KeyOf(context, code)) || Existing(context, code, cancellationToken) is not null);

    /// <summary>Writes the getter and what it needs, unless there is one for this server already, and returns its name.</summary>
    public static PlainSession Write(SharingContext context, CancellationToken cancellationToken)
    {
        if (context.Place.Kind == SessionPlaceKind.Local)
        {
            return new PlainSession(WriteLocal(context, cancellationToken), null);
        }

        var place = context.Place;
        var type = context.Document.Type(place.Part!);
        var known = context.Known();
        var code = new GetterCode(context);
        var key = KeyOf(context, code);
        if (known.TryGetValue(key, out var getter))
        {
            return new PlainSession(getter, Close: null);
        }

        if (Existing(context, code, cancellationToken) is { } existing)
        {
            known.Add(key, existing);
            return new PlainSession(existing, Close: null);
        }

        var style = SessionNames.FieldStyle(context.IsStatic, place.Part!);
        static string Pascal(string stem) => char.ToUpperInvariant(stem[0]) + stem.Substring(1);
        var names = context.Names(cancellationToken).Take(
            context.Stem + "Client", style, stem => style(stem + "Gate"), stem => $"Get{Pascal(stem)}Async", stem => $"Close{Pascal(stem)}Async");
        var (client, gate, close) = (names[0], names[1], names[3]);
        getter = names[2];
        known.Add(key, getter);

        var @static = context.IsStatic ? "static " : "";
        var semaphore = context.Document.Usings.NameOf("System.Threading.SemaphoreSlim", context.Opening.SpanStart);
        var @new = context.LanguageVersion >= LanguageVersion.CSharp9 ? "new" : "new " + semaphore;
        var fields = type.Writer()
            .Line($"private {@static}readonly {semaphore} {gate} = {@new}(1, 1);")
            .Line($"private {@static}{code.ClientType}{(context.HasNullableAnnotations ? "?" : "")} {client};");
        type.AddField(fields);
        var writer = type.Writer();
        code.Write(writer, client, gate, getter, context.Configured);
        type.AddMember(writer);
        if (place.Kind != SessionPlaceKind.Instance)
        {
            return new PlainSession(getter, Close: null);
        }

        writer = type.Writer();
        WriteClose(context, writer, client, gate, close);
        type.AddMember(writer);
        return new PlainSession(getter, close);
    }

    private static string KeyOf(SharingContext context, GetterCode code) =>
        context.Place.Kind + Tokens.OfMember(code.Write(new CodeWriter(context.Document.Layout, ""), "F", "G", "M", ""));

    private static string WriteLocal(SharingContext context, CancellationToken cancellationToken)
    {
        var known = context.Known();
        var before = context.Place.Before!;
        var text = new RecipeText(context.Recipe, context.Document, static _ => false, null);
        var indentation = context.Document.Layout.IndentationOf(before);
        var create = GetterCode.Create(context.Recipe, text, indentation, token: null);
        var key = Tokens.OfExpression(create);
        if (known.TryGetValue(key, out var name))
        {
            return name;
        }

        // One that an earlier fix has declared further up.
        name = context.Place.Before!.Parent?.Parent?.DescendantNodes().OfType<LocalDeclarationStatementSyntax>()
            .Where(local => local.SpanStart < before.SpanStart && local.Parent?.GetType() == before.Parent?.GetType())
            .SelectMany(local => local.Declaration.Variables)
            .FirstOrDefault(variable => variable.Initializer?.Value is AwaitExpressionSyntax awaited && Tokens.Of(awaited.Expression) == Tokens.OfExpression(create + context.Configured))
            ?.Identifier.ValueText;
        if (name is not null)
        {
            known.Add(key, name);
            return name;
        }

        name = context.Names(cancellationToken).Take(context.Stem + "Client", stem => stem)[0];
        known.Add(key, name);
        foreach (var statement in text.Prelude(GetterCode.Parts(context.Recipe), indentation))
        {
            context.Document.Statements.InsertBefore(before, statement);
        }

        context.Document.Statements.InsertBefore(before, $"await using var {name} = await {create}{context.Configured};");
        return name;
    }

    private static void WriteClose(SharingContext context, CodeWriter writer, string client, string gate, string close)
    {
        var configured = context.Configured;
        var valueTask = context.Document.Usings.NameOf("System.Threading.Tasks.ValueTask", context.Opening.SpanStart);
        writer.Line($"private async {valueTask} {close}()").Open()
            .Line($"await {gate}.WaitAsync(){configured};")
            .Line("try").Open()
            .Line($"if ({client} is {{ }} open)").Open()
            .Line($"{client} = null;")
            .Line($"await open.DisposeAsync(){configured};")
            .Close().Close()
            .Line("finally").Open()
            .Line($"{gate}.Release();")
            .Close().Close();
    }

    /// <summary>A getter of an earlier fix for this very server.</summary>
    private static string? Existing(SharingContext context, GetterCode code, CancellationToken cancellationToken)
    {
        foreach (var method in context.Place.Type!.DeclaringSyntaxReferences
            .SelectMany(reference => reference.GetSyntax(cancellationToken).ChildNodes()).OfType<MethodDeclarationSyntax>())
        {
            var client = method.DescendantNodes().OfType<AssignmentExpressionSyntax>()
                .FirstOrDefault(assignment => assignment.Right is AwaitExpressionSyntax)?.Left as IdentifierNameSyntax;
            var gate = method.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
                .FirstOrDefault(access => access.Name.Identifier.ValueText == "WaitAsync")?.Expression as IdentifierNameSyntax;
            if (client is null || gate is null)
            {
                continue;
            }

            var name = method.Identifier.ValueText;
            var isSame = new[] { "", ".ConfigureAwait(false)" }.Any(configured =>
                Tokens.OfMember(code.Write(new CodeWriter(context.Document.Layout, ""), client.Identifier.ValueText, gate.Identifier.ValueText, name, configured)) == Tokens.Of(method));
            if (isSame)
            {
                return name;
            }
        }

        return null;
    }
}

/// <summary>How callers get the session: the getter or local by name; and the method that closes it, if it is new and must be called.</summary>
internal sealed record PlainSession(string Name, string? Close);
