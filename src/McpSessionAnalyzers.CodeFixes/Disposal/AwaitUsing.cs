using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>Puts a session that nobody disposes into a using declaration, where it is declared or, if it has no name, in front of the statement that opens it.</summary>
internal sealed class AwaitUsing
{
    private readonly SolutionEdits _solution;
    private readonly DocumentEdits _edits;
    private readonly MemberBody _body;
    private readonly ExpressionSyntax _opening;
    private readonly bool? _becomesDisposable;
    private readonly ValueTrace? _trace;
    private readonly AwaitPlace? _place;
    private readonly CancellationToken _cancellationToken;

    /// <summary>The opening with what only unwraps it.</summary>
    private readonly ExpressionSyntax _held;
    private readonly HeldOpening _value;

    private SyntaxNode _function = null!;
    private string _using = "await using";
    private bool _makeAsync;

    private AwaitUsing(
        SolutionEdits solution,
        DocumentEdits edits,
        MemberBody body,
        ExpressionSyntax opening,
        HeldOpening value,
        ValueTrace? trace,
        bool? becomesDisposable,
        AwaitPlace? place,
        CancellationToken cancellationToken)
    {
        _trace = trace;
        _place = place;
        _becomesDisposable = becomesDisposable;
        _solution = solution;
        _edits = edits;
        _body = body;
        _opening = opening;
        _value = value;
        _held = value.Whole;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Disposes what <paramref name="traced"/> opens; false, and nothing done, where that can't be right.</summary>
    /// <param name="solution">The edits.</param>
    /// <param name="edits">The document.</param>
    /// <param name="traced">The opening.</param>
    /// <param name="place">Says that it can be awaited there, where callers must change for that.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static bool TryApply(SolutionEdits solution, DocumentEdits edits, TracedOpening traced, AwaitPlace? place, CancellationToken cancellationToken) =>
        traced.Opening is { OutArgument: null, Operation.Syntax: ExpressionSyntax opening }
        && HeldOpening.Of(opening, traced.Body, edits.Model, cancellationToken) is { } value
        && TryApply(new AwaitUsing(solution, edits, traced.Body, opening, value, traced.Trace, becomesDisposable: null, place, cancellationToken));

    /// <summary>The same where no caller changes.</summary>
    public static bool TryApply(SolutionEdits solution, DocumentEdits edits, TracedOpening traced, CancellationToken cancellationToken) =>
        TryApply(solution, edits, traced, place: null, cancellationToken);

    /// <summary>Disposes an object whose type another part of this fix makes <c>IAsyncDisposable</c>, and <c>IDisposable</c> too if <paramref name="synchronously"/>.</summary>
    public static bool TryApply(
        SolutionEdits solution, DocumentEdits edits, MemberBody body, BaseObjectCreationExpressionSyntax creation, bool synchronously, CancellationToken cancellationToken) =>
        HeldOpening.Of(creation, body, edits.Model, cancellationToken) is { } value && TryApply(new AwaitUsing(solution, edits, body, creation, value, trace: null, synchronously, place: null, cancellationToken));

    private static bool TryApply(AwaitUsing fix) => fix.FindFunction() && fix.ChooseUsing() && fix.Apply();

    private bool FindFunction()
    {
        if (Functions.Around(_opening) is not { } function
            || !Functions.AllowsAwaitAt(_opening, function)
            || Functions.IsInExpressionTree(_opening, _edits.Model, _cancellationToken)
            || ((CSharpParseOptions)_opening.SyntaxTree.Options).LanguageVersion < LanguageVersion.CSharp8)
        {
            return false;
        }

        _function = function;
        return true;
    }

    private bool ChooseUsing()
    {
        var type = _edits.Model.GetTypeInfo(_held, _cancellationToken).Type;
        var isAsyncDisposable = _becomesDisposable is not null || Is(type, "IAsyncDisposable");
        if (isAsyncDisposable && Functions.IsAsync(_function))
        {
            return true;
        }

        // An owner that can also be disposed synchronously, in code that can't await.
        if (_becomesDisposable ?? Is(type, "IDisposable"))
        {
            _using = "using";
            return true;
        }

        _makeAsync = true;
        return isAsyncDisposable && (_place?.Function == _function || AsyncConversion.CanMakeAsync(_function, _edits.Model, isAwaitedThen: null, _cancellationToken));
    }

    private bool Apply()
    {
        var statement = _held.FirstAncestorOrSelf<StatementSyntax>();
        if (statement is not null && !_function.Span.Contains(statement.Span))
        {
            statement = null;
        }

        if (statement is LocalFunctionStatementSyntax)
        {
            statement = null;
        }

        var scope = statement switch
        {
            null => Functions.BodyOf(_function) ?? _function,
            { Parent: GlobalStatementSyntax } => _function,
            _ when UsingRules.IsListed(statement) => statement.Parent!,
            _ => statement,
        };
        if (_trace is not null && !UsingRules.EndsInTime(_trace, _opening, _function, scope, IsProgram(scope)))
        {
            return false;
        }

        var applied = (_held.Parent, statement) switch
        {
            (EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } declarator }, LocalDeclarationStatementSyntax local)
                when declaration.Parent == local => Declaration(local, declaration, declarator),
            (ExpressionStatementSyntax, ExpressionStatementSyntax dropped) => Named(dropped, new TextSpan(_held.SpanStart, 0)),
            (AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } discard } assignment, ExpressionStatementSyntax dropped)
                when assignment.Parent == dropped && _edits.Model.GetSymbolInfo(discard, _cancellationToken).Symbol is null or IDiscardSymbol =>
                Named(dropped, TextSpan.FromBounds(discard.SpanStart, _held.SpanStart)),
            (AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment, ExpressionStatementSyntax late)
                when assignment.Parent == late => Late(late, name),
            (_, not null) => Hoisted(statement),
            (_, null) => HoistedFromArrow(),
        };
        if (applied)
        {
            MakeAsync();
        }

        return applied;
    }

    /// <summary><c>var client = await …</c>: a using declaration, unless the local is something else later.</summary>
    private bool Declaration(LocalDeclarationStatementSyntax statement, VariableDeclarationSyntax declaration, VariableDeclaratorSyntax declarator)
    {
        if (!(UsingRules.CanStandBeside(statement) || UsingRules.CanBlock(statement, _edits.Layout))
            || _edits.Model.GetDeclaredSymbol(declarator, _cancellationToken) is not ILocalSymbol local
            || _body.ReferencesTo(local).Any(UsingRules.IsWrite))
        {
            return false;
        }

        if (statement.Parent is SwitchSectionSyntax section && _solution.Memory<HashSet<SyntaxNode>>(nameof(UsingRules.CanBlock)).Add(section))
        {
            TryBlocks.In(_solution, _edits).Add(section.Statements[0], section.Statements.Last(), Array.Empty<Func<string, string>>(), Array.Empty<string>());
        }

        _edits.Text.Insert(declaration.SpanStart, _using + " ");
        return true;
    }

    /// <summary>A session without a name gets one.</summary>
    private bool Named(ExpressionStatementSyntax statement, TextSpan target)
    {
        if (statement.Parent is SwitchSectionSyntax or LabeledStatementSyntax || (UsingRules.IsListed(statement) && !UsingRules.CanStandBeside(statement)))
        {
            return false;
        }

        if (!UsingRules.IsListed(statement))
        {
            _edits.Statements.Brace(statement);
        }

        _edits.Text.Replace(target, $"{_using} var {NewName()} = ");
        return true;
    }

    /// <summary><c>McpClient client; … client = await …</c> in one list of statements: declared where it gets its value.</summary>
    private bool Late(ExpressionStatementSyntax statement, IdentifierNameSyntax name)
    {
        if (_edits.Model.GetSymbolInfo(name, _cancellationToken).Symbol is not ILocalSymbol local
            || !UsingRules.CanStandBeside(statement)
            || _body.Declarators(local).ToList() is not { Count: 1 } declarators
            || declarators[0].Syntax is not VariableDeclaratorSyntax { Initializer: null or { Value.RawKind: (int)SyntaxKind.NullLiteralExpression } } declarator
            || declarator.Parent is not VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax declaration }
            || declaration.Parent != statement.Parent
            || _body.ReferencesTo(local).Any(reference => reference.Syntax != name && (UsingRules.IsWrite(reference) || reference.Syntax.SpanStart < statement.SpanStart)))
        {
            return false;
        }

        _edits.Statements.Remove(declaration);
        _edits.Text.Insert(name.SpanStart, $"{_using} var ");
        return true;
    }

    /// <summary><c>(await Open()).Use()</c>: opened in front of the statement, provided that it would be the first thing the statement does.</summary>
    private bool Hoisted(StatementSyntax statement)
    {
        if (statement is not (ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax or YieldStatementSyntax or ThrowStatementSyntax
                or IfStatementSyntax or SwitchStatementSyntax or ForEachStatementSyntax)
            || statement.Parent is SwitchSectionSyntax or LabeledStatementSyntax
            || (UsingRules.IsListed(statement) && !UsingRules.CanStandBeside(statement))
            || !UsingRules.IsEvaluatedFirst(_held, statement))
        {
            return false;
        }

        var name = NewName();
        var declaration = Opening(name);
        if (UsingRules.IsListed(statement))
        {
            _edits.Statements.InsertBefore(statement, declaration);
        }
        else
        {
            _edits.Statements.Brace(statement, declaration);
        }

        _edits.Text.Replace(_held.Span, name);
        return true;
    }

    private bool HoistedFromArrow()
    {
        if (Functions.ExpressionOf(_function) is not { } expression || _makeAsync || !UsingRules.IsEvaluatedFirst(_held, expression))
        {
            return false;
        }

        var returns = Functions.HasResult(_function, _edits.Model, _cancellationToken);
        var arrowBody = _solution.Memory<ArrowBody>(_function);
        if (_held == expression && !returns)
        {
            // async () => await Open(): nothing is left to do but to close it.
            arrowBody.ReplaceBy(Opening(NewName()));
        }
        else
        {
            var name = NewName();
            arrowBody.Add(Opening(name));
            _edits.Text.Replace(_held.Span, name);
        }

        var (function, edits) = (_function, _edits);
        _solution.AtEnd((nameof(ArrowBody), function), _ =>
        {
            arrowBody.Write(function, returns, edits);
            return Task.CompletedTask;
        });
        return true;
    }

    private string Opening(string name)
    {
        var value = _held;
        while (value is ParenthesizedExpressionSyntax inner)
        {
            value = inner.Expression;
        }

        return $"{_using} var {name} = {_edits.Layout.Render(value, _edits.Layout.IndentationOf(_held))};";
    }

    private void MakeAsync()
    {
        if (!_makeAsync)
        {
            return;
        }

        _value.AwaitInsteadOfBlocking(_edits.Text);
        if (_place is not null)
        {
            _place.MakeAsync(_solution, _cancellationToken);
        }
        else
        {
            AwaitPlace.MakeAsync(_function, _solution, _edits, _cancellationToken);
        }
    }

    private string NewName()
    {
        var type = _edits.Model.GetTypeInfo(_held, _cancellationToken).Type;
        var isClient = type?.Name is "McpClient" or "IMcpClient";
        var wanted = isClient || type is null || type.Name.Length == 0 ? "mcpClient" : char.ToLowerInvariant(type.Name[0]) + type.Name.Substring(1);
        var member = _body.Root.Syntax;
        var taken = _solution.Memory<HashSet<string>>(member);
        var name = Scopes.UniqueName(wanted, member, taken.Contains);
        taken.Add(name);
        return name;
    }

    /// <summary>What ends with the program's own body ends with the program.</summary>
    private bool IsProgram(SyntaxNode scope) =>
        SymbolEqualityComparer.Default.Equals(_edits.Model.Compilation.GetEntryPoint(_cancellationToken), _body.Member)
        && scope.Parent is null or BaseMethodDeclarationSyntax;

    private static bool Is(ITypeSymbol? type, string @interface) =>
        type is not null && (type.Name == @interface || type.AllInterfaces.Any(i => i.Name == @interface && i.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }));
}
