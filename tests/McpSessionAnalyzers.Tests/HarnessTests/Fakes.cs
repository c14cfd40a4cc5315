using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Editing;

#pragma warning disable RS1022, RS1036, RS1037, RS1038, RS1041, RS2008 // rules for analyzers that are shipped

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>Speaks of classes whose name begins with "Bad".</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public class BadNameAnalyzer : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Rule = new("TEST001", "Bad name", "'{0}' is a bad name", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected virtual GeneratedCodeAnalysisFlags GeneratedCode => GeneratedCodeAnalysisFlags.None;

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCode);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    protected virtual void Analyze(SymbolAnalysisContext context)
    {
        if (context.Symbol.Name.StartsWith("Bad", StringComparison.Ordinal))
        {
            context.ReportDiagnostic(Create(context.Symbol));
        }
    }

    protected virtual Diagnostic Create(ISymbol symbol) => Diagnostic.Create(Rule, symbol.Locations[0], symbol.Name);
}

/// <summary>Renames classes from "Bad…" to "Good…", all those of a document at once.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public class GoodNameFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["TEST001"];

    public override FixAllProvider? GetFixAllProvider() =>
        FixAllProvider.Create(async (context, document, diagnostics) => await RenameAsync(document, FixedByFixAll(diagnostics), context.CancellationToken));

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(Action(ct => RenameAsync(context.Document, context.Diagnostics, ct)), context.Diagnostics);
        return Task.CompletedTask;
    }

    protected virtual CodeAction Action(Func<CancellationToken, Task<Document>> change) => CodeAction.Create("Name it well", change, nameof(GoodNameFix));

    protected virtual ImmutableArray<Diagnostic> FixedByFixAll(ImmutableArray<Diagnostic> diagnostics) => diagnostics;

    protected virtual BaseTypeDeclarationSyntax Rename(BaseTypeDeclarationSyntax declaration) => WithName(declaration, "Good" + declaration.Identifier.Text[3..]);

    protected static BaseTypeDeclarationSyntax WithName(BaseTypeDeclarationSyntax declaration, string name) =>
        declaration.WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(declaration.Identifier));

    private async Task<Document> RenameAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken);
        foreach (var diagnostic in diagnostics.OrderByDescending(diagnostic => diagnostic.Location.SourceSpan.Start))
        {
            var declaration = editor.OriginalRoot.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()!;
            editor.ReplaceNode(declaration, (current, _) => Rename((BaseTypeDeclarationSyntax)current));
        }

        return editor.GetChangedDocument();
    }
}
