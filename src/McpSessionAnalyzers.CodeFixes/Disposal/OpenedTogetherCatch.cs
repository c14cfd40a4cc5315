using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Openings that are waited for together, still at the same time: their tasks get a name, and a catch around the wait disposes the sessions that did open.
/// When <c>Task.WhenAll</c> throws, every one of its tasks is over.
/// </summary>
internal sealed class OpenedTogetherCatch
{
    private readonly SolutionEdits _solution;
    private readonly DocumentEdits _edits;
    private readonly TracedOpening _traced;
    private readonly SessionFacts _facts;
    private readonly InvocationExpressionSyntax _together;
    private readonly CancellationToken _cancellationToken;

    /// <summary>The declaration of the tasks' local, where there was none.</summary>
    private Func<string, string>? _declaration;

    /// <summary>What to insert behind the value of the local that the tasks have already.</summary>
    private int? _listed;

    /// <summary>What <c>WhenAll</c> is given instead.</summary>
    private string? _argument;

    private OpenedTogetherCatch(
        SolutionEdits solution, DocumentEdits edits, TracedOpening traced, SessionFacts facts, InvocationExpressionSyntax together, CancellationToken cancellationToken)
    {
        _solution = solution;
        _edits = edits;
        _traced = traced;
        _facts = facts;
        _together = together;
        _cancellationToken = cancellationToken;
    }

    public static bool TryApply(SolutionEdits solution, DocumentEdits edits, TracedOpening traced, SessionLeak leak, SessionFacts facts, CancellationToken cancellationToken)
    {
        if (leak.Location.SourceTree != edits.Root.SyntaxTree
            || edits.Root.FindNode(leak.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } together)
        {
            return false;
        }

        // Each of the openings is reported; one catch is for all of them.
        var done = solution.Memory<HashSet<SyntaxNode>>(nameof(OpenedTogetherCatch));
        if (done.Contains(together) || new OpenedTogetherCatch(solution, edits, traced, facts, together, cancellationToken).Apply())
        {
            done.Add(together);
            return true;
        }

        return false;
    }

    private bool Apply()
    {
        ExpressionSyntax wait = _together;
        while (wait.Parent is AwaitExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } })
        {
            wait = (ExpressionSyntax)wait.Parent;
        }

        if (wait is not AwaitExpressionSyntax
            || Functions.Around(wait) is not { } function
            || !Functions.AllowsAwaitAt(wait, function)
            || Functions.IsIterator(function))
        {
            return false;
        }

        var configured = wait.DescendantNodes(node => node != _together).OfType<MemberAccessExpressionSyntax>().Any(access => access.Name.Identifier.ValueText == "ConfigureAwait") ? ".ConfigureAwait(false)" : "";
        if (Functions.ExpressionOf(function) is { } expression && expression.Span.Contains(wait.Span))
        {
            if (!UsingRules.IsEvaluatedFirst(_together, expression) || !_edits.Layout.StartsLine(function) || CloseAll(configured) is not { } lines || _declaration is not { } declaration)
            {
                return false;
            }

            var returns = Functions.HasResult(function, _edits.Model, _cancellationToken) ? "return " : "";
            var unit = _edits.Layout.Unit;
            UnnamedHandOver.WriteBody(function, expression, _edits, inner => new[]
            {
                declaration(inner),
                "try",
                "{",
                $"{unit}{returns}{_edits.Layout.Render(expression, inner + unit, new[] { new TextChange(_together.ArgumentList.Span, $"({_argument})") })};",
                "}",
            }.Concat(Tail(lines).SelectMany(line => line.Split('\n'))));
            return true;
        }

        var statement = wait.FirstAncestorOrSelf<StatementSyntax>();
        var blocks = TryBlocks.In(_solution, _edits);
        if (statement is not { Parent: BlockSyntax block }
            || statement is not (ReturnStatementSyntax or ExpressionStatementSyntax or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 })
            || !UsingRules.IsEvaluatedFirst(_together, statement)
            || !TryBlocks.CanBreak(block, _edits.Layout)
            || !IsTakenBy(statement, block)
            || HoistedLocals.Of(new[] { statement }, block, _edits, _cancellationToken) is not { } hoisted
            || blocks.Crosses(statement, statement)
            || CloseAll(configured) is not { } closing)
        {
            return false;
        }

        var head = _declaration is null ? new List<Func<string, string>>() : new List<Func<string, string>> { _declaration };
        hoisted.Write(_edits);
        head.AddRange(hoisted.Lines);
        head.Add(_ => "try");
        blocks.Break(block);
        blocks.Add(statement, statement, head, Tail(closing));
        if (_argument is not null)
        {
            _edits.Text.Replace(_together.ArgumentList.Span, $"({_argument})");
        }

        if (_listed is { } position)
        {
            _edits.Text.Insert(position, ".ToList()");
        }

        return true;
    }

    private IReadOnlyList<string> Tail(string closing)
    {
        var unit = _edits.Layout.Unit;
        return new[] { "catch", "{", unit + closing.Replace("\n", "\n" + unit), "", unit + "throw;", "}" };
    }

    /// <summary>Nothing that may fail lies between the wait and the statement that hands the sessions on, or that at least looks at them.</summary>
    private bool IsTakenBy(StatementSyntax wait, BlockSyntax block)
    {
        var result = wait is LocalDeclarationStatementSyntax { Declaration.Variables: { Count: 1 } variables } ? _edits.Model.GetDeclaredSymbol(variables[0], _cancellationToken) : null;
        var isTraced = _traced.Trace.Events.Any(IsTaking);
        foreach (var statement in block.Statements.SkipWhile(one => one != wait))
        {
            if (isTraced ? _traced.Trace.Events.Any(e => IsTaking(e) && statement.Span.Contains(e.Operation.Syntax.Span)) : result is null || (statement != wait && Names(statement, result)))
            {
                return true;
            }

            if (statement != wait && statement.DescendantNodesAndSelf().Any(node => node is AwaitExpressionSyntax or ThrowStatementSyntax or ReturnStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or GotoStatementSyntax))
            {
                return false;
            }
        }

        return false;

        bool IsTaking(TraceEvent e) =>
            e.Kind is TraceEventKind.Return or TraceEventKind.Store or TraceEventKind.Collect or TraceEventKind.Escape or TraceEventKind.Dispose or TraceEventKind.LambdaResult
            && e.Operation.Syntax.SyntaxTree == block.SyntaxTree && !_together.Span.Contains(e.Operation.Syntax.Span);

        bool Names(SyntaxNode node, ISymbol local) => node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            name.Identifier.ValueText == local.Name && SymbolEqualityComparer.Default.Equals(_edits.Model.GetSymbolInfo(name, _cancellationToken).Symbol, local));
    }

    /// <summary>The statements that dispose what did open; names the tasks on the way.</summary>
    private string? CloseAll(string configured)
    {
        var arguments = _together.ArgumentList.Arguments;
        var code = new ClosingCode(_facts.Types, configured, _edits.Layout.Unit, wanted => NewName(wanted == "session" ? "opening" : wanted));

        // await Task.WhenAll(first, second), which are locals.
        if (arguments.Count > 1 && arguments.All(argument => LocalAt(argument.Expression) is not null))
        {
            var closing = arguments.Where(argument => IsOpening(TypeOf(argument.Expression)))
                .Select(argument => code.Of(TypeOf(argument.Expression)!, argument.Expression.ToString(), mayBeNull: false)).ToList();
            return closing.Count == 0 || closing.Contains(null) ? null : string.Join("\n\n", closing);
        }

        if (arguments.Count > 1)
        {
            var types = arguments.Select(argument => TypeOf(argument.Expression)).Distinct(SymbolEqualityComparer.Default).ToList();
            if (types.Count != 1 || types[0] is not ITypeSymbol one || !IsOpening(one))
            {
                return null;
            }

            var name = NewName("openings");
            _argument = name;
            _declaration = indentation => $"var {name} = new[] {{ {string.Join(", ", arguments.Select(argument => _edits.Layout.Render(argument.Expression, indentation)))} }};";
            return code.Of(_edits.Model.Compilation.CreateArrayTypeSymbol(one), name, mayBeNull: false);
        }

        if (arguments.Count != 1 || arguments[0].Expression is not { } tasks || TypeOf(tasks) is not { } all || ElementOf(all) is not { } element || !IsOpening(element))
        {
            return null;
        }

        if (LocalAt(tasks) is { } local)
        {
            return IsInMemory(all) || IsListedWhereDeclared(local) ? code.Of(_edits.Model.Compilation.CreateArrayTypeSymbol(element), local.Name, mayBeNull: false) : null;
        }

        if (tasks is not (InvocationExpressionSyntax or QueryExpressionSyntax or ParenthesizedExpressionSyntax or BaseObjectCreationExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax))
        {
            return null;
        }

        var listed = NewName("openings");
        _argument = listed;
        _declaration = indentation => $"var {listed} = {Listed(_edits.Layout.Render(tasks, indentation), tasks, all)};";
        return code.Of(_edits.Model.Compilation.CreateArrayTypeSymbol(element), listed, mayBeNull: false);
    }

    private string Listed(string text, ExpressionSyntax tasks, ITypeSymbol type)
    {
        if (IsInMemory(type))
        {
            return text;
        }

        _edits.Usings.NameOf("System.Linq.Enumerable", _together.SpanStart);
        return tasks is QueryExpressionSyntax ? $"({text}).ToList()" : text + ".ToList()";
    }

    /// <summary>A sequence that opens whenever it is read: read once, where it is declared.</summary>
    private bool IsListedWhereDeclared(ILocalSymbol local)
    {
        if (_traced.Body.ReferencesTo(local).Count() != 1
            || _traced.Body.Declarators(local).ToList() is not { Count: 1 } declarators
            || declarators[0].Syntax is not VariableDeclaratorSyntax { Initializer.Value: InvocationExpressionSyntax value, Parent: VariableDeclarationSyntax { Type.IsVar: true } })
        {
            return false;
        }

        _edits.Usings.NameOf("System.Linq.Enumerable", _together.SpanStart);
        _listed = value.Span.End;
        return true;
    }

    private static bool IsInMemory(ITypeSymbol type) =>
        type is IArrayTypeSymbol || (type.Name != "IEnumerable" && type.AllInterfaces.Prepend(type).Any(one => one is { Name: "ICollection" or "IReadOnlyCollection" }));

    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type is IArrayTypeSymbol array
        ? array.ElementType
        : type.AllInterfaces.Prepend(type).OfType<INamedTypeSymbol>()
            .FirstOrDefault(one => one.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0];

    private bool IsOpening(ITypeSymbol? task) => task is INamedTypeSymbol { Name: "Task", TypeArguments.Length: 1 } && _facts.Types.MayCarry(task);

    private ITypeSymbol? TypeOf(ExpressionSyntax expression) => _edits.Model.GetTypeInfo(expression, _cancellationToken).Type;

    private ILocalSymbol? LocalAt(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax ? _edits.Model.GetSymbolInfo(expression, _cancellationToken).Symbol as ILocalSymbol : null;

    private string NewName(string wanted)
    {
        var taken = _solution.Memory<HashSet<string>>(_traced.Body.Root.Syntax);
        var name = Scopes.UniqueName(wanted, _traced.Body.Root.Syntax, taken.Contains);
        taken.Add(name);
        return name;
    }
}
