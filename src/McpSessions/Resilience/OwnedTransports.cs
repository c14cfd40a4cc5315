using ModelContextProtocol.Client;

namespace McpSessions.Resilience;

/// <summary>
/// The transports that a factory has made, which are disposed once no session is left on them. One that the factory may hand out again, because it has
/// made no other so far, is kept until it does make another, or the owner closes: <c>_ =&gt; transport</c> is a factory as well. Thread-safe.
/// </summary>
internal sealed class OwnedTransports
{
    private readonly Dictionary<IClientTransport, int> _inUse = new(ReferenceEqualityComparer.Instance);
    private IClientTransport? _only;
    private bool _makesOthers;
    private bool _closed;

    /// <summary>A session is about to be opened on it. Returns one that nobody needs any more, to be disposed.</summary>
    public IClientTransport? Take(IClientTransport transport)
    {
        IClientTransport? idle = null;
        lock (_inUse)
        {
            _inUse[transport] = _inUse.GetValueOrDefault(transport) + 1;
            if (!_makesOthers && _only is not null && !ReferenceEquals(_only, transport))
            {
                idle = _inUse.ContainsKey(_only) ? null : _only;
                (_only, _makesOthers) = (null, true);
            }
            else if (!_makesOthers && !_closed)
            {
                _only = transport;
            }
        }

        return idle;
    }

    /// <summary>The session on it has been closed, or could not be opened.</summary>
    public async ValueTask ReleaseAsync(IClientTransport? transport)
    {
        if (transport is null)
        {
            return;
        }

        lock (_inUse)
        {
            var uses = _inUse.GetValueOrDefault(transport) - 1;
            if (uses > 0)
            {
                _inUse[transport] = uses;
                return;
            }

            if (!_inUse.Remove(transport) || ReferenceEquals(_only, transport))
            {
                return;
            }
        }

        await Generation.DisposePartAsync(transport).ConfigureAwait(false);
    }

    /// <summary>The factory will not be asked again. Returns one that is kept for it, to be disposed; what is in use is disposed when it is released.</summary>
    public IClientTransport? Close()
    {
        lock (_inUse)
        {
            var idle = _only is not null && !_inUse.ContainsKey(_only) ? _only : null;
            (_only, _closed) = (null, true);
            return idle;
        }
    }
}
