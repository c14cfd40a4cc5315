using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.CodeFixes.Lifetime;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Fixes MSA1107: the session is used without being disposed. Where that was the only disposal that a type's own session had, it is disposed with
/// its owner.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BorrowedSessionDisposedFix))]
public sealed class BorrowedSessionDisposedFix : SessionCodeFix
{
    /// <summary>Takes the disposal out.</summary>
    public const string Borrow = RuleIds.BorrowedSessionDisposed + "_Borrow";

    /// <summary>Made by the host.</summary>
    public BorrowedSessionDisposedFix()
        : base(RuleIds.BorrowedSessionDisposed, Borrow)
    {
    }

    internal override string Title => "Use the MCP session without disposing it";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here)
        {
            return null;
        }

        var facts = CompilationFacts.Of(here.Model.Compilation);
        var place = here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)
            .AncestorsAndSelf().FirstOrDefault(node => node is InvocationExpressionSyntax or UsingStatementSyntax or LocalDeclarationStatementSyntax);
        if (place is null
            || facts.Sessions.Bodies.Containing(place, cancellationToken) is not { } body
            || DisposalAt(place, body) is not { } disposal)
        {
            return null;
        }

        var release = Release.Of(disposal, body, facts);
        var expression = release is null && place is InvocationExpressionSyntax call ? DisposalExpression.Around(call, here, cancellationToken) : null;
        if ((release is null && expression is null)
            || !await HasOwnerAsync(place, diagnostic, body, edits, here, facts, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        expression?.Remove(here);
        if (release is not null)
        {
            await release.ApplyAsync(edits, cancellationToken).ConfigureAwait(false);
            LastAwait.Gone(place, AwaitOf(place), edits, here);
        }

        return Title;
    }

    private static IOperation? DisposalAt(SyntaxNode place, MemberBody body)
    {
        var declaration = place switch
        {
            UsingStatementSyntax @using => @using.Declaration,
            LocalDeclarationStatementSyntax local => local.Declaration,
            _ => null,
        };
        if (declaration is not null)
        {
            return body.Root.Descendants().OfType<IVariableDeclaratorOperation>().FirstOrDefault(declarator => declarator.Syntax == declaration.Variables[0]);
        }

        return body.Root.Descendants().FirstOrDefault(operation => operation.Syntax == place && operation is (IUsingOperation or IInvocationOperation));
    }

    /// <summary>What is awaited no more once the disposal has gone.</summary>
    private static TextSpan AwaitOf(SyntaxNode place) => place switch
    {
        UsingStatementSyntax @using => @using.AwaitKeyword.Span,
        LocalDeclarationStatementSyntax local => local.AwaitKeyword.Span,
        _ => place.FirstAncestorOrSelf<StatementSyntax>()!.Span,
    };

    /// <summary>A field's session that only per-call code has disposed needs somebody else who does: the object that has the field.</summary>
    private static async Task<bool> HasOwnerAsync(
        SyntaxNode place, Diagnostic diagnostic, MemberBody body, SolutionEdits edits, DocumentEdits here, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var value = here.Model.GetOperation(place, cancellationToken) is { } operation
            ? SessionDisposals.Of(operation, facts.Sessions).Where(one => one.Location.SourceSpan == diagnostic.Location.SourceSpan).Select(one => SessionDisposals.Find(one, body)).FirstOrDefault()
            : null;
        if (value is null || new BorrowedSessions(facts, cancellationToken).Find(value, body) is not { } borrowed)
        {
            return false;
        }

        if (borrowed is not { Lender: SessionLender.Field, Member: IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false } })
        {
            return true;
        }

        var member = borrowed.Member;
        var type = member.ContainingType;
        var isOwned = facts.Sessions.Members.OwnedBy(type, cancellationToken).Concat(facts.Sessions.Arrivals.Into(type, cancellationToken))
            .Any(owned => SymbolEqualityComparer.Default.Equals(owned.Member, member.OriginalDefinition));
        return !isOwned
            || TypeBodies.ThatName(member, type, facts.Sessions.Bodies, cancellationToken).Any(other => IsOwners(other.Member) && facts.Sessions.Disposal.Ends(member, other, null, cancellationToken))
            || (member.DeclaringSyntaxReferences.Length == 1
                && await member.DeclaringSyntaxReferences[0].GetSyntaxAsync(cancellationToken).ConfigureAwait(false) is { } declaration
                && await edits.OfAsync(declaration.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } there
                && await OwnedSessionNotDisposedFix.TryDisposeAsync(edits, there, declaration, cancellationToken).ConfigureAwait(false));

        bool IsOwners(ISymbol other) => !facts.Calls.OfMember(other, cancellationToken).IsPerCallByEvidence;
    }
}
