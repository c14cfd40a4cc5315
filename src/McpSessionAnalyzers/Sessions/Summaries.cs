using System.Collections.Concurrent;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Facts about functions that depend on facts about the functions they call, computed on demand and kept.
/// Iterative: a computation that lacks a fact is put aside and made again once the fact is there, so a call chain of any length needs
/// no stack, and a cycle gets <c>unknown</c> for every function on it, whichever was asked first.
/// </summary>
/// <typeparam name="TKey">What the fact is about.</typeparam>
/// <typeparam name="TValue">The fact.</typeparam>
internal sealed class Summaries<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, TValue> _known;
    private readonly IEqualityComparer<TKey> _comparer;
    private readonly Func<TKey, Demand, CancellationToken, TValue> _compute;
    private readonly TValue _unknown;

    /// <param name="comparer">Compares keys.</param>
    /// <param name="unknown">The answer where nothing can be said.</param>
    /// <param name="compute">Computes one fact; asks the demand for the facts that it needs, and returns anything while one is missing.</param>
    public Summaries(IEqualityComparer<TKey> comparer, TValue unknown, Func<TKey, Demand, CancellationToken, TValue> compute)
    {
        _comparer = comparer;
        _known = new(comparer);
        _unknown = unknown;
        _compute = compute;
    }

    /// <summary>Runs <paramref name="question"/> until every fact that it asks for is there.</summary>
    public TResult Answer<TResult>(Func<Demand, TResult> question, CancellationToken cancellationToken)
    {
        while (true)
        {
            var demand = new Demand(this);
            var result = question(demand);
            if (demand.Missing.Count == 0)
            {
                return result;
            }

            foreach (var key in demand.Missing)
            {
                Resolve(key, cancellationToken);
            }
        }
    }

    private void Resolve(TKey first, CancellationToken cancellationToken)
    {
        var path = new List<TKey> { first };
        while (path.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var top = path[path.Count - 1];
            if (_known.ContainsKey(top))
            {
                path.RemoveAt(path.Count - 1);
                continue;
            }

            var demand = new Demand(this) { Self = top, HasSelf = true };
            var value = _compute(top, demand, cancellationToken);
            if (demand.Missing.Count == 0)
            {
                _known.TryAdd(top, value);
                path.RemoveAt(path.Count - 1);
                continue;
            }

            // One at a time, so that the path is a chain of calls and what follows a key on it lies on the cycle back to it.
            var missing = demand.Missing[0];
            var start = path.FindIndex(key => _comparer.Equals(key, missing));
            if (start < 0)
            {
                path.Add(missing);
                continue;
            }

            // Mutual recursion: what each of them returns depends on how deep it went. Silence.
            foreach (var key in path.Skip(start))
            {
                _known.TryAdd(key, _unknown);
            }
        }
    }

    /// <summary>The facts that one computation asks for.</summary>
    internal sealed class Demand
    {
        private readonly Summaries<TKey, TValue> _summaries;

        public Demand(Summaries<TKey, TValue> summaries) => _summaries = summaries;

        /// <summary>In the order in which they were asked for.</summary>
        public List<TKey> Missing { get; } = new();

        internal bool HasSelf { get; init; }

        internal TKey? Self { get; init; }

        public TValue Get(TKey key)
        {
            if (_summaries._known.TryGetValue(key, out var value))
            {
                return value;
            }

            // Plain recursion (a retry that calls itself) adds nothing to what the other returns say.
            if (HasSelf && _summaries._comparer.Equals(key, Self!))
            {
                return _summaries._unknown;
            }

            Missing.Add(key);
            return _summaries._unknown;
        }
    }
}
