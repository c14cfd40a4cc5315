using System.Collections.Concurrent;

namespace McpSessions.TestServer;

/// <summary>Faults to order: once, for the next request of a method, or always until told otherwise. "*" is every method.</summary>
public sealed class FaultPlan
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> _next = new();
    private readonly ConcurrentDictionary<string, Fault> _always = new();

    public void Next(string method, params Fault[] faults)
    {
        var queue = _next.GetOrAdd(method, static _ => new());
        foreach (var fault in faults)
        {
            queue.Enqueue(fault);
        }
    }

    public void Always(string method, Fault fault) => _always[method] = fault;

    public void Clear()
    {
        _next.Clear();
        _always.Clear();
    }

    internal Fault? Take(string method) => TakeFor(method) ?? TakeFor("*");

    private Fault? TakeFor(string method) =>
        _next.TryGetValue(method, out var queue) && queue.TryDequeue(out var fault) ? fault : _always.GetValueOrDefault(method);
}
