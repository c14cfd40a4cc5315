using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>Where a function names a session, settles it, or asks whether there is one.</summary>
internal sealed class SessionMentions
{
    private readonly TracedOpening _traced;
    private readonly SessionTypes _types;
    private readonly DocumentEdits _edits;
    private readonly SyntaxNode _function;
    private readonly CancellationToken _cancellationToken;

    public SessionMentions(TracedOpening traced, SessionTypes types, DocumentEdits edits, SyntaxNode function, CancellationToken cancellationToken)
    {
        _traced = traced;
        _types = types;
        _edits = edits;
        _function = function;
        _cancellationToken = cancellationToken;
    }

    public IEnumerable<TraceEvent> Settling() => _traced.Trace.Events.Where(e =>
        e.Kind is TraceEventKind.Dispose or TraceEventKind.Return or TraceEventKind.Store or TraceEventKind.Collect or TraceEventKind.Escape or TraceEventKind.LambdaResult
        && e.Operation.Syntax is var syntax && syntax.SyntaxTree == _function.SyntaxTree && _function.Span.Contains(syntax.Span));

    public IEnumerable<TraceEvent> SettlingIn(SyntaxNode node) => Settling().Where(e => node.Span.Contains(e.Operation.Syntax.Span));

    public bool IsSession(IdentifierNameSyntax name) =>
        _traced.Trace.Holders.Any(holder => holder.Name == name.Identifier.ValueText)
        && _edits.Model.GetSymbolInfo(name, _cancellationToken).Symbol is { } symbol
        && _traced.Trace.Holders.Contains(symbol, SymbolEqualityComparer.Default);

    public bool NamesSession(SyntaxNode node) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(IsSession);

    /// <summary>It asks the session, or what the session serves.</summary>
    public bool NeedsSession(SyntaxNode node) =>
        NamesSession(node)
        || (node is ExpressionSyntax && _edits.Model.GetTypeInfo(node, _cancellationToken).Type is { } type && (_types.NeedsSession(type) || _types.IsBuiltFromTools(type)))
        || _traced.Trace.Events.Any(e => e.Operation.Syntax.SyntaxTree == node.SyntaxTree && node.Span.Contains(e.Operation.Syntax.Span));

    public bool IsNamedForSure(SyntaxNode head, StatementSyntax statement)
    {
        var names = head.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Where(IsSession).ToList();
        return names.Count == 0 || names.Any(name => IsSure(name, statement));
    }

    public bool IsSure(SyntaxNode node, StatementSyntax statement)
    {
        for (var current = node; current != statement && current.Parent is { } parent; current = parent)
        {
            if (parent is AnonymousFunctionExpressionSyntax
                || (UsingRules.IsConditionalIn(parent, current) && !(parent is ConditionalAccessExpressionSyntax access && NamesSession(access.Expression)) && parent is not StatementSyntax))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A test for null that is only a part of what is asked.</summary>
    public bool IsAskedForNull(SyntaxNode head, StatementSyntax statement) =>
        !(statement is IfStatementSyntax test && IsEmptyWhen(test.Condition) is not null)
        && head.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => IsSession(name)
            && name.Parent is IsPatternExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression or (int)SyntaxKind.IsExpression });

    /// <summary>The outcome of the condition that says there is no session.</summary>
    public bool? IsEmptyWhen(ExpressionSyntax condition) => condition switch
    {
        ParenthesizedExpressionSyntax inner => IsEmptyWhen(inner.Expression),
        BinaryExpressionSyntax { Left: IdentifierNameSyntax name, Right.RawKind: (int)SyntaxKind.NullLiteralExpression } test when IsSession(name) =>
            test.IsKind(SyntaxKind.EqualsExpression) ? true : test.IsKind(SyntaxKind.NotEqualsExpression) ? false : null,
        IsPatternExpressionSyntax { Expression: IdentifierNameSyntax name } test when IsSession(name) => test.Pattern switch
        {
            ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } => true,
            UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } => false,
            _ => null,
        },
        _ => null,
    };
}
