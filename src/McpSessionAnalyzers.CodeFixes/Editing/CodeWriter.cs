using System.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>Writes lines of code in a document's own layout.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _code = new();
    private readonly Layout _layout;

    public CodeWriter(Layout layout, string indentation)
    {
        _layout = layout;
        Indentation = indentation;
    }

    /// <summary>What the next line begins with.</summary>
    public string Indentation { get; private set; }

    public CodeWriter Line(string code = "")
    {
        if (code.Length > 0)
        {
            _code.Append(Indentation).Append(code);
        }

        _code.Append(_layout.EndOfLine);
        return this;
    }

    public CodeWriter Open()
    {
        Line("{");
        Indentation += _layout.Unit;
        return this;
    }

    public CodeWriter Close(string after = "")
    {
        Indentation = Indentation.Substring(0, Indentation.Length - _layout.Unit.Length);
        return Line("}" + after);
    }

    public override string ToString() => _code.ToString();
}
