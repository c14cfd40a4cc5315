using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// One session, kept where it outlives the call and shared by all calls. A <c>SharedMcpSession</c> where McpSessions is referenced, a field behind a
/// semaphore elsewhere.
/// </summary>
internal static class Sharing
{
    public const string Title = "Share one MCP session between calls";

    /// <summary>Shares what an opening opens; false, and nothing done, where that can't be right.</summary>
    /// <param name="edits">Gets the edits.</param>
    /// <param name="project">The project of the opening.</param>
    /// <param name="reported">The opening.</param>
    /// <param name="facts">What is known of its compilation.</param>
    /// <param name="onlyIfThere">Only where a session for this very server is shared already.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<bool> TryWriteAsync(
        SolutionEdits edits, Project project, TracedOpening reported, CompilationFacts facts, bool onlyIfThere, CancellationToken cancellationToken)
    {
        // The fix goes where the opening is: a helper's callers share what it hands out.
        var innermost = reported.Opening.Innermost;
        if (innermost is not { Kind: OpeningKind.Factory, Operation: IInvocationOperation create })
        {
            return false;
        }

        var done = edits.Memory<HashSet<SyntaxNode>>(nameof(Sharing));
        if (done.Contains(create.Syntax))
        {
            return true;
        }

        var traced = reported.Opening.Path.IsEmpty ? reported : facts.Sessions.Openings.Find(create, cancellationToken);
        if (traced is null || await edits.OfAsync(create.Syntax.SyntaxTree, cancellationToken).ConfigureAwait(false) is not { } there)
        {
            return false;
        }

        var call = SessionPlace.CallWithin(create, traced.Body, facts, cancellationToken);
        if (OpeningRecipe.TryCreate(create, traced.Body, call, facts, cancellationToken) is not { } recipe
            || await SessionPlace.FindAsync(recipe, traced.Body, call, edits, project, facts, cancellationToken).ConfigureAwait(false) is not { } place
            || !CanBeDisposed(edits, place, cancellationToken)
            || await Borrowers.OfAsync(traced, edits.Solution, facts, cancellationToken).ConfigureAwait(false) is not { } borrowers)
        {
            return false;
        }

        var context = new SharingContext(recipe, place, borrowers.Releases, edits, there, facts);
        var sharedType = SharedSessionForm.TypeFor(recipe, facts);
        if (sharedType is not null ? !SharedSessionForm.CanWrite(recipe, place, cancellationToken) : !PlainForm.CanWrite(recipe, place))
        {
            return false;
        }

        if (onlyIfThere && !(sharedType is not null ? SharedSessionForm.IsThere(context, sharedType, cancellationToken) : PlainForm.IsThere(context, cancellationToken)))
        {
            return false;
        }

        if (place.Injected is { } injected)
        {
            await injected.FindRegistrationAsync(context, sharedType!, SharedSessionForm.IdentityOf(context, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        done.Add(create.Syntax);
        place.Injected?.Forget(context);
        if (sharedType is not null)
        {
            WriteShared(context, sharedType, cancellationToken);
        }
        else
        {
            WritePlain(context, cancellationToken);
        }

        if (place.Kind == SessionPlaceKind.Instance && edits.Memory<TypeDisposal>(place.Type!).IsNew)
        {
            edits.AtEnd((nameof(Creations), place.Type), token => Creations.DisposeAsync(place.Type!, place.IsRegistered, edits, token));
        }

        await LendAsync(context, cancellationToken).ConfigureAwait(false);
        if (sharedType is not null)
        {
            await SharedListings.WriteAsync(context, borrowers, sharedType, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private static bool CanBeDisposed(SolutionEdits edits, SessionPlace place, CancellationToken cancellationToken) =>
        place.Kind != SessionPlaceKind.Instance
        || edits.Memory<TypeDisposal>(place.Type!).Prepare(place.Type!, place.IsRegistered, mustAwait: false, cancellationToken);

    private static void WriteShared(SharingContext context, INamedTypeSymbol sharedType, CancellationToken cancellationToken)
    {
        var (name, isNew) = SharedSessionForm.Write(context, sharedType, cancellationToken);
        if (context.Place.Kind == SessionPlaceKind.Instance && isNew)
        {
            Dispose(context, DisposeCode.Of($"{name}.DisposeAsync()", context.Configured, $"{name}.Dispose();"));
        }

        ReplaceOpening(context, SharedSessionForm.Get(name, context.Recipe), isTask: false);
    }

    private static void WritePlain(SharingContext context, CancellationToken cancellationToken)
    {
        var session = PlainForm.Write(context, cancellationToken);
        if (session.Close is { } close)
        {
            Dispose(context, DisposeCode.Of($"{close}()", context.Configured, $"_ = Task.Run(async () => await {close}());"));
        }

        if (context.Place.Kind == SessionPlaceKind.Local)
        {
            ReplaceAwaited(context, session.Name);
        }
        else
        {
            ReplaceOpening(context, $"{session.Name}({context.Recipe.Token})", isTask: true);
        }
    }

    private static void Dispose(SharingContext context, DisposeCode code)
    {
        var (edits, document, type, part) = (context.Solution, context.Document, context.Place.Type!, context.Place.Part!);
        var disposal = edits.Memory<TypeDisposal>(type);
        disposal.Add(code);
        edits.AtEnd((nameof(TypeDisposal), type), token => disposal.WriteAsync(edits, document, part, token));
    }

    private static void ReplaceOpening(SharingContext context, string session, bool isTask)
    {
        var opening = context.Opening;
        var isAwaited = opening.Parent is AwaitExpressionSyntax
            || opening.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax { Parent: AwaitExpressionSyntax } };
        context.Document.Text.Replace(opening.Span, isTask || isAwaited ? session : session + ".AsTask()");
    }

    private static void ReplaceAwaited(SharingContext context, string client)
    {
        var awaited = context.Opening.Ancestors().TakeWhile(node => node is ExpressionSyntax).OfType<AwaitExpressionSyntax>().FirstOrDefault();
        if (awaited is not null)
        {
            context.Document.Text.Replace(awaited.Span, client);
        }
        else
        {
            context.Document.Text.Replace(context.Opening.Span, $"Task.FromResult({client})");
        }
    }

    /// <summary>Nobody who borrows the session disposes it, or what fed its opening; functions that reach it may not be static.</summary>
    private static async Task LendAsync(SharingContext context, CancellationToken cancellationToken)
    {
        foreach (var release in context.Releases)
        {
            await release.ApplyAsync(context.Solution, cancellationToken).ConfigureAwait(false);
        }

        foreach (var local in context.Recipe.Locals.Where(local => !local.StaysToo))
        {
            if (local.Statement is UsingStatementSyntax)
            {
                context.Document.Statements.Unwrap(local.Statement);
            }
            else
            {
                context.Document.Statements.Remove(local.Statement);
            }

            foreach (var statement in local.Mutations.Values.Concat(local.Disposals))
            {
                context.Document.Statements.Remove(statement);
            }
        }

        FoldedDeclaration.Fold(context.Opening, context.Document);
        if (context.Place.Kind != SessionPlaceKind.Static)
        {
            foreach (var function in context.Opening.Ancestors().TakeWhile(node => node is not MemberDeclarationSyntax or GlobalStatementSyntax))
            {
                StaticFunctions.Release(function, context.Document);
            }
        }
    }
}
