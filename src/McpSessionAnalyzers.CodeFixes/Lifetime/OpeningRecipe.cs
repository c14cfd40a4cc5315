using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// What it takes to open a session again, away from the call that opened it so far: the factory's arguments, the locals that feed them, and
/// what they need of the instance. There is no recipe where the session depends on the call, or may.
/// </summary>
internal sealed class OpeningRecipe
{
    private readonly MemberBody _body;
    private readonly SemanticModel _model;
    private readonly CompilationFacts _facts;
    private readonly SyntaxNode? _call;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<ISymbol, MovedLocal> _locals = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _outer = new(SymbolEqualityComparer.Default);
    private readonly List<ISymbol> _members = new();
    private readonly List<ISymbol> _keys = new();
    private readonly HashSet<ISymbol> _services = new(SymbolEqualityComparer.Default);

    private OpeningRecipe(
        IInvocationOperation create, MemberBody body, SemanticModel model, SyntaxNode? call, CompilationFacts facts, CancellationToken cancellationToken)
    {
        _body = body;
        _model = model;
        _facts = facts;
        _call = call;
        _cancellationToken = cancellationToken;
        Create = create;
        Transport = Argument(create, "clientTransport")!;
        ClientOptions = Argument(create, "clientOptions");
        LoggerFactory = Argument(create, "loggerFactory");
        Token = Argument(create, "cancellationToken");
    }

    public IInvocationOperation Create { get; }

    public ExpressionSyntax Transport { get; }

    public ExpressionSyntax? ClientOptions { get; }

    public ExpressionSyntax? LoggerFactory { get; }

    /// <summary>The caller's: it goes into the wait for the session, never into its opening.</summary>
    public ExpressionSyntax? Token { get; }

    /// <summary>In source order.</summary>
    public IReadOnlyList<MovedLocal> Locals => _locals.Values.OrderBy(local => local.Declarator.SpanStart).ToList();

    /// <summary>Locals and parameters around the lambda or local function that is the call: <c>app.MapPost("/ask", async …)</c>.</summary>
    public IReadOnlyCollection<ISymbol> Outer => _outer;

    /// <summary>Members of the instance, its bases' included.</summary>
    public IReadOnlyList<ISymbol> Members => _members;

    /// <summary>Parameters of the call, and variables of its loops over servers, that decide which session it is: one is kept for each of their values.</summary>
    public IReadOnlyList<ISymbol> Keys => _keys;

    /// <summary>Parameters of the call that a framework fills with services of the application.</summary>
    public IReadOnlyCollection<ISymbol> Services => _services;

    public bool NeedsPrimaryParameters { get; private set; }

    /// <summary>The call made and disposed an HTTP client for the session: whoever keeps the session must offer one.</summary>
    public bool NeedsHttpClient { get; private set; }

    /// <summary>The recipe of the opening at <paramref name="create"/>; null where there can be none.</summary>
    /// <param name="create">The factory's call.</param>
    /// <param name="body">The member that it stands in.</param>
    /// <param name="call">The function whose run is the call, where code around it runs once; null where the whole member is the call.</param>
    /// <param name="facts">The compilation's facts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static OpeningRecipe? TryCreate(
        IInvocationOperation create, MemberBody body, SyntaxNode? call, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (Argument(create, "clientTransport") is null)
        {
            return null;
        }

        var model = facts.Sessions.Bodies.ModelOf(create.Syntax.SyntaxTree);
        var recipe = new OpeningRecipe(create, body, model, call, facts, cancellationToken);
        return recipe.ExpandAll() && recipe.SettleReferences() && recipe.KeysAreKeys() ? recipe : null;
    }

    public MovedLocal? LocalOf(ISymbol? symbol) => symbol is not null && _locals.TryGetValue(symbol, out var local) ? local : null;

    private static ExpressionSyntax? Argument(IInvocationOperation create, string name)
    {
        var argument = create.Arguments.FirstOrDefault(a => a.ArgumentKind == ArgumentKind.Explicit && a.Parameter?.Name == name);
        return argument?.Value.Syntax is ExpressionSyntax expression
            && !expression.IsKind(SyntaxKind.NullLiteralExpression)
            && !(name != "cancellationToken" && expression.IsKind(SyntaxKind.DefaultLiteralExpression))
                ? expression
                : null;
    }

    private bool ExpandAll() => new[] { Transport, ClientOptions, LoggerFactory }.All(expression => expression is null || Expand(expression));

    /// <param name="expression">What moves.</param>
    /// <param name="with">The statement that moves with it, and has declarations of its own.</param>
    private bool Expand(ExpressionSyntax expression, SyntaxNode? with = null)
    {
        // Directives can't move with an expression.
        if (expression.DescendantTrivia().Any(trivia => trivia.IsDirective)
            || _model.GetOperation(expression, _cancellationToken) is not { } root
            || UsesTypeParametersOfMethod(expression))
        {
            return false;
        }

        foreach (var operation in root.DescendantsAndSelf())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (!Accept(operation, with ?? expression))
            {
                return false;
            }
        }

        return true;
    }

    private bool Accept(IOperation operation, SyntaxNode expression)
    {
        if (CallerState.IsReadBy(operation, _facts, _cancellationToken))
        {
            return false;
        }

        switch (operation)
        {
            case ILocalReferenceOperation local:
                return IsWithin(local.Local, expression) || Feed(local.Local);
            case IParameterReferenceOperation parameter:
                return IsWithin(parameter.Parameter, expression) || Accept(parameter.Parameter);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } instance:
                var member = instance.Parent switch
                {
                    IMemberReferenceOperation reference when reference.Instance == instance => reference.Member,
                    IInvocationOperation { TargetMethod.MethodKind: MethodKind.Ordinary } invocation when invocation.Instance == instance => invocation.TargetMethod,
                    _ => null,
                };
                if (member is not null)
                {
                    _members.Add(member);
                }

                return member is not null;
            case IFieldReferenceOperation or IPropertyReferenceOperation:
                return !MutableState.ChangesBetweenCalls(((IMemberReferenceOperation)operation).Member, _facts, _cancellationToken);
            case IAwaitOperation:
            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction }:
            case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction }:
                // An awaited value is the call's; local functions live in the member.
                return false;
            default:
                return true;
        }
    }

    private bool Accept(IParameterSymbol parameter)
    {
        if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
            && !SymbolEqualityComparer.Default.Equals(constructor, _body.Member))
        {
            NeedsPrimaryParameters = true;
            return true;
        }

        if (IsOuter(parameter))
        {
            _outer.Add(parameter);
            return true;
        }

        if (ApplicationServices.IsSingleton(parameter))
        {
            _services.Add(parameter);
        }
        else
        {
            AddKey(parameter);
        }

        return true;
    }

    private void AddKey(ISymbol symbol)
    {
        if (!_keys.Contains(symbol, SymbolEqualityComparer.Default))
        {
            _keys.Add(symbol);
        }
    }

    private bool KeysAreKeys() =>
        _keys.All(key => SessionKeys.CanBeKey(key, _body, _model))
        && Texts.All(part => !SessionKeys.EntersAsCredential(_keys, part, _model, _cancellationToken));

    /// <summary>The arguments, the declarations of the locals that feed them, and what changes those.</summary>
    public IEnumerable<SyntaxNode> Texts =>
        new SyntaxNode?[] { Transport, ClientOptions, LoggerFactory }
            .Concat(_locals.Values.Select(local => (SyntaxNode)local.Declarator))
            .Concat(_locals.Values.SelectMany(local => local.Mutations.Values))
            .OfType<SyntaxNode>();

    private bool IsOuter(ISymbol symbol) =>
        _call is not null && symbol.DeclaringSyntaxReferences.All(reference => !_call.Span.Contains(reference.Span));

    private bool Feed(ILocalSymbol local)
    {
        if (_locals.ContainsKey(local))
        {
            return true;
        }

        if (IsOuter(local))
        {
            _outer.Add(local);
            return true;
        }

        if (SessionKeys.IsOfLoop(local))
        {
            AddKey(local);
            return true;
        }

        var declarators = _body.Declarators(local).ToList();
        if (declarators.Count != 1
            || declarators[0].Syntax is not VariableDeclaratorSyntax { Initializer: not null, Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } declarator
            || declaration.Parent is not (LocalDeclarationStatementSyntax or UsingStatementSyntax)
            || LocalValues.Of(local, _body).Count != 1
            || local.IsRef)
        {
            return false;
        }

        var moved = new MovedLocal(local, declarator, (StatementSyntax)declaration.Parent);
        _locals.Add(local, moved);
        return Expand(moved.Initializer);
    }

    /// <summary>Every other mention of a moved local: a change that moves along, a disposal that goes, or a use that keeps it where it is.</summary>
    private bool SettleReferences()
    {
        // Changes bring further locals, whose mentions bring further changes.
        int Size() => _locals.Count + _locals.Values.Sum(local => local.Mutations.Count);
        int size;
        do
        {
            size = Size();
            foreach (var local in Locals)
            {
                foreach (var reference in _body.ReferencesTo(local.Symbol))
                {
                    if (!IsInRecipe(reference.Syntax) && !Settle(local, reference))
                    {
                        return false;
                    }
                }
            }
        }
        while (Size() != size);

        return Locals.All(CanMove);
    }

    private bool Settle(MovedLocal local, IOperation reference)
    {
        var statement = reference.Syntax.FirstAncestorOrSelf<StatementSyntax>();
        if (statement is ExpressionStatementSyntax disposal && IsDisposal(reference)
            && (disposal.Parent == local.Statement.Parent || disposal.Parent is BlockSyntax { Parent: FinallyClauseSyntax }))
        {
            if (!local.Disposals.Contains(disposal))
            {
                local.Disposals.Add(disposal);
            }

            return true;
        }

        var change = reference.Syntax.Ancestors().OfType<StatementSyntax>().FirstOrDefault(one => one.Parent == local.Statement.Parent);
        if (change?.SpanStart < Create.Syntax.SpanStart && LocalChanges.PartsOf(change, root => LocalOf(_model.GetSymbolInfo(root).Symbol) is not null) is { } parts)
        {
            local.Mutations[change.SpanStart] = change;
            return parts.All(part => Expand(part, change));
        }

        // Configure(options): a copy made anew would go without.
        if (reference.Syntax.SpanStart < Create.Syntax.SpanStart && LocalChanges.MayBeMadeBy(reference, _facts))
        {
            return false;
        }

        local.StaysToo = true;
        return true;
    }

    private bool CanMove(MovedLocal local)
    {
        if (!local.StaysToo)
        {
            // Whoever keeps the session disposes its transport; of anything else, nobody would.
            return (!IsUsing(local.Statement) && local.Disposals.Count == 0)
                || _facts.Symbols.ClientTransports.ContainsBaseOf(local.Symbol.Type)
                || (NeedsHttpClient |= local.IsPlainHttpClient);
        }

        // A copy is as good as the original only if making it again makes the same.
        return local.Mutations.Count == 0
            && local.Disposals.Count == 0
            && !IsUsing(local.Statement)
            && _model.GetOperation(local.Initializer, _cancellationToken) is { } value
            && Repeatable.Is(value, _facts);
    }

    private bool IsDisposal(IOperation reference)
    {
        var value = reference;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IInvocationOperation call && call.Instance == value && _facts.Sessions.Calls.Disposes(call.TargetMethod);
    }

    private static bool IsUsing(StatementSyntax statement) =>
        statement is UsingStatementSyntax || (statement is LocalDeclarationStatementSyntax declaration && !declaration.UsingKeyword.IsKind(SyntaxKind.None));

    private bool IsInRecipe(SyntaxNode node) => Texts.Any(part => part.Span.Contains(node.Span));

    private static bool IsWithin(ISymbol symbol, SyntaxNode node) =>
        symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == node.SyntaxTree && node.Span.Contains(reference.Span));

    private bool UsesTypeParametersOfMethod(SyntaxNode expression) =>
        expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .Any(name => _model.GetSymbolInfo(name, _cancellationToken).Symbol is ITypeParameterSymbol { DeclaringMethod: not null });
}
