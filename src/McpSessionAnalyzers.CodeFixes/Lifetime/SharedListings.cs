using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// The tools come from the shared session, which keeps their list: else each call would go on listing them, of which MSA1004 speaks. The client that listed
/// them goes where nothing else needs it.
/// </summary>
internal static class SharedListings
{
    /// <summary>To be called when the session is shared and its disposals are out, for what is done with the client's declaration then is the last word on it.</summary>
    /// <param name="context">The shared opening.</param>
    /// <param name="borrowers">The opening as it is seen by the code around it, by the callers of a helper, and by the field that held it.</param>
    /// <param name="sharedType">The type that keeps the list.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task WriteAsync(SharingContext context, Borrowers borrowers, INamedTypeSymbol sharedType, CancellationToken cancellationToken)
    {
        if (context.Solution.Memory<SharedOpening>(context.Opening).Name is not { } name)
        {
            return;
        }

        foreach (var borrower in borrowers.Openings)
        {
            var isOwn = borrower.Opening.Operation.Syntax == context.Opening;
            if ((isOwn || IsInSight(borrower, context))
                && await context.Solution.OfAsync(borrower.Opening.Operation.Syntax.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } document)
            {
                // A helper's parameter that is the key means nothing to its callers, and its token neither.
                Write(borrower, name, isOwn ? SharedSessionForm.KeyOf(context.Recipe) : null, isOwn ? context.Recipe.Token?.ToString() : null, context, document, sharedType);
            }
        }

        foreach (var (mention, body) in borrowers.FieldMentions.Where(_ => context.Recipe.Keys.Count == 0 && context.Place.Kind != SessionPlaceKind.Local))
        {
            if (mention.Parent is IInvocationOperation call
                && SharedToolList.Of(call, sharedType, body) is { } list
                && await context.Solution.OfAsync(mention.Syntax.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } document)
            {
                list.Ask(name, key: null, token: null, document);
            }
        }
    }

    private static void Write(
        TracedOpening traced, string name, string? key, string? token, SharingContext context, DocumentEdits document, INamedTypeSymbol sharedType)
    {
        var body = traced.Body;
        if (ClientOf(traced) is not { Symbol: var client } declarator)
        {
            return;
        }

        var gone = new HashSet<SyntaxNode>();
        foreach (var mention in body.ReferencesTo(client))
        {
            if (mention.Parent is IInvocationOperation call && call.Instance == mention
                && CanName(mention.Syntax, traced, context)
                && SharedToolList.Of(call, sharedType, body) is { } list)
            {
                list.Ask(name, key, token, document);
                gone.Add(mention.Syntax);
            }
        }

        // Its disposals go as well.
        var disposals = traced.Trace.Of(TraceEventKind.Dispose).Select(disposal => Disposed(disposal.Operation, body)).ToList();
        if (gone.Count == 0 || !body.ReferencesTo(client).All(mention => gone.Contains(mention.Syntax) || disposals.Any(disposed => disposed?.Span.Contains(mention.Syntax.Span) == true)))
        {
            return;
        }

        switch (declarator.Syntax)
        {
            case VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax statement } }:
                document.Statements.Remove(statement);
                break;
            case VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: UsingStatementSyntax statement } }:
                document.Statements.Unwrap(statement);
                break;
        }
    }

    /// <summary>
    /// Whether a helper's caller can name what the helper's type or member keeps: one session for everybody. (A local function that nobody calls any more
    /// would be a warning of the compiler's.)
    /// </summary>
    private static bool IsInSight(TracedOpening caller, SharingContext context) =>
        context.Recipe.Keys.Count == 0
        && caller.Opening.Callee.MethodKind == MethodKind.Ordinary
        && (context.Place.Kind == SessionPlaceKind.Local
            ? SymbolEqualityComparer.Default.Equals(caller.Body.Member, context.Place.Owner)
            : SymbolEqualityComparer.Default.Equals(caller.Body.Member.ContainingType, context.Place.Type)
                && (context.IsStatic || !caller.Body.Member.IsStatic));

    /// <summary>What names the session in a disposal that is taken out whole.</summary>
    private static SyntaxNode? Disposed(IOperation disposal, MemberBody body) => disposal switch
    {
        IInvocationOperation => disposal.Syntax,
        IUsingOperation { Syntax: UsingStatementSyntax statement } => statement.Expression,

        // var _ = client.ConfigureAwait(false): a name for the disposal only.
        IVariableDeclaratorOperation alias when !body.ReferencesTo(alias.Symbol).Any() => alias.Syntax,
        _ => null,
    };

    /// <summary>The local that holds nothing but the opened session.</summary>
    private static IVariableDeclaratorOperation? ClientOf(TracedOpening traced) =>
        traced.Body.Root.Descendants().OfType<IVariableDeclaratorOperation>().FirstOrDefault(one =>
            one.GetVariableInitializer() is { } initializer && IsOpening(initializer.Value, traced)) is { } declarator
        && LocalValues.Of(declarator.Symbol, traced.Body).Count == 1
            ? declarator
            : null;

    /// <summary>The opening with its await, its conversions and its <c>ConfigureAwait</c>.</summary>
    public static bool IsOpening(IOperation value, TracedOpening traced)
    {
        value = LocalValues.Unwrap(value);
        return value.Syntax == traced.Opening.Operation.Syntax
            || (value is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } configured } && configured.Syntax == traced.Opening.Operation.Syntax);
    }

    /// <summary>A static function inside the call sees neither a field of the instance nor a local around it.</summary>
    private static bool CanName(SyntaxNode mention, TracedOpening traced, SharingContext context) =>
        context.IsStatic
        || !mention.Ancestors().TakeWhile(node => !node.Span.Contains(traced.Opening.Operation.Syntax.Span) || traced.Opening.Operation.Syntax != context.Opening).Any(node => node switch
        {
            AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.StaticKeyword),
            LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.StaticKeyword),
            _ => false,
        });
}
