using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>What fixes add to one declaration of a type: fields after its fields, other members at its end, interfaces.</summary>
internal sealed class TypeEdits
{
    private readonly TypeDeclarationSyntax _type;
    private readonly Layout _layout;
    private readonly List<string> _fields = new();
    private readonly List<string> _constructors = new();
    private readonly List<string> _members = new();
    private readonly List<string> _disposeMembers = new();
    private readonly List<string> _interfaces = new();

    public TypeEdits(TypeDeclarationSyntax type, Layout layout)
    {
        _type = type;
        _layout = layout;
    }

    /// <summary>A writer for a member of this type.</summary>
    public CodeWriter Writer() => new(_layout, _layout.MemberIndentation(_type));

    public void AddField(CodeWriter field) => _fields.Add(field.ToString());

    public void AddConstructor(CodeWriter constructor) => _constructors.Add(constructor.ToString());

    public void AddMember(CodeWriter member) => _members.Add(member.ToString());

    public void AddDisposeMember(CodeWriter member) => _disposeMembers.Add(member.ToString());

    public void AddInterface(string name)
    {
        if (!_interfaces.Contains(name))
        {
            _interfaces.Add(name);
        }
    }

    public void WriteTo(TextEdits edits)
    {
        WriteInterfaces(edits);
        WriteTop(edits);
        WriteEnd(edits);
    }

    private void WriteInterfaces(TextEdits edits)
    {
        if (_interfaces.Count == 0)
        {
            return;
        }

        var names = string.Join(", ", _interfaces);
        if (_type.BaseList is { } bases)
        {
            edits.Insert(bases.Types.Last().Span.End, ", " + names);
            return;
        }

        var after = _type.ConstraintClauses.Count > 0 ? _type.ConstraintClauses[0].GetFirstToken() : _type.OpenBraceToken;
        edits.Insert(after.GetPreviousToken().Span.End, " : " + names);
    }

    private void WriteTop(TextEdits edits)
    {
        if (_fields.Count + _constructors.Count == 0)
        {
            return;
        }

        var previous = _type.Members.TakeWhile(member => member is BaseFieldDeclarationSyntax).LastOrDefault();
        var next = _type.Members.FirstOrDefault(member => member is not BaseFieldDeclarationSyntax);
        var eol = _layout.EndOfLine;
        var text = string.Concat(_fields);
        foreach (var constructor in _constructors)
        {
            text += (text.Length > 0 || previous is not null ? eol : "") + constructor;
        }

        var anchor = previous?.GetLastToken() ?? _type.OpenBraceToken;
        if (previous is not null && (_fields.Count > 0 && SpansLines(previous)))
        {
            text = eol + text;
        }

        if (next is not null && !StartsWithBlankLine(next))
        {
            text += eol;
        }

        InsertAfterLine(anchor, text, edits);
    }

    private void WriteEnd(TextEdits edits)
    {
        // What disposes comes last, so that the order is the same whether one fix has written it or several.
        var members = string.Concat(_members.Select(member => _layout.EndOfLine + member));
        var dispose = string.Concat(_disposeMembers.Select(member => _layout.EndOfLine + member));
        var last = _type.Members.LastOrDefault();
        var beforeDispose = _type.Members.Reverse().SkipWhile(IsDispose).FirstOrDefault();
        if (last == beforeDispose)
        {
            members += dispose;
            dispose = "";
        }

        if (members.Length > 0)
        {
            InsertAfterLine((beforeDispose ?? last)?.GetLastToken() ?? _type.OpenBraceToken, members, edits);
        }

        if (dispose.Length > 0)
        {
            InsertAfterLine(last!.GetLastToken(), dispose, edits);
        }
    }

    private static bool IsDispose(MemberDeclarationSyntax member) =>
        member is MethodDeclarationSyntax { Identifier.ValueText: "DisposeAsync" or "DisposeAsyncCore" or "Dispose" };

    /// <summary>Puts lines below the line on which <paramref name="token"/> ends; breaks that line where more of the type is on it.</summary>
    private void InsertAfterLine(SyntaxToken token, string lines, TextEdits edits)
    {
        var trailing = token.TrailingTrivia;
        if (trailing.Any(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)))
        {
            edits.Insert(trailing.FullSpan.End, lines);
        }
        else if (token.GetNextToken() is var next && next == _type.CloseBraceToken && !next.HasLeadingTrivia)
        {
            edits.Replace(TextSpan.FromBounds(token.Span.End, next.SpanStart), _layout.EndOfLine + lines + _layout.IndentationOf(_type));
        }
        else
        {
            edits.Insert(token.Span.End, _layout.EndOfLine + lines + _layout.IndentationOf(_type));
        }
    }

    private static bool SpansLines(MemberDeclarationSyntax member) =>
        member.AttributeLists.Count > 0
        || member.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia));

    private static bool StartsWithBlankLine(MemberDeclarationSyntax member) =>
        member.GetLeadingTrivia().FirstOrDefault().IsKind(SyntaxKind.EndOfLineTrivia);
}
