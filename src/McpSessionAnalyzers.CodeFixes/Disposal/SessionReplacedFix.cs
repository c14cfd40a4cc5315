using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
            ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } tuple } when assignment.Left == tuple => assignment,
            _ => null,
        };
        var sessions = CompilationFacts.Of(here.Model.Compilation).Sessions;
        return write is not null
            && here.Model.GetTypeInfo(target, cancellationToken).Type is { } type
            && sessions.Bodies.Containing(write, cancellationToken) is { } body
            && !new ReplacedValues(sessions, here.Model, body, cancellationToken).IsUsedAfter(target, write)
            && TryReplace(write, target, type, body, sessions, edits, here, await AwaitPlace.AtAsync(write, here, edits, cancellationToken).ConfigureAwait(false), cancellationToken)
                ? Title
                : null;
    }

    private static bool TryReplace(
        ExpressionSyntax write, ExpressionSyntax target, ITypeSymbol type, MemberBody body, SessionFacts sessions, SolutionEdits solution, DocumentEdits edits, AwaitPlace? place, CancellationToken cancellationToken)
    {
        var function = place?.Function ?? Functions.Around(write);
        var statement = StatementOf(write);
        if (function is null || (statement is null && Functions.ExpressionOf(function) != write))
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

        if (!new ReplacedValues(sessions, edits.Model, body, cancellationToken).IsNewOrNull(write, target))
        {
            // What comes in from outside may be the very session that is in the field.
            var test = $"if ({previous} is not null)";
            if (!sessions.Types.IsAsyncDisposable(type) || !close.StartsWith(test, StringComparison.Ordinal))
            {
                return false;
            }

            close = $"if ({previous} is not null && {previous} != {target})" + close.Substring(test.Length);
        }

        var exchange = write as InvocationExpressionSyntax;
        var take = exchange is null ? $"var {previous} = {target};" : $"var {previous} = ";
        if (statement is null)
        {
            var returns = Functions.HasResult(function, edits.Model, cancellationToken);
            if (exchange is not null
                || (returns && !IsTheValue(write, target))
                || (place is not null && !Functions.IsAsync(place.Function) && Functions.SymbolOf(place.Function, edits.Model, cancellationToken) is not { ReturnsVoid: true }))
            {
                return false;
            }

            ToBlock(function, take, returns ? $"{close}\n\nreturn {target};" : close, edits);
            place?.MakeAsync(solution, cancellationToken);
            return true;
        }

        if (statement is ReturnStatementSyntax returned)
        {
            if (exchange is not null || !IsTheValue(write, target) || returned.Expression != write || place is null || !Functions.IsAsync(place.Function))
            {
                return false;
            }

            edits.Text.Delete(TextSpan.FromBounds(returned.SpanStart, write.SpanStart));
            close += $"\n\nreturn {target};";
        }

        if (exchange is not null)
        {
            if (statement is not ExpressionStatementSyntax)
            {
                return false;
            }

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

    /// <summary>The statement that writes, whatever else it does with the value; null where the write is not sure to happen, or the body is one expression.</summary>
    private static StatementSyntax? StatementOf(ExpressionSyntax write)
    {
        SyntaxNode node = write;
        while (node.Parent is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } or EqualsValueClauseSyntax or VariableDeclaratorSyntax or VariableDeclarationSyntax or ParenthesizedExpressionSyntax)
        {
            node = node.Parent;
        }

        return node.Parent is ExpressionStatementSyntax or ReturnStatementSyntax or LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1, UsingKeyword.RawKind: 0 } ? (StatementSyntax)node.Parent : null;
    }

    /// <summary>What the assignment gives is what the target holds then.</summary>
    private static bool IsTheValue(ExpressionSyntax write, ExpressionSyntax target) => write is AssignmentExpressionSyntax assignment && assignment.Left == target;

    private static void InsertAround(StatementSyntax statement, string? before, string after, DocumentEdits edits)
    {
        var layout = edits.Layout;
        if (!layout.StartsLine(statement))
        {
            // A statement among others on one line stays on it.
            var isBraced = UsingRules.IsListed(statement);
            edits.Text.Insert(statement.SpanStart, (isBraced ? "" : "{ ") + (before is null ? "" : before + " "));
            edits.Text.Insert(statement.Span.End, " " + string.Join(" ", after.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)) + (isBraced ? "" : " }"));
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
        var text = string.Concat(after.Split('\n').Select(line => eol + (line.Length == 0 ? "" : indentation + line)));
        edits.Text.Insert(isListed ? end : statement.Span.End, text + (isListed && isFollowed && after.EndsWith("}", StringComparison.Ordinal) ? eol : ""));
        if (!isListed)
        {
            edits.Statements.Brace(statement, before);
        }
    }

    private static void ToBlock(SyntaxNode function, string before, string after, DocumentEdits edits)
    {
        var body = edits.Layout.IndentationOf(function) + edits.Layout.Unit;
        var text = string.Join(edits.Layout.EndOfLine, after.Split('\n').Select((line, i) => i == 0 || line.Length == 0 ? line : body + line));
        new ArrowBody { Before = { before }, After = { text } }.Write(function, returns: false, edits);
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
}
