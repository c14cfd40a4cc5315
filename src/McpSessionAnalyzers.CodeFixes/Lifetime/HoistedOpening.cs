using McpSessionAnalyzers.CodeFixes.Disposal;
using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Opens in front of a loop what each of its rounds opened: the session, with the locals that it is made of. A using declaration there closes it, and
/// nothing in the loop does.
/// </summary>
internal sealed class HoistedOpening
{
    private readonly TracedOpening _traced;
    private readonly HeldSession _held;
    private readonly LoopStatement _loop;
    private readonly SolutionEdits _solution;
    private readonly DocumentEdits _edits;
    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellationToken;

    private readonly Dictionary<ISymbol, string?> _moved = new(SymbolEqualityComparer.Default);
    private readonly SortedDictionary<int, (StatementSyntax Statement, Func<string, string> Code)> _statements = new();
    private readonly List<StatementSyntax> _leftovers = new();
    private readonly List<StatementSyntax> _disposals = new();
    private readonly List<TextChange> _changes = new();

    private HoistedOpening(
        TracedOpening traced, HeldSession held, LoopStatement loop, SolutionEdits solution, DocumentEdits edits, CompilationFacts facts, CancellationToken cancellationToken)
    {
        _traced = traced;
        _held = held;
        _loop = loop;
        _solution = solution;
        _edits = edits;
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    /// <summary>False, and nothing done, where the opening can't stand in front of the loop.</summary>
    public static async Task<bool> TryWriteAsync(
        TracedOpening traced, LoopStatement loop, SolutionEdits solution, DocumentEdits edits, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (HeldSession.Of(traced.Opening) is not { } held)
        {
            return false;
        }

        var hoisted = new HoistedOpening(traced, held, loop, solution, edits, facts, cancellationToken);
        if (!hoisted.MoveSession()
            || !hoisted.MoveToken()
            || !hoisted.MoveFeeds(held.Opening)
            || hoisted._statements.Values.Any(moved => moved.Statement is not UsingStatementSyntax && moved.Statement.DescendantTrivia().Any(trivia => trivia.IsDirective))
            || await Borrowers.OfAsync(traced, solution.Solution, facts, cancellationToken).ConfigureAwait(false) is not { Releases: var releases })
        {
            return false;
        }

        foreach (var release in releases)
        {
            await release.ApplyAsync(solution, cancellationToken).ConfigureAwait(false);
        }

        hoisted.Write();
        return true;
    }

    /// <summary><c>var mcp = await …</c>, with or without using, or <c>McpClient? mcp = null; try { mcp = await …</c>.</summary>
    private bool MoveSession()
    {
        if (_edits.Model.GetTypeInfo(_held.Expression, _cancellationToken).Type is not { } type || !type.AllInterfaces.Any(i => i.Name == nameof(IAsyncDisposable)))
        {
            return false;
        }

        switch (_held.Expression.Parent)
        {
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax or UsingStatementSyntax } declaration } declarator }
                when _edits.Model.GetDeclaredSymbol(declarator, _cancellationToken) is ILocalSymbol local:
                return Move(local, (StatementSyntax)declaration.Parent!, declaration.Type.ToString());

            case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax name, Parent: ExpressionStatementSyntax statement }
                when _edits.Model.GetSymbolInfo(name, _cancellationToken).Symbol is ILocalSymbol local
                    && _loop.Contains(local)
                    && _traced.Body.Declarators(local).ToList() is { Count: 1 } declarators
                    && declarators[0].Syntax is VariableDeclaratorSyntax { Initializer: null or { Value.RawKind: (int)SyntaxKind.NullLiteralExpression } } declarator
                    && declarator.Parent is VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax declaration }:
                _leftovers.Add(declaration);
                return Move(local, statement, "var");

            default:
                return false;
        }

        bool Move(ILocalSymbol local, StatementSyntax statement, string type)
        {
            _moved.Add(local, null);
            _statements.Add(statement.SpanStart, (statement, indentation => $"await using {type} {_moved[local] ?? local.Name} = {Render(_held.Expression, indentation)};"));
            return _loop.IsStraightTo(statement)
                && !_traced.Body.ReferencesTo(local).Any(reference => UsingRules.IsWrite(reference) && !statement.Span.Contains(reference.Syntax.Span));
        }
    }

    /// <summary>The token that a round is given is the loop's; in front of it, the loop's own caller has one, or nobody.</summary>
    private bool MoveToken()
    {
        if (_held.Opening is not InvocationExpressionSyntax call)
        {
            return true;
        }

        foreach (var argument in call.ArgumentList.Arguments)
        {
            if (_edits.Model.GetSymbolInfo(argument.Expression, _cancellationToken).Symbol is not IParameterSymbol { Type.Name: nameof(CancellationToken) } token || !_loop.Contains(token))
            {
                continue;
            }

            _changes.Add(_loop.Token() is { } outer
                ? new TextChange(argument.Expression.Span, outer)
                : new TextChange(TextSpan.FromBounds(argument.GetFirstToken().GetPreviousToken().IsKind(SyntaxKind.CommaToken)
                    ? argument.GetFirstToken().GetPreviousToken().SpanStart
                    : argument.SpanStart, argument.Span.End), ""));
        }

        return true;
    }

    /// <summary>What the code names of the loop's own moves along, or nothing does.</summary>
    private bool MoveFeeds(SyntaxNode code)
    {
        foreach (var name in code.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (_changes.Any(change => change.Span.Contains(name.Span))
                || _edits.Model.GetSymbolInfo(name, _cancellationToken).Symbol is not { Kind: SymbolKind.Local or SymbolKind.Parameter or SymbolKind.RangeVariable or SymbolKind.Method } symbol
                || symbol is IMethodSymbol { MethodKind: not MethodKind.LocalFunction }
                || !_loop.Contains(symbol)
                || code.Span.Contains(symbol.Locations[0].SourceSpan)
                || _moved.ContainsKey(symbol))
            {
                continue;
            }

            if (symbol is not ILocalSymbol local || !MoveFeed(local))
            {
                return false;
            }
        }

        return true;
    }

    private bool MoveFeed(ILocalSymbol local)
    {
        if (_traced.Body.Declarators(local).ToList() is not { Count: 1 } declarators
            || declarators[0].Syntax is not VariableDeclaratorSyntax { Initializer: { } initializer, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax statement } declaration }
            || local.IsRef

            // A round's own time limit is not the loop's.
            || local.Type.Name is nameof(CancellationTokenSource) or nameof(CancellationToken)
            || !_loop.IsStraightTo(statement))
        {
            return false;
        }

        _moved.Add(local, null);
        var @using = "";
        foreach (var reference in _traced.Body.ReferencesTo(local))
        {
            if (UsingRules.IsWrite(reference))
            {
                return false;
            }

            var place = reference.Syntax.FirstAncestorOrSelf<ExpressionStatementSyntax>();
            if (place is null || _held.Expression.Span.Contains(reference.Syntax.Span))
            {
                continue;
            }

            if (IsDisposal(reference) is { } disposal)
            {
                @using = disposal == "DisposeAsync" ? "await using " : "using ";
                _disposals.Add(place);
            }
            else if (place.SpanStart < _held.Opening.SpanStart && IsChanged(reference))
            {
                if (!_loop.IsStraightTo(place) || !MoveFeeds(place.Expression))
                {
                    return false;
                }

                _statements[place.SpanStart] = (place, indentation => Render(place, indentation));
            }
        }

        _statements.Add(statement.SpanStart, (statement, indentation => @using + Render(statement, indentation)));
        return MoveFeeds(initializer.Value);
    }

    private string? IsDisposal(IOperation reference)
    {
        var value = reference;
        while (value.Parent is IConversionOperation)
        {
            value = value.Parent;
        }

        return value.Parent is IInvocationOperation call && call.Instance == value && _facts.Sessions.Calls.Disposes(call.TargetMethod) ? call.TargetMethod.Name : null;
    }

    /// <summary><c>options.Name = …</c>, <c>options.Headers.Add(…)</c>.</summary>
    private static bool IsChanged(IOperation reference)
    {
        var current = reference;
        while (current.Parent is IMemberReferenceOperation member && member.Instance == current)
        {
            current = member;
        }

        return current.Parent switch
        {
            IAssignmentOperation { Parent: IExpressionStatementOperation } assignment => assignment.Target == current,
            IInvocationOperation { Parent: IExpressionStatementOperation } call => call.Instance == current,
            _ => false,
        };
    }

    private void Write()
    {
        Rename();
        var indentation = _edits.Layout.IndentationOf(_loop.Statement);
        var hoisted = new HoistedStatements(_edits);
        foreach (var moved in _statements.Values)
        {
            hoisted.Write(_loop.Statement, moved.Statement, moved.Code(indentation), isLast: moved == _statements.Values.Last());
            if (moved.Statement is UsingStatementSyntax @using)
            {
                _edits.Statements.Unwrap(@using);
            }
        }

        hoisted.Remove(_statements.Values.Select(moved => moved.Statement).Concat(_leftovers).ToList());
        foreach (var disposal in _disposals)
        {
            _edits.Statements.Remove(disposal);
        }

        foreach (var function in _held.Opening.Ancestors().TakeWhile(node => node != _loop.Statement).OfType<AnonymousFunctionExpressionSyntax>())
        {
            StaticFunctions.Release(function, _edits);
        }
    }

    /// <summary>In front of the loop a name may mean something else already, or something else may mean it further down.</summary>
    private void Rename()
    {
        var scope = _loop.Statement.Parent is GlobalStatementSyntax global ? global.Parent! : _loop.Statement.Parent!;
        var memory = _solution.Memory<NamesInFront>(scope);
        foreach (var symbol in _moved.Keys.ToList())
        {
            var own = new HashSet<SyntaxToken>(_traced.Body.ReferencesTo(symbol).Select(reference => reference.Syntax.GetFirstToken())
                .Concat(symbol.DeclaringSyntaxReferences.Select(reference => ((VariableDeclaratorSyntax)reference.GetSyntax(_cancellationToken)).Identifier)));
            var others = new HashSet<string>(scope.DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && !own.Contains(token) && !memory.Gone.Contains(token)
                    && !(token.Parent is SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } name && access.Name == name))
                .Select(token => token.ValueText), StringComparer.Ordinal);
            var free = Scopes.UniqueName(symbol.Name, name => others.Contains(name) || memory.Names.Contains(name));
            memory.Names.Add(free);
            memory.Gone.UnionWith(own);
            if (free == symbol.Name)
            {
                continue;
            }

            _moved[symbol] = free;
            foreach (var token in own)
            {
                var change = new TextChange(token.Span, free);
                _changes.Add(change);
                if (!_statements.Values.Any(moved => moved.Statement is not UsingStatementSyntax && moved.Statement.Span.Contains(token.Span)))
                {
                    _edits.Text.Replace(token.Span, free);
                }
            }
        }
    }

    private string Render(SyntaxNode node, string indentation) =>
        _edits.Layout.Render(node, indentation, _changes.Where(change => node.Span.Contains(change.Span)));

    /// <summary>Names that stand in front of loops of one scope since this fix, and those in loops that they have replaced.</summary>
    private sealed class NamesInFront
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public HashSet<SyntaxToken> Gone { get; } = new();
    }
}
