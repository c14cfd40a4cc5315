namespace McpSessions.Http;

/// <summary>What an opening has tried over HTTP, for the message of its failure. Bounded; thread-safe; holds no header, body or query.</summary>
internal sealed class HttpAttempts
{
    private const int Kept = 6;
    private readonly List<string> _lines = [];
    private bool _closed;

    public void Add(HttpRequestMessage request, string outcome)
    {
        lock (_lines)
        {
            if (!_closed && _lines.Count < Kept && request.RequestUri is { } uri)
            {
                _lines.Add($"{request.Method} {SafeText.Address(uri)}: {outcome}");
            }
        }
    }

    /// <summary>The opening has succeeded: what follows is traffic.</summary>
    public void Close()
    {
        lock (_lines)
        {
            _closed = true;
            _lines.Clear();
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }
}
