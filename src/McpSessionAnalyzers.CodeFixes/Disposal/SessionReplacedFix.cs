using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Fixes MSA1104: the old session is taken out, and disposed once the new one is there. So the field never holds a session that is closed, and keeps the
/// old one where the opening fails.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SessionReplacedFix))]
public sealed class SessionReplacedFix : SessionCodeFix
{
    /// <summary>Disposes the session that is replaced.</summary>
    public const string DisposePrevious = RuleIds.SessionReplaced + "_DisposePrevious";

    /// <summary>Made by the host.</summary>
    public SessionReplacedFix()
        : base(RuleIds.SessionReplaced, DisposePrevious)
    {
    }

    internal override string Title => "Dispose the MCP session that is replaced";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here
            || here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionSyntax>(node => node.Span == diagnostic.Location.SourceSpan) is not { } target)
        {
            return null;
        }

        ExpressionSyntax? write = target.Parent switch
        {
            AssignmentExpressionSyntax assignment when assignment.Left == target => assignment,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax exchange } => exchange,
            _ => null,
        };
        var sessions = CompilationFacts.Of(here.Model.Compilation).Sessions;
        return write is not null
            && here.Model.GetTypeInfo(target, cancellationToken).Type is { } type
            && IsNewSessionOrNull(write, sessions, here.Model, cancellationToken)
            && TryReplace(write, target, type, sessions, edits, here, cancellationToken)
                ? Title
                : null;
    }

    private static bool TryReplace(
        ExpressionSyntax write, ExpressionSyntax target, ITypeSymbol type, SessionFacts sessions, SolutionEdits solution, DocumentEdits edits, CancellationToken cancellationToken)
    {
        var discard = write.Parent as AssignmentExpressionSyntax;
        var statement = (discard ?? write).Parent as ExpressionStatementSyntax;
        var place = AwaitPlace.At(write, edits, cancellationToken);
        var function = place?.Function ?? Functions.Around(write);
        if (function is null || (statement is null && (Functions.ExpressionOf(function) != write || Functions.HasResult(function, edits.Model, cancellationToken))))
        {
            return false;
        }

        var member = function.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? function;
        var taken = solution.Memory<HashSet<string>>(member);
        var previous = NewName("previous");
        var code = new ClosingCode(sessions.Types, IsConfigured(write) ? ".ConfigureAwait(false)" : "", edits.Layout.Unit, NewName);
        var close = place is not null ? code.Of(type, previous, mayBeNull: true)
            : sessions.Types.IsSyncDisposable(type) && type is not { Name: "Task" } ? $"{previous}?.Dispose();"
            : null;
        if (close is null)
        {
            return false;
        }

        var exchange = write as InvocationExpressionSyntax;
        var take = exchange is null ? $"var {previous} = {target};" : $"var {previous} = ";
        if (statement is null)
        {
            if (exchange is not null || (place is not null && !Functions.IsAsync(place.Function)))
            {
                return false;
            }

            ToBlock(function, take, close, edits);
            return true;
        }

        if (exchange is not null)
        {
            ToExchange(exchange, edits);
            edits.Text.Replace(TextSpan.FromBounds(statement.SpanStart, exchange.SpanStart), take);
        }

        InsertAround(statement, exchange is null ? take : null, close, edits);
        place?.MakeAsync(solution, cancellationToken);
        return true;

        string NewName(string wanted)
        {
            var name = Scopes.UniqueName(wanted, member, taken.Contains);
            taken.Add(name);
            return name;
        }
    }

    private static void InsertAround(StatementSyntax statement, string? before, string after, DocumentEdits edits)
    {
        var layout = edits.Layout;
        if (!layout.StartsLine(statement))
        {
            // A statement among others on one line stays on it.
            var isBraced = UsingRules.IsListed(statement);
            edits.Text.Insert(statement.SpanStart, (isBraced ? "" : "{ ") + (before is null ? "" : before + " "));
            edits.Text.Insert(statement.Span.End, " " + string.Join(" ", after.Split('\n').Select(line => line.Trim())) + (isBraced ? "" : " }"));
            return;
        }

        var isListed = UsingRules.IsListed(statement);
        var indentation = isListed ? layout.IndentationOf(statement) : layout.IndentationOf(statement.Parent!) + layout.Unit;
        var eol = layout.EndOfLine;
        if (isListed && before is not null)
        {
            edits.Text.Insert(statement.SpanStart, before + eol + indentation);
        }

        // Below the comment that may stand at the end of the line.
        var end = statement.GetLastToken().TrailingTrivia
            .Where(trivia => !trivia.IsKind(SyntaxKind.EndOfLineTrivia) && !trivia.IsKind(SyntaxKind.WhitespaceTrivia))
            .Select(trivia => trivia.Span.End).DefaultIfEmpty(statement.Span.End).Last();
        var isFollowed = statement.GetLastToken().GetNextToken() is { RawKind: not (int)SyntaxKind.CloseBraceToken } next
            && !next.LeadingTrivia.FirstOrDefault().IsKind(SyntaxKind.EndOfLineTrivia)

            // A function that becomes async loses this one.
            && !(next.Parent is ReturnStatementSyntax { Expression: { } result } && BodyEdits.IsCompleted(result));
        var text = eol + indentation + after.Replace("\n", eol + indentation);
        edits.Text.Insert(isListed ? end : statement.Span.End, text + (isListed && isFollowed && after.EndsWith("}", StringComparison.Ordinal) ? eol : ""));
        if (!isListed)
        {
            edits.Statements.Brace(statement, before);
        }
    }

    private static void ToBlock(SyntaxNode function, string before, string after, DocumentEdits edits)
    {
        var body = edits.Layout.IndentationOf(function) + edits.Layout.Unit;
        new ArrowBody { Before = { before }, After = { after.Replace("\n", edits.Layout.EndOfLine + body) } }.Write(function, returns: false, edits);
    }

    /// <summary><c>Volatile.Write</c> gives nothing back; <c>Interlocked.Exchange</c> gives what was there.</summary>
    private static void ToExchange(InvocationExpressionSyntax call, DocumentEdits edits)
    {
        if (call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Write" } access)
        {
            edits.Text.Replace(OpeningLocations.NameSyntaxOf(access.Expression).Span, "Interlocked");
            edits.Text.Replace(access.Name.Span, "Exchange");
        }
    }

    /// <summary>The code around an opening that says <c>ConfigureAwait(false)</c> does so throughout.</summary>
    private static bool IsConfigured(ExpressionSyntax write) =>
        write.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
            call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } && call.ArgumentList.ToString().Contains("false"));

    /// <summary>What comes in from outside may be the very session that is in the field.</summary>
    private static bool IsNewSessionOrNull(ExpressionSyntax write, SessionFacts sessions, SemanticModel model, CancellationToken cancellationToken)
    {
        var value = write switch
        {
            AssignmentExpressionSyntax assignment => assignment.Right,
            InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments } => arguments[1].Expression,
            _ => null,
        };
        if (value is null || sessions.Bodies.Containing(write, cancellationToken) is not { } body)
        {
            return false;
        }

        return model.GetOperation(value, cancellationToken) is { } operation && IsNew(operation);

        bool IsNew(IOperation one)
        {
            var bare = OwnWaits.Bare(one, sessions.Calls);
            return bare.ConstantValue is { HasValue: true, Value: null }
                || bare is IDefaultValueOperation or IObjectCreationOperation
                || (bare is IInvocationOperation or IPropertyReferenceOperation && sessions.Openings.Find(bare, cancellationToken) is not null)
                || (bare is ILocalReferenceOperation local && LocalValues.Of(local.Local, body) is { Count: > 0 } values
                    && values.All(given => given is not ILocalReferenceOperation && IsNew(given)));
        }
    }
}
