using System.Collections.Concurrent;

namespace McpSessions.TestServer;

/// <summary>What the server has seen and done. Events wake waiters, so tests need no polling.</summary>
public sealed class Counters
{
    private readonly ConcurrentDictionary<string, int> _requests = new();
    private readonly ConcurrentDictionary<string, int> _executed = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Reached)> _waiters = [];
    private int _sessions;
    private int _connections;

    /// <summary>Sessions opened, whichever handshake was used.</summary>
    public int Initializes => Requests("initialize");

    public int ToolCalls => Requests("tools/call");

    public int ToolLists => Requests("tools/list");

    /// <summary>Sessions that the server holds at the moment.</summary>
    public int OpenSessions => Volatile.Read(ref _sessions);

    /// <summary>TCP connections that are open at the moment.</summary>
    public int OpenConnections => Volatile.Read(ref _connections);

    /// <summary>Requests that arrived: JSON-RPC methods, and "GET" and "DELETE" for the HTTP requests of that kind.</summary>
    public int Requests(string method) => _requests.GetValueOrDefault(method);

    public int AllRequests => _requests.Values.Sum();

    /// <summary>How often the write with this id was executed.</summary>
    public int Executed(string id) => _executed.GetValueOrDefault(id);

    public IReadOnlyDictionary<string, int> AllExecuted => _executed;

    public void Reset()
    {
        _requests.Clear();
        _executed.Clear();
    }

    /// <summary>Completes as soon as the condition holds; it is looked at after every change.</summary>
    public Task Reaches(Func<Counters, bool> condition)
    {
        lock (_waiters)
        {
            if (condition(this))
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((() => condition(this), reached));
            return reached.Task;
        }
    }

    internal Action<string>? OnExecute { get; set; }

    internal void Saw(string method)
    {
        _requests.AddOrUpdate(method, 1, static (_, n) => n + 1);
        Changed();
    }

    internal void Execute(string id)
    {
        _executed.AddOrUpdate(id, 1, static (_, n) => n + 1);
        OnExecute?.Invoke(id);
        Changed();
    }

    internal void Session(int delta)
    {
        Interlocked.Add(ref _sessions, delta);
        Changed();
    }

    internal void Connection(int delta)
    {
        Interlocked.Add(ref _connections, delta);
        Changed();
    }

    private void Changed()
    {
        lock (_waiters)
        {
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Condition())
                {
                    _waiters[i].Reached.TrySetResult();
                    _waiters.RemoveAt(i);
                }
            }
        }
    }
}
