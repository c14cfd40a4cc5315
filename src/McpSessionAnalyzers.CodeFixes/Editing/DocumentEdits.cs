using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>The one editor of a document: whatever several fixes do to it in one pass comes together here.</summary>
internal sealed class DocumentEdits
{
    private readonly Dictionary<TypeDeclarationSyntax, TypeEdits> _types = new();

    private DocumentEdits(Document document, SyntaxNode root, SemanticModel model, SourceText text)
    {
        Document = document;
        Root = root;
        Model = model;
        Layout = new Layout(root, text);
        Text = new TextEdits(text);
        Statements = new StatementEdits(text, Layout, Text);
        Usings = new UsingDirectives((CompilationUnitSyntax)root, model, Layout);
    }

    public Document Document { get; }

    public SyntaxNode Root { get; }

    public SemanticModel Model { get; }

    public Layout Layout { get; }

    public TextEdits Text { get; }

    public StatementEdits Statements { get; }

    public UsingDirectives Usings { get; }

    public static async Task<DocumentEdits?> CreateAsync(Document document, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return root is CompilationUnitSyntax && model is not null
            ? new DocumentEdits(document, root, model, await document.GetTextAsync(cancellationToken).ConfigureAwait(false))
            : null;
    }

    public TypeEdits Type(TypeDeclarationSyntax type)
    {
        if (!_types.TryGetValue(type, out var edits))
        {
            edits = new TypeEdits(type, Layout);
            _types.Add(type, edits);
        }

        return edits;
    }

    public SourceText Apply()
    {
        Statements.Settle();
        foreach (var type in _types.Values)
        {
            type.WriteTo(Text);
        }

        Usings.WriteTo(Text);
        return Text.Apply();
    }
}
