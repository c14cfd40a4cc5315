using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>How types are named in a document, and the using directives that this takes.</summary>
internal sealed class UsingDirectives
{
    private readonly CompilationUnitSyntax _root;
    private readonly SemanticModel _model;
    private readonly Layout _layout;
    private readonly SortedSet<string> _added = new(StringComparer.Ordinal);

    public UsingDirectives(CompilationUnitSyntax root, SemanticModel model, Layout layout)
    {
        _root = root;
        _model = model;
        _layout = layout;
    }

    /// <summary>
    /// The name by which code at <paramref name="position"/> can write <paramref name="type"/>, without type arguments. The namespace is imported
    /// if the name means nothing there yet; if it means something else, the name is qualified.
    /// </summary>
    public string NameOf(INamedTypeSymbol type, int position)
    {
        var seen = _model.LookupNamespacesAndTypes(position, name: type.Name);
        if (seen.Any(symbol => SymbolEqualityComparer.Default.Equals(symbol.OriginalDefinition, type.OriginalDefinition)))
        {
            return type.Name;
        }

        var space = type.ContainingNamespace.ToDisplayString();
        if (seen.Any(symbol => symbol is not INamedTypeSymbol other || other.Arity == type.Arity))
        {
            return $"global::{space}.{type.Name}";
        }

        _added.Add(space);
        return type.Name;
    }

    /// <summary>The same for a type that every framework has.</summary>
    public string NameOf(string metadataName, int position) =>
        _model.Compilation.GetTypesByMetadataName(metadataName).FirstOrDefault() is { } type ? NameOf(type, position) : metadataName;

    public void WriteTo(TextEdits edits)
    {
        if (_added.Count == 0)
        {
            return;
        }

        var usings = _root.Usings.Count > 0
            ? _root.Usings
            : _root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
                .OfType<BaseNamespaceDeclarationSyntax>()
                .Select(space => space.Usings)
                .FirstOrDefault(list => list.Count > 0);
        if (usings.Count > 0)
        {
            foreach (var name in _added)
            {
                Insert(name, usings, edits);
            }
        }
        else
        {
            // A statement may go to the very start of the code as well.
            edits.InsertFirst(StartOfCode(), string.Concat(_added.Select(Directive)) + _layout.EndOfLine);
        }
    }

    private void Insert(string name, SyntaxList<UsingDirectiveSyntax> usings, TextEdits edits)
    {
        var next = usings.FirstOrDefault(u => IsPlain(u) && !HasConditions(u) && Compare(u.Name!.ToString(), name) > 0);
        if (next is not null)
        {
            edits.Insert(next.SpanStart, $"using {name};{_layout.EndOfLine}{_layout.IndentationOf(next)}");
            return;
        }

        // Static and alias directives come last by convention.
        var previous = usings.LastOrDefault(IsPlain) ?? usings.Last();
        edits.Insert(previous.Span.End, $"{_layout.EndOfLine}{_layout.IndentationOf(previous)}using {name};");
    }

    private static bool IsPlain(UsingDirectiveSyntax directive) =>
        directive.Alias is null && directive.StaticKeyword.IsKind(SyntaxKind.None) && directive.GlobalKeyword.IsKind(SyntaxKind.None);

    private static bool HasConditions(SyntaxNode node) =>
        node.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.IfDirectiveTrivia) || trivia.IsKind(SyntaxKind.ElseDirectiveTrivia)
            || trivia.IsKind(SyntaxKind.ElifDirectiveTrivia) || trivia.IsKind(SyntaxKind.EndIfDirectiveTrivia));

    private static int Compare(string left, string right)
    {
        var system = IsSystem(right).CompareTo(IsSystem(left));
        return system != 0 ? system : string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);

    private string Directive(string name) => $"using {name};{_layout.EndOfLine}";

    /// <summary>After what heads the file (a licence, directives), before the comment that belongs to the first declaration.</summary>
    private int StartOfCode()
    {
        if (_root.Externs.LastOrDefault() is { } external)
        {
            return external.FullSpan.End;
        }

        var first = _root.GetFirstToken(includeZeroWidth: true);
        var start = first.FullSpan.Start;
        var blank = true;
        foreach (var trivia in first.LeadingTrivia)
        {
            if (trivia.IsDirective)
            {
                start = trivia.FullSpan.End;
                blank = true;
            }
            else if (trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            {
                start = blank ? trivia.FullSpan.End : start;
                blank = true;
            }
            else if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia))
            {
                blank = false;
            }
        }

        return _root.Members.FirstOrDefault() is BaseNamespaceDeclarationSyntax space && space.GetFirstToken() == first ? first.SpanStart : start;
    }
}
