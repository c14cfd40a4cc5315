using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

#pragma warning disable RS1010 // one of them is broken in just that way

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>Gives the class a base that doesn't exist.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class BreaksCompilationFix : GoodNameFix
{
    protected override BaseTypeDeclarationSyntax Rename(BaseTypeDeclarationSyntax declaration) => WithName(declaration, "Good : Missing");
}

/// <summary>Makes the name longer, and no better.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class NeverEndsFix : GoodNameFix
{
    protected override BaseTypeDeclarationSyntax Rename(BaseTypeDeclarationSyntax declaration) => WithName(declaration, declaration.Identifier.Text + "er");
}

/// <summary>Offers itself and changes nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ChangesNothingFix : GoodNameFix
{
    protected override BaseTypeDeclarationSyntax Rename(BaseTypeDeclarationSyntax declaration) => declaration;
}

/// <summary>Fix All leaves out all but the first.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ForgetsInFixAllFix : GoodNameFix
{
    protected override ImmutableArray<Diagnostic> FixedByFixAll(ImmutableArray<Diagnostic> diagnostics) => [diagnostics[0]];
}

/// <summary>Fix All leaves out all files but the first.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ForgetsFilesInFixAllFix : GoodNameFix
{
    protected override ImmutableArray<Diagnostic> FixedByFixAll(ImmutableArray<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Location.SourceTree!.FilePath == "/0/Test0.cs")];
}

/// <summary>Writes a remark behind the class and leaves it as it is.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class OnlyRemarksFix : GoodNameFix
{
    protected override BaseTypeDeclarationSyntax Rename(BaseTypeDeclarationSyntax declaration) =>
        declaration.WithTrailingTrivia(declaration.GetTrailingTrivia().Insert(0, SyntaxFactory.Comment("/* bad */")));
}

/// <summary>Builds one token out of what its text parses to as two.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class BuildsOtherTreeFix : GoodNameFix
{
    protected override BaseTypeDeclarationSyntax Rename(BaseTypeDeclarationSyntax declaration) => WithName(declaration, "Good : object");
}

/// <summary>Writes a line of its own, with a line ending of its own.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class WritesUnixLinesFix : GoodNameFix
{
    protected override BaseTypeDeclarationSyntax Rename(BaseTypeDeclarationSyntax declaration) =>
        base.Rename(declaration).WithLeadingTrivia(declaration.GetLeadingTrivia().Add(SyntaxFactory.Comment("// renamed")).Add(SyntaxFactory.LineFeed).AddRange(declaration.GetLeadingTrivia()));
}

/// <summary>Takes the class to stand at the left margin.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class IgnoresIndentationFix : GoodNameFix
{
    protected override BaseTypeDeclarationSyntax Rename(BaseTypeDeclarationSyntax declaration) => base.Rename(declaration).WithoutLeadingTrivia();
}

/// <summary>Has no Fix All.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class NoFixAllFix : GoodNameFix
{
    public override FixAllProvider? GetFixAllProvider() => null;
}

/// <summary>Leaves Fix All to the BatchFixer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class BatchFix : GoodNameFix
{
    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;
}

/// <summary>Is not exported.</summary>
public sealed class NotExportedFix : GoodNameFix
{
}

/// <summary>Its action has no equivalence key.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class NoKeyFix : GoodNameFix
{
    protected override CodeAction Action(Func<CancellationToken, Task<Document>> change) => CodeAction.Create("Name it well", change);
}

/// <summary>Offers two actions, "Good…" and "Fine…", the second under a menu.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class TwoActionsFix : GoodNameFix
{
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(Rename("Good"), context.Diagnostics);
        context.RegisterCodeFix(CodeAction.Create("Other names", [Rename("Fine")], isInlinable: false), context.Diagnostics);
        return Task.CompletedTask;

        CodeAction Rename(string prefix) => CodeAction.Create(
            $"Name it {prefix}",
            async ct =>
            {
                var root = (await context.Document.GetSyntaxRootAsync(ct))!;
                var declaration = root.FindNode(context.Span).FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()!;
                return context.Document.WithSyntaxRoot(root.ReplaceNode(declaration, WithName(declaration, prefix + declaration.Identifier.Text[3..])));
            },
            equivalenceKey: prefix);
    }
}
