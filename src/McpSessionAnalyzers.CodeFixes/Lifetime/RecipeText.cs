using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Writes the pieces of a recipe where they are needed. A local that is used once is written in place of its name; others are declared again, in
/// front of what uses them.
/// </summary>
internal sealed class RecipeText
{
    private readonly OpeningRecipe _recipe;
    private readonly SemanticModel _model;
    private readonly Layout _layout;
    private readonly Func<ISymbol, bool> _qualify;
    private readonly string? _httpClient;
    private readonly Func<ISymbol, string?> _key;

    /// <param name="recipe">What to write.</param>
    /// <param name="document">Where the recipe comes from.</param>
    /// <param name="qualify">Members that must be written with <c>this.</c>, because something there has the same name.</param>
    /// <param name="httpClient">The HTTP client for transports that were given none; null where they are to make their own.</param>
    /// <param name="key">How what the call or the instance was given is written; null: as it is.</param>
    public RecipeText(
        OpeningRecipe recipe, DocumentEdits document, Func<ISymbol, bool> qualify, string? httpClient, Func<ISymbol, string?>? key = null)
    {
        _recipe = recipe;
        _model = document.Model;
        _layout = document.Layout;
        _qualify = qualify;
        _httpClient = httpClient;
        _key = key ?? (static _ => null);
    }

    public bool UsesHttpClient { get; private set; }

    public bool UsesKey { get; private set; }

    /// <summary>The declarations, with what changes them, that <paramref name="expressions"/> need in front of them.</summary>
    public IReadOnlyList<string> Prelude(IEnumerable<ExpressionSyntax> expressions, string indentation)
    {
        var needed = new HashSet<MovedLocal>();
        foreach (var expression in expressions)
        {
            AddNeeded(expression, needed);
        }

        return needed.Where(local => !IsInlined(local))
            .SelectMany(local => local.Mutations.Values.Prepend(local.Statement), (local, statement) => (Local: local, Statement: statement))
            .GroupBy(pair => pair.Statement)
            .OrderBy(group => group.Key.SpanStart)
            .Select(group => group.First().Local is var local && group.Key == local.Statement ? Declaration(local, indentation) : RenderAll(group.Key, indentation))
            .ToList();
    }

    /// <summary>An expression as it reads where lines are indented by <paramref name="indentation"/>.</summary>
    public string Render(ExpressionSyntax expression, string indentation, params TextChange[] changes)
    {
        // A name alone may be all there is.
        if (LocalAt(expression) is { } whole && IsInlined(whole))
        {
            return Inlined(whole, expression, indentation);
        }

        return RenderAll(expression, indentation, changes);
    }

    private string RenderAll(SyntaxNode expression, string indentation, params TextChange[] changes)
    {
        var edits = new List<TextChange>(changes);
        foreach (var name in expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (LocalAt(name) is { } local && IsInlined(local))
            {
                edits.Add(new TextChange(name.Span, Inlined(local, name, indentation + ExtraIndentation(expression, name))));
            }
            else if (StandsAlone(name) && _model.GetSymbolInfo(name).Symbol is { Kind: SymbolKind.Parameter or SymbolKind.Local } given)
            {
                UsesKey |= _recipe.Keys.Contains(given, SymbolEqualityComparer.Default);
                if (_key(given) is { } key)
                {
                    edits.Add(new TextChange(name.Span, key));
                }
            }
            else if (_model.GetSymbolInfo(name).Symbol is IFieldSymbol or IPropertySymbol
                && OwnMember(name) is { } own
                && _key(_model.GetSymbolInfo(name).Symbol!) is { } value)
            {
                edits.Add(new TextChange(own.Span, NeedsParentheses(SyntaxFactory.ParseExpression(value), own) ? $"({value})" : value));
            }
            else if (StandsAlone(name)
                && _model.GetSymbolInfo(name).Symbol is { IsStatic: false, Kind: SymbolKind.Field or SymbolKind.Property or SymbolKind.Method } member
                && _qualify(member))
            {
                edits.Add(new TextChange(new TextSpan(name.SpanStart, 0), "this."));
            }
        }

        AddHttpClient(expression, edits);
        return _layout.Render(expression, indentation, edits);
    }

    /// <summary>Not the name of a member of something else: <c>x.Name</c>, <c>x?.Name</c>, <c>new() { Name = … }</c>, <c>name: …</c>.</summary>
    private static bool StandsAlone(IdentifierNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == name,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Right == name,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax or QualifiedNameSyntax => false,
        _ => true,
    };

    /// <summary><c>_name</c> or <c>this._name</c>.</summary>
    private static ExpressionSyntax? OwnMember(IdentifierNameSyntax name) =>
        StandsAlone(name) ? name : name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access && access.Name == name ? access : null;

    private MovedLocal? LocalAt(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax && _model.GetSymbolInfo(expression).Symbol is ILocalSymbol symbol ? _recipe.LocalOf(symbol) : null;

    private void AddNeeded(SyntaxNode expression, HashSet<MovedLocal> needed)
    {
        foreach (var name in expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (LocalAt(name) is { } local && needed.Add(local))
            {
                AddNeeded(local.Initializer, needed);
                foreach (var change in local.Mutations.Values)
                {
                    AddNeeded(change, needed);
                }
            }
        }
    }

    /// <summary>
    /// Whether the local's value can stand where its name does: once, unchanged in between, and with a type of its own, so that it means the
    /// same in any place.
    /// </summary>
    private bool IsInlined(MovedLocal local) =>
        local.Mutations.Count == 0
        && UsesOf(local) == 1
        && (local.Initializer is ImplicitObjectCreationExpressionSyntax
            || SymbolEqualityComparer.Default.Equals(_model.GetTypeInfo(local.Initializer).Type, local.Symbol.Type));

    private int UsesOf(MovedLocal local) =>
        new SyntaxNode?[] { _recipe.Transport, _recipe.ClientOptions, _recipe.LoggerFactory }
            .Concat(_recipe.Locals.Select(other => (SyntaxNode)other.Initializer))
            .Concat(_recipe.Locals.SelectMany(other => other.Mutations.Values))
            .SelectMany(part => part?.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>() ?? Array.Empty<IdentifierNameSyntax>())
            .Count(name => LocalAt(name) == local);

    private string Inlined(MovedLocal local, ExpressionSyntax use, string indentation)
    {
        if (local.IsPlainHttpClient && _httpClient is not null)
        {
            UsesHttpClient = true;
            return _httpClient;
        }

        var value = local.Initializer;
        var text = Render(value, indentation);
        if (value is ImplicitObjectCreationExpressionSyntax && local.Declarator.Parent is VariableDeclarationSyntax declaration)
        {
            var type = declaration.Type is NullableTypeSyntax nullable ? nullable.ElementType : declaration.Type;
            text = "new " + type + text.Substring("new".Length);
        }

        if (NeedsParentheses(value, use))
        {
            text = $"({text})";
        }

        // A guard between declaration and use has told the compiler what the value alone can't.
        return _model.GetTypeInfo(value).Nullability.FlowState == NullableFlowState.MaybeNull
            && _model.GetTypeInfo(use).Nullability.FlowState == NullableFlowState.NotNull
                ? text + "!"
                : text;
    }

    private static bool NeedsParentheses(ExpressionSyntax value, ExpressionSyntax use) =>
        value is not (LiteralExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax
            or BaseObjectCreationExpressionSyntax or ParenthesizedExpressionSyntax or InterpolatedStringExpressionSyntax or ThisExpressionSyntax
            or PostfixUnaryExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax or TypeOfExpressionSyntax)
        && use.Parent is not (ArgumentSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax or InitializerExpressionSyntax or ParenthesizedExpressionSyntax
            or AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } or LambdaExpressionSyntax);

    private string Declaration(MovedLocal local, string indentation)
    {
        var declaration = (VariableDeclarationSyntax)local.Declarator.Parent!;
        var @const = local.Statement is LocalDeclarationStatementSyntax { IsConst: true } ? "const " : "";
        return $"{@const}{declaration.Type} {local.Declarator.Identifier} = {Render(local.Initializer, indentation)};";
    }

    /// <summary>How much deeper than the expression itself the line of one of its pieces is indented.</summary>
    private string ExtraIndentation(SyntaxNode expression, SyntaxNode piece)
    {
        var outer = _layout.IndentationOf(expression);
        var inner = _layout.IndentationOf(piece);
        return inner.StartsWith(outer, StringComparison.Ordinal) ? inner.Substring(outer.Length) : "";
    }

    /// <summary>
    /// A transport that was given no HTTP client makes one of its own. With the shared session's, connections are shared, and a lost session is
    /// noticed without losing the calls beside it.
    /// </summary>
    private void AddHttpClient(SyntaxNode expression, List<TextChange> edits)
    {
        if (_httpClient is null)
        {
            return;
        }

        foreach (var creation in expression.DescendantNodesAndSelf(node => node is not AnonymousFunctionExpressionSyntax).OfType<BaseObjectCreationExpressionSyntax>())
        {
            if (creation.ArgumentList is not { Arguments: { Count: > 0 } arguments }
                || _model.GetOperation(creation) is not IObjectCreationOperation { Constructor: { } constructor }
                || !IsHttpTransport(constructor.ContainingType)
                || constructor.Parameters.Any(parameter => parameter.Type.Name == "HttpClient"))
            {
                continue;
            }

            var named = arguments.Any(argument => argument.NameColon is not null);
            var after = named ? arguments.Last() : arguments.First();
            edits.Add(new TextChange(new TextSpan(after.Span.End, 0), named ? $", httpClient: {_httpClient}" : $", {_httpClient}"));
            UsesHttpClient = true;
        }
    }

    private static bool IsHttpTransport(INamedTypeSymbol type) =>
        type is { Name: "HttpClientTransport", ContainingNamespace: { Name: "Client", ContainingNamespace: { Name: "ModelContextProtocol", ContainingNamespace.IsGlobalNamespace: true } } };
}
