using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>
/// Answers for private helpers, local functions and lambdas in variables from those who call them. Walks the callers with a stack of its
/// own (no recursion: chains and cycles of any depth are fine) and answers for a whole cycle at once, so that no answer depends on which
/// helper was asked for first.
/// </summary>
internal sealed class PrivateCallers
{
    private const int LongestPath = 64;

    private readonly HelperUses _uses;
    private readonly Func<ISymbol, CancellationToken, CallContext?> _answer;
    private readonly Func<IMethodSymbol, CallContext?> _shape;
    private readonly Action<IMethodSymbol, CallContext> _store;

    /// <param name="uses">The callers of a helper.</param>
    /// <param name="answer">What is known of a member without asking its callers, or has been answered before; null for a helper that is still open.</param>
    /// <param name="shape">Evidence 4 of a helper, for callers that don't agree.</param>
    /// <param name="store">Keeps an answer.</param>
    public PrivateCallers(
        HelperUses uses,
        Func<ISymbol, CancellationToken, CallContext?> answer,
        Func<IMethodSymbol, CallContext?> shape,
        Action<IMethodSymbol, CallContext> store)
    {
        _uses = uses;
        _answer = answer;
        _shape = shape;
        _store = store;
    }

    /// <summary>Answers for <paramref name="start"/> and for all helpers above it that have no answer yet (Tarjan's algorithm: callers before callees, cycles together).</summary>
    public void Answer(IMethodSymbol start, CancellationToken cancellationToken)
    {
        var nodes = new Dictionary<ISymbol, Node>(SymbolEqualityComparer.Default);
        var open = new Stack<Node>();
        var walk = new Stack<Node>();
        walk.Push(Enter(start));
        while (walk.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var node = walk.Peek();
            if (node.NextCaller < node.Callers.Length)
            {
                var caller = node.Callers[node.NextCaller++];
                if (!nodes.TryGetValue(caller, out var known))
                {
                    walk.Push(Enter(caller));
                }
                else if (known.IsOpen)
                {
                    node.Low = Math.Min(node.Low, known.Index);
                }

                continue;
            }

            walk.Pop();
            if (walk.Count > 0)
            {
                walk.Peek().Low = Math.Min(walk.Peek().Low, node.Low);
            }

            if (node.Low == node.Index)
            {
                var cycle = new List<Node>();
                Node member;
                do
                {
                    member = open.Pop();
                    member.IsOpen = false;
                    cycle.Add(member);
                }
                while (member != node);

                Resolve(cycle, cancellationToken);
            }
        }

        Node Enter(IMethodSymbol helper)
        {
            var uses = _uses.Of(helper, cancellationToken);
            if (uses.IsEmpty && Members.OuterFunctionOrMember(helper) is { } outer)
            {
                // Nobody is seen to call this function: it belongs to what contains it.
                uses = ImmutableArray.Create(new HelperUse(new(null, outer, false, true, ImmutableArray<IOperation>.Empty), helper.Locations.FirstOrDefault() ?? Location.None));
            }

            var node = new Node(helper, nodes.Count, uses, uses.Select(static u => u.Site.Owner).OfType<IMethodSymbol>().Where(owner => _answer(owner, cancellationToken) is null).ToImmutableArray());
            nodes.Add(helper, node);
            open.Push(node);
            return node;
        }
    }

    private void Resolve(List<Node> cycle, CancellationToken cancellationToken)
    {
        var members = new HashSet<ISymbol>(cycle.Select(static n => n.Helper), SymbolEqualityComparer.Default);
        var outside = cycle
            .SelectMany(node => node.Uses
                .Where(use => use.Site.Known is not null || use.Site.Owner is null || !members.Contains(use.Site.Owner))
                .Select(use => (Node: node, Use: use, Answer: Ask(use.Site, cancellationToken))))
            .ToList();

        // A delegate that goes to a framework makes an entry point, whoever else calls it.
        var perCall = outside.Where(static o => o.Answer.IsPerCall).ToList();
        var isEntryPoint = perCall.Any(o => o.Use.Site.Known is { Member: { } member } && members.Contains(member));
        if (perCall.Count > 0 && (isEntryPoint || perCall.Count == outside.Count))
        {
            FollowPaths(cycle, members, perCall.OrderBy(static o => o.Answer.Strength).ThenBy(static o => o.Use.Location, LocationOrder.Instance));
            return;
        }

        // A helper that is called in a loop of its cycle can't be told to run once.
        var isRepeated = cycle.Any(node => node.Uses.Any(use => use.Site.Repeats && use.Site.Owner is { } owner && members.Contains(owner)));
        var runOnce = outside.Count > 0 && !isRepeated && outside.TrueForAll(static o => o.Answer.IsRunOnce)
            ? outside.OrderByDescending(static o => o.Answer.RunOnceKind).ThenBy(static o => o.Use.Location, LocationOrder.Instance).First().Answer
            : null;
        foreach (var node in cycle)
        {
            _store(node.Helper, runOnce ?? _shape(node.Helper) ?? CallContext.Unknown);
        }
    }

    private CallContext Ask(CallSite site, CancellationToken cancellationToken) =>
        site.Known ?? (site.Owner is null ? CallContext.Unknown : site.Answer(_answer(site.Owner, cancellationToken) ?? CallContext.Unknown));

    // From the calls that come from outside, breadth first through the cycle: the shortest path to each helper.
    private void FollowPaths(List<Node> cycle, HashSet<ISymbol> members, IEnumerable<(Node Node, HelperUse Use, CallContext Answer)> entries)
    {
        var answers = new Dictionary<ISymbol, CallContext>(SymbolEqualityComparer.Default);
        var queue = new Queue<Node>();
        foreach (var (node, use, answer) in entries)
        {
            if (!answers.ContainsKey(node.Helper))
            {
                answers.Add(node.Helper, SymbolEqualityComparer.Default.Equals(answer.Member, node.Helper) ? answer : Extend(answer, use.Location));
                queue.Enqueue(node);
            }
        }

        while (queue.Count > 0)
        {
            var caller = queue.Dequeue();
            foreach (var node in cycle.OrderBy(static n => n.Helper.Locations.FirstOrDefault() ?? Location.None, LocationOrder.Instance))
            {
                if (!answers.ContainsKey(node.Helper) &&
                    node.Uses.FirstOrDefault(use => SymbolEqualityComparer.Default.Equals(use.Site.Owner, caller.Helper)) is { Location: { } location })
                {
                    answers.Add(node.Helper, Extend(answers[caller.Helper], location));
                    queue.Enqueue(node);
                }
            }
        }

        foreach (var node in cycle)
        {
            _store(node.Helper, answers.TryGetValue(node.Helper, out var answer) ? answer : CallContext.Unknown);
        }
    }

    private static CallContext Extend(CallContext caller, Location call) =>
        caller with { Path = caller.Path.Skip(Math.Max(0, caller.Path.Count + 1 - LongestPath)).Append(call).ToArray() };

    private sealed class Node
    {
        public Node(IMethodSymbol helper, int index, ImmutableArray<HelperUse> uses, ImmutableArray<IMethodSymbol> callers)
        {
            Helper = helper;
            Index = Low = index;
            Uses = uses;
            Callers = callers;
        }

        public IMethodSymbol Helper { get; }

        public int Index { get; }

        public int Low { get; set; }

        public bool IsOpen { get; set; } = true;

        public int NextCaller { get; set; }

        public ImmutableArray<HelperUse> Uses { get; }

        public ImmutableArray<IMethodSymbol> Callers { get; }
    }
}
