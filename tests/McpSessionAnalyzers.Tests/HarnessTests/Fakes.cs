using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Editing;

#pragma warning disable RS1036, RS1038, RS1041, RS2008 // rules for analyzers that are shipped

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>Speaks of classes whose name begins with "Bad".</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public class BadNameAnalyzer : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Rule = new("TEST001", "Bad name", "'{0}' is a bad name", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(
            symbol =>
            {
                if (symbol.Symbol.Name.StartsWith("Bad", StringComparison.Ordinal))
                {
                    symbol.ReportDiagnostic(Diagnostic.Create(Rule, symbol.Symbol.Locations[0], symbol.Symbol.Name));
                }
            },
            SymbolKind.NamedType);
    }
}

/// <summary>Renames a class from "Bad…" to "Good…", one document at a time.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public class GoodNameFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["TEST001"];

    public override FixAllProvider? GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) => await RenameAsync(document, diagnostics, context.CancellationToken));

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(CodeAction.Create("Name it well", ct => RenameAsync(context.Document, context.Diagnostics, ct), "TEST001"), context.Diagnostics);
        return Task.CompletedTask;
    }

    private async Task<Document> RenameAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken);
        foreach (var diagnostic in diagnostics)
        {
            var declaration = editor.OriginalRoot.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()!;
            editor.ReplaceNode(declaration, Rename(declaration));
        }

        return editor.GetChangedDocument();
    }

    protected virtual SyntaxNode Rename(BaseTypeDeclarationSyntax declaration) => declaration.WithIdentifier(
        Microsoft.CodeAnalysis.CSharp.SyntaxFactory.Identifier("Good" + declaration.Identifier.Text[3..]).WithTriviaFrom(declaration.Identifier));
}
