using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

internal enum SessionPlaceKind
{
    /// <summary>A field of instances that outlive the call.</summary>
    Instance,

    /// <summary>A field of the type: instances don't outlive the call, or there are none.</summary>
    Static,

    /// <summary>A local around the lambda that is the call.</summary>
    Local,

    /// <summary>The container: instances end with the call, and are given it by their constructor.</summary>
    Injected,
}

/// <summary>Where a shared session is kept so that it really outlives the call.</summary>
internal sealed class SessionPlace
{
    private SessionPlace(SessionPlaceKind kind) => Kind = kind;

    /// <summary>Of a container: the delegate that is registered makes what is kept.</summary>
    public static SessionPlace Container { get; } = new(SessionPlaceKind.Local);

    public SessionPlaceKind Kind { get; }

    /// <summary>For fields: the type, and the part of it that has the opening.</summary>
    public INamedTypeSymbol? Type { get; private set; }

    public TypeDeclarationSyntax? Part { get; private set; }

    /// <summary>For instance fields: what the opening needs can't be named in an initializer.</summary>
    public bool NeedsConstructors { get; private set; }

    /// <summary>For instance fields: a container may dispose the instance synchronously.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>For locals: the statement before which it is declared.</summary>
    public StatementSyntax? Before { get; private set; }

    /// <summary>For locals: it can be disposed with <c>await using</c>.</summary>
    public bool IsInAsyncCode { get; private set; }

    /// <summary>For locals: the application, whose services the call was given.</summary>
    public ILocalSymbol? Application { get; private set; }

    /// <summary>For the container: where it is registered, and how the instance's own values are asked of it.</summary>
    public InjectedSession? Injected { get; private set; }

    /// <summary>What the memory of what has been added is kept for.</summary>
    public ISymbol Owner { get; private set; } = null!;

    /// <summary>
    /// The function whose run is "the call", where the code around it runs as long as the program: a lambda in top-level statements or Main, whose
    /// locals can keep a session. Those of any other method end with it, while the lambda lives on. Null where the whole member is the call.
    /// </summary>
    public static SyntaxNode? CallWithin(IOperation opening, MemberBody body, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (!SymbolEqualityComparer.Default.Equals(facts.Compilation.GetEntryPoint(cancellationToken), body.Member))
        {
            return null;
        }

        return opening.Syntax.Ancestors().LastOrDefault(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
    }

    public static async Task<SessionPlace?> FindAsync(
        OpeningRecipe recipe, MemberBody body, SyntaxNode? call, SolutionEdits edits, Project project, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var opening = recipe.Create.Syntax;
        if (IsTopLevel(body) || recipe.Outer.Count > 0)
        {
            return Local(recipe, body, call);
        }

        if (opening.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } part
            || part.Kind() is not (SyntaxKind.ClassDeclaration or SyntaxKind.StructDeclaration or SyntaxKind.RecordDeclaration or SyntaxKind.RecordStructDeclaration)
            || body.Member.ContainingType is not { } type
            || recipe.Services.Count > 0)
        {
            return null;
        }

        var needsInstance = recipe.Members.Count > 0 || recipe.NeedsPrimaryParameters;
        var onlyStatic = new SessionPlace(SessionPlaceKind.Static) { Type = type, Part = part, Owner = type };
        if (body.Member.IsStatic || !part.IsKind(SyntaxKind.ClassDeclaration) || type.IsStatic

            // A lambda in an initializer can't name the object's other members.
            || body.Member is not IMethodSymbol)
        {
            return needsInstance ? null : onlyStatic;
        }

        var lifetime = await InstanceLifetimes.OfAsync(type, project, facts, cancellationToken).ConfigureAwait(false);
        if (lifetime.IsPerCall
            || (lifetime.Kind == InstanceLifetimeKind.Unknown && await Creations.AnyIsPerCallAsync(type, project.Solution, cancellationToken).ConfigureAwait(false)))
        {
            // A field of such an instance, or an opener in it, would only hide the mistake.
            return !needsInstance ? onlyStatic
                : lifetime.IsPerCall && await InjectedSession.FindAsync(type, part, lifetime, recipe, edits, project, facts, cancellationToken).ConfigureAwait(false) is { } injected
                    ? new SessionPlace(SessionPlaceKind.Injected) { Type = type, Part = part, Owner = type, Injected = injected }
                    : null;
        }

        var isRegistered = lifetime.Registration is not null;
        if (!needsInstance && !edits.Memory<TypeDisposal>(type).Prepare(type, isRegistered, mustAwait: false, cancellationToken))
        {
            // Its base disposes in a way that can't be added to. Fields of the type live as long as the process.
            return onlyStatic;
        }

        return new SessionPlace(SessionPlaceKind.Instance)
        {
            Type = type,
            Part = part,
            Owner = type,
            NeedsConstructors = recipe.Members.Count > 0,
            IsRegistered = isRegistered,
        };
    }

    private static SessionPlace? Local(OpeningRecipe recipe, MemberBody body, SyntaxNode? call)
    {
        if (call is null || recipe.Members.Count > 0 || recipe.NeedsPrimaryParameters)
        {
            return null;
        }

        // A local function is seen by the whole body: its first mention comes before its declaration as often as after.
        var first = call;
        if (call is LocalFunctionStatementSyntax function)
        {
            var mentions = call.SyntaxTree.GetRoot().DescendantNodes(body.Root.Syntax.Span)
                .OfType<IdentifierNameSyntax>()
                .Where(name => name.Identifier.ValueText == function.Identifier.ValueText && body.Root.Syntax.Span.Contains(name.Span));
            first = mentions.Cast<SyntaxNode>().Append(function).OrderBy(node => node.SpanStart).First();
        }

        if (StatementIn(first, body.Root.Syntax) is not { } before || recipe.Outer.Any(symbol => !IsKnownBefore(symbol, before)))
        {
            return null;
        }

        var application = recipe.Services.Count == 0 ? null : ApplicationIn(body, before);
        if (recipe.Services.Count > 0 && application is null)
        {
            return null;
        }

        return new SessionPlace(SessionPlaceKind.Local)
        {
            Application = application,
            Before = before,
            IsInAsyncCode = IsTopLevel(body) || body.Member is IMethodSymbol { IsAsync: true },
            Owner = body.Member,
        };
    }

    /// <summary>The one that is there when the session's local is declared.</summary>
    private static ILocalSymbol? ApplicationIn(MemberBody body, StatementSyntax before) =>
        body.Root.Descendants().OfType<IVariableDeclaratorOperation>().Select(declarator => declarator.Symbol)
            .FirstOrDefault(local => local.Type is { Name: "WebApplication", ContainingNamespace: { Name: "Builder" } } && IsKnownBefore(local, before));

    /// <summary>The statement of the member's own list that contains <paramref name="node"/>.</summary>
    private static StatementSyntax? StatementIn(SyntaxNode node, SyntaxNode body) =>
        node.AncestorsAndSelf().OfType<StatementSyntax>().LastOrDefault(statement =>
            statement.Parent is GlobalStatementSyntax || (statement.Parent is BlockSyntax block && block.Parent == body));

    private static bool IsKnownBefore(ISymbol symbol, StatementSyntax statement) =>
        symbol is IParameterSymbol || symbol.DeclaringSyntaxReferences.All(reference =>
            reference.Span.End <= statement.SpanStart
            && reference.GetSyntax().FirstAncestorOrSelf<StatementSyntax>()?.Parent is { } scope
            && (scope is GlobalStatementSyntax || scope == statement.Parent));

    private static bool IsTopLevel(MemberBody body) => body.Root.Syntax is CompilationUnitSyntax;
}
