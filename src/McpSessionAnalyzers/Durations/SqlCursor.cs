namespace McpSessionAnalyzers.Durations;

/// <summary>A place among tokens. Reading beyond the end yields empty symbols, so that readers need no checks of their own.</summary>
internal sealed class SqlCursor
{
    private static readonly SqlToken End = new(SqlTokenKind.Symbol, string.Empty);

    private readonly IReadOnlyList<SqlToken> _tokens;

    public SqlCursor(IReadOnlyList<SqlToken> tokens) => _tokens = tokens;

    public int Position { get; set; }

    public bool AtEnd => Position >= _tokens.Count;

    public SqlToken Current => Peek(0);

    public SqlToken Peek(int offset) => Position + offset < _tokens.Count ? _tokens[Position + offset] : End;

    public SqlToken Next() => AtEnd ? End : _tokens[Position++];

    public bool Take(string word)
    {
        var taken = Current.Is(word);
        Position += taken ? 1 : 0;
        return taken;
    }

    public bool Take(char symbol)
    {
        var taken = Current.Is(symbol);
        Position += taken ? 1 : 0;
        return taken;
    }

    public bool TakeAll(params string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!Peek(i).Is(words[i]))
            {
                return false;
            }
        }

        Position += words.Length;
        return true;
    }

    /// <summary>A table's name; unknown where a hole stands for a part that matters.</summary>
    public SqlName Name()
    {
        var parts = new List<SqlToken>();
        if (Current.IsName || Current.Kind == SqlTokenKind.Hole)
        {
            parts.Add(Next());
            while (Current.Is('.'))
            {
                Position++;
                if (Current.IsName || Current.Kind == SqlTokenKind.Hole)
                {
                    parts.Add(Next());
                }
            }
        }

        if (parts.Count == 0 || parts[parts.Count - 1].Kind == SqlTokenKind.Hole)
        {
            return SqlName.Unknown;
        }

        var schema = parts.Count > 1 ? parts[parts.Count - 2] : default;
        return new(schema.IsName && parts.Count > 1 ? schema.Text : null, parts[parts.Count - 1].Text);
    }

    /// <summary>From an opening parenthesis to behind its closing one.</summary>
    public void SkipParentheses()
    {
        var depth = 0;
        while (!AtEnd)
        {
            var token = Next();
            depth += token.Is('(') ? 1 : token.Is(')') ? -1 : 0;
            if (depth <= 0)
            {
                return;
            }
        }
    }
}
