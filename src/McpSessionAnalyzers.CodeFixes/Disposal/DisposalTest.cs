using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Replaces the test of a session for <c>IDisposable</c>, and the calls of <c>Dispose</c> that hang on it. Whatever else is done with the
/// <c>IDisposable</c> keeps the test as it is: a person must say what was meant.
/// </summary>
internal sealed class DisposalTest
{
    private readonly DocumentEdits _edits;
    private readonly SyntaxNode _function;
    private readonly bool _blocks;
    private readonly CancellationToken _cancellationToken;

    /// <param name="edits">The document.</param>
    /// <param name="function">The function that tests.</param>
    /// <param name="blocks">It can't await: it waits.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public DisposalTest(DocumentEdits edits, SyntaxNode function, bool blocks, CancellationToken cancellationToken)
    {
        _edits = edits;
        _function = function;
        _blocks = blocks;
        _cancellationToken = cancellationToken;
    }

    public bool TryReplace(SyntaxNode test) => test switch
    {
        IsPatternExpressionSyntax pattern => Pattern(pattern),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression } type => IsType(type),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression } cast => As(cast),
        GenericNameSyntax name => OfType(name),
        _ => false,
    };

    /// <summary><c>mcp is IDisposable d</c>: what it must be is something, and <c>d</c> is the session then.</summary>
    private bool Pattern(IsPatternExpressionSyntax test)
    {
        var pattern = test.Pattern is UnaryPatternSyntax { RawKind: (int)SyntaxKind.NotPattern } not ? not.Pattern : test.Pattern;
        var (type, designation) = pattern switch
        {
            DeclarationPatternSyntax declaration => (declaration.Type, declaration.Designation),
            RecursivePatternSyntax { Type: { } named, PositionalPatternClause: null, PropertyPatternClause.Subpatterns.Count: 0 } recursive => (named, recursive.Designation),
            _ => default,
        };
        if (designation is not SingleVariableDesignationSyntax variable
            || _edits.Model.GetTypeInfo(test.Expression, _cancellationToken).Type?.SpecialType == SpecialType.System_Object
            || DisposalsOf(variable) is not { } disposals)
        {
            return false;
        }

        if (disposals.Count == 1 && pattern == test.Pattern && IsWholeIf(test, disposals[0]) is { } statement && IsSurelyThere(test.Expression))
        {
            _edits.Text.Replace(statement.Span, Closing(test.Expression, mayBeNull: false) + ";");
            return true;
        }

        var end = pattern is RecursivePatternSyntax { PropertyPatternClause: { } clause } ? clause.SpanStart : type!.Span.End;
        _edits.Text.Replace(TextSpan.FromBounds(type!.SpanStart, end), end == type.Span.End ? "{ }" : "");
        foreach (var disposal in disposals)
        {
            Await(disposal);
        }

        return true;
    }

    /// <summary><c>if (mcp is IDisposable) ((IDisposable)mcp).Dispose();</c></summary>
    private bool IsType(BinaryExpressionSyntax test)
    {
        if (test.Parent is not IfStatementSyntax { Else: null } statement
            || Only(statement.Statement) is not ExpressionStatementSyntax
            {
                Expression: InvocationExpressionSyntax
                {
                    ArgumentList.Arguments.Count: 0,
                    Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Dispose", Expression: ParenthesizedExpressionSyntax { Expression: CastExpressionSyntax cast } },
                } disposal,
            }
            || cast.Expression.ToString() != test.Left.ToString())
        {
            return false;
        }

        if (IsSurelyThere(test.Left) && !HasComments(statement))
        {
            _edits.Text.Replace(statement.Span, Closing(test.Left, mayBeNull: false) + ";");
            return true;
        }

        _edits.Text.Replace(TextSpan.FromBounds(test.OperatorToken.SpanStart, test.Right.Span.End), "!= null");
        _edits.Text.Replace(disposal.Span, Closing(test.Left, mayBeNull: false));
        return true;
    }

    private bool As(BinaryExpressionSyntax cast)
    {
        SyntaxNode whole = cast;
        while (whole.Parent is ParenthesizedExpressionSyntax)
        {
            whole = whole.Parent;
        }

        switch (whole.Parent)
        {
            // (mcp as IDisposable)?.Dispose();
            case ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax { Name.Identifier.ValueText: "Dispose" } } } access
                when IsWholeStatement(access):
                var session = Bare(cast.Left);
                _edits.Text.Replace(access.Span, Closing(session, !IsSurelyThere(session)));
                return true;

            // (mcp as IDisposable)!.Dispose();
            case PostfixUnaryExpressionSyntax { Parent: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Dispose", Parent: InvocationExpressionSyntax call } } when IsWholeStatement(call):
                _edits.Text.Replace(call.Span, Closing(Bare(cast.Left), mayBeNull: false, IsSurelyThere(Bare(cast.Left)) ? "" : "!"));
                return true;

            // using var d = mcp as IDisposable;
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0, AwaitKeyword.RawKind: 0 } held } heldDeclaration } heldVariable }
                when !_blocks && DisposalsOf(heldVariable) is { Count: 0 }:
                _edits.Text.Insert(held.UsingKeyword.SpanStart, "await ");
                if (!heldDeclaration.Type.IsVar)
                {
                    _edits.Text.Replace(heldDeclaration.Type.Span, "var");
                }

                _edits.Text.Replace(whole.Span, Bare(cast.Left).ToString());
                return true;

            // using (mcp as IDisposable) { … }
            case UsingStatementSyntax { AwaitKeyword.RawKind: 0 } statement when !_blocks && whole == statement.Expression:
                _edits.Text.Insert(statement.UsingKeyword.SpanStart, "await ");
                _edits.Text.Replace(cast.Span, Bare(cast.Left).ToString());
                return true;

            // var d = mcp as IDisposable; d?.Dispose();
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } } declaration } variable }
                when DisposalsOf(variable) is { } disposals:
                if (!declaration.Type.IsVar)
                {
                    _edits.Text.Replace(declaration.Type.Span, "var");
                }

                _edits.Text.Replace(whole.Span, Bare(cast.Left).ToString());
                foreach (var disposal in disposals)
                {
                    Await(disposal);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary><c>foreach (var d in sessions.OfType&lt;IDisposable&gt;()) d.Dispose();</c></summary>
    private bool OfType(GenericNameSyntax name)
    {
        if (name.FirstAncestorOrSelf<InvocationExpressionSyntax>()?.Parent is not ForEachStatementSyntax loop
            || DisposalsOf(loop) is not { Count: > 0 } disposals)
        {
            return false;
        }

        var type = _edits.Usings.NameOf("System.IAsyncDisposable", name.SpanStart);
        _edits.Text.Replace(name.TypeArgumentList.Arguments[0].Span, type);
        if (!loop.Type.IsVar)
        {
            _edits.Text.Replace(loop.Type.Span, type);
        }

        foreach (var disposal in disposals)
        {
            Await(disposal);
        }

        return true;
    }

    /// <summary>The calls of <c>Dispose</c> on a variable, each a statement; null where it is used for anything else but a test for null.</summary>
    private IReadOnlyList<ExpressionSyntax>? DisposalsOf(SyntaxNode declaration)
    {
        if (_edits.Model.GetDeclaredSymbol(declaration, _cancellationToken) is not ILocalSymbol local)
        {
            return null;
        }

        var disposals = new List<ExpressionSyntax>();
        foreach (var name in _function.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != local.Name
                || !SymbolEqualityComparer.Default.Equals(_edits.Model.GetSymbolInfo(name, _cancellationToken).Symbol, local)
                || IsTestForNull(name))
            {
                continue;
            }

            ExpressionSyntax? disposal = name.Parent switch
            {
                MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Dispose", Parent: InvocationExpressionSyntax call } => call,
                ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax { Name.Identifier.ValueText: "Dispose" } } } access => access,
                _ => null,
            };
            if (disposal is null || !IsWholeStatement(disposal) || Functions.Around(disposal) != _function || !Functions.AllowsAwaitAt(disposal, _function))
            {
                return null;
            }

            disposals.Add(disposal);
        }

        return disposals;
    }

    private const string Blocking = ".AsTask().GetAwaiter().GetResult()";

    private string Closing(ExpressionSyntax session, bool mayBeNull, string asserted = "") =>
        _blocks ? $"{session}{(mayBeNull ? "?" : asserted)}.DisposeAsync(){Blocking}"
        : mayBeNull ? $"await ({session}?.DisposeAsync() ?? default)"
        : $"await {session}{asserted}.DisposeAsync()";

    private void Await(ExpressionSyntax disposal)
    {
        var method = disposal.DescendantNodes().OfType<SimpleNameSyntax>().Last(name => name.Identifier.ValueText == "Dispose");
        _edits.Text.Replace(method.Span, "DisposeAsync");
        if (_blocks)
        {
            _edits.Text.Insert(disposal.Span.End, Blocking);
            return;
        }

        _edits.Text.Insert(disposal.SpanStart, disposal is ConditionalAccessExpressionSyntax ? "await (" : "await ");
        if (disposal is ConditionalAccessExpressionSyntax)
        {
            _edits.Text.Insert(disposal.Span.End, " ?? default)");
        }
    }

    /// <summary>The test is the condition of an if that does nothing but dispose.</summary>
    private static IfStatementSyntax? IsWholeIf(ExpressionSyntax test, ExpressionSyntax disposal) =>
        test.Parent is IfStatementSyntax { Else: null } statement && Only(statement.Statement) == disposal.Parent && !HasComments(statement) ? statement : null;

    private static StatementSyntax? Only(StatementSyntax statement) =>
        statement is BlockSyntax block ? block.Statements.Count == 1 ? block.Statements[0] : null : statement;

    private static bool HasComments(SyntaxNode node) =>
        node.DescendantTrivia().Any(trivia => node.Span.Contains(trivia.Span) && (trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)));

    private bool IsWholeStatement(ExpressionSyntax expression) =>
        expression.Parent is ExpressionStatementSyntax
        || (Functions.ExpressionOf(_function) == expression && !Functions.HasResult(_function, _edits.Model, _cancellationToken));

    /// <summary>A local or parameter that the compiler knows to hold something. A field may be set to null by anybody.</summary>
    private bool IsSurelyThere(ExpressionSyntax session) =>
        _edits.Model.GetSymbolInfo(session, _cancellationToken).Symbol is ILocalSymbol or IParameterSymbol
        && _edits.Model.GetTypeInfo(session, _cancellationToken).Nullability.FlowState == NullableFlowState.NotNull;

    private static ExpressionSyntax Bare(ExpressionSyntax session) => session switch
    {
        CastExpressionSyntax cast => Bare(cast.Expression),
        ParenthesizedExpressionSyntax { Expression: CastExpressionSyntax or ParenthesizedExpressionSyntax } inner => Bare(inner.Expression),
        _ => session,
    };

    private static bool IsTestForNull(IdentifierNameSyntax name) => name.Parent switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } test => test.Right.IsKind(SyntaxKind.NullLiteralExpression),
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax or UnaryPatternSyntax { Pattern: ConstantPatternSyntax } } => true,
        _ => false,
    };
}
