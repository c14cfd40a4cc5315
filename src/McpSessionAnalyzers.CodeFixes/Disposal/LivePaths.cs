using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Follows a session through the statements behind its opening, as a reader does, until it is disposed or handed on, and notes where a path leaves
/// without it. What doesn't read plainly (a hand-over in a loop, behind a short circuit, in a lambda) is left to a person.
/// </summary>
internal sealed class LivePaths
{
    private readonly TracedOpening _traced;
    private readonly SessionMentions _session;
    private readonly BlockSyntax _block;
    private readonly SyntaxNode _function;
    private readonly List<StatementSyntax> _exits = new();
    private readonly List<Choice> _choices = new();
    private readonly List<StatementSyntax> _ends = new();
    private readonly List<StatementSyntax> _passed = new();
    private bool _isUnclear;

    private LivePaths(TracedOpening traced, SessionTypes types, DocumentEdits edits, BlockSyntax block, SyntaxNode function, CancellationToken cancellationToken)
    {
        _traced = traced;
        _session = new SessionMentions(traced, types, edits, function, cancellationToken);
        _block = block;
        _function = function;
    }

    private enum State
    {
        /// <summary>The session is open, and this function's to dispose.</summary>
        Live,

        /// <summary>It is disposed or handed on.</summary>
        Settled,

        /// <summary>Control doesn't get here.</summary>
        Gone,
    }

    /// <summary>Statements that leave without the session: it is to be disposed before them.</summary>
    public IReadOnlyList<StatementSyntax> Exits => _exits;

    /// <summary>Disposals of other sessions in front of an exit: this one is disposed before them, and they may fail then.</summary>
    public IReadOnlyList<StatementSyntax> Passed => _passed;

    /// <summary><c>return ok ? client : null;</c></summary>
    public IReadOnlyList<Choice> Choices => _choices;

    /// <summary>Where it is to be disposed at the end: a block, or an if statement whose missing else it is.</summary>
    public IReadOnlyList<StatementSyntax> Ends => _ends;

    /// <summary>The statements during which the session is live, the one that settles it included.</summary>
    public IReadOnlyList<StatementSyntax> Region { get; private set; } = Array.Empty<StatementSyntax>();

    /// <summary>Nothing that may fail happens in the region once somebody else has the session.</summary>
    public bool CanCatch => _session.Settling().All(e => e.Kind is TraceEventKind.Dispose or TraceEventKind.Return
        || !Region.Any(statement => statement.Span.Contains(e.Operation.Syntax.Span)) || IsLastIn(_block, e));

    /// <summary>Null where it can't be said, on some path, whose the session is.</summary>
    public static LivePaths? Find(
        TracedOpening traced, StatementSyntax opened, BlockSyntax block, SyntaxNode function, SessionTypes types, DocumentEdits edits, bool isDeclaredThere, CancellationToken cancellationToken)
    {
        var behind = block.Statements.SkipWhile(statement => statement != opened).Skip(1).ToList();
        var paths = new LivePaths(traced, types, edits, block, function, cancellationToken);

        // What a handler further out disposes is another plan for the same session.
        if (behind.Count == 0 || paths._session.Settling().Any(e => e.Kind == TraceEventKind.Dispose && !behind.Any(statement => statement.Span.Contains(e.Operation.Syntax.Span))))
        {
            return null;
        }

        var state = paths.WalkList(behind, out var count);
        if (state == State.Live)
        {
            if (!isDeclaredThere)
            {
                return null;
            }

            paths._ends.Add(block);
        }

        paths.Region = behind.Take(count).ToList();
        return paths._isUnclear || !paths._session.Settling().Any() ? null : paths;
    }

    private State WalkList(IReadOnlyList<StatementSyntax> statements, out int count)
    {
        count = 0;
        var state = State.Live;
        foreach (var statement in statements)
        {
            count++;
            state = Walk(statement);
            if (state != State.Live)
            {
                break;
            }
        }

        return state == State.Settled && statements.Skip(count).Any(LeavesAlways) ? State.Gone : state;
    }

    private State Walk(StatementSyntax statement)
    {
        switch (statement)
        {
            case ReturnStatementSyntax returned:
                return Return(returned);
            case ThrowStatementSyntax:
                return State.Gone;
            case BreakStatementSyntax or ContinueStatementSyntax:
                return LeavesBlock(statement) ? Exit(statement) : State.Live;
            case BlockSyntax block:
                return WalkList(block.Statements, out _);
            case IfStatementSyntax test:
                return If(test);
            case TryStatementSyntax attempt:
                return Try(attempt);
            case SwitchStatementSyntax choice:
                return Head(choice, choice.Expression) ?? Same(choice, choice.Sections.Select(section => WalkList(section.Statements, out _)));
            case ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax:
                return Loop(statement);
            case UsingStatementSyntax @using:
                return Head(@using, (SyntaxNode?)@using.Declaration ?? @using.Expression!) ?? Walk(@using.Statement);
            case LockStatementSyntax @lock:
                return Head(@lock, @lock.Expression) ?? Walk(@lock.Statement);
            case LocalFunctionStatementSyntax or LabeledStatementSyntax or GotoStatementSyntax or YieldStatementSyntax or UnsafeStatementSyntax or FixedStatementSyntax or CheckedStatementSyntax:
                return _session.SettlingIn(statement).Any() || statement is LabeledStatementSyntax or GotoStatementSyntax or YieldStatementSyntax || HasExits(statement) ? Unclear() : State.Live;
            default:
                return Head(statement, statement) ?? State.Live;
        }
    }

    private State Return(ReturnStatementSyntax returned)
    {
        if (returned.Expression is { } value && (_session.SettlingIn(returned).Any() || _session.NamesSession(value)))
        {
            while (value is ParenthesizedExpressionSyntax or CastExpressionSyntax)
            {
                value = value is CastExpressionSyntax cast ? cast.Expression : ((ParenthesizedExpressionSyntax)value).Expression;
            }

            if (value is ConditionalExpressionSyntax choice && _session.NamesSession(choice.WhenTrue) != _session.NamesSession(choice.WhenFalse))
            {
                var isFirst = _session.NamesSession(choice.WhenTrue);
                var (with, without) = isFirst ? (choice.WhenTrue, choice.WhenFalse) : (choice.WhenFalse, choice.WhenTrue);
                if (without is ThrowExpressionSyntax)
                {
                    return State.Gone;
                }

                if (!IsListed(returned) || _session.NeedsSession(without) || with is ConditionalExpressionSyntax or SwitchExpressionSyntax || !AllowsAwait(returned) || value != returned.Expression)
                {
                    return Unclear();
                }

                _choices.Add(new Choice(returned, choice, isFirst));
                return State.Gone;
            }

            return value is not SwitchExpressionSyntax && _session.SettlingIn(returned).Any() && returned.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => _session.IsSession(name) && _session.IsSure(name, returned))
                ? State.Gone
                : Unclear();
        }

        return returned.Expression is { } other && _session.NeedsSession(other) ? Unclear() : Exit(returned);
    }

    private State If(IfStatementSyntax test)
    {
        if (Head(test, test.Condition) is { } settled)
        {
            return settled;
        }

        // Where there is none, none is disposed.
        var emptyWhen = _session.IsEmptyWhen(test.Condition);
        var then = emptyWhen == true ? State.Gone : Walk(test.Statement);
        var otherwise = emptyWhen == false ? State.Gone : test.Else is { } clause ? Walk(clause.Statement) : State.Live;
        if (emptyWhen == true && _session.SettlingIn(test.Statement).Any())
        {
            return Unclear();
        }

        if (emptyWhen == true && !LeavesAlways(test.Statement))
        {
            return otherwise == State.Live ? State.Live : Unclear();
        }

        return (then, otherwise) switch
        {
            (State.Gone, var other) => other,
            (var other, State.Gone) => other,
            var (one, other) when one == other => one,
            (State.Live, _) => End(test, test.Statement),
            _ => End(test, test.Else?.Statement ?? test),
        };
    }

    private State Try(TryStatementSyntax attempt)
    {
        if (attempt.Finally is { } always && (_session.SettlingIn(always).Any() || HasExits(always)))
        {
            return Unclear();
        }

        var state = WalkList(attempt.Block.Statements, out _);
        foreach (var clause in attempt.Catches)
        {
            if (_session.SettlingIn(attempt.Block).Any(e => !IsLastIn(attempt, e)))
            {
                // Something behind the hand-over may have thrown: whose the session is in the handler is not known.
                return Unclear();
            }

            var handled = WalkList(clause.Block.Statements, out _);
            state = (state, handled) switch
            {
                (State.Gone, _) => handled,
                (_, State.Gone) => state,
                _ when state == handled => state,
                (State.Settled, State.Live) => End(attempt, clause.Block),
                _ => Unclear(),
            };
        }

        return state;
    }

    private State Loop(StatementSyntax loop)
    {
        if (_session.SettlingIn(loop).Any())
        {
            return Unclear();
        }

        var body = loop switch
        {
            ForStatementSyntax one => one.Statement,
            CommonForEachStatementSyntax one => one.Statement,
            WhileStatementSyntax one => one.Statement,
            _ => ((DoStatementSyntax)loop).Statement,
        };
        Walk(body);
        return State.Live;
    }

    /// <summary>What the part of a statement that is always evaluated does; null where the session is still live behind it.</summary>
    private State? Head(StatementSyntax statement, SyntaxNode head)
    {
        var settling = _session.SettlingIn(head).ToList();
        return settling.Count == 0 ? _session.IsAskedForNull(head, statement) ? Unclear() : null
            : settling.Any(e => _session.IsSure(e.Operation.Syntax, statement)) && _session.IsNamedForSure(head, statement) ? State.Settled
            : Unclear();
    }

    private State Same(StatementSyntax whole, IEnumerable<State> states)
    {
        var distinct = states.Append(State.Live).Where(state => state != State.Gone).Distinct().ToList();
        return distinct.Count == 1 && !_session.SettlingIn(whole).Any() ? distinct[0] : Unclear();
    }

    private State Exit(StatementSyntax exit)
    {
        var others = exit.Parent is BlockSyntax block
            ? block.Statements.TakeWhile(statement => statement != exit).Reverse().TakeWhile(ExplicitDisposals.IsPlainDisposal).ToList()
            : new List<StatementSyntax>();
        _passed.AddRange(others);
        _exits.Add(others.LastOrDefault() ?? exit);
        return AllowsAwait(exit) ? State.Gone : Unclear();
    }

    /// <summary>One of the ways through <paramref name="whole"/> leaves the session open and nobody asks for it any more: it ends with <paramref name="arm"/>.</summary>
    private State End(StatementSyntax whole, StatementSyntax arm)
    {
        if (arm is not (BlockSyntax or IfStatementSyntax { Else: null })
            || (arm is IfStatementSyntax && arm != whole)
            || !IsListed(whole)
            || !AllowsAwait(arm)
            || _traced.Trace.Events.Any(e => e.Operation.Syntax.SyntaxTree == _block.SyntaxTree && _function.Span.Contains(e.Operation.Syntax.Span) && e.Operation.Syntax.SpanStart >= whole.Span.End)
            || _function.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.SpanStart >= whole.Span.End && _session.IsSession(name)))
        {
            return Unclear();
        }

        _ends.Add(arm);
        return State.Settled;
    }

    private State Unclear()
    {
        _isUnclear = true;
        return State.Gone;
    }

    /// <summary>Nothing but leaving comes behind it within <paramref name="outer"/>.</summary>
    private static bool IsLastIn(SyntaxNode outer, TraceEvent settling)
    {
        for (SyntaxNode node = settling.Operation.Syntax.FirstAncestorOrSelf<StatementSyntax>()!; node != outer; node = node.Parent!)
        {
            if (node.Parent is BlockSyntax list && list != outer && list.Statements.SkipWhile(statement => statement != node).Skip(1).Any(next =>
                next is not (ReturnStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax) || next.DescendantNodes().Any(inner => inner is AwaitExpressionSyntax or InvocationExpressionSyntax)))
            {
                return false;
            }
        }

        return true;
    }

    private bool LeavesBlock(StatementSyntax jump) => !jump.Ancestors().TakeWhile(node => node != _block).Any(node =>
        node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax
        || (node is SwitchStatementSyntax && jump is BreakStatementSyntax));

    private static bool LeavesAlways(StatementSyntax statement) =>
        statement is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax
        || (statement is BlockSyntax { Statements: { Count: > 0 } inner } && LeavesAlways(inner.Last()));

    private static bool HasExits(SyntaxNode node) =>
        node.DescendantNodes(inner => inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .Any(inner => inner is ReturnStatementSyntax or GotoStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or YieldStatementSyntax);

    private bool AllowsAwait(SyntaxNode node) => Functions.AllowsAwaitAt(node, _function);

    private static bool IsListed(StatementSyntax statement) => statement.Parent is BlockSyntax or SwitchSectionSyntax;

    /// <summary>A result that is the session on one condition only.</summary>
    internal sealed record Choice(ReturnStatementSyntax Statement, ConditionalExpressionSyntax Expression, bool IsSessionFirst);
}
