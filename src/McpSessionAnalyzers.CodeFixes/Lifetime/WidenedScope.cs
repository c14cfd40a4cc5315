using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// A <c>using</c> statement becomes a declaration: the session then lives as long as the local, declared beside it, that carries its tools out.
/// Right where the code around runs once; where each call would open a session, it is to be shared instead.
/// </summary>
internal static class WidenedScope
{
    public static bool TryWrite(OutlivingTool tool, MemberBody body, DocumentEdits document, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var scopes = tool.Sessions.Select(session => ScopeOf(session, tool, body, facts, cancellationToken)).ToList();
        if (tool.Kind != OutlivingToolKind.CarriedOut || scopes.Any(scope => scope is null))
        {
            return false;
        }

        foreach (var scope in scopes.OfType<UsingStatementSyntax>().Distinct())
        {
            document.Statements.Unwrap(scope, () => $"{scope.AwaitKeyword.ValueText} using {scope.Declaration};");
        }

        return true;
    }

    private static UsingStatementSyntax? ScopeOf(IOperation session, OutlivingTool tool, MemberBody body, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var syntax = session.Syntax;
        if (facts.Sessions.Openings.Find(syntax, body, cancellationToken) is not { } traced
            || !facts.Calls.Of(session, cancellationToken).IsRunOnce
            || ((CSharpParseOptions)syntax.SyntaxTree.Options).LanguageVersion < LanguageVersion.CSharp8
            || syntax.FirstAncestorOrSelf<UsingStatementSyntax>(@using => @using.Declaration?.Span.Contains(syntax.Span) == true) is not { } scope
            || scope is not { Statement: BlockSyntax block, Declaration.Variables.Count: 1 } || scope.AwaitKeyword.IsKind(SyntaxKind.None)
            || tool.Target!.DeclaringSyntaxReferences is not { Length: 1 } declarations
            || declarations[0].GetSyntax(cancellationToken).FirstAncestorOrSelf<StatementSyntax>() is not LocalDeclarationStatementSyntax local
            || Scopes.WouldClash(scope, block, static _ => false))
        {
            return null;
        }

        // In the same list, so that they end together; and what it carries out goes no further.
        var isBeside = scope.Parent is GlobalStatementSyntax ? local.Parent is GlobalStatementSyntax : scope.Parent is BlockSyntax && local.Parent == scope.Parent;
        return isBeside && !traced.Trace.Events.Any(e => e.Operation.Syntax.SpanStart >= scope.Span.End
            && e.Kind is TraceEventKind.DependentLeaves or TraceEventKind.DependentMayLeave or TraceEventKind.DependentIsLambdaResult)
                ? scope
                : null;
    }
}
