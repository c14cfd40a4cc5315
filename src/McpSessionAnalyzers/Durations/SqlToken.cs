namespace McpSessionAnalyzers.Durations;

internal enum SqlTokenKind
{
    Word,
    Quoted,
    Number,
    Text,

    /// <summary>A named, numbered or anonymous parameter; its text has no prefix.</summary>
    Parameter,

    /// <summary>A hole of an interpolated or concatenated text; its text is the hole's number.</summary>
    Hole,
    Symbol,
}

/// <summary>A piece of SQL. Words and quoted names differ so that <c>"order"</c> is no keyword.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text)
{
    public bool Is(string word) => Kind == SqlTokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    public bool Is(char symbol) => Kind == SqlTokenKind.Symbol && Text.Length == 1 && Text[0] == symbol;

    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.Quoted;

    public bool IsAny(params string[] words)
    {
        foreach (var word in words)
        {
            if (Is(word))
            {
                return true;
            }
        }

        return false;
    }
}
